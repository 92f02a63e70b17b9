"""The causes at hand say what a plain walk over all alerts and rules says, and nobody is lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.causes import Causes
from crisisdesk.domain.inhibition import (
    Dependencies,
    Inhibition,
    Rule,
    concerns,
    read_dependencies,
    read_inhibition,
)
from crisisdesk.domain.matchers import matches
from crisisdesk.domain.severity import SEVERITY_RANK


def alert(name: str, service: str = "shop", severity: str = "critical", **more: Any) -> Alert:
    given: dict[str, Any] = {
        "alert_id": name,
        "source": "s",
        "key": name,
        "epoch": "n1",
        "severity": severity,
        "title": f"{service} is down",
        "service": service,
        "detected_at": 1,
        "last_seen_at": 1,
        "sla_deadline": 9,
        "sla_prealarm_at": 8,
    }
    return Alert(**(given | more))


def needs(services: dict[str, list[str]], **more: Any) -> Dependencies:
    return read_dependencies("Needs", {"kind": "dependencies", "services": services, **more})


def rule(when: str, keep_quiet: str, *equal: str) -> Inhibition:
    told = {"kind": "inhibition", "when": when, "keep_quiet": keep_quiet, "equal": list(equal)}
    return read_inhibition(f"{when} -> {keep_quiet}", told)


def kept_by(causes: Causes, one: Alert) -> str:
    kept = causes.keeping(one)
    return "" if kept is None else kept.cause.alert_id


def test_an_open_alert_of_a_needed_service_keeps_quiet_what_is_not_graver() -> None:
    rules = [needs({"shop": ["db"], "db": ["san"]}, from_severity="high")]
    san, db = alert("A-SAN", "san", "high"), alert("A-DB", "db", "critical")
    causes = Causes(rules, [san, db])
    assert kept_by(causes, alert("A-1", severity="critical")) == "A-DB"
    assert kept_by(causes, db) == "", "the san is not as grave"
    assert kept_by(causes, san) == ""
    assert kept_by(causes, alert("A-1", severity="emergency")) == ""
    assert kept_by(causes, alert("A-1", "till")) == ""
    causes.keep(alert("A-DB", "db", status="acknowledged", acknowledged_at=2))
    assert kept_by(causes, alert("A-1")) == "A-DB", "who has the cause changes nothing"
    causes.keep(alert("A-DB", "db", status="resolved"))
    assert kept_by(causes, alert("A-1", severity="high")) == "A-SAN"
    assert kept_by(causes, alert("A-1", severity="critical")) == ""
    assert list(causes.fallen) == ["A-DB"]


def test_below_its_severity_no_alert_is_a_cause() -> None:
    causes = Causes([needs({"shop": ["db"]})], [alert("A-DB", "db", "high")])
    assert not causes.knows("A-DB")
    assert kept_by(causes, alert("A-1", severity="high")) == ""


def test_a_rule_asks_for_what_must_be_equal() -> None:
    rules = [rule("service=db", "service=shop", "place", "env")]
    causes = Causes(rules, [alert("A-DB", "db", place="Brno", labels={"env": "prod"})])
    same: dict[str, Any] = {"place": "Brno", "labels": {"env": "prod"}}
    assert kept_by(causes, alert("A-1", **same)) == "A-DB"
    assert kept_by(causes, alert("A-1", place="Brno")) == ""
    assert kept_by(causes, alert("A-1", labels={"env": "prod"})) == ""


def test_what_is_both_cause_and_consequence_does_not_keep_its_like_quiet() -> None:
    rules = [rule('severity=~"critical|high"', "severity=high")]
    one, two = alert("A-1", severity="high"), alert("A-2", severity="high")
    causes = Causes(rules, [one, two])
    assert (kept_by(causes, one), kept_by(causes, two)) == ("", "")
    causes.keep(alert("A-3", severity="critical"))
    assert (kept_by(causes, one), kept_by(causes, two)) == ("A-3", "A-3")


def test_in_a_circle_of_rules_everybody_pages() -> None:
    rules = [rule("service=a", "service=b"), rule("service=b", "service=a")]
    a, b = alert("A-A", "a"), alert("A-B", "b")
    causes = Causes(rules, [a, b])
    assert (kept_by(causes, a), kept_by(causes, b)) == ("", "")
    causes.keep(alert("A-B", "b", status="closed"))
    assert (kept_by(causes, a), kept_by(causes, b)) == ("", "A-A")


@pytest.mark.parametrize(
    ("changes", "falls"),
    [
        ({"severity": "high"}, True),
        ({"status": "resolved"}, True),
        ({"service": "cdn"}, True),
        ({"newer_needed": "alert.x!"}, True),
        ({"severity": "emergency"}, False),
        ({"status": "investigating"}, False),
        ({"title": "x"}, False),
    ],
)
def test_a_cause_that_is_less_of_one_falls(changes: dict[str, Any], falls: bool) -> None:
    causes = Causes([needs({"shop": ["db"]}, from_severity="low")], [alert("A-DB", "db")])
    causes.keep(alert("A-DB", **({"service": "db"} | changes)))
    assert ("A-DB" in causes.fallen) is falls


def test_one_that_is_forgotten_falls_too() -> None:
    causes = Causes([needs({"shop": ["db"]})], [alert("A-DB", "db")])
    causes.forget("A-DB")
    causes.forget("A-OTHER")
    assert list(causes.fallen) == ["A-DB"]
    assert kept_by(causes, alert("A-1")) == ""


RULES: list[Rule] = [
    needs({"a": ["b"], "b": ["c"]}),
    needs({"c": ["a"]}, from_severity="high"),
    rule("service=c", 'service=~"a|b"', "place"),
    rule('severity=~"critical|high"', "severity=high"),
    rule("service=b", "service=a"),
    rule("service=a", "service=b"),
]
ALERTS = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.sampled_from("abc"),
        st.sampled_from(["medium", "high", "critical", "emergency"]),
        st.sampled_from(["x", "y"]),
        st.sampled_from(["active", "acknowledged", "resolved"]),
        st.integers(1, 9),
    ),
    max_size=14,
)


def plainly(rules: list[Rule], causes: list[Alert], one: Alert) -> list[Alert]:
    """All that keep it quiet directly, without any index."""
    found = []
    for by in rules:
        if not concerns(by, one):
            continue
        for cause in causes:
            if isinstance(by, Dependencies):
                least = max(SEVERITY_RANK[by.from_severity], SEVERITY_RANK[one.severity])
                if cause.service in by.upstream[one.service]:
                    found += [cause] * (SEVERITY_RANK[cause.severity] >= least)
            elif matches(by.when, cause) and by.shared(cause) == by.shared(one):
                both = matches(by.keep_quiet, cause) and matches(by.when, one)
                found += [] if both else [cause]
    return found


@given(st.lists(st.sampled_from(RULES), max_size=4, unique_by=id), ALERTS)
@settings(max_examples=400, deadline=None)
def test_the_index_says_what_a_plain_walk_says(rules: list[Rule], told: list[Any]) -> None:
    causes, now = Causes(rules), {}
    for number, service, severity, place, status, at in told:
        one = alert(f"A-{number}", service, severity, place=place, status=status, detected_at=at)
        now[one.alert_id] = one
        causes.keep(one)
    opened = [one for one in now.values() if one.is_open]
    quiet = {one.alert_id: causes.keeping(one) for one in opened}
    for one in opened:
        direct, kept = plainly(rules, opened, one), quiet[one.alert_id]
        assert kept is None or kept.cause in direct
        assert one not in direct
        assert kept is not None or not any(
            plainly(rules, opened, cause) == [] for cause in _gravest(rules, direct)
        )
    # Whatever is quiet leads back to an open alert that is not.
    for one in opened:
        reached = {one.alert_id}
        ahead = [one]
        while ahead:
            for cause in plainly(rules, opened, ahead.pop()):
                if cause.alert_id not in reached:
                    reached.add(cause.alert_id)
                    ahead.append(cause)
        assert quiet[one.alert_id] is None or any(quiet[name] is None for name in reached)


def _gravest(rules: list[Rule], direct: list[Alert]) -> list[Alert]:
    """The one that is looked at first, whichever rule finds it."""
    if not direct or not rules:
        return []
    return [min(direct, key=lambda c: (-SEVERITY_RANK[c.severity], c.detected_at, c.alert_id))]


def test_a_group_stays_small_however_often_its_members_change() -> None:
    causes = Causes([needs({"shop": ["db"]})])
    for at in range(2_000):
        causes.keep(alert("A-DB", "db", detected_at=at))
        causes.keep(alert("A-2", "db", detected_at=0))
    [group] = causes._groups.values()
    assert len(group._heap) <= 32
    assert kept_by(causes, alert("A-1")) == "A-2"

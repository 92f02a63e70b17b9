"""Who watches a series: limits of its own values, bands, others; and the keys of its alerts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.detection.machine import Machine
from crisisdesk.domain.detection.rule import AlertRule, content_of, key_of, rule_of
from crisisdesk.domain.detection.series import Sample, series
from crisisdesk.domain.detection.watchers import NOBODY, Limit, Watchers, watchers_of

DISK = series("SRC-1", "disk", {"host": "db-1", "mount": "/"})


def rule(conditions: dict[str, Any], name: str = "R", **said: Any) -> AlertRule:
    written = {"rule_type": "threshold", "conditions": conditions, **said}
    content = content_of(written, rule_id=f"RULE-{name}", since=0, created_at=0, created_by="Ann")
    return rule_of(name, content)


def over(value: float, **more: Any) -> dict[str, Any]:
    return {"metric": "disk", "op": ">", "value": value, **more}


def test_nobody_watches_what_no_rule_names() -> None:
    assert watchers_of(DISK, []) == NOBODY
    others = [
        rule({"metric": "load", "op": ">", "value": 1}, "other metric"),
        rule(over(0.9, where='mount="/tmp"'), "other label"),
        rule(over(0.9), "other source", metric_source="SRC-2"),
    ]
    assert watchers_of(DISK, others) == NOBODY


def test_limits_stand_in_order_of_their_values() -> None:
    found = watchers_of(
        DISK,
        [
            rule(over(0.9, clear=0.8), "full", severity="critical"),
            rule({"metric": "disk", "op": "<", "value": 0.1}, "empty", metric_source="SRC-1"),
        ],
    )
    assert found.limits == (
        Limit("RULE-empty", "empty", "high", "<", 0.1, 0.1),
        Limit("RULE-full", "full", "critical", ">", 0.9, 0.8),
    )
    assert found.limits[1].holds(0.91)
    assert not found.limits[1].holds(0.9)


def test_what_is_made_of_the_series_has_no_line() -> None:
    found = watchers_of(
        DISK,
        [
            rule(over(5, rate_over="5m"), "growth"),
            rule(over(5, aggregate="sum", by=["host"]), "sum"),
            rule({"metric": "disk", "absent": "5m"}, "absence"),
        ],
    )
    assert (found.limits, found.unusual) == ((), ())
    assert found.others == ("growth", "sum", "absence")


def test_a_rule_judges_by_the_past() -> None:
    anomaly = {"metric": "disk", "score": 0.6, "low": 0, "high": 1}
    (one,) = watchers_of(DISK, [rule(anomaly, "odd", rule_type="anomaly")]).unusual
    assert (one.rule, one.score, one.low, one.high) == ("odd", 0.6, 0.0, 1.0)


@pytest.mark.parametrize(("mode", "drawn"), [("all", True), ("any", True), ("none", False)])
def test_a_part_of_a_rule_is_a_limit_where_being_beyond_it_is_feared(
    mode: str, drawn: bool
) -> None:
    member = {"type": "threshold", **over(0.9)}
    whole = rule({"mode": mode, "of": [member]}, "whole", rule_type="composite")
    found = watchers_of(DISK, [whole])
    assert [one.alone for one in found.limits] == ([False] if drawn else [])
    assert found.others == (() if drawn else ("whole",))


def test_what_is_switched_off_or_gone_draws_nothing_but_its_alerts_are_known() -> None:
    off, gone = rule(over(0.9), "off", is_active=False), rule(over(0.7), "gone")
    found = watchers_of(DISK, [off], [gone, off])
    assert found == Watchers(keys=(key_of("RULE-off", DISK), key_of("RULE-gone", DISK)))


CONDITIONS = st.sampled_from(
    [
        (over(0.9), "threshold"),
        (over(0.9, where='host="db-1"'), "threshold"),
        (over(0.0001, rate_over="10s", rate_of="gauge"), "threshold"),
        (over(0.9, aggregate="max", by=["host"]), "threshold"),
        (over(0.9, aggregate="sum"), "threshold"),
        ({"metric": "disk", "absent": "10s"}, "threshold"),
        ({"metric": "disk", "where": 'host="db-1"', "absent": "10s"}, "threshold"),
        (
            {"mode": "all", "of": [{"type": "threshold", **over(0.9)}], "equal": ["host"]},
            "composite",
        ),
        ({"mode": "any", "of": [{"rule": "RULE-base"}]}, "composite"),
        ({"mode": "none", "of": [{"type": "threshold", **over(5.0)}]}, "composite"),
    ]
)


@given(st.lists(CONDITIONS, min_size=1, max_size=4))
def test_whatever_fires_because_of_the_series_has_a_key_that_is_known(
    chosen: list[tuple[dict[str, Any], str]],
) -> None:
    rules = [rule(over(0.9), "base")] + [
        rule(conditions, f"{number}", rule_type=kind)
        for number, (conditions, kind) in enumerate(chosen)
    ]
    known = set(watchers_of(DISK, rules).keys)
    machine = Machine(rules, 0)
    told = []
    for at in range(0, 60_000, 5_000):
        samples = [Sample(DISK, at, 0.91 + at / 1e6)] if at < 30_000 else []
        told += machine.step(samples, [], at)
    assert any(one.fires for one in told)
    assert {key_of(one.rule_id, one.series) for one in told} <= known

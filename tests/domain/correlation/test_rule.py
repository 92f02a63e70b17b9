"""Correlation rules: read and checked whole, by the fields that cannot be used."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.correlation.rule import BUILT_IN, active_rules, content_of, read_rule
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.domain.publishing import checked_content

from tests.domain.correlation.making import alert, rule


def version(name: str, published_at: int = 1, **content: Any) -> PolicyVersion:
    return PolicyVersion(
        version_id=f"POL-{name}-{published_at}",
        name=name,
        content={"kind": "correlation", **content},
        published_at=published_at,
    )


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"by": []}, "by"),
        ({"by": "service"}, "by"),
        ({"by": ["colour"]}, "by[0]"),
        ({"by": ["service", 3]}, "by[1]"),
        ({"by": ["label "]}, "by[0]"),
        ({"by": ["service", "service"]}, "by"),
        ({"within_s": 5}, "within_s"),
        ({"within_s": 3_601}, "within_s"),
        ({"within_s": "300"}, "within_s"),
        ({"within_s": True}, "within_s"),
        ({"at_least": 1}, "at_least"),
        ({"at_least": 51}, "at_least"),
        ({"at_least": 3, "at_least_services": 4}, "at_least_services"),
        ({"with_severity": "huge"}, "with_severity"),
        ({"severity_from": "best"}, "severity_from"),
        ({"category": "weather"}, "category"),
        ({"accept": "never"}, "accept"),
        ({"join": "yes"}, "join"),
        ({"disabled": 1}, "disabled"),
        ({"rest_s": -1}, "rest_s"),
        ({"name": ""}, "name"),
        ({"name": "{place}"}, "name"),
        ({"name": 3}, "name"),
        ({"for": "service"}, "for"),
        ({"for": 'x=~"(a+)+"'}, "for"),
        ({"colour": "red"}, "colour"),
        ({"kind": "escalation"}, "kind"),
    ],
)
def test_what_cannot_be_used_is_named(content: dict[str, Any], field: str) -> None:
    whole = {"kind": "correlation", "by": ["service"], **content}
    with pytest.raises(Malformed) as refused:
        read_rule("Test", whole)
    assert refused.value.field == field
    assert refused.value.remedy
    if field != "kind":
        with pytest.raises(Malformed):
            checked_content("Test", whole)


def test_a_rule_is_read_with_what_is_left_out() -> None:
    found = rule(by=["service", "label env"], name="{env}: {count}")
    assert (found.within_ms, found.at_least, found.at_once, found.join) == (300_000, 3, False, True)
    whole = rule(
        by=["place"],
        within_s=60,
        at_least=5,
        at_least_services=2,
        with_severity="critical",
        accept="at once",
        join=False,
        rest_s=0,
        category="data",
        severity_from="emergency",
        **{"for": 'env="prod"'},
    )
    assert whole.words() == (
        "5 alerts or more of 2 services or more with the same place, begun within 1 min, "
        "one of them critical or worse"
    )
    assert rule(within_s=90).words().endswith("begun within 90 s")


def test_the_content_of_a_rule_reads_as_the_rule() -> None:
    for one in (*BUILT_IN, rule(by=["label env"], accept="at once", **{"for": 'a=~"b|c", d=e'})):
        assert read_rule(one.name, content_of(one)) == one


def test_a_group_is_what_alerts_have_in_common() -> None:
    found = rule(by=["service", "label env", "group"], **{"for": "source=test"})
    prod = alert(1, labels={"env": "prod"}, group_key="g")
    assert found.group_of(prod) == (("group", "g"), ("label env", "prod"), ("service", "db"))
    assert found.group_of(alert(1, group_key="g")) is None
    assert found.group_of(alert(1, labels={"env": "prod"}, group_key="g", source="x")) is None
    assert found.group_of(alert(1, labels={"env": "prod"}, group_key="g", service="")) is None


def test_what_is_published_stands_in_the_place_of_a_built_in_rule() -> None:
    plain, problems = active_rules([])
    assert [one.name for one in plain] == ["same place", "same service"]
    assert problems == []
    versions = [
        version("same place", disabled=True),
        version("same service", by=["service"], at_least=9),
        version("Pairs", by=["service"], at_least=2),
        version("Broken", by=["colour"]),
        version("Pairs", 2, by=["service"], at_least=4),
    ]
    found, problems = active_rules(versions)
    assert [(one.name, one.at_least) for one in found] == [("Pairs", 4), ("same service", 9)]
    assert [one.version_id for one in found] == ["POL-Pairs-2", "POL-same service-1"]
    assert len(problems) == 1
    assert "Broken is not used" in problems[0]
    assert len(BUILT_IN) == 2

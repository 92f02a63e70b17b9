"""Rules about causes, in words below the policies."""

from __future__ import annotations

from typing import Any

from crisisdesk.desk.alerts.sections import Fact
from crisisdesk.desk.planning.policies.rules import SHOWN, rule_facts
from crisisdesk.domain.policy_version import PolicyVersion


def version(name: str, **content: Any) -> PolicyVersion:
    return PolicyVersion(version_id=f"POL-{name}", name=name, content=content, published_at=1)


NEEDS = version("Shop", kind="dependencies", services={"shop": ["db", "cdn"]})
RULE = version("Site", kind="inhibition", when="a=b", keep_quiet="c=d", equal=["place"])
BROKEN = version("X", kind="inhibition", when="", keep_quiet="c=d")


def test_each_that_counts_is_told_in_words() -> None:
    other = version("Night", kind="escalation", steps=[])
    assert rule_facts([RULE, NEEDS, other]) == (
        Fact("Shop", "shop needs db, cdn (from critical)", mono=True),
        Fact("Site", 'while a="b": quiet is c="d", same place', mono=True),
    )
    assert rule_facts([other]) == ()


def test_one_that_cannot_be_read_says_so() -> None:
    [told] = rule_facts([BROKEN])
    assert told.value.startswith("not used, it cannot be read: when")


def test_many_are_counted() -> None:
    many = [version(f"R{n:02}", kind="dependencies", services={"a": ["b"]}) for n in range(9)]
    told = rule_facts(many)
    assert len(told) == SHOWN + 1
    assert told[-1].value == "and 6 more; see crisisdesk policy list"

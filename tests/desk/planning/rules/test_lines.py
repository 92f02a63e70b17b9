"""The lines of the page of rules."""

from __future__ import annotations

import yaml

from crisisdesk.desk.planning.rules.lines import rule_lines, spoken
from crisisdesk.domain.correlation.rule import read_rule

from tests.domain.correlation.test_rule import version


def test_built_in_rules_stand_there_until_something_has_their_name() -> None:
    plain = rule_lines([])
    assert [line.name for line in plain] == ["same place", "same service"]
    for line in plain:
        told = yaml.safe_load(line.yaml)
        assert read_rule(told["name"], told["content"]).words() in line.words
        assert "built in" in spoken(line)
    other = rule_lines([version("same place", disabled=True), version("Pairs", by=["service"])])
    assert [(line.name, line.standing, line.counts) for line in other] == [
        ("Pairs", "counts now", True),
        ("same place", "switched off", False),
        ("same service", "counts now", True),
    ]
    assert other[0].facts.startswith("published 1 Jan 1970")


def test_what_cannot_be_read_and_other_kinds_are_listed_all_the_same() -> None:
    broken, other = version("Broken", by=["colour"]), version("Later", 2)
    other.content["kind"] = "of a newer program"
    escalation = version("Night", 3)
    escalation.content["kind"] = "escalation"
    lines = {line.name: line for line in rule_lines([broken, other, escalation])}
    assert lines["Broken"].standing == "not used"
    assert "by[0]" in lines["Broken"].words
    assert lines["Later"].kind == "of a newer program"
    assert "Night" not in lines


def test_a_rule_that_opens_by_itself_says_so() -> None:
    (line, *_) = rule_lines([version("At once", by=["service"], accept="at once")])
    assert line.words.startswith("It opens an incident of 3 alerts or more with the same service")

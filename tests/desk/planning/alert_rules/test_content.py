"""The content of a rule as people write it: the same rule, in fewer words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.desk.planning.alert_rules.content import (
    RuleFile,
    conditions_of,
    conditions_text,
    faults_of,
    ordered,
    plainly,
    rule_of_draft,
    whole,
)
from crisisdesk.desk.planning.policies.drafts import Draft
from crisisdesk.domain.detection.declaring import with_ids
from crisisdesk.domain.detection.rule import checked_rule
from crisisdesk.domain.errors import Malformed

from tests.desk.planning.alert_rules.cases import ANY, DISK, ERRORS, content, rule

MEMBER = {"type": "threshold", "metric": "cpu", "op": ">", "value": 0.5}


def draft(written: dict[str, Any], name: str = "Disk", of: str = "") -> Draft:
    return Draft("d", name, written, of)


def test_defaults_go_without_saying_and_spans_are_short() -> None:
    assert plainly(content(DISK)) == DISK
    assert list(plainly(content(DISK))["conditions"]) == ["metric", "op", "value", "for", "clear"]
    assert plainly(content(ERRORS)) == {**ERRORS, "severity": "high"}


def test_members_stand_by_name_and_without_defaults() -> None:
    both = {"mode": "all", "of": [{"rule": "RULE-DISK"}, MEMBER], "for": "2h"}
    told = plainly(content({**ANY, "conditions": both}, "RULE-ANY"), [rule()])
    assert told["conditions"]["of"] == [{"rule": "Disk"}, MEMBER]
    assert told["conditions"]["for"] == "2h"


def test_what_cannot_be_read_is_left_as_it_is() -> None:
    odd = {"kind": "rule", "rule": "R", "rule_type": "oracle", "conditions": {"ask": "it"}}
    assert plainly(odd) == {"rule_type": "oracle", "conditions": {"ask": "it"}}


@given(
    value=st.floats(-1e9, 1e9),
    seconds=st.integers(0, 86_400),
    op=st.sampled_from((">", ">=", "<", "<=", "==", "!=")),
    more=st.dictionaries(st.sampled_from(("aggregate", "clear_for", "forget")), st.none()),
)
def test_it_always_means_the_same(
    value: float, seconds: int, op: str, more: dict[str, None]
) -> None:
    fields = {"aggregate": "max", "clear_for": 61, "forget": 3_600}
    conditions = {"metric": "m", "op": op, "value": value, "for": seconds}
    conditions |= {name: fields[name] for name in more}
    told = {"rule_type": "threshold", "conditions": conditions}
    assert whole(plainly(content(told))) == checked_rule(told)
    text = RuleFile().text(draft(plainly(content(told))))
    assert whole(RuleFile().draft(text, draft({})).content) == checked_rule(told)


@pytest.mark.parametrize(
    ("written", "name", "field"),
    [
        (DISK, " ", "name"),
        (DISK, "x" * 101, "name"),
        (DISK, "Taken", "name"),
        ({**DISK, "severity": "awful"}, "Disk", "severity"),
        ({**DISK, "colour": 1}, "Disk", "colour"),
        ({**DISK, "conditions": {"metric": "disk", "op": ">"}}, "Disk", "conditions.value"),
        ({**DISK, "conditions": "metric: ["}, "Disk", "conditions"),
        ({**DISK, "conditions": "disk"}, "Disk", "conditions"),
        (
            {**ANY, "conditions": {"mode": "any", "of": [{"rule": "none"}]}},
            "Any",
            "conditions.of[0].rule",
        ),
    ],
)
def test_a_fault_names_its_field_as_the_engine_does(
    written: dict[str, Any], name: str, field: str
) -> None:
    found = faults_of(draft(written, name, "RULE-DISK"), [rule(), rule(None, "R2", "Taken")])
    assert [one.field for one in found] == [field]


def test_a_rule_may_keep_its_name_and_not_need_itself() -> None:
    known = [rule(), rule(ANY, "RULE-ANY", "Any")]
    assert faults_of(draft(DISK, "Disk", "RULE-DISK"), known) == []
    circle = {**ANY, "conditions": {"mode": "any", "of": [{"rule": "Any"}]}}
    [fault] = faults_of(draft(circle, "Disk", "RULE-DISK"), known)
    assert "circle" in fault.problem


def test_it_can_be_tried_before_it_has_a_name_and_not_before_it_can_be_read() -> None:
    found = rule_of_draft(draft(DISK, ""), [])
    assert found is not None
    assert found.conditions == rule().conditions
    assert rule_of_draft(draft({**DISK, "conditions": "metric: ["}), []) is None
    assert rule_of_draft(draft(DISK)._replace(raw="name: ["), []) is None
    named = {**ANY, "conditions": {"mode": "any", "of": [{"rule": "Disk"}]}}
    found = rule_of_draft(draft(named, "Any"), [rule()])
    assert found is not None
    assert found.needs() == ["RULE-DISK"]
    assert with_ids(named, [rule()])["conditions"]["of"] == [{"rule": "RULE-DISK"}]


def test_a_file_is_what_the_command_line_takes() -> None:
    text = RuleFile().text(draft(DISK))
    assert text.startswith("name: Disk\nrule_type: threshold\nseverity: critical\nconditions:\n")
    assert RuleFile().draft(text, draft({}, "", "RULE-DISK")) == draft(DISK, "Disk", "RULE-DISK")
    for text, field in (("[1]", "content"), ("name: [", "content"), ("name: 5\n", "name")):
        with pytest.raises(Malformed) as error:
            RuleFile().draft(text, draft({}))
        assert error.value.field == field


def test_conditions_are_read_and_written_for_themselves() -> None:
    assert conditions_of(conditions_text(DISK)) == DISK["conditions"]
    assert conditions_text({"conditions": "metric: ["}) == "metric: ["
    assert conditions_text({}) == ""
    assert list(ordered({"conditions": {"value": 1, "metric": "m"}, "rule_type": "threshold"})) == [
        "rule_type",
        "conditions",
    ]

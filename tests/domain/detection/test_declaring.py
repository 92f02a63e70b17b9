"""What is declared among the rules that stand."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.detection.declaring import (
    check_name,
    declared_content,
    with_ids,
    with_names,
)
from crisisdesk.domain.detection.rule import AlertRule, content_of, rule_of
from crisisdesk.domain.errors import Conflict, Malformed, NotFound

LEAF = {"rule_type": "threshold", "conditions": {"metric": "load", "op": ">", "value": 1}}


def rule(rule_id: str, name: str, written: dict[str, Any] | None = None) -> AlertRule:
    content = content_of(written or LEAF, rule_id=rule_id, since=0, created_at=0, created_by="")
    return rule_of(name, content)


def made_of(*rules: str) -> dict[str, Any]:
    members = [{"rule": one} for one in rules]
    return {"rule_type": "composite", "conditions": {"mode": "any", "of": members}}


def declare(name: str, written: dict[str, Any], known: list[AlertRule], rule_id: str) -> Any:
    return declared_content(
        name, written, known, rule_id=rule_id, since=5, created_at=3, created_by="Ann"
    )


def test_members_are_told_by_ids_and_shown_by_names() -> None:
    known = [rule("RULE-1", "load"), rule("RULE-2", "errors")]
    told = with_ids(made_of("load", "RULE-2"), known)
    assert told["conditions"]["of"] == [{"rule": "RULE-1"}, {"rule": "RULE-2"}]
    assert with_names(told, known)["conditions"]["of"] == [{"rule": "load"}, {"rule": "errors"}]
    with pytest.raises(NotFound) as error:
        with_ids(made_of("load", "lod"), known)
    assert error.value.field == "conditions.of[1].rule"


def test_a_name_that_two_bear_after_a_split_is_not_shown() -> None:
    known = [rule("RULE-1", "load"), rule("RULE-2", "load")]
    told = made_of("RULE-1")
    assert with_names(told, known) == told


def test_what_is_no_composite_stays_as_it_is() -> None:
    for told in (LEAF, {"conditions": "mode: ["}, {"conditions": {"of": "x"}}, {}):
        assert with_ids(told, []) == told


def test_a_name_is_unique_but_for_the_rule_that_bears_it() -> None:
    known = [rule("RULE-1", "load")]
    check_name("load", known, "RULE-1")
    check_name("other", known)
    with pytest.raises(Conflict):
        check_name("load", known)


def test_the_whole_content_is_told_with_its_beginning() -> None:
    content = declare("any", made_of("load"), [rule("RULE-1", "load")], "RULE-2")
    assert (content["rule"], content["since"], content["created_by"]) == ("RULE-2", 5, "Ann")
    assert content["conditions"]["of"] == [{"rule": "RULE-1"}]


def test_a_circle_and_what_is_too_long_are_refused() -> None:
    known = [rule("RULE-1", "one"), rule("RULE-2", "two", made_of("RULE-1"))]
    with pytest.raises(Malformed, match="circle: one needs two needs one"):
        declare("one", made_of("two"), known, "RULE-1")
    text = {"contains": "\u6f22" * 512}
    members = [{"type": "pattern", "first": text, "then": text, "without": text}] * 20
    long = {"rule_type": "composite", "conditions": {"mode": "any", "of": members}}
    with pytest.raises(Malformed, match="too long"):
        declare("long", long, known, "RULE-3")

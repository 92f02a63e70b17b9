"""Rules as they are published and read again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crisisdesk.domain.detection.rule import (
    alert_rules,
    content_of,
    history_of,
    key_of,
    loop_in,
    rule_id_of,
    rule_in,
    rule_of,
    standing,
    trial_rule,
    unreadable,
    written_of,
)
from crisisdesk.domain.detection.series import series
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.policy_version import PolicyVersion

WRITTEN: dict[str, Any] = {
    "rule_type": "threshold",
    "conditions": {"metric": "load", "op": ">", "value": 0.5},
}


def version(number: int, **changes: Any) -> PolicyVersion:
    content = content_of(WRITTEN, rule_id="RULE-1", since=number, created_at=1, created_by="Ann")
    given: dict[str, Any] = {
        "version_id": f"POL-{number}",
        "name": "high",
        "content": content,
        "published_at": number,
    }
    return PolicyVersion(**(given | changes))


def test_the_version_published_last_counts_unless_withdrawn() -> None:
    found = alert_rules([version(2), version(1), version(3, withdrawn_at=4)])
    assert [one.version_id for one in found] == ["POL-2"]
    history = history_of([version(1), version(2)], "RULE-1")
    assert [one.version_id for one in history] == ["POL-2", "POL-1"]


def test_what_a_newer_program_wrote_is_told_and_not_run() -> None:
    newer = version(1, content={**version(1).content, "moon": "full"})
    assert alert_rules([newer]) == []
    assert unreadable([newer, version(2, name="x")]) == ["high"]


def test_what_was_written_makes_the_same_rule_again() -> None:
    one = version(1)
    again = content_of(
        written_of(one.content), rule_id="RULE-1", since=1, created_at=1, created_by="Ann"
    )
    assert again == one.content
    assert rule_of("high", one.content).rule_type == "threshold"


def test_a_rule_about_lines_looks_at_no_source() -> None:
    told = {"rule_type": "pattern", "conditions": {"line": {"contains": "x"}}}
    with pytest.raises(Malformed) as refused:
        trial_rule("x", {**told, "metric_source": "S-1"})
    assert refused.value.field == "metric_source"


def test_the_key_is_of_rule_and_series() -> None:
    a, b = series("S", "m", {"a": "b"}), series("S", "m", {"a": "c"})
    keys = {key_of("R1", a), key_of("R1", b), key_of("R2", a)}
    assert len(keys) == 3
    assert rule_in(key_of("R1", a)) == "R1"


def test_a_circle_is_found() -> None:
    def made_of(rule_id: str, *needed: str) -> Any:
        conditions = {"mode": "any", "of": [{"rule": one} for one in needed]}
        told = {"rule_type": "composite", "conditions": conditions}
        return replace(trial_rule(rule_id.lower(), told), rule_id=rule_id)

    assert loop_in([made_of("A", "B")], made_of("B", "C")) == []
    assert loop_in([made_of("A", "B")], made_of("B", "A")) == ["b", "a", "b"]


def test_what_stands_is_the_later_one_whether_it_can_be_read_or_not() -> None:
    newer = version(3, content={**version(1).content, "moon": "full"})
    assert standing([newer, version(2)]) == newer
    assert standing([version(2), version(1), replace(newer, withdrawn_at=4)]) == version(2)
    assert standing([version(1, withdrawn_at=4)]) is None
    assert standing([]) is None


def test_only_a_version_of_a_rule_has_a_rules_id() -> None:
    assert rule_id_of(version(1)) == "RULE-1"
    assert rule_id_of(version(1, content={"kind": "schedule", "rule": "RULE-1"})) == ""
    assert rule_id_of(version(1, content={"kind": "rule", "rule": 3})) == ""
    assert rule_id_of(version(1, content={})) == ""

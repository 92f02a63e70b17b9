"""What the linter of response plans finds."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.playbook.checking import check_playbook
from crisisdesk.domain.playbook.content import read_playbook
from crisisdesk.domain.task import PHASES

from tests.domain.playbook.test_content import ACTION, PLAN

WHOLE = [ACTION | {"id": phase, "phase": phase} for phase in PHASES]


def found(**changes: Any) -> list[tuple[str, str, str]]:
    plan = read_playbook(
        "x", PLAN | {"actions": WHOLE, "roles": [{"role": "operations_lead"}]} | changes
    )
    return [(f.level, f.field, f.words) for f in check_playbook(plan, ["Known"])]


def test_a_whole_plan_has_nothing_to_mend() -> None:
    assert found() == []


def test_gaps_are_told_errors_first() -> None:
    late = [ACTION | {"severities": ["critical"], "due": "2h", "box": "3h", "procedure": "Gone"}]
    told = found(actions=late, roles=[{"role": "scribe"}], procedures=["Known", "Lost"])
    levels = [level for level, _field, _words in told]
    assert levels == sorted(levels)
    fields = {(level, field) for level, field, _words in told}
    assert fields == {
        ("error", "actions"),
        ("warning", "actions"),
        ("warning", "actions[0].role"),
        ("warning", "roles[0]"),
        ("warning", "procedures[1]"),
        ("warning", "actions[0].procedure"),
        ("warning", "actions[0].box"),
    }
    words = " ".join(words for _level, _field, words in told)
    assert "an incident of severity minor gets no task at all" in words
    assert "the first thing of severity critical is due after 2 h" in words
    assert "nothing is to be done in the phase Initial response" in words

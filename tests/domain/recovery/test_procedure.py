"""Procedures: what can be published, what fits an incident, and who wrote what."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.domain.recovery.procedure import (
    approved_before,
    checked_procedure,
    history_of,
    matching,
    procedures,
    unreadable,
)

from tests.domain.recovery.making import PROMOTE, made


def version(n: int, name: str = "Fail over", by: str = "Ann", **content: Any) -> PolicyVersion:
    return PolicyVersion(
        version_id=f"POL-{n}",
        name=name,
        content={"kind": "procedure", "steps": [{"id": "a", "title": f"A{n}"}], **content},
        published_at=n,
        published_by=by,
    )


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"kind": "policy"}, "kind"),
        ({"automation_script": "rm -rf /"}, "automation_script"),
        ({"steps": []}, "steps"),
        ({"steps": [{"id": "a", "title": "A"}, {"id": "a", "title": "B"}]}, "steps[1].id"),
        ({"steps": [{"id": "a", "title": "A", "after": ["b"]}]}, "steps[0].after"),
        ({"steps": [{"id": "a", "title": "A", "when": {"b": "yes"}}]}, "steps[0].when"),
        ({"steps": [{"id": "a", "title": "{x}"}]}, "steps[0]"),
        ({"automation": ["a"]}, "automation"),
        ({"incident_type": "fire"}, "incident_type"),
        ({"severity_level": "worst"}, "severity_level"),
        ({"estimated_time": "soon"}, "estimated_time"),
        ({"rollback": "perhaps"}, "rollback"),
        ({"prerequisites": "one"}, "prerequisites"),
        ({"success_criteria": [5]}, "success_criteria[0]"),
        ({"requires_approval": "no"}, "requires_approval"),
    ],
)
def test_what_cannot_be_published_is_named(content: dict[str, Any], field: str) -> None:
    told = {"kind": "procedure", "steps": [{"id": "a", "title": "A"}], **content}
    with pytest.raises(Malformed) as refused:
        checked_procedure("P", told)
    assert refused.value.field == field


def test_names_that_are_addresses_of_their_own_are_refused() -> None:
    for name in ("runs", "execute", "check", "a/b", ".."):
        with pytest.raises(Malformed, match="name"):
            checked_procedure(name, {"kind": "procedure", "steps": [{"id": "a", "title": "A"}]})


def test_a_circle_of_steps_is_told_with_its_way() -> None:
    with pytest.raises(Malformed, match="waits for"):
        made({"id": "a", "after": ["b"]}, {"id": "b", "after": ["a"]})


def test_a_condition_has_to_come_after_its_decision() -> None:
    decision = {"id": "d", "kind": "decision", "answers": ["yes", "no"]}
    with pytest.raises(Malformed, match="is not after 'd'"):
        made(decision, {"id": "a", "after": [], "when": {"d": "yes"}})


def test_those_for_an_incident_come_best_first() -> None:
    every = [
        made({"id": "a"}, name="any"),
        made({"id": "a"}, name="data", incident_type="data"),
        made({"id": "a"}, name="bad data", incident_type="data", severity_level="critical"),
        made({"id": "a"}, name="security", incident_type="security"),
    ]
    assert [p.name for p in matching(every, "data", "major")] == ["data", "any"]
    assert [p.name for p in matching(every, "data", "emergency")] == ["bad data", "data", "any"]


def test_the_newest_that_stands_counts_and_its_first_author_is_kept() -> None:
    first, second = version(1), version(2, by="Ben")
    found = procedures([second, first])
    assert [(p.version_id, p.created_by, p.updated_by, p.last_updated) for p in found] == [
        ("POL-2", "Ann", "Ben", 2)
    ]
    newer = version(3, shape="unknown here")
    assert unreadable([newer]) == ["Fail over"]
    assert [v.version_id for v in history_of([first, newer, second], "Fail over")] == [
        "POL-3",
        "POL-2",
        "POL-1",
    ]


def test_an_approval_of_its_own_counts_only_where_no_answer_skips_it() -> None:
    decision = {"id": "d", "kind": "decision", "answers": ["yes", "no"]}
    gate = {"id": "gate", "kind": "approval"}
    assert approved_before(made(gate, PROMOTE), "promote")
    skippable = made(decision, {**gate, "when": {"d": "yes"}}, {**PROMOTE, "after": ["d", "gate"]})
    assert not approved_before(skippable, "promote")

"""What is to be mended in a procedure that could be published."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.recovery.linting import flaws, sample
from crisisdesk.domain.recovery.parameters import read_parameters

from tests.domain.recovery.making import PROMOTE, made

DECISION = {"id": "d", "kind": "decision", "answers": ["yes", "no"]}
GOOD: dict[str, Any] = {"success_criteria": ["Orders"]}
BACK = {"rollback": {"title": "Demote by hand"}}


def told(*steps: dict[str, Any], **fields: Any) -> list[tuple[str, str]]:
    return [(f.level, f.field) for f in flaws(made(*steps, **{**GOOD, **fields}), {})]


def test_a_good_one_has_no_flaws() -> None:
    assert told({"id": "a"}, {**PROMOTE, **BACK}) == []


def test_what_is_never_reached_is_an_error() -> None:
    both = {"id": "x", "after": ["a", "b"], "when": {"d": "no", "e": "yes"}}
    steps = (
        DECISION,
        {**DECISION, "id": "e", "when": {"d": "yes"}},
        {"id": "a", "after": ["e"]},
        {"id": "b", "after": ["d"], "when": {"d": "no"}},
        both,
    )
    assert told(*steps) == [("error", "steps[4]")]


def test_parameters_ways_back_approvals_and_criteria() -> None:
    assert told({"id": "a"}, parameters={"p": {"type": "text"}}) == [("warning", "parameters.p")]
    assert told(PROMOTE) == [("warning", "steps[0].rollback")]
    assert told(PROMOTE, rollback_procedure="Call the DBA") == []
    assert told({"id": "a"}, rollback="always") == [("error", "rollback")]
    assert told({**PROMOTE, **BACK}, requires_approval=False) == [("warning", "steps[0]")]
    assert told({"id": "a"}, success_criteria=[]) == [("warning", "success_criteria")]


def test_programs_that_the_station_may_not_run_and_unknown_procedures() -> None:
    one = made({**PROMOTE, **BACK}, **GOOD)
    assert [f.field for f in flaws(one, {}, {"/bin/other"})] == ["steps[0].command"]
    assert flaws(one, {}, {"/bin/promote"}) == []
    assert told({"id": "s", "kind": "procedure", "procedure": "none"}) == [
        ("error", "steps.s.procedure")
    ]


def test_a_sample_is_an_argument_that_is_taken() -> None:
    declared: dict[str, Any] = {
        "a": {"type": "choice", "choices": ["x"]},
        "b": {"type": "whole", "least": 5},
        "c": {"type": "host"},
        "d": {"type": "name"},
        "e": {"type": "text", "default": "y"},
        "f": {"type": "whole", "most": -3},
    }
    for one in read_parameters(declared, "p"):
        assert one.checked(sample(one), "x") == sample(one)

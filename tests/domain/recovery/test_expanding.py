"""From procedure and arguments to the steps of a run."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.recovery.expanding import binding_of, expanded, is_changing
from crisisdesk.domain.recovery.procedure import Procedure

from tests.domain.recovery.making import PROMOTE, made

TARGET = {"target": {"type": "text"}}


def steps_of(one: Procedure, *others: Procedure, **arguments: str) -> dict[str, dict[str, Any]]:
    known = {p.name: p for p in (one, *others)}
    steps, _given = expanded(one, arguments, known)
    return {step["step_id"]: step for step in steps}


def test_prerequisites_criteria_gate_and_way_back_are_put_around_the_steps() -> None:
    one = made(
        {"id": "freeze"},
        {**PROMOTE, "rollback": {"kind": "command", "title": "Back", "command": "/bin/b"}},
        prerequisites=["A backup is there"],
        success_criteria=["Orders", {"kind": "wait", "title": "Shop", "source": "shop"}],
    )
    steps = steps_of(one)
    assert {name: (s["phase"], s["after"], s["needs"]) for name, s in steps.items()} == {
        "pre-1": ("before", [], []),
        "seen-2": ("seen", [], []),
        "approve": ("gate", ["pre-1", "seen-2"], []),
        "freeze": ("main", ["pre-1", "seen-2"], []),
        "promote": ("main", ["freeze"], ["approve"]),
        "met-1": ("after", ["promote"], []),
        "met-2": ("after", ["promote"], []),
        "promote~back": ("back", [], ["approve"]),
    }
    assert steps["promote~back"]["back_of"] == "promote"


def test_an_approval_that_stands_in_front_spares_the_one_of_the_whole() -> None:
    gate = {"id": "gate", "kind": "approval"}
    assert "approve" not in steps_of(made(gate, PROMOTE))
    assert "approve" not in steps_of(made({"id": "a"}))
    assert "approve" not in steps_of(made(PROMOTE, requires_approval=False))


def test_arguments_stand_in_each_place_as_it_wants_them() -> None:
    nasty = "a/../b?c=d&e {other} %2e"
    one = made(
        {"id": "c", "kind": "command", "command": "/bin/c", "args": ["--to={target}", "{target}"]},
        {
            "id": "h",
            "kind": "http",
            "url": "https://h/x/{target}?q={target}",
            "method": "POST",
            "body": {"k": ["{target}"]},
        },
        {
            "id": "q",
            "kind": "sql",
            "database": "d",
            "query": "select {target}",
            "expect": {"value": 1},
        },
        parameters=TARGET,
    )
    steps = steps_of(one, target=nasty)
    assert steps["c"]["args"] == [f"--to={nasty}", nasty]
    told = "a%2F..%2Fb%3Fc%3Dd%26e%20%7Bother%7D%20%252e"
    assert steps["h"]["url"] == f"https://h/x/{told}?q={told}"
    assert steps["h"]["body"] == {"k": [nasty]}
    assert (steps["q"]["query"], steps["q"]["parameters"]) == ("select {target}", {"target": nasty})


def test_a_sub_procedure_is_put_in_with_its_own_arguments() -> None:
    inner = made(
        {"id": "one", "title": "One {x}"},
        {"id": "two"},
        name="inner",
        parameters={"x": {"type": "text"}},
    )
    outer = made(
        {"id": "first"},
        {"id": "sub", "kind": "procedure", "procedure": "inner", "arguments": {"x": "to {target}"}},
        {"id": "last"},
        parameters=TARGET,
    )
    steps = steps_of(outer, inner, target="{x}")
    assert steps["sub.one"]["title"] == "One to {x}"
    assert {name: s["after"] for name, s in steps.items()} == {
        "first": [],
        "sub.one": ["first"],
        "sub.two": ["sub.one"],
        "last": ["sub.two"],
    }


def test_a_sub_procedure_in_a_branch_is_skipped_as_a_whole() -> None:
    inner = made({"id": "one"}, PROMOTE, name="inner")
    decision = {"id": "d", "kind": "decision", "answers": ["yes", "no"]}
    sub = {"id": "sub", "kind": "procedure", "procedure": "inner", "when": {"d": "yes"}}
    steps = steps_of(made(decision, sub), inner)
    assert steps["sub.one"]["when"] == {"d": "yes"}
    assert steps["sub.approve"]["when"] == {"d": "yes"}
    assert steps["sub.promote"]["needs"] == ["sub.approve"]


def test_sub_procedures_that_cannot_be_put_in_are_named() -> None:
    a = made({"id": "s", "kind": "procedure", "procedure": "b"}, name="a")
    b = made({"id": "s", "kind": "procedure", "procedure": "a"}, name="b")
    with pytest.raises(Malformed, match="a needs b needs a"):
        steps_of(a, b)
    with pytest.raises(Malformed, match="is not published here"):
        steps_of(a)
    takes = made({"id": "x", "title": "{n}"}, name="b", parameters={"n": {"type": "whole"}})
    with pytest.raises(Malformed, match=r"s\.arguments\.n"):
        steps_of(a, takes)


def test_runs_are_bounded() -> None:
    wide = made(*({"id": f"s{n}"} for n in range(60)), name="wide")
    whole = made(
        *({"id": f"w{n}", "kind": "procedure", "procedure": "wide"} for n in range(5)), name="whole"
    )
    with pytest.raises(Malformed, match="come to 300"):
        steps_of(whole, wide)


def test_the_binding_changes_with_procedure_version_argument_or_step() -> None:
    body = {
        "procedure": "P",
        "policy": "POL-1",
        "arguments": {"a": "1"},
        "rollback": "never",
        "steps": [{"step_id": "x"}],
    }
    same = binding_of({**body, "title": "another title", "incident_id": "INC-1"})
    assert same == binding_of(body)
    for name, value in (
        ("procedure", "Q"),
        ("policy", "POL-2"),
        ("arguments", {"a": "2"}),
        ("rollback", "always"),
        ("steps", [{"step_id": "y"}]),
    ):
        assert binding_of({**body, name: value}) != binding_of(body)


def test_only_calls_that_may_change_something_are_changing() -> None:
    assert is_changing({"kind": "command"})
    assert is_changing({"kind": "http", "method": "POST"})
    assert not is_changing({"kind": "http", "method": "GET"})
    assert not is_changing({"kind": "sql"})

"""Runs led by people: begun, approved, taken back, ended; and all that is refused."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.checklist import Run
from crisisdesk.domain.errors import Conflict, DomainError, Malformed, NotFound
from crisisdesk.domain.recovery.step_map import next_steps
from crisisdesk.engine import commands
from crisisdesk.engine import recovery_commands as c

from tests.engine.recovering import COMMAND, content
from tests.store.workload import Station

KLARA, JONAS = "Klára Langová", "Jonas Weber"
GATE = {"id": "gate", "kind": "approval", "expires": "5m"}
PROMOTE = {"id": "promote", **COMMAND}


def begin(station: Station, *steps: dict[str, Any], **fields: Any) -> str:
    """Publish and start; the run's id."""
    told = content(*steps, **fields)
    station.do(c.PublishProcedure(name="Fail over", content=told))
    run_id = station.do(c.StartRun(procedure="Fail over"))[0]
    assert isinstance(run_id, str), run_id
    return run_id


def run_of(station: Station, run_id: str) -> Run:
    state = station.bench.get(run_id)
    assert isinstance(state, Run)
    return state


def states(station: Station, run_id: str) -> dict[str, str]:
    found = next_steps(run_of(station, run_id), station.now_ms)
    return {one.step_id: str(one.state) for one in found}


def refused(station: Station, command: Any, actor: str = KLARA) -> DomainError:
    """The refusal; nothing was written."""
    before = station.bench.pos
    found = station.do(command, actor=actor)[0]
    assert isinstance(found, DomainError), found
    assert station.bench.pos == before
    return found


def test_a_run_holds_its_steps_whatever_is_published_later(station: Station) -> None:
    run_id = begin(station, {"id": "a"})
    station.do(c.PublishProcedure(name="Fail over", content=content({"id": "b"})))
    assert states(station, run_id) == {"a": "open"}
    assert run_of(station, run_id).home == station.bench.origin


def test_a_run_of_an_incident_that_is_led(station: Station) -> None:
    incident = station.do(commands.OpenIncident(title="Down", severity="critical"))[0]
    station.do(c.PublishProcedure(name="P", content=content({"id": "a"})))
    run_id = station.do(c.StartRun(procedure="P", incident_id=incident))[0]
    assert run_of(station, run_id).incident_id == incident
    assert isinstance(refused(station, c.StartRun(procedure="P")), Conflict)
    station.do(c.EndRun(run_id=run_id, verdict="aborted", why="wrong one"))
    unknown = c.StartRun(procedure="P", incident_id="INC-NONE")
    assert refused(station, unknown).field == "incident_id"
    old = c.StartRun(procedure="P", version_id="POL-OLD")
    assert refused(station, old).field == "version_id"
    assert isinstance(refused(station, c.StartRun(procedure="Q")), NotFound)
    extra = c.StartRun(procedure="P", arguments={"x": "1"})
    assert refused(station, extra).field == "arguments.x"


def test_a_gate_is_asked_as_it_opens_and_answered_by_another(station: Station) -> None:
    run_id = begin(station, {"id": "a"}, GATE)
    assert states(station, run_id)["gate"] == "later"
    station.do(c.MarkStep(run_id=run_id, step_id="a"))
    assert states(station, run_id)["gate"] == "waiting"
    binding = run_of(station, run_id).binding
    approve = c.GiveApproval(run_id=run_id, step_id="gate", binding=binding)
    assert refused(station, approve).field == "operator"
    assert refused(station, approve, "KLÁRA LANGOVÁ ").field == "operator"
    other = c.GiveApproval(run_id=run_id, step_id="gate", binding="0" * 64)
    assert refused(station, other, JONAS).field == "binding"
    station.do(approve, actor=JONAS)
    # All is done: the end follows by itself.
    assert run_of(station, run_id).verdict == "succeeded"
    assert run_of(station, run_id).ended_by == "engine"


def test_an_approval_that_ran_out_is_void_and_asked_again(station: Station) -> None:
    run_id = begin(station, GATE)
    station.now_ms += 301_000
    binding = run_of(station, run_id).binding
    approve = c.GiveApproval(run_id=run_id, step_id="gate", binding=binding)
    assert "nobody approved in time" in str(refused(station, approve, JONAS))
    assert station.do(c.MindRuns(), actor="engine") == [1]
    assert run_of(station, run_id).asks["gate"]["expired"]
    station.do(c.AskApproval(run_id=run_id, step_id="gate"))
    station.do(approve, actor=JONAS)
    assert run_of(station, run_id).verdict == "succeeded"


def test_a_refusal_needs_a_reason_and_glass_too(station: Station) -> None:
    run_id = begin(station, GATE)
    assert refused(station, c.RefuseApproval(run_id=run_id, step_id="gate", why=" ")).field == "why"
    assert refused(station, c.BreakGlass(run_id=run_id, step_id="gate", why="")).field == "why"
    station.do(c.RefuseApproval(run_id=run_id, step_id="gate", why="no"), actor=JONAS)
    assert states(station, run_id)["gate"] == "stopped"
    station.do(c.BreakGlass(run_id=run_id, step_id="gate", why="nobody else is awake"))
    assert run_of(station, run_id).verdict == "succeeded"


def test_a_decision_opens_one_branch_and_can_be_taken_back_in_time(station: Station) -> None:
    run_id = begin(
        station,
        {"id": "d", "kind": "decision", "answers": ["yes", "no"]},
        {"id": "a", "when": {"d": "yes"}},
        {"id": "b", "after": ["d"], "when": {"d": "no"}},
    )
    wrong = c.Decide(run_id=run_id, step_id="d", answer="perhaps")
    assert refused(station, wrong).field == "answer"
    station.do(c.Decide(run_id=run_id, step_id="d", answer="yes"))
    assert states(station, run_id) == {"d": "done", "a": "open", "b": "skipped"}
    again = c.Decide(run_id=run_id, step_id="d", answer="no")
    assert isinstance(refused(station, again), Conflict)
    station.do(c.UnmarkStep(run_id=run_id, step_id="d"))
    station.do(again)
    assert states(station, run_id) == {"d": "done", "a": "skipped", "b": "open"}


def test_what_was_built_upon_is_not_taken_back(station: Station) -> None:
    run_id = begin(station, {"id": "a"}, {"id": "b"}, {"id": "c"})
    station.do(c.MarkStep(run_id=run_id, step_id="a"), c.MarkStep(run_id=run_id, step_id="b"))
    assert "was begun after it" in str(refused(station, c.UnmarkStep(run_id=run_id, step_id="a")))
    station.do(c.UnmarkStep(run_id=run_id, step_id="b"))
    assert states(station, run_id)["b"] == "open"


def test_done_twice_by_one_is_done_once_and_by_another_as_well(station: Station) -> None:
    run_id = begin(station, {"id": "a"}, {"id": "b"})
    station.do(c.MarkStep(run_id=run_id, step_id="a"), c.MarkStep(run_id=run_id, step_id="a"))
    station.do(c.MarkStep(run_id=run_id, step_id="a"), actor=JONAS)
    assert run_of(station, run_id).done_by("a") == (KLARA, JONAS)
    assert len(run_of(station, run_id).done["a"]) == 2


def test_what_follows_a_failure_is_said_by_a_person(station: Station) -> None:
    run_id = begin(station, PROMOTE)
    claim = c.ClaimStep(run_id=run_id, step_id="promote")
    attempt = station.do(claim, actor="engine")[0]
    told: dict[str, Any] = {"run_id": run_id, "step_id": "promote", "attempt": attempt}
    assert isinstance(refused(station, c.SettleStep(**told, outcome="done")), Conflict)
    station.do(c.FinishStep(**told, outcome="unknown", words="it died"), actor="engine")
    assert isinstance(refused(station, c.SettleStep(**told, outcome="perhaps")), Malformed)
    assert isinstance(refused(station, c.MarkStep(run_id=run_id, step_id="promote")), Conflict)
    station.do(c.SettleStep(**told, outcome="again", note="it had not begun"))
    assert states(station, run_id)["promote"] == "ready"
    assert isinstance(refused(station, c.SettleStep(**told, outcome="done")), Conflict)
    second = station.do(claim, actor="engine")[0]
    assert second not in ("", attempt)


def test_the_end_needs_what_it_says(station: Station) -> None:
    run_id = begin(station, {"id": "a"})
    for verdict, why, field in (
        ("succeeded", "", "verdict"),
        ("failed", "", "why"),
        ("aborted", " ", "why"),
        ("perfect", "x", "verdict"),
    ):
        assert refused(station, c.EndRun(run_id=run_id, verdict=verdict, why=why)).field == field
    station.do(c.EndRun(run_id=run_id, verdict="failed", why="no way"))
    for command in (
        c.MarkStep(run_id=run_id, step_id="a"),
        c.GoBack(run_id=run_id, why="x"),
        c.MoveRun(run_id=run_id),
    ):
        assert isinstance(refused(station, command), Conflict)


def test_nothing_goes_back_while_something_runs(station: Station) -> None:
    run_id = begin(station, {**PROMOTE, "rollback": {"title": "Demote"}})
    attempt = station.do(c.ClaimStep(run_id=run_id, step_id="promote"), actor="engine")[0]
    assert "is running" in str(refused(station, c.GoBack(run_id=run_id, why="x")))
    told = {"run_id": run_id, "step_id": "promote", "attempt": attempt}
    station.do(c.FinishStep(**told, outcome="failed", words="x"), actor="engine")
    station.do(c.GoBack(run_id=run_id, why="wrong host"))
    assert states(station, run_id)["promote~back"] == "open"
    assert isinstance(refused(station, c.GoBack(run_id=run_id, why="x")), Conflict)
    station.do(c.MarkStep(run_id=run_id, step_id="promote~back"))
    assert run_of(station, run_id).verdict == "rolled_back"


def test_a_step_that_a_person_checks_may_not_hold(station: Station) -> None:
    run_id = begin(station, {"id": "a"}, success_criteria=["It works"])
    station.do(c.MarkStep(run_id=run_id, step_id="a"))
    station.do(c.FailStep(run_id=run_id, step_id="met-1", why="no orders"))
    assert states(station, run_id)["met-1"] == "failed"
    station.do(c.MarkStep(run_id=run_id, step_id="met-1"))
    assert run_of(station, run_id).verdict == "succeeded"


@pytest.mark.parametrize("step", ["a", "gate", "d"])
def test_only_automatic_steps_are_started(station: Station, step: str) -> None:
    run_id = begin(
        station,
        {"id": "a"},
        {**GATE, "after": []},
        {"id": "d", "kind": "decision", "answers": ["yes", "no"], "after": []},
    )
    release = c.ReleaseStep(run_id=run_id, step_id=step)
    assert isinstance(refused(station, release), Conflict)

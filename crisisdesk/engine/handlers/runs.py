"""Runs of procedures: begun, led step by step, approved, taken back and ended by people."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.checklist import Run
from crisisdesk.domain.errors import Conflict, Malformed, NotFound
from crisisdesk.domain.ids import short_id
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.recovery.deciding import decided
from crisisdesk.domain.recovery.expanding import expanded
from crisisdesk.domain.recovery.run_fold import SETTLED
from crisisdesk.domain.recovery.run_steps import VERDICTS, kind_of, same_person
from crisisdesk.domain.recovery.step_map import PASSED, StepMap, StepStanding, StepState
from crisisdesk.engine.command import ENGINE
from crisisdesk.engine.handlers.objectives import objective_of
from crisisdesk.engine.handlers.procedures import known_procedures
from crisisdesk.engine.handlers.wording import checked_text
from crisisdesk.engine.recovery_commands import (
    AskApproval,
    BreakGlass,
    Decide,
    EndRun,
    FailStep,
    GiveApproval,
    GoBack,
    MarkStep,
    MoveRun,
    RefuseApproval,
    ReleaseStep,
    SettleStep,
    StartRun,
    StepOrder,
    UnmarkStep,
)
from crisisdesk.engine.workbench import Workbench

TEXT_LIMIT = 2_000
# More decisions than that never follow from one order.
_TURNS = 20
# How long an ended run is looked at for what still runs in it.
ENDED_MS = 7 * 24 * 3_600_000
_TOUCHED = frozenset({StepState.DONE, StepState.RUNNING, StepState.UNKNOWN, StepState.FAILED})


def start_run(command: StartRun, bench: Workbench) -> str:
    """Begin it with everything it will do: what is published later changes nothing of it."""
    known = known_procedures(bench)
    procedure = known.get(command.procedure)
    if procedure is None:
        problem = f"{command.procedure[:60]!r} is no procedure here"
        raise NotFound("procedure", problem, "list them first")
    if command.version_id and command.version_id != procedure.version_id:
        remedy = "read the new one, then start it"
        raise Conflict("version_id", "is not the current version any more", remedy)
    incident = None
    if command.incident_id:
        incident = bench.need(Incident, command.incident_id, "incident_id")
        if not incident.is_open:
            raise Conflict("incident_id", f"is {incident.status}", "reopen it first")
    for run in open_runs(bench):
        if run.procedure == procedure.name and run.ended_at is None:
            remedy = "end it, or go on with it"
            raise Conflict("procedure", f"{run.run_id} of it is under way", remedy)
    steps, arguments = expanded(procedure, command.arguments, known)
    run_id = short_id("RUN", bench.random_bytes(5))
    body: dict[str, Any] = {
        "title": procedure.name,
        "incident_id": command.incident_id,
        "procedure": procedure.name,
        "policy": procedure.version_id,
        "arguments": arguments,
        "rollback": procedure.rollback,
        "steps": steps,
    }
    if told := objective_of(bench, procedure, incident):
        body["objective"] = told
    bench.emit(run_id, "run.started", body)
    go_on(bench, run_id)
    return run_id


def mark_step(command: MarkStep, bench: Workbench) -> None:
    """Done by a person; an automatic step too, when it was done by hand. Done twice is done."""
    run = _open(bench, command.run_id)
    one = _standing(bench, run, command.step_id)
    if kind_of(one.step) in ("decision", "approval"):
        raise Conflict("step_id", f"is a {kind_of(one.step)}", "answer it instead")
    if one.state == StepState.DONE and same_person(one.by, bench.actor):
        return
    allowed = (StepState.OPEN, StepState.READY, StepState.FAILED, StepState.NOTED, StepState.DONE)
    _must_be(one, *allowed)
    note = checked_text(command.note, "note", TEXT_LIMIT)
    body = {"step_id": command.step_id, "claim": command.claim}
    bench.emit(run.run_id, "run.step_done", body | ({"note": note} if note else {}))
    go_on(bench, run.run_id)


def unmark_step(command: UnmarkStep, bench: Workbench) -> None:
    """Refused once something that comes after it was begun."""
    run = _open(bench, command.run_id)
    one = _standing(bench, run, command.step_id)
    entries = run.done.get(command.step_id, [])
    if kind_of(one.step) not in ("check", "decision") or not entries:
        raise Conflict("step_id", "is nothing that a person has done", "go back instead")
    steps = StepMap(run, bench.now)
    for other in steps.every():
        links = (*other.step.get("after", ()), *other.step.get("when", {}))
        if command.step_id in links and other.state in _TOUCHED:
            remedy = "take that back first, or go back"
            raise Conflict("step_id", f"{other.step['title']} was begun after it", remedy)
    ids = [entry["id"] for entry in entries]
    body = {"step_id": command.step_id, "done_ids": ids}
    bench.emit(run.run_id, "run.step_undone", body)
    go_on(bench, run.run_id)


def fail_step(command: FailStep, bench: Workbench) -> None:
    """What a person checked does not hold."""
    run = _open(bench, command.run_id)
    one = _standing(bench, run, command.step_id)
    if kind_of(one.step) != "check":
        raise Conflict("step_id", "is not checked by a person", "settle or refuse it instead")
    _must_be(one, StepState.OPEN)
    why = checked_text(command.why, "why", TEXT_LIMIT, required=True)
    bench.emit(run.run_id, "run.step_failed", {"step_id": command.step_id, "why": why})
    go_on(bench, run.run_id)


def decide(command: Decide, bench: Workbench) -> None:
    """Answer a decision; another answer than the one that stands is refused."""
    run = _open(bench, command.run_id)
    one = _standing(bench, run, command.step_id)
    if kind_of(one.step) != "decision":
        raise Conflict("step_id", "is no decision", "mark it as done instead")
    if command.answer not in one.step["answers"]:
        known = ", ".join(one.step["answers"])
        raise Malformed("answer", f"{command.answer[:60]!r} is none", f"use one of {known}")
    if one.state == StepState.DONE and one.words == command.answer:
        return
    _must_be(one, StepState.OPEN)
    note = checked_text(command.note, "note", TEXT_LIMIT)
    body = {"step_id": command.step_id, "answer": command.answer}
    bench.emit(run.run_id, "run.decision_taken", body | ({"note": note} if note else {}))
    go_on(bench, run.run_id)


def release_step(command: ReleaseStep, bench: Workbench) -> None:
    """Let the station begin it."""
    run = _open(bench, command.run_id)
    one = _standing(bench, run, command.step_id)
    if "timeout_ms" not in one.step:
        raise Conflict("step_id", "is nothing that a station does", "mark it as done instead")
    known = run.released.get(command.step_id)
    if known is not None and (known["unclaimed"] or not command.unclaimed):
        return
    _must_be(one, StepState.OPEN, StepState.READY)
    body: dict[str, Any] = {"step_id": command.step_id}
    bench.emit(
        run.run_id, "run.step_released", body | ({"unclaimed": True} if command.unclaimed else {})
    )


# -- approvals ---------------------------------------------------------------------------------


def ask_approval(command: AskApproval, bench: Workbench) -> None:
    """Ask again."""
    run, one = _gate(bench, command)
    if one.state == StepState.WAITING:
        return
    _must_be(one, StepState.STOPPED)
    number = run.asks[command.step_id]["number"] + 1
    body = {"step_id": command.step_id, "number": number, "expires_ms": one.step["expires_ms"]}
    bench.emit(run.run_id, "run.approval_asked", body)


def give_approval(command: GiveApproval, bench: Workbench) -> None:
    """Of the very run that was seen, by somebody else than who started it."""
    run, one = _gate(bench, command)
    if command.binding != run.binding:
        problem = "is not that of this run: procedure or arguments are others"
        raise Conflict("binding", problem, "read the run again, then approve")
    if same_person(bench.actor, run.started_by):
        problem = f"{run.started_by} started this run"
        raise Conflict("operator", problem, "have another person approve it")
    if any(same_person(bench.actor, name) for name in one.also_by):
        raise Conflict("operator", "has approved already", "have another person approve it")
    _must_be(one, StepState.WAITING)
    note = checked_text(command.note, "note", TEXT_LIMIT)
    body = {
        "step_id": command.step_id,
        "number": run.asks[command.step_id]["number"],
        "binding": run.binding,
    }
    bench.emit(run.run_id, "run.approval_given", body | ({"note": note} if note else {}))
    go_on(bench, run.run_id)


def refuse_approval(command: RefuseApproval, bench: Workbench) -> None:
    """Nothing behind it is done, until somebody asks again."""
    run, one = _gate(bench, command)
    _must_be(one, StepState.WAITING)
    why = checked_text(command.why, "why", TEXT_LIMIT, required=True)
    number = run.asks[command.step_id]["number"]
    body = {"step_id": command.step_id, "number": number, "why": why}
    bench.emit(run.run_id, "run.approval_refused", body)


def break_glass(command: BreakGlass, bench: Workbench) -> None:
    """Go on alone."""
    run, one = _gate(bench, command)
    _must_be(one, StepState.WAITING, StepState.STOPPED, StepState.OPEN)
    why = checked_text(command.why, "why", TEXT_LIMIT, required=True)
    bench.emit(run.run_id, "run.glass_broken", {"step_id": command.step_id, "why": why})
    go_on(bench, run.run_id)


def _gate(bench: Workbench, command: StepOrder) -> tuple[Run, StepStanding]:
    run = _open(bench, command.run_id)
    one = _standing(bench, run, command.step_id)
    if kind_of(one.step) != "approval":
        raise Conflict("step_id", "is no approval", "name the step that waits for one")
    return run, one


# -- what went otherwise -----------------------------------------------------------------------


def settle_step(command: SettleStep, bench: Workbench) -> None:
    """A person's word; after the end of the run too, for the record."""
    run = bench.need(Run, command.run_id, "run_id")
    _standing(bench, run, command.step_id)
    if command.outcome not in SETTLED:
        remedy = f"use one of {', '.join(SETTLED)}"
        raise Malformed("outcome", f"{command.outcome[:40]!r} is none", remedy)
    attempts = {one["id"]: one for one in run.attempts.get(command.step_id, ())}
    attempt = attempts.get(command.attempt)
    if attempt is None:
        raise NotFound("attempt", "is none of this step", "read the run again")
    if "settled" in attempt:
        raise Conflict("attempt", f"{attempt['settled']['by']} has settled it", "read it again")
    if attempt["state"] not in ("unknown", "failed"):
        raise Conflict("attempt", f"is {attempt['state']}", "wait for its end")
    if command.outcome == "again":
        _not_over(run)
    note = checked_text(command.note, "note", TEXT_LIMIT)
    body = {
        "step_id": command.step_id,
        "attempt": command.attempt,
        "outcome": command.outcome,
        **({"note": note} if note else {}),
    }
    bench.emit(run.run_id, "run.step_settled", body)
    go_on(bench, run.run_id)


def go_back(command: GoBack, bench: Workbench) -> None:
    """From here, step by step, the last first."""
    run = _open(bench, command.run_id)
    why = checked_text(command.why, "why", TEXT_LIMIT, required=True)
    if run.way_back:
        raise Conflict("run_id", "goes back already", "go on with that")
    steps = StepMap(run, bench.now)
    for one in steps.forward():
        if one.state in (StepState.RUNNING, StepState.UNKNOWN):
            remedy = "wait for its end, or say what became of it"
            raise Conflict("run_id", f"{one.step['title']} is {one.state}", remedy)
    way_back = steps.way_back()
    if not way_back:
        remedy = "end the run, or do it by hand"
        raise Conflict("run_id", "has done nothing that has a way back", remedy)
    bench.emit(run.run_id, "run.rollback_started", {"why": why, "steps": way_back})
    go_on(bench, run.run_id)


def end_run(command: EndRun, bench: Workbench) -> None:
    """With a person's verdict."""
    run = _open(bench, command.run_id)
    if command.verdict not in VERDICTS:
        remedy = f"use one of {', '.join(VERDICTS)}"
        raise Malformed("verdict", f"{command.verdict[:40]!r} is none", remedy)
    good = command.verdict == "succeeded"
    why = checked_text(command.why, "why", TEXT_LIMIT, required=not good)
    if good and any(one.state not in PASSED for one in StepMap(run, bench.now).forward()):
        remedy = "do or settle them, or end it as failed or aborted"
        raise Conflict("verdict", "has steps that are not done", remedy)
    bench.emit(run.run_id, "run.ended", {"verdict": command.verdict, "why": why})


def move_run(command: MoveRun, bench: Workbench) -> None:
    """From now on its automatic steps are done here."""
    run = _open(bench, command.run_id)
    if run.home != bench.origin:
        bench.emit(run.run_id, "run.moved", {})


# -- what they share ---------------------------------------------------------------------------


def go_on(bench: Workbench, run_id: str) -> int:
    """Write down what follows by itself, in the engine's name; how many events that were."""
    actor, made = bench.actor, 0
    bench.actor = ENGINE
    try:
        for _ in range(_TURNS):
            follows = decided(bench.need(Run, run_id, "run_id"), bench.now)
            if not follows:
                break
            for one in follows:
                bench.emit(run_id, one.kind, one.body, dedup_id=one.dedup_id)
            made += len(follows)
    finally:
        bench.actor = actor
    return made


def open_runs(bench: Workbench) -> list[Run]:
    """Those that have not ended, or ended lately while something ran; this group's among them."""
    found = {run.run_id: run for run in bench.journal.open_runs(bench.now - ENDED_MS)}
    for aggregate, (state, _index) in bench.touched.items():
        if isinstance(state, Run):
            found[aggregate] = state
    return [run for run in found.values() if run.ended_at is None or _runs_on(run)]


def _runs_on(run: Run) -> bool:
    return any(one["state"] == "running" for attempts in run.attempts.values() for one in attempts)


def _open(bench: Workbench, run_id: str) -> Run:
    run = bench.need(Run, run_id, "run_id")
    _not_over(run)
    return run


def _not_over(run: Run) -> None:
    if run.ended_at is not None:
        raise Conflict("run_id", f"has ended ({run.verdict or 'without a verdict'})", "start anew")


def _standing(bench: Workbench, run: Run, step_id: str) -> StepStanding:
    try:
        return StepMap(run, bench.now).standing(step_id)
    except KeyError:
        remedy = "read the run again"
        raise NotFound("step_id", f"{step_id[:60]!r} is no step of it", remedy) from None


def _must_be(one: StepStanding, *states: StepState) -> None:
    if one.state not in states:
        why = f" ({one.words})" if one.words else ""
        raise Conflict("step_id", f"is {one.state}{why}", "read the run again")

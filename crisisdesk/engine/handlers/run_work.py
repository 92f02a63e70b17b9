"""What the runner writes down: claims before anything begins, output, ends, what follows."""

from __future__ import annotations

from crisisdesk.domain.checklist import Run
from crisisdesk.domain.recovery.step_map import StepMap, StepState
from crisisdesk.engine.handlers.runs import go_on, open_runs
from crisisdesk.engine.recovery_commands import (
    ClaimStep,
    FinishStep,
    ListRuns,
    MindRuns,
    NoteOutput,
    OpenRuns,
)
from crisisdesk.engine.workbench import Workbench

# An attempt has this much longer than its timeout until others call its end unknown.
GRACE_MS = 30_000


def list_runs(_command: ListRuns, bench: Workbench) -> OpenRuns:
    """What there is to do, or to stop."""
    runs = sorted(open_runs(bench), key=lambda run: (run.started_at, run.run_id))
    return OpenRuns(origin=bench.origin, station_id=bench.station_id, runs=tuple(runs))


def mind_runs(_command: MindRuns, bench: Workbench) -> int:
    """Only of runs at home here: what follows elsewhere, others write down."""
    return sum(
        go_on(bench, run.run_id)
        for run in open_runs(bench)
        if run.home == bench.origin and run.ended_at is None
    )


def claim_step(command: ClaimStep, bench: Workbench) -> str:
    """The attempt's id; nothing where the step must not begin any more."""
    run = bench.get(command.run_id)
    if not isinstance(run, Run) or run.home != bench.origin:
        return ""
    steps = StepMap(run, bench.now)
    one = steps.standing(command.step_id)
    if one.state != StepState.READY:
        return ""
    unclaimed = run.released.get(command.step_id, {}).get("unclaimed", False)
    if run.is_exclusive(command.step_id) and not command.claim and not unclaimed:
        return ""
    deadline = bench.now + one.step["timeout_ms"] + GRACE_MS
    body = {"step_id": command.step_id, "claim": command.claim, "deadline": deadline}
    return bench.emit(command.run_id, "run.step_claimed", body).id


def note_output(command: NoteOutput, bench: Workbench) -> None:
    """Only while the attempt runs, as far as this log says."""
    if _runs(command, bench):
        body = {
            "step_id": command.step_id,
            "attempt": command.attempt,
            "n": command.number,
            "text": command.text,
        }
        bench.emit(command.run_id, "run.step_output", body)


def finish_step(command: FinishStep, bench: Workbench) -> None:
    """How it ended; an end that is known counts also where it was called unknown before."""
    if not _runs(command, bench, "running", "unknown"):
        return
    told = {"step_id": command.step_id, "attempt": command.attempt}
    if command.outcome == "unknown":
        if _runs(command, bench):
            bench.emit(command.run_id, "run.step_unknown", told | {"why": command.words})
    else:
        body = told | {"outcome": command.outcome, "words": command.words}
        bench.emit(command.run_id, "run.step_finished", body)
    go_on(bench, command.run_id)


def _runs(command: NoteOutput | FinishStep, bench: Workbench, *states: str) -> bool:
    run = bench.get(command.run_id)
    if not isinstance(run, Run):
        return False
    return any(
        one["id"] == command.attempt
        and one["state"] in (states or ("running",))
        and "settled" not in one
        for one in run.attempts.get(command.step_id, ())
    )

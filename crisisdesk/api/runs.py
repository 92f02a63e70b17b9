"""The routes of runs: begun, led step by step, approved, taken back, ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from crisisdesk.api.documented import errors
from crisisdesk.api.orders import Id, Order
from crisisdesk.api.procedures import Given, Name
from crisisdesk.api.room import InRoom, Operator, Room
from crisisdesk.api.run_shapes import OutputOut, RunOut, RunsOut, run_out
from crisisdesk.domain.checklist import Run
from crisisdesk.domain.errors import Malformed, NotFound
from crisisdesk.engine import recovery_commands as c
from crisisdesk.engine.command import Command

router = APIRouter(prefix="/crisis/recovery", tags=["recovery"])

Text = Annotated[str, Field(max_length=2_000)]
StepId = Annotated[str, Field(min_length=1, max_length=200)]
# A claim of a step that was done by hand is not waited for.
CLAIM_MS = 60_000


class Execute(Order):
    """A run to begin. ``version_id``, when sent, must be the version that counts now."""

    procedure: Name
    incident_id: Annotated[str, Field(max_length=64)] = ""
    arguments: Given
    version_id: Annotated[str, Field(max_length=64)] = ""


class StepDo(Order):
    """What to do with a step. ``answer`` goes with "answer"; ``binding`` with "approve", from the
    run as it was read; ``why`` with "failed", "refuse" and "break_glass"; ``attempt`` and
    ``outcome`` with "settle"; ``unclaimed`` with "start", for an exclusive step without the hub."""

    do: Literal[
        "done",
        "undone",
        "failed",
        "answer",
        "start",
        "ask",
        "approve",
        "refuse",
        "break_glass",
        "settle",
    ]
    note: Text = ""
    why: Text = ""
    answer: Annotated[str, Field(max_length=60)] = ""
    binding: Annotated[str, Field(max_length=64)] = ""
    attempt: Annotated[str, Field(max_length=64)] = ""
    outcome: Literal["done", "failed", "again"] | None = None
    unclaimed: bool = False


class RunDo(Order):
    """What to do with a run: go "back", "end" it with a ``verdict``, or "take" it to this station,
    which does its automatic steps from then on."""

    do: Literal["back", "end", "take"]
    why: Text = ""
    verdict: Literal["succeeded", "rolled_back", "failed", "aborted"] | None = None


@router.post("/execute/", status_code=201, responses=errors(404, 409))
async def execute(room: InRoom, operator: Operator, order: Execute) -> RunOut:
    """Begin a run of a procedure; automatic steps are done by this station."""
    command = c.StartRun(
        procedure=order.procedure,
        incident_id=order.incident_id,
        arguments=order.arguments,
        version_id=order.version_id,
    )
    return await _told(room, await room.do(command, operator))


@router.get("/runs/", responses=errors())
async def list_runs(
    room: InRoom,
    incident: Annotated[str, Query(max_length=64)] = "",
    with_past: bool = False,
) -> RunsOut:
    """Runs under way; ``with_past`` those that have ended too."""
    found = await room.reads.ask(lambda r: r.runs(incident_id=incident, every=with_past))
    return RunsOut(results=[_out(room, run) for run in found])


@router.get("/runs/{run}/", responses=errors(404))
async def get_run(room: InRoom, run: Id) -> RunOut:
    """One run, step by step."""
    return await _told(room, run)


@router.post("/runs/{run}/", responses=errors(404, 409))
async def do_run(room: InRoom, run: Id, operator: Operator, order: RunDo) -> RunOut:
    """Go back, end it, or take it to this station."""
    command: Command
    if order.do == "back":
        command = c.GoBack(run_id=run, why=order.why)
    elif order.do == "take":
        command = c.MoveRun(run_id=run)
    else:
        if order.verdict is None:
            raise Malformed("verdict", "is missing", "say how it ended")
        command = c.EndRun(run_id=run, verdict=order.verdict, why=order.why)
    await room.do(command, operator)
    return await _told(room, run)


@router.post("/runs/{run}/steps/{step}/", responses=errors(404, 409))
async def do_step(room: InRoom, run: Id, step: StepId, operator: Operator, order: StepDo) -> RunOut:
    """Do something with one step; how the run stands then."""
    if order.do == "done":
        claim = await _claim(room, await needed_run(room, run), step)
        command: Command = c.MarkStep(run_id=run, step_id=step, note=order.note, claim=claim)
    else:
        command = _COMMANDS[order.do](run, step, order)
    await room.do(command, operator)
    return await _told(room, run)


@router.get("/runs/{run}/output/{attempt}/", responses=errors(404))
async def output_of_attempt(room: InRoom, run: Id, attempt: Id) -> OutputOut:
    """All that one attempt said."""
    await needed_run(room, run)
    text = await room.reads.ask(lambda reader: reader.output_of(run, attempt))
    return OutputOut(text=text)


def _settle(run: str, step: str, order: StepDo) -> Command:
    if order.outcome is None:
        raise Malformed("outcome", "is missing", "say done, failed or again")
    return c.SettleStep(
        run_id=run, step_id=step, attempt=order.attempt, outcome=order.outcome, note=order.note
    )


_COMMANDS: dict[str, Callable[[str, str, StepDo], Command]] = {
    "undone": lambda run, step, _o: c.UnmarkStep(run_id=run, step_id=step),
    "failed": lambda run, step, o: c.FailStep(run_id=run, step_id=step, why=o.why),
    "answer": lambda run, step, o: c.Decide(run_id=run, step_id=step, answer=o.answer, note=o.note),
    "start": lambda run, step, o: c.ReleaseStep(run_id=run, step_id=step, unclaimed=o.unclaimed),
    "ask": lambda run, step, _o: c.AskApproval(run_id=run, step_id=step),
    "approve": lambda run, step, o: c.GiveApproval(
        run_id=run, step_id=step, binding=o.binding, note=o.note
    ),
    "refuse": lambda run, step, o: c.RefuseApproval(run_id=run, step_id=step, why=o.why),
    "break_glass": lambda run, step, o: c.BreakGlass(run_id=run, step_id=step, why=o.why),
    "settle": _settle,
}


async def _claim(room: Room, run: Run, step_id: str) -> str:
    """An exclusive step that a person did is written down in any case; with the hub's claim if it
    can be had."""
    if room.runner is None or not run.is_exclusive(step_id):
        return ""
    return await room.runner.claim(run.run_id, step_id, CLAIM_MS)


async def needed_run(room: Room, run_id: str) -> Run:
    """The run of this id; raises NotFound."""
    found: Run | None = await room.reads.ask(lambda reader: reader.run(run_id))
    if found is None:
        raise NotFound("run", f"no run {run_id!r} on this station", "list them first")
    return found


async def _told(room: Room, run_id: Any) -> RunOut:
    return _out(room, await needed_run(room, str(run_id)))


def _out(room: Room, run: Run) -> RunOut:
    unclaimed = () if room.runner is None else room.runner.unclaimed(run.run_id)
    return run_out(run, room.door.health().origin, room.door.now_ms(), unclaimed)

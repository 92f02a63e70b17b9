"""The route that looks ahead at a procedure: each step as it would be done, and as it stands."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import Field

from crisisdesk.api.documented import errors
from crisisdesk.api.orders import Order
from crisisdesk.api.procedures import Given, missing, published
from crisisdesk.api.room import InRoom, Room
from crisisdesk.api.run_health import NOW_OF
from crisisdesk.api.schemas import Out
from crisisdesk.domain.errors import DomainError, NotFound
from crisisdesk.domain.recovery.ahead import Ahead, ahead, longest_ms
from crisisdesk.domain.recovery.expanding import expanded
from crisisdesk.domain.recovery.run_steps import kind_of
from crisisdesk.domain.recovery.step import AUTOMATIC
from crisisdesk.domain.redaction import redact_value
from crisisdesk.engine.recovery_ports import Done
from crisisdesk.engine.workers.step_looks import looked_at

router = APIRouter(prefix="/crisis/recovery", tags=["recovery"])

Now = Literal["holds", "does_not_hold", "not_known", "not_looked_at"]


class DryRun(Order):
    """Arguments to look ahead with; nothing is done."""

    arguments: Given


class AheadOut(Out):
    """One step as it would be done.

    ``ok`` and ``words``: whether this station could, and why not. ``does`` is what exactly would
    be executed or asked, a line each, secrets masked; ``entry`` what of the settings lets it.
    ``opens`` says when, ``begins`` who begins it, ``approval`` who has to agree before ("" where
    nobody has). ``now`` is what a look at this moment found, in ``now_words``; only what changes
    nothing is looked at. ``back`` is the id of the step that takes it back, "" without one."""

    step_id: str
    title: str
    kind: str
    phase: str
    ok: bool
    words: str
    does: list[str]
    entry: str
    opens: str
    begins: str
    approval: str
    now: Now
    now_words: str
    back: str
    at_most_s: Annotated[int | None, Field(description="Null where nobody said how long.")]


class DryRunOut(Out):
    """Every step of the way, in order; ``ok`` when this station could do all that is automatic.

    ``estimated_s`` is what the procedure says, ``longest_s`` what the bounds of its steps come to;
    ``rollback`` when the way back is gone without asking."""

    procedure: str
    version_id: str
    arguments: dict[str, str]
    ok: bool
    estimated_s: int | None
    longest_s: int | None
    rollback: Literal["never", "on_deviation", "always"]
    rollback_procedure: str
    steps: list[AheadOut]


@router.post("/{procedure}/dry-run/", responses=errors(404))
async def dry_run(room: InRoom, procedure: str, order: DryRun) -> DryRunOut:
    """Put it together with these arguments, look whether this station could do each step, and how
    what only looks stands now. Nothing that changes something is done."""
    known = await room.reads.ask(published)
    if procedure not in known:
        raise missing(procedure)
    one = known[procedure]
    steps, arguments = expanded(one, order.arguments, known)
    ways = ahead(steps, one.rollback)
    could = {way.step_id: await room.apart(_could, room, way) for way in ways}
    able = [way.step for way in ways if could[way.step_id][0]]
    runner = room.runner
    found = {} if runner is None else await looked_at(able, runner.hands, runner.states)
    told = [_ahead_out(way, could[way.step_id], found.get(way.step_id)) for way in ways]
    masked: Any = redact_value(arguments)
    return DryRunOut(
        procedure=one.name,
        version_id=one.version_id,
        arguments={name: str(told) for name, told in masked.items()},
        ok=all(step.ok for step in told),
        estimated_s=one.estimated_ms // 1000 or None,
        longest_s=longest_ms(steps) // 1000 or None,
        rollback=one.rollback,  # type: ignore[arg-type]
        rollback_procedure=one.rollback_procedure,
        steps=told,
    )


def _could(room: Room, way: Ahead) -> tuple[bool, str, str]:
    """(whether this station could, in which words, by what of its settings); blocking."""
    step: Any = way.step
    if kind_of(step) not in AUTOMATIC:
        approval = kind_of(step) == "approval"
        return True, "another person approves it" if approval else "a person does it", ""
    try:
        if room.runner is None:
            raise NotFound("station", "does no steps by itself", "do it by hand")
        executor = room.runner.hands.of(step)
        return True, executor.check(step), executor.entry(step)
    except DomainError as error:
        return False, str(error), ""


def _ahead_out(way: Ahead, could: tuple[bool, str, str], found: Done | None) -> AheadOut:
    ok, words, entry = could
    return AheadOut(
        step_id=way.step_id,
        title=way.step["title"],
        kind=kind_of(way.step),
        phase=way.step["phase"],
        ok=ok,
        words=words,
        does=list(way.does),
        entry=entry,
        opens=way.opens,
        begins=way.begins,
        approval=way.approval,
        now="not_looked_at" if found is None else NOW_OF[found.outcome],
        now_words="" if found is None else found.words,
        back="" if way.back is None else way.back["step_id"],
        at_most_s=way.at_most_ms // 1000 or None,
    )

"""The route of a schedule's shifts between two moments: who is on call when, and why."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from crisisdesk.api.documented import errors
from crisisdesk.api.policies import PersonOut, contacts_of, people_out
from crisisdesk.api.reads import StationReader
from crisisdesk.api.room import InRoom
from crisisdesk.api.schemas import Out, Time
from crisisdesk.api.times import iso, ms_of
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.errors import Malformed, NotFound
from crisisdesk.domain.oncall.reasons import Hold, holds
from crisisdesk.domain.oncall.wall import DAY_MS
from crisisdesk.domain.rota import Rota

router = APIRouter(prefix="/crisis", tags=["policies"])
AHEAD_MS = 14 * DAY_MS
RANGE_DAYS = 100


class OverrideOut(Out):
    """Why somebody is on call out of turn. ``replaces`` is whose place it takes, null for the whole
    schedule's."""

    reason: str
    replaces: PersonOut | None


class ShiftOut(Out):
    """The same contact for the same reason; without contacts it is a gap.

    ``layers`` are those whose turn it is, or with an ``override`` whose place it takes.
    """

    start: Time
    end: Time
    contacts: list[PersonOut]
    layers: list[str]
    override: OverrideOut | None


class ShiftsOut(Out):
    """The shifts and gaps that touch the range, each whole, in order and without overlap.

    One that lasts for more than eight weeks beyond the range is cut there.
    """

    schedule: str
    zone: str
    results: list[ShiftOut]


@router.get("/oncall/shifts/", responses=errors(404))
async def shifts_of_schedule(
    room: InRoom,
    schedule: Annotated[str, Query(min_length=1, max_length=120)],
    start: Annotated[str | None, Query(alias="from")] = None,
    end: Annotated[str | None, Query(alias="to")] = None,
) -> ShiftsOut:
    """Who is on call by one schedule from a moment (now) up to another (14 days after it), at most
    100 days."""
    low = room.door.now_ms() if start is None else ms_of(start, "from")
    high = low + AHEAD_MS if end is None else ms_of(end, "to")
    if high - low > RANGE_DAYS * DAY_MS:
        problem = f"is more than {RANGE_DAYS} days after from"
        raise Malformed("to", problem, "ask for a shorter range")

    def ask(reader: StationReader) -> ShiftsOut:
        rota, contacts = Rota(reader.policies()), contacts_of(reader)
        plan = rota.schedules.get(schedule)
        if plan is None:
            problem = f"no schedule is called {schedule[:120]!r}"
            raise NotFound("schedule", problem, "see GET /crisis/oncall/ for their names")
        found = holds(plan, rota.overrides(schedule), low, high)
        return ShiftsOut(
            schedule=schedule, zone=plan.zone, results=[_shift_out(one, contacts) for one in found]
        )

    return await room.reads.ask(ask)


def _shift_out(hold: Hold, contacts: dict[str, Contact]) -> ShiftOut:
    override = None
    if hold.override is not None:
        replaced = people_out([hold.override.replaces] if hold.override.replaces else [], contacts)
        override = OverrideOut(
            reason=hold.override.reason, replaces=replaced[0] if replaced else None
        )
    return ShiftOut(
        start=iso(hold.start_ms),
        end=iso(hold.end_ms),
        contacts=people_out([hold.contact] if hold.contact else [], contacts),
        layers=list(hold.layers),
        override=override,
    )

"""The routes of who is on call: by every schedule at a moment, by one through weeks, and why."""

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
from crisisdesk.domain.oncall.shifts import next_handover
from crisisdesk.domain.oncall.wall import DAY_MS, HOUR_MS
from crisisdesk.domain.rota import Rota

router = APIRouter(prefix="/crisis", tags=["policies"])
AHEAD_MS = 14 * DAY_MS
RANGE_DAYS = 100
GAPS_AHEAD_MS = 30 * DAY_MS


class OnCallOut(Out):
    """Who is on call by one schedule at a moment. ``next_at`` is when that changes, to whom."""

    schedule: str
    zone: str
    contacts: list[PersonOut]
    next_at: Time | None
    next_contacts: list[PersonOut]
    gap_hours: float


class OnCallsOut(Out):
    """All schedules by name. ``gap_hours`` counts hours without anybody within 30 days."""

    at: Time
    results: list[OnCallOut]


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


@router.get("/oncall/", responses=errors())
async def who_is_on_call(room: InRoom, at: Annotated[str | None, Query()] = None) -> OnCallsOut:
    """Who is on call by each schedule, now or at a moment."""
    moment = room.door.now_ms() if at is None else ms_of(at, "at")

    def ask(reader: StationReader) -> OnCallsOut:
        rota, contacts = Rota(reader.policies()), contacts_of(reader)
        names = sorted(rota.schedules)
        results = [_on_call_out(rota, name, moment, contacts) for name in names]
        return OnCallsOut(at=iso(moment), results=results)

    return await room.reads.ask(ask)


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


def _on_call_out(rota: Rota, name: str, at_ms: int, contacts: dict[str, Contact]) -> OnCallOut:
    schedule, overrides = rota.schedules[name], rota.overrides(name)
    change = next_handover(schedule, overrides, at_ms)
    gaps = rota.gaps(name, at_ms, at_ms + GAPS_AHEAD_MS)
    return OnCallOut(
        schedule=name,
        zone=schedule.zone,
        contacts=people_out(rota.on_call(name, at_ms) or (), contacts),
        next_at=None if change is None else iso(change.at_ms),
        next_contacts=[] if change is None else people_out(change.on, contacts),
        gap_hours=round(sum(end - start for start, end in gaps) / HOUR_MS, 2),
    )


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

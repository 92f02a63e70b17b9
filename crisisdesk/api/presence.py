"""The routes of presence: which operators' desks are open, on what they look, since when."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field

from crisisdesk.api.documented import errors
from crisisdesk.api.orders import Order
from crisisdesk.api.room import InRoom, Operator, Room
from crisisdesk.api.schemas import Out, Time
from crisisdesk.api.times import iso
from crisisdesk.domain.presence import DESK_LIMIT, INCIDENT_LIMIT, Presence, by_standing

router = APIRouter(prefix="/crisis/presence", tags=["overview"])

DeskName = Annotated[str, Field(min_length=1, max_length=DESK_LIMIT, pattern=r"^[0-9A-Za-z-]+$")]
Shown = Annotated[str, Field(max_length=INCIDENT_LIMIT, pattern=r"^[0-9A-Za-z-]*$")]


class Sign(Order):
    """A sign of an open desk. ``desk`` is a name that it made up when it was opened, ``incident``
    what it shows ("" for none), ``idle_s`` how long nobody has touched it."""

    desk: DeskName
    incident: Shown = ""
    idle_s: Annotated[int, Field(ge=0, le=86_400 * 30)] = 0


class PresenceOut(Out):
    """One person at a desk. ``here``: a sign within 30 s, a key or click within 5 min; ``idle``:
    the desk is open and untouched; ``away``: closed, or not heard any more. ``incident`` is what it
    shows since ``since``."""

    operator: str
    standing: Literal["here", "idle", "away"]
    station: str
    incident: str | None
    since: Time
    opened_at: Time
    touched_at: Time
    seen_at: Time


class PresencesOut(Out):
    """Everybody who was at a desk in the last twelve hours, as this station knows it at ``at``; who
    is here first."""

    at: Time
    results: list[PresenceOut]


@router.get("/", responses=errors())
async def presences(room: InRoom) -> PresencesOut:
    """Who is at a desk. It is kept in memory alone and is no part of the log."""
    return _told(room)


@router.post("/", responses=errors())
async def give_sign(sign: Sign, room: InRoom, operator: Operator) -> PresencesOut:
    """Say that a desk is open; each answer tells who else is there."""
    room.presence.sign(sign.desk, operator, sign.incident, sign.idle_s * 1000)
    return _told(room)


@router.delete("/{desk}/", responses=errors())
async def close_desk(desk: DeskName, room: InRoom, _operator: Operator) -> PresencesOut:
    """Say that a desk is closed."""
    room.presence.leave(desk)
    return _told(room)


def _told(room: Room) -> PresencesOut:
    now = room.presence.now
    found = by_standing(room.presence.all(), now)
    return PresencesOut(at=iso(now), results=[_out(one, now) for one in found])


def _out(one: Presence, now: int) -> PresenceOut:
    return PresenceOut(
        operator=one.operator,
        standing=one.standing(now).value,
        station=one.station,
        incident=one.incident_id or None,
        since=iso(one.since_ms),
        opened_at=iso(one.opened_ms),
        touched_at=iso(one.touched_ms),
        seen_at=iso(one.seen_ms),
    )

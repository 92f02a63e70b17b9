"""The routes of heartbeats: what is declared, how it stands, and changes to it."""

from __future__ import annotations

import secrets as entropy
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Response
from pydantic import Field

from crisisdesk.api.documented import errors
from crisisdesk.api.orders import Id, Order
from crisisdesk.api.room import InRoom, Operator, Room
from crisisdesk.api.schemas import Out, Time
from crisisdesk.api.times import iso_or_none
from crisisdesk.domain.errors import NotFound
from crisisdesk.domain.heartbeat import LONGEST_MS, State, hash_of
from crisisdesk.engine.heartbeat_commands import (
    DeclareHeartbeat,
    PauseHeartbeat,
    RemoveHeartbeat,
)

if TYPE_CHECKING:
    from crisisdesk.engine.workers.heartbeats import Heard

router = APIRouter(prefix="/crisis/heartbeats", tags=["heartbeats"])

Seconds = Annotated[int, Field(ge=1, le=LONGEST_MS // 1_000)]
Severity = Literal["emergency", "critical", "high", "medium", "low"]


class HeartbeatNew(Order):
    """A heartbeat to declare: a beat is promised every ``every_s`` seconds (30 s to 9000 h) and
    missed ``grace_s`` (10 s to 30 d) after it was due."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    every_s: Seconds
    grace_s: Seconds = 60
    severity: Severity = "critical"


class HeartbeatChange(Order):
    """What to change; what is left out stays."""

    name: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    every_s: Seconds | None = None
    grace_s: Seconds | None = None
    severity: Severity | None = None
    paused: bool | None = None


class HeartbeatOut(Out):
    """One heartbeat as this station knows it. ``heard_by`` is the id of the station that heard the
    last beat; of another one's beats only some are told. ``missing_from`` is null where this
    station does not judge it."""

    heartbeat_id: str
    name: str
    every_s: int
    grace_s: int
    severity: Severity
    state: Literal["new", "well", "late", "not sure", "missing", "paused"]
    last_beat_at: Time | None
    heard_by: str
    started_at: Time | None
    missing_from: Time | None
    changed_by: str


class HeartbeatMade(HeartbeatOut):
    """One that was just declared: ``path`` is its address at this station, told only now."""

    path: str


class HeartbeatsOut(Out):
    """All that are declared, by name."""

    results: list[HeartbeatOut]


def _standing(room: Room) -> list[Heard]:
    return [] if room.ear is None else room.ear.standing()


def heartbeat_out(heard: Heard) -> HeartbeatOut:
    """One as it is told."""
    return HeartbeatOut(**_told(heard))


def _told(heard: Heard) -> dict[str, Any]:
    one = heard.one
    return {
        "heartbeat_id": one.heartbeat_id,
        "name": one.name,
        "every_s": one.every_ms // 1_000,
        "grace_s": one.grace_ms // 1_000,
        "severity": one.severity,
        "state": str(State(heard.state)),
        "last_beat_at": iso_or_none(heard.beat),
        "heard_by": heard.by,
        "started_at": iso_or_none(heard.started),
        "missing_from": iso_or_none(heard.missing_from),
        "changed_by": one.by.removeprefix("operator:"),
    }


async def _needed(room: Room, heartbeat_id: str) -> Heard:
    """How it stands; raises NotFound."""
    if room.ear is not None:
        await room.ear.refresh()
    for heard in _standing(room):
        if heard.one.heartbeat_id == heartbeat_id:
            return heard
    # The path may hold a secret that was meant for another method; it does not come back.
    raise NotFound("heartbeat_id", "is no heartbeat of this station", "list them first")


@router.get("/", responses=errors())
async def list_heartbeats(room: InRoom) -> HeartbeatsOut:
    """Every heartbeat and how it stands now."""
    if room.ear is not None:
        await room.ear.refresh()
    return HeartbeatsOut(results=[heartbeat_out(heard) for heard in _standing(room)])


@router.post("/", status_code=201, responses=errors(404, 409))
async def declare_heartbeat(room: InRoom, operator: Operator, order: HeartbeatNew) -> HeartbeatMade:
    """Declare one; the answer alone holds its address."""
    token = entropy.token_urlsafe(32)
    command = DeclareHeartbeat(
        name=order.name,
        every_ms=order.every_s * 1_000,
        grace_ms=order.grace_s * 1_000,
        severity=order.severity,
        token_hash=hash_of(token),
    )
    heartbeat_id = await room.do(command, operator)
    heard = await _needed(room, heartbeat_id)
    return HeartbeatMade(**_told(heard), path=f"/crisis/heartbeats/{token}/")


@router.patch("/{heartbeat}/", responses=errors(404, 409))
async def change_heartbeat(
    room: InRoom, heartbeat: Id, operator: Operator, order: HeartbeatChange
) -> HeartbeatOut:
    """Change its name, spans or severity, pause it, or go on with it."""
    order.refuse_null()
    one = (await _needed(room, heartbeat)).one
    if order.model_fields_set - {"paused"}:
        command = DeclareHeartbeat(
            heartbeat_id=heartbeat,
            name=one.name if order.name is None else order.name,
            every_ms=one.every_ms if order.every_s is None else order.every_s * 1_000,
            grace_ms=one.grace_ms if order.grace_s is None else order.grace_s * 1_000,
            severity=one.severity if order.severity is None else order.severity,
        )
        await room.do(command, operator)
    if order.paused is not None:
        await room.do(PauseHeartbeat(heartbeat_id=heartbeat, paused=order.paused), operator)
    return heartbeat_out(await _needed(room, heartbeat))


@router.delete("/{heartbeat}/", status_code=204, responses=errors(404))
async def remove_heartbeat(room: InRoom, heartbeat: Id, operator: Operator) -> Response:
    """Take it away; its address leads nowhere afterwards."""
    await room.do(RemoveHeartbeat(heartbeat_id=heartbeat), operator)
    return Response(status_code=204)

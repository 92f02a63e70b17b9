"""The routes of silences and maintenance windows."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Response
from pydantic import Field

from crisisdesk.api.documented import errors
from crisisdesk.api.orders import Id, Order
from crisisdesk.api.reads import StationReader
from crisisdesk.api.room import InRoom, Operator, Room
from crisisdesk.api.schemas import AlertOut, Out, Time
from crisisdesk.api.times import iso, iso_or_none, ms_of
from crisisdesk.api.views import alert_out
from crisisdesk.domain.errors import Malformed, NotFound
from crisisdesk.domain.matchers import is_broad, parse_matchers
from crisisdesk.domain.silence import LONGEST_MS, Silence
from crisisdesk.engine.silence_commands import LiftSilence, SetSilence

router = APIRouter(prefix="/crisis/silences", tags=["silences"])
PREVIEWED = 20

Written = Annotated[str, Field(max_length=4_000)]
Several = Annotated[list[Annotated[str, Field(max_length=1_500)]], Field(max_length=20)]


class SilenceNew(Order):
    """What to keep quiet: ``matchers`` as one text (``service="db", env=~"prod|stage"``) or a list.

    It ends at ``until`` or ``duration_s`` seconds after its start, which is now unless
    ``starts_at`` plans it ahead. Only with ``everything`` and no matchers are all alerts meant.
    ``replaces`` names a silence that is lifted in the same moment.
    """

    matchers: Written | Several = ""
    starts_at: Time | None = None
    until: Time | None = None
    duration_s: Annotated[int, Field(ge=1, le=LONGEST_MS // 1_000)] | None = None
    reason: Annotated[str, Field(min_length=1, max_length=1_000)]
    everything: bool = False
    replaces: Id | Literal[""] = ""


class Preview(Order):
    """Matchers to try."""

    matchers: Written | Several = ""


class SilenceOut(Out):
    """One silence. ``hides`` counts the open alerts that it covers now, ``starts_at`` is when it
    was set unless it was planned ahead."""

    id: str
    silence_id: str
    matchers: list[str]
    everything: bool
    state: Literal["active", "planned", "ended", "lifted"]
    starts_at: Time
    until: Time
    reason: str
    set_by: str
    set_at: Time
    lifted_by: str
    lifted_at: Time | None
    hides: int


class SilencesOut(Out):
    """Active ones, then planned ones, then those that were over in the last day."""

    results: list[SilenceOut]


class PreviewOut(Out):
    """What matchers hold for now: how many open alerts, and the newest of them. ``broad`` ones
    would hold for nearly every alert and are refused."""

    matchers: list[str]
    broad: bool
    hides: int
    alerts: list[AlertOut]


def silence_out(s: Silence, hides: int, now_ms: int) -> SilenceOut:
    """One silence as it is told."""
    return SilenceOut(
        id=s.silence_id,
        silence_id=s.silence_id,
        matchers=[m.text for m in s.conditions()],
        everything=s.everything,
        state=s.standing(now_ms),  # type: ignore[arg-type]
        starts_at=iso(s.set_at if s.starts_at is None else s.starts_at),
        until=iso(s.until),
        reason=s.reason,
        set_by=s.set_by,
        set_at=iso(s.set_at),
        lifted_by="" if s.active else s.lifted_by,
        lifted_at=None if s.active else iso_or_none(s.lifted_at),
        hides=hides,
    )


async def needed_silence(room: Room, silence_id: str) -> SilenceOut:
    """The silence, or NotFound."""
    now_ms = room.door.now_ms()

    def question(reader: StationReader) -> SilenceOut | None:
        found = reader.silence(silence_id)
        return None if found is None else silence_out(found, len(reader.hidden_by(found)), now_ms)

    told = await room.reads.ask(question)
    if told is None:
        raise NotFound("silence_id", f"no silence {silence_id!r} on this station", "check the id")
    return told


@router.get("/", responses=errors())
async def list_silences(room: InRoom) -> SilencesOut:
    """What is silenced, will be, and was lately."""
    now_ms = room.door.now_ms()
    told = await room.reads.ask(
        lambda reader: [
            silence_out(s, len(reader.hidden_by(s)), now_ms) for s in reader.silences(now_ms)
        ]
    )
    return SilencesOut(results=told)


@router.post("/", status_code=201, responses=errors(404))
async def set_silence(room: InRoom, operator: Operator, order: SilenceNew) -> SilenceOut:
    """Silence what matches, now or from a planned start; the same again gets the new end."""
    for name in ("starts_at", "until", "duration_s"):
        if name in order.model_fields_set and getattr(order, name) is None:
            raise Malformed(name, "is null", "send a value, or leave it out")
    command = SetSilence(
        matchers=order.matchers,
        starts_at=None if order.starts_at is None else ms_of(order.starts_at, "starts_at"),
        until=None if order.until is None else ms_of(order.until, "until"),
        duration_ms=None if order.duration_s is None else order.duration_s * 1_000,
        reason=order.reason,
        everything=order.everything,
        replaces=order.replaces,
    )
    return await needed_silence(room, await room.do(command, operator))


@router.post("/preview/", responses=errors())
async def preview_silence(room: InRoom, order: Preview) -> PreviewOut:
    """How many open alerts matchers would hide, and the newest of them; nothing is silenced."""
    matchers = parse_matchers(order.matchers)
    count, alerts = await room.reads.ask(lambda reader: reader.would_hide(matchers, PREVIEWED))
    return PreviewOut(
        matchers=[m.text for m in matchers],
        broad=is_broad(matchers),
        hides=count,
        alerts=[alert_out(a) for a in alerts],
    )


@router.get("/{silence_id}/", responses=errors(404))
async def get_silence(room: InRoom, silence_id: str) -> SilenceOut:
    """One silence."""
    return await needed_silence(room, silence_id)


@router.delete("/{silence_id}/", status_code=204, responses=errors(404))
async def lift_silence(room: InRoom, silence_id: str, operator: Operator) -> Response:
    """Take a silence away: pages go on at once."""
    await room.do(LiftSilence(silence_id=silence_id), operator)
    return Response(status_code=204)

"""Silences as Alertmanager's own API has them, so that ``amtool silence`` works here."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Response
from pydantic import ConfigDict, Field

from crisisdesk.api.auth import operator_name
from crisisdesk.api.documented import errors
from crisisdesk.api.orders import Order
from crisisdesk.api.room import InRoom
from crisisdesk.api.schemas import Out, Time
from crisisdesk.api.times import iso, ms_of
from crisisdesk.domain.errors import NotFound
from crisisdesk.domain.matchers import Matcher, checked, parse_matchers
from crisisdesk.domain.silence import Silence
from crisisdesk.engine.silence_commands import LiftSilence, SetSilence

router = APIRouter(prefix="/api/v2", tags=["alertmanager"])
# Alertmanager's requests do not say who takes a silence away.
_LIFTER = "source:alertmanager"
_STATES: dict[str, Literal["active", "pending", "expired"]]
_STATES = {"active": "active", "planned": "pending", "ended": "expired", "lifted": "expired"}


class MatcherIn(Order):
    """One matcher."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    value: Annotated[str, Field(max_length=512)]
    isRegex: bool  # noqa: N815 - Alertmanager's name
    isEqual: bool = True  # noqa: N815 - Alertmanager's name


class PostableSilence(Order):
    """A silence as amtool posts it; with an ``id`` it takes that one's place."""

    id: Annotated[str, Field(max_length=64)] = ""
    matchers: Annotated[list[MatcherIn], Field(min_length=1, max_length=20)]
    startsAt: Time  # noqa: N815 - Alertmanager's name
    endsAt: Time  # noqa: N815 - Alertmanager's name
    createdBy: Annotated[str, Field(min_length=1, max_length=150)]  # noqa: N815 - as above
    comment: Annotated[str, Field(min_length=1, max_length=1_000)]


class MatcherOut(Out):
    """One matcher."""

    name: str
    value: str
    isRegex: bool  # noqa: N815 - Alertmanager's name
    isEqual: bool  # noqa: N815 - Alertmanager's name


class SilenceState(Out):
    """Alertmanager's word for where a silence stands."""

    state: Literal["active", "pending", "expired"]


class GettableSilence(Out):
    """A silence as Alertmanager tells it."""

    id: str
    status: SilenceState
    updatedAt: Time  # noqa: N815 - Alertmanager's name
    comment: str
    createdBy: str  # noqa: N815 - Alertmanager's name
    startsAt: Time  # noqa: N815 - Alertmanager's name
    endsAt: Time  # noqa: N815 - Alertmanager's name
    matchers: list[MatcherOut]


class PostedSilence(Out):
    """The id of what was set."""

    silenceID: str  # noqa: N815 - Alertmanager's name


class AskedSilences(Order):
    """``filter`` takes matchers, each of which a silence must have itself."""

    model_config = ConfigDict(extra="forbid", strict=False)

    filter: Annotated[list[str], Field(max_length=20, default_factory=list)]


@router.get("/silences", responses=errors())
async def gettable_silences(
    room: InRoom, asked: Annotated[AskedSilences, Query()]
) -> list[GettableSilence]:
    """Active, planned and lately ended silences."""
    wanted = parse_matchers(asked.filter, "filter")
    now_ms = room.door.now_ms()
    found = await room.reads.ask(lambda reader: reader.silences(now_ms))
    return [gettable(s, now_ms) for s in found if set(wanted) <= set(s.conditions())]


@router.post("/silences", responses=errors(404))
async def post_silence(room: InRoom, order: PostableSilence) -> PostedSilence:
    """Set a silence in the name of its ``createdBy``."""
    matchers = checked(_matcher(m) for m in order.matchers)
    command = SetSilence(
        matchers=[m.text for m in matchers],
        starts_at=ms_of(order.startsAt, "startsAt"),
        until=ms_of(order.endsAt, "endsAt"),
        reason=order.comment,
        replaces=order.id,
    )
    actor = operator_name(quote(order.createdBy.encode("utf-8", "replace"), safe=""))
    return PostedSilence(silenceID=await room.do(command, actor))


@router.get("/silence/{silence_id}", responses=errors(404))
async def gettable_silence(room: InRoom, silence_id: str) -> GettableSilence:
    """One silence."""
    found = await room.reads.ask(lambda reader: reader.silence(silence_id))
    if found is None:
        raise NotFound("silence_id", f"no silence {silence_id!r} on this station", "check the id")
    return gettable(found, room.door.now_ms())


@router.delete("/silence/{silence_id}", responses=errors(404))
async def expire_silence(room: InRoom, silence_id: str) -> Response:
    """Take a silence away."""
    await room.do(LiftSilence(silence_id=silence_id), _LIFTER)
    return Response(status_code=200)


def _matcher(m: MatcherIn) -> Matcher:
    op = {(True, False): "=", (False, False): "!=", (True, True): "=~", (False, True): "!~"}
    return Matcher(m.name, op[m.isEqual, m.isRegex], m.value)


def gettable(s: Silence, now_ms: int) -> GettableSilence:
    """One silence in Alertmanager's shape; one of everything fits any alert's name."""
    found = s.conditions() or (Matcher("alertname", "=~", ".*"),)
    return GettableSilence(
        id=s.silence_id,
        status=SilenceState(state=_STATES[s.standing(now_ms)]),
        updatedAt=iso(s.set_at if s.lifted_at is None else max(s.set_at, s.lifted_at)),
        comment=s.reason,
        createdBy=s.set_by,
        startsAt=iso(s.set_at if s.starts_at is None else s.starts_at),
        endsAt=iso(s.until),
        matchers=[
            MatcherOut(
                name=m.name, value=m.value, isRegex="~" in m.op, isEqual=not m.op.startswith("!")
            )
            for m in found
        ],
    )

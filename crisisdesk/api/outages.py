"""The routes of the channel map and of what is taken out."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import Field

from crisisdesk.api.channels import StrandedOut, Verdict, stranded_out
from crisisdesk.api.documented import errors
from crisisdesk.api.orders import Id, Order
from crisisdesk.api.reads import StationReader
from crisisdesk.api.room import InRoom, Operator
from crisisdesk.api.schemas import Out, Time
from crisisdesk.api.times import iso, iso_or_none, ms_of
from crisisdesk.domain.channel_dependencies import NAME_LIMIT, checked_name
from crisisdesk.domain.channel_survey import outages_of, survey
from crisisdesk.domain.errors import Malformed, NotFound
from crisisdesk.domain.outages import REASON_LIMIT, TakenOut
from crisisdesk.domain.survivability import (
    ChannelMap,
    MapColumn,
    MapRow,
    headline,
)
from crisisdesk.engine.outage_commands import EndOutage, SetOutage

router = APIRouter(prefix="/crisis", tags=["overview"])
SUPPOSED_LIMIT = 30

Name = Annotated[str, Field(min_length=1, max_length=NAME_LIMIT)]


class OutageNew(Order):
    """What is out and why. It is over by hand, with ``incident_id`` if there is one, and at
    ``until`` or after ``duration_s`` seconds."""

    dependency: Name
    reason: Annotated[str, Field(min_length=1, max_length=REASON_LIMIT)]
    incident_id: Id | Literal[""] = ""
    until: Time | None = None
    duration_s: Annotated[int, Field(ge=1)] | None = None


class OutageEnd(Order):
    """What is there again."""

    dependency: Name


class OutageOut(Out):
    """One dependency that counts as gone. ``said`` tells an operator's word from what only an
    incident names; ``until`` is when it is over by itself, null for not."""

    dependency: str
    said: bool
    because: str
    by: str
    reason: str
    incident_id: str
    since: Time
    until: Time | None


class OutagesOut(Out):
    """What is taken out, by name."""

    results: list[OutageOut]


class DependencyOut(Out):
    """One dependency of the map: ``channels`` need it. ``outage`` is null while it is not taken
    out; ``suspected`` says what lets suspect it, and is empty else."""

    dependency: str
    channels: int
    outage: OutageOut | None
    suspected: str
    supposed: bool


class MapRowOut(Out):
    """One channel at a provider. ``missing`` are those it needs that are gone: with any, nothing
    arrives. ``contacts`` rely on it, ``saved`` of them have another way left."""

    channel: str
    provider: str
    verdict: Verdict
    needs: list[str]
    missing: list[str]
    arrives: bool
    contacts: int
    saved: int


class ChannelMapOut(Out):
    """The channel map; ``headline`` says it in words, ``unreachable`` who has no way left."""

    headline: str
    people: int
    channels: list[MapRowOut]
    dependencies: list[DependencyOut]
    unreachable: list[StrandedOut]


def _outage(one: TakenOut) -> OutageOut:
    return OutageOut(
        dependency=one.dependency,
        said=one.said,
        because=one.because(),
        by=one.by,
        reason=one.reason,
        incident_id=one.incident_id,
        since=iso(one.since),
        until=iso_or_none(one.until),
    )


def _column(one: MapColumn) -> DependencyOut:
    return DependencyOut(
        dependency=one.dependency,
        channels=one.channels,
        outage=None if one.taken is None else _outage(one.taken),
        suspected="" if one.suspicion is None else one.suspicion.words(),
        supposed=one.supposed,
    )


def _row(one: MapRow) -> MapRowOut:
    return MapRowOut(
        channel=one.channel,
        provider=one.provider,
        verdict=str(one.verdict),  # type: ignore[arg-type]
        needs=list(one.needs),
        missing=list(one.missing),
        arrives=one.arrives,
        contacts=one.contacts,
        saved=one.saved,
    )


def map_out(found: ChannelMap) -> ChannelMapOut:
    """The map as it is told."""
    return ChannelMapOut(
        headline=headline(found),
        people=found.people,
        channels=[_row(one) for one in found.rows],
        dependencies=[_column(one) for one in found.columns],
        unreachable=[stranded_out(one) for one in found.unreachable],
    )


def supposed(text: str) -> list[str]:
    """Names parted by commas; Malformed naming ``without``."""
    names = [checked_name(part, "without") for part in text.split(",") if part.strip()]
    if len(names) > SUPPOSED_LIMIT:
        raise Malformed("without", f"holds {len(names)} names", f"send at most {SUPPOSED_LIMIT}")
    return names


@router.get("/channels/map/", responses=errors())
async def channel_map(
    room: InRoom,
    without: Annotated[
        str, Query(max_length=4_000, description="Names supposed to be out: dns,isp:acme.")
    ] = "",
) -> ChannelMapOut:
    """What each channel depends on, what of that is out, and who is left without a way."""
    now_ms, names = room.door.now_ms(), supposed(without)
    found = await room.reads.ask(lambda reader: survey(reader.board().known(now_ms), now_ms, names))
    return map_out(found)


@router.get("/outages/", responses=errors())
async def list_outages(room: InRoom) -> OutagesOut:
    """What is taken out now, and why."""
    found = await room.reads.ask(lambda reader: _outages(reader, room.door.now_ms()))
    return OutagesOut(results=[_outage(one) for one in found.values()])


def _outages(reader: StationReader, now_ms: int) -> dict[str, TakenOut]:
    return outages_of(reader.board().known(now_ms), now_ms)


@router.post("/outages/", status_code=201, responses=errors(404, 409))
async def set_outage(room: InRoom, operator: Operator, order: OutageNew) -> OutageOut:
    """Say that a dependency is out: pages go around it from now on."""
    for name in ("until", "duration_s"):
        if name in order.model_fields_set and getattr(order, name) is None:
            raise Malformed(name, "is null", "send a value, or leave it out")
    command = SetOutage(
        dependency=order.dependency,
        reason=order.reason,
        incident_id=order.incident_id,
        until=None if order.until is None else ms_of(order.until, "until"),
        duration_ms=None if order.duration_s is None else order.duration_s * 1_000,
    )
    dependency = await room.do(command, operator)
    found = await room.reads.ask(lambda reader: _outages(reader, room.door.now_ms()))
    if dependency not in found:
        raise NotFound("dependency", f"{dependency!r} is not out any more", "see the list")
    return _outage(found[dependency])


@router.post("/outages/end/", status_code=204, responses=errors(404))
async def end_outage(room: InRoom, operator: Operator, order: OutageEnd) -> Response:
    """Say that a dependency is there again; an open incident that names it is overruled."""
    await room.do(EndOutage(dependency=order.dependency), operator)
    return Response(status_code=204)

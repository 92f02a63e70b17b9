"""The route that tells how this station stands towards hub, duty and the other stations."""

from __future__ import annotations

from fastapi import APIRouter

from crisisdesk.api.documented import errors
from crisisdesk.api.room import InRoom
from crisisdesk.api.schemas import Out, Time
from crisisdesk.api.times import iso, iso_or_none
from crisisdesk.engine.door import Health
from crisisdesk.engine.fleet import (
    DutyKind,
    DutyStatus,
    FleetStatus,
    HubState,
    HubStatus,
    StationStatus,
)

router = APIRouter(tags=["overview"])


class HubOut(Out):
    """The link to the hub. ``to_push`` and ``to_pull`` count events on their way; ``offset_ms`` is
    what to add to this station's clock for the hub's."""

    state: HubState
    where: str
    since: Time | None
    words: str
    to_push: int
    to_pull: int
    offset_ms: int
    clock_suspect: bool


class DutyOut(Out):
    """Who pages now. ``alone``: no hub is set up and this station pages. ``acting``: it pages
    without the hub's word. ``not_paging``: nobody in sight pages and this station may not."""

    kind: DutyKind
    holder: str
    holder_name: str
    token: int
    since: Time | None
    words: str


class FleetStationOut(Out):
    """One registered station. ``behind`` counts events it has not got yet; ``seen_at`` is on the
    hub's clock; ``digest_agrees`` is null where states cannot be compared."""

    station_id: str
    origin: str
    name: str
    version: str
    is_self: bool
    seen_at: Time | None
    behind: int
    duty_rank: int | None
    digest_agrees: bool | None


class DurabilityOut(Out):
    """The last of this station's own events on this disk, on the hub, and on another station."""

    disk: int
    hub: int
    other: int


class FleetOut(Out):
    """How this station (``origin``) stands at one moment. ``held_back`` are sentences about origins
    that could not be exchanged, ``quarantined`` counts events that no state could use,
    ``problems`` are the engine's sentences for the operator."""

    at: Time
    origin: str
    hub: HubOut
    duty: DutyOut
    stations: list[FleetStationOut]
    durability: DurabilityOut
    held_back: list[str]
    quarantined: int
    problems: list[str]


@router.get("/api/v1/fleet", responses=errors())
async def fleet(room: InRoom) -> FleetOut:
    """Hub, duty, stations and how far this station's events are safe."""
    return fleet_out(room.door.now_ms(), room.door.fleet(), room.door.health())


def fleet_out(now_ms: int, status: FleetStatus, health: Health) -> FleetOut:
    """The status as it leaves."""
    safe = status.durability
    return FleetOut(
        at=iso(now_ms),
        origin=health.origin,
        hub=_hub_out(status.hub),
        duty=_duty_out(status.duty),
        stations=[_station_out(station) for station in status.stations],
        durability=DurabilityOut(disk=safe.disk, hub=safe.hub, other=safe.other),
        held_back=list(status.held_back),
        quarantined=status.quarantined,
        problems=list(health.problems),
    )


def _since(ms: int) -> str | None:
    return iso_or_none(ms or None)


def _hub_out(hub: HubStatus) -> HubOut:
    return HubOut(
        state=hub.state,
        where=hub.where,
        since=_since(hub.since_ms),
        words=hub.words,
        to_push=hub.to_push,
        to_pull=hub.to_pull,
        offset_ms=hub.offset_ms,
        clock_suspect=hub.clock_suspect,
    )


def _duty_out(duty: DutyStatus) -> DutyOut:
    return DutyOut(
        kind=duty.kind,
        holder=duty.holder,
        holder_name=duty.holder_name,
        token=duty.token,
        since=_since(duty.since_ms),
        words=duty.words,
    )


def _station_out(station: StationStatus) -> FleetStationOut:
    return FleetStationOut(
        station_id=station.station_id,
        origin=station.origin,
        name=station.name,
        version=station.version,
        is_self=station.is_self,
        seen_at=_since(station.seen_ms),
        behind=station.behind,
        duty_rank=station.duty_rank,
        digest_agrees=station.digest_agrees,
    )

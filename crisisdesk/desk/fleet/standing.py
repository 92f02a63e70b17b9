"""What the engine told of hub, duty, stations and durability, and how fresh that is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from crisisdesk.domain.papers.times import read_iso

if TYPE_CHECKING:
    from collections.abc import Mapping

HubKind = Literal["none", "up", "away", "refused"]
DutyKind = Literal["alone", "holds", "follows", "waiting", "acting", "not_paging"]
PAGES_HERE: frozenset[str] = frozenset({"alone", "holds", "acting"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """The link to the hub; ``since_ms`` is 0 when nobody has said since when."""

    state: HubKind = "none"
    where: str = ""
    since_ms: int = 0
    words: str = ""
    to_push: int = 0
    to_pull: int = 0
    offset_ms: int = 0
    clock_suspect: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Who pages; ``name`` is the holder's."""

    kind: DutyKind = "alone"
    name: str = ""
    since_ms: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetStation:
    """One registered station; ``seen_ms`` is 0 when it never reported."""

    station_id: str
    origin: str
    name: str
    version: str = ""
    is_self: bool = False
    seen_ms: int = 0
    behind: int = 0
    duty_rank: int | None = None
    digest_agrees: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Safe:
    """The last of this station's own events on this disk, on the hub and on another station."""

    disk: int = 0
    hub: int = 0
    other: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """One answer of the engine. ``at_ms`` is its clock then, UTC; ``origin`` is this station's."""

    at_ms: int = 0
    origin: str = ""
    hub: Hub = field(default_factory=Hub)
    duty: Duty = field(default_factory=Duty)
    stations: tuple[FleetStation, ...] = ()
    safe: Safe = field(default_factory=Safe)
    held_back: tuple[str, ...] = ()
    quarantined: int = 0
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The last answer, heard at ``heard_ms`` on the desk's clock (UTC).

    ``stale`` says that newer ones do not come; ``fleet`` None that there never was one. ``seqs``
    are the last events read of each origin, which may be newer than the answer.
    """

    fleet: Fleet | None = None
    heard_ms: int = 0
    stale: bool = False
    seqs: Mapping[str, int] = field(default_factory=dict)

    def since(self, since_ms: int, now_ms: int) -> int:
        """Whole seconds that something the engine dated has lasted, counted on its own clock."""
        if self.fleet is None or not since_ms:
            return 0
        engine_now = self.fleet.at_ms + (self.heard_ms if self.stale else now_ms) - self.heard_ms
        return max(0, engine_now - since_ms) // 1000

    def own_seq(self) -> int:
        """The last event of this station that is known; 0 for none."""
        if self.fleet is None:
            return 0
        return max(self.fleet.safe.disk, self.seqs.get(self.fleet.origin, 0))

    def waiting(self) -> int:
        """How many events wait here for the hub. The engine counts when it tries to reach it; what
        this station has written since is known sooner."""
        if self.fleet is None:
            return 0
        return max(self.fleet.hub.to_push, self.own_seq() - self.fleet.safe.hub)

    def dots(self) -> tuple[bool, bool, bool]:
        """Whether the last own event is safe on this disk, on the hub, on another station."""
        if self.fleet is None:
            return (False, False, False)
        last, safe = self.own_seq(), self.fleet.safe
        # What the reader thread has read, the engine has synced to this disk before.
        return (last > 0, 0 < last <= safe.hub, 0 < last <= safe.other)

    def only_here(self) -> int:
        """How many own events would be lost with this disk, backups left aside."""
        if self.fleet is None:
            return 0
        return max(0, self.own_seq() - max(self.fleet.safe.hub, self.fleet.safe.other))


def read_fleet(told: Mapping[str, Any]) -> Fleet:
    """The answer of ``GET /api/v1/fleet``; members that this desk does not know are left out."""
    hub, duty, safe = told["hub"], told["duty"], told["durability"]
    return Fleet(
        at_ms=_ms(told["at"]),
        origin=told["origin"],
        hub=Hub(
            state=hub["state"],
            where=hub["where"],
            since_ms=_ms(hub["since"]),
            words=hub["words"],
            to_push=hub["to_push"],
            to_pull=hub["to_pull"],
            offset_ms=hub["offset_ms"],
            clock_suspect=hub["clock_suspect"],
        ),
        duty=Duty(
            kind=duty["kind"],
            name=duty["holder_name"] or duty["holder"],
            since_ms=_ms(duty["since"]),
            words=duty["words"],
        ),
        stations=tuple(_station(one) for one in told["stations"]),
        safe=Safe(disk=safe["disk"], hub=safe["hub"], other=safe["other"]),
        held_back=tuple(told["held_back"]),
        quarantined=told["quarantined"],
        problems=tuple(told["problems"]),
    )


def _station(told: Mapping[str, Any]) -> FleetStation:
    return FleetStation(
        station_id=told["station_id"],
        origin=told["origin"],
        name=told["name"],
        version=told["version"],
        is_self=told["is_self"],
        seen_ms=_ms(told["seen_at"]),
        behind=told["behind"],
        duty_rank=told["duty_rank"],
        digest_agrees=told["digest_agrees"],
    )


def _ms(iso: str | None) -> int:
    return 0 if iso is None else read_iso(iso)

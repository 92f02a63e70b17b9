"""How this station stands towards the others, as the desk, the CLI and the API show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

HubState = Literal["none", "up", "away", "refused"]
DutyKind = Literal["alone", "holds", "follows", "waiting", "acting", "not_paging"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HubStatus:
    """The link to the hub. ``none`` means that none is set up.

    ``since_ms`` (UTC ms) is when the state began, ``words`` why it is away or refused. ``to_push``
    and ``to_pull`` count events on their way, ``offset_ms`` is what to add to this clock for the
    hub's; ``clock_suspect`` says that it is more than 2 s.
    """

    state: HubState = "none"
    where: str = ""
    since_ms: int = 0
    words: str = ""
    to_push: int = 0
    to_pull: int = 0
    offset_ms: int = 0
    clock_suspect: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyStatus:
    """Who pages now.

    ``alone``: no hub is set up, this station pages. ``holds``: it has the lease. ``follows``:
    another one has. ``waiting``: the hub is away and it is not yet its turn. ``acting``: it pages
    without the hub's word. ``not_paging``: nobody it can see pages and it may not.
    """

    kind: DutyKind = "alone"
    holder: str = ""
    holder_name: str = ""
    token: int = 0
    since_ms: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StationStatus:
    """One registered station. ``behind`` counts events it has not got yet, of those this one knows;
    ``seen_ms`` is its last report on the hub's clock."""

    station_id: str
    origin: str
    name: str
    version: str
    is_self: bool
    seen_ms: int
    behind: int
    duty_rank: int | None = None
    digest_agrees: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Durability:
    """How far this station's own log is safe: the last own seq on this disk, on the hub, and on at
    least one other station."""

    disk: int = 0
    hub: int = 0
    other: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetStatus:
    """All of it. ``held_back`` are sentences about origins that could not be exchanged,
    ``quarantined`` counts events that no state could use."""

    hub: HubStatus = HubStatus()
    duty: DutyStatus = DutyStatus()
    stations: tuple[StationStatus, ...] = ()
    durability: Durability = Durability()
    held_back: tuple[str, ...] = ()
    quarantined: int = 0

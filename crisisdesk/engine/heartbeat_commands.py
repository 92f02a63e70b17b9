"""Commands about heartbeats, and about what one station hears of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crisisdesk.domain.heartbeat import Heartbeat
from crisisdesk.domain.signal import Signal
from crisisdesk.engine.command import Command

MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareHeartbeat(Command):
    """Declare one, or give a known one (``heartbeat_id``) other spans; the result is its id.

    ``token_hash`` is the hash of its address's secret part; a known one keeps its own without.
    """

    name: str
    every_ms: int
    grace_ms: int = MINUTE_MS
    severity: str = "critical"
    token_hash: str = ""
    heartbeat_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseHeartbeat(Command):
    """Miss it no more for now, or again; its alert ends when it is paused."""

    heartbeat_id: str
    paused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveHeartbeat(Command):
    """Take it away with its address; its alert ends."""

    heartbeat_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListHeartbeats(Command):
    """Ask what is declared, what ``stations`` (ids, this one always) hear, and what is open; the
    result is a `Declared`."""

    stations: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """The heartbeats by name; of each station what it told that it hears (heartbeat id -> UTC ms);
    the keys of heartbeat alerts that are open, with the moment each began (UTC ms)."""

    station_id: str
    found: tuple[Heartbeat, ...]
    hears: Mapping[str, Mapping[str, int]]
    told: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteBeats(Command):
    """Write down what this station hears (heartbeat id -> UTC ms) and what came of it.

    Of ``signals`` a firing one counts unless its alert is open (``again``: then too), an ending one
    only when it is.
    """

    beats: Mapping[str, int] = field(default_factory=dict)
    signals: Sequence[Signal] = ()
    again: bool = False

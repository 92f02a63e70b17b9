"""What the exchange needs: a hub to talk to, and this station's log to talk about.

A *vector* says how much of every origin's log one holds: origin -> contiguous seq. It is the only
cursor. It cannot skip what commits late, needs no lock, and outlives a hub restored from a backup.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from crisisdesk.domain.event import Stored

PUSH_EVENTS = 500
PULL_EVENTS = 5_000
BATCH_BYTES = 4 * 1024 * 1024


class HubAway(Exception):
    """The hub cannot be reached or did not answer in time; try again later."""


class HubRefused(Exception):
    """The hub answers and does not let this station in (revoked, evicted, another schema)."""


class Forked(Exception):
    """Two different events claim the same place in one origin's log."""

    def __init__(self, origin: str, seq: int) -> None:
        super().__init__(f"origin {origin[:8]} has two different events {seq}")
        self.origin = origin
        self.seq = seq


@dataclass(frozen=True, slots=True)
class Mark:
    """How far one origin's log goes, and the chain hash there."""

    seq: int
    hash: bytes


Marks = Mapping[str, Mark]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedHead:
    """A station's word on a log's end: Ed25519 over origin, seq and hash (`domain.heads`)."""

    origin: str
    seq: int
    hash: bytes
    signature: bytes
    witnesses: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a station tells all others about itself through the hub, at every exchange.

    ``station_id`` is the installation, ``origin`` its present incarnation. ``hlc`` promises that
    every later event of this station sorts after it. ``digest`` is over all states, made from its
    own log at ``vector``; empty when it was not made for this very vector. ``seen_ms`` is the hub's
    clock (UTC ms) when the hub took the report; the sender leaves it 0.
    """

    station_id: str
    origin: str
    name: str
    version: str
    vector: Mapping[str, int]
    hlc: int
    fold_version: int
    digest: bytes = b""
    duty_rank: int | None = None
    seen_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """The hub's answer to a report: every registered station's last one, and the hub's clock."""

    reports: tuple[Report, ...]
    hub_now_ms: int


class Hub(Protocol):
    """The shared log. Blocking, used by one thread; every method may raise HubAway or HubRefused.

    Any call may have been done although its answer was lost; every one may therefore be repeated.
    """

    def heads(self) -> dict[str, Mark]:
        """How much of every origin's log the hub holds."""

    def push(self, origin: str, first_seq: int, events: Sequence[Stored]) -> int:
        """Hand over consecutive events; returns the hub's head of that origin afterwards.

        A head below ``first_seq`` - 1 means that it lacks earlier ones and took none. Events it
        holds already are compared; raises Forked when one differs.
        """

    def pull(self, vector: Mapping[str, int], limit: int = PULL_EVENTS) -> list[Stored]:
        """Events behind ``vector``, by origin and seq, no gap; at most ``limit`` and 4 MiB."""

    def report(self, report: Report) -> Fleet:
        """Tell how this station stands; returns how all stand."""

    def sign_head(self, head: SignedHead) -> None:
        """Keep a station's signed head for all to see."""

    def signed_heads(self) -> list[SignedHead]:
        """The newest signed head of every origin."""


class Bell(Protocol):
    """Wakes who waits for the hub's news; a hint that may be lost, never a promise."""

    def wait(self, timeout_s: float) -> bool:
        """True when it rang; False when the time was up. Raises HubAway."""

    def ring(self) -> None:
        """Wake the others; at most four times a second reach them."""

    def close(self) -> None:
        """Let go of the connection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A digest of all states, and the vector and fold it was made at, in one snapshot."""

    vector: dict[str, int]
    fold_version: int
    digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Absorbed:
    """What became of a batch: how many events were new, and origins that were put aside and why."""

    events: int
    quarantined: Mapping[str, str] = field(default_factory=dict)


class SyncLog(Protocol):
    """This station's log, as the exchange's thread uses it."""

    def own_origin(self) -> str:
        """The incarnation under which this station writes now."""

    def marks(self) -> dict[str, Mark]:
        """How much of every origin's log is here."""

    def hash_at(self, origin: str, seq: int) -> bytes | None:
        """The chain hash at one place; GENESIS at 0, None when it is not (or no longer) here."""

    def read(self, origin: str, after_seq: int, limit: int, max_bytes: int) -> list[Stored]:
        """Consecutive events behind ``after_seq``; at least one where there is one."""

    def absorb(self, events: Sequence[Stored]) -> Absorbed:
        """Keep other stations' events; returns when they and the states after them are on disk."""

    def digest(self) -> Digest:
        """The digest of all states, derived from this log alone."""

    def hlc(self) -> int:
        """The reading that every later event of this station sorts after."""

    def start_new_incarnation(self, hub_head: Mark) -> str:
        """Leave an origin of one's own that someone else wrote on, or that was rolled back.

        ``hub_head`` is where the hub's copy of that origin ends. Own events that the hub's chain
        does not hold are written anew under a fresh origin, none is dropped. Returns it.
        """

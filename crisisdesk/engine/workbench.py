"""The workbench: what one group of commands works on between two commits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from crisisdesk.domain import hlc
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.errors import NotFound
from crisisdesk.domain.event import Event, Sealed, seal
from crisisdesk.domain.fold import State, apply, apply_foreign, fold
from crisisdesk.domain.ids import uuid7_hex
from crisisdesk.domain.silence import Silence
from crisisdesk.engine.at_hand import AtHand
from crisisdesk.engine.exchange.snapshots import Step
from crisisdesk.engine.policy import Policy
from crisisdesk.engine.ports import Head, Journal

CACHE_LIMIT = 5_000
# About the year 3100: a wilder clock would use up the numbers that order events.
LATEST_CLOCK_MS = 2**45
T = TypeVar("T")
_MISSING: Any = object()


class Workbench:
    """Loads states, takes events, and can take back those of a command that was refused.

    Lives on the writer thread. Nothing on it is true until `Journal.append` has kept it; after a
    failure the whole bench is thrown away and made anew from the file.
    """

    def __init__(self, journal: Journal, policy: Policy, entropy: Entropy) -> None:
        self._journal = journal
        self._entropy = entropy
        self.policy = policy
        self.station_id = journal.station_id
        self.now = 0
        self.actor = ""
        self.hub_offset_ms = 0
        self._head = journal.head()
        self._states: dict[str, State | None] = {}
        self.at_hand = AtHand(journal)
        # The last hlc of aggregates, or a later one where a command was taken back.
        self._newest: dict[str, int] = {}
        self.sealed: list[Sealed] = []
        self.touched: dict[str, tuple[State, int]] = {}
        self.spoilt: list[tuple[Event, str]] = []
        self._ends: dict[str, tuple[int, bytes]] = {}
        self._undo: list[tuple[str, Any, Any]] = []
        self._mark = (self._head, 0, 0, self._ends)

    # -- reading ---------------------------------------------------------------------------

    def prefetch(self, aggregates: list[str]) -> None:
        """Load many states at once, before they are asked for one by one."""
        missing = [a for a in aggregates if a not in self._states]
        if missing:
            found = self._journal.load(missing)
            for aggregate in missing:
                self._states[aggregate] = found.get(aggregate)

    def get(self, aggregate: str) -> State | None:
        """The state as this group sees it, or None."""
        if aggregate not in self._states:
            self._states[aggregate] = self._journal.load([aggregate]).get(aggregate)
        return self._states[aggregate]

    def need(self, kind: type[T], aggregate: str, field: str) -> T:
        """The state, or NotFound naming the field that asked for it."""
        state = self.get(aggregate)
        if not isinstance(state, kind):
            word = kind.__name__.lower()
            raise NotFound(field, f"no {word} {aggregate!r} on this station", "check the id")
        return state

    def contacts(self) -> list[Contact]:
        """Every contact that can be reached, in the order of their names."""
        return self.at_hand.contacts()

    def silences(self) -> list[Silence]:
        """The silences that keep quiet now."""
        return self.at_hand.silences(self.now)

    @property
    def origin(self) -> str:
        """The incarnation under which this station writes."""
        return self._head.origin

    @property
    def own_seq(self) -> int:
        """The last number under the own origin, this group included."""
        return self._head.seq

    @property
    def pos(self) -> int:
        """The last position of the log, this group included."""
        return self._head.pos

    @property
    def journal(self) -> Journal:
        """The log, for questions about what is due."""
        return self._journal

    def random_bytes(self, n: int) -> bytes:
        """Entropy for new names."""
        return self._entropy.bytes(n)

    # -- writing ---------------------------------------------------------------------------

    def begin(self, actor: str, wall_ms: int, hub_offset_ms: int = 0) -> None:
        """Start one command. ``now`` is the hub's clock, as far as this station knows it."""
        self.actor = actor
        self.now = wall_ms + hub_offset_ms
        self.hub_offset_ms = hub_offset_ms
        self._undo.clear()
        self._mark = (self._head, len(self.sealed), len(self.spoilt), self._ends)

    def emit(
        self,
        aggregate: str,
        kind: str,
        body: dict[str, Any],
        *,
        dedup_id: str | None = None,
        causes: tuple[str, ...] = (),
    ) -> Event:
        """Add one fact to the group; its effect is visible at once to what follows."""
        before = self.get(aggregate)
        head, now = self._head, self.now
        clock = hlc.tick(head.hlc, min(now, LATEST_CLOCK_MS))
        event = Event(
            origin=head.origin,
            seq=head.seq + 1,
            hlc=clock,
            id=uuid7_hex(now, self._entropy.bits74()),
            dedup_id=dedup_id,
            agg=aggregate,
            kind=kind,
            actor=self.actor,
            wall_ms=now - self.hub_offset_ms,
            hub_offset_ms=self.hub_offset_ms,
            causes=causes,
            body=body,
        )
        sealed = seal(event, self._entropy.bytes(16), head.hash)
        after = apply(before, event)
        if aggregate in self._newest:
            self._newest[aggregate] = clock
        self._undo.append((aggregate, before, self.touched.get(aggregate, _MISSING)))
        self._head = Head(
            origin=head.origin, seq=head.seq + 1, hash=sealed.hash, hlc=clock, pos=head.pos + 1
        )
        self.sealed.append(sealed)
        self._keep(aggregate, after, len(self.sealed) - 1)
        return event

    def _keep(self, aggregate: str, after: State | None, index: int) -> None:
        if after is not None:
            self._states[aggregate] = after
            self.touched[aggregate] = (after, index)
            self.at_hand.keep(aggregate, after)

    def ends(self, origins: list[str]) -> dict[str, tuple[int, bytes]]:
        """(seq, hash) where each of these origins' logs ends, this group included."""
        asked = [origin for origin in origins if origin not in self._ends]
        known = self._journal.marks(asked) if asked else {}
        return known | {origin: self._ends[origin] for origin in origins if origin in self._ends}

    def absorb(self, batch: list[Sealed]) -> None:
        """Add checked events of other origins, each continuing its chain, and fold them in.

        What sorts after all that an aggregate knows is applied; anything late makes it fold anew.
        """
        earlier: dict[str, list[Event]] = {}
        for sealed in self.sealed:
            earlier.setdefault(sealed.event.agg, []).append(sealed.event)
        fresh: dict[str, list[Event]] = {}
        last: dict[str, int] = {}
        for index, sealed in enumerate(batch, start=len(self.sealed)):
            fresh.setdefault(sealed.event.agg, []).append(sealed.event)
            last[sealed.event.agg] = index
        self.prefetch(list(fresh))
        known = self._last_hlcs(fresh)
        self.sealed.extend(batch)
        for aggregate, events in fresh.items():
            before, mine = self._states[aggregate], earlier.get(aggregate, [])
            after = self._merged(aggregate, before, events, mine, known)
            self._undo.append((aggregate, before, self.touched.get(aggregate, _MISSING)))
            self._keep(aggregate, after, last[aggregate])
            last_hlcs = (known.get(aggregate, -1), events[-1].hlc, *(e.hlc for e in mine))
            self._newest[aggregate] = max(last_hlcs)
        self._ends = self._ends | {s.event.origin: (s.event.seq, s.hash) for s in batch}
        clock = max(hlc.witness(self._head.hlc, s.event.hlc) for s in batch)
        self._head = replace(self._head, hlc=clock, pos=self._head.pos + len(batch))

    def _last_hlcs(self, fresh: dict[str, list[Event]]) -> dict[str, int]:
        """The last hlc of each aggregate that has events, or a later one.

        Left out is what sorts after the whole log: it sorts after its aggregate's part of it too. A
        machine decision is never left out, for it must be held against the whole story.
        """
        end = self._head.hlc
        asked = [
            aggregate
            for aggregate, events in fresh.items()
            if aggregate not in self._newest
            and any(e.hlc <= end or e.dedup_id is not None for e in events)
        ]
        if asked:
            found = self._journal.last_hlcs(asked)
            self._newest.update((aggregate, found.get(aggregate, -1)) for aggregate in asked)
        return {a: self._newest[a] for a in fresh if a in self._newest}

    def _merged(
        self,
        aggregate: str,
        before: State | None,
        fresh: list[Event],
        earlier: list[Event],
        known: dict[str, int],
    ) -> State | None:
        """The state of one aggregate with its fresh events, whatever order they sort in.

        ``known`` are the last hlcs of what may have events that sort behind the first fresh one.
        """
        fresh.sort(key=lambda event: event.order)
        newest = max(known.get(aggregate, -1), *(e.hlc for e in earlier), -1)
        in_order = fresh[0].hlc > newest and not any(e.dedup_id for e in fresh)
        state = before
        if not in_order and newest >= 0:
            base, told = self._journal.story(aggregate)
            state = fold([*told, *earlier, *fresh], base)
        elif not in_order:
            state = fold(fresh)
        for event in fresh:
            after, why = apply_foreign(state, event) if in_order else apply_foreign(before, event)
            if why:
                self.spoilt.append((event, why))
            if in_order:
                state = after
        return state

    def leave(self, agreed: int) -> None:
        """Go on under a fresh origin; kept at once, so only on a bench with nothing on it."""
        if self.sealed:
            raise RuntimeError("an origin cannot be left in the middle of a group")
        self._begin_anew(self._journal.leave(agreed))

    def install(self, step: Step) -> None:
        """Do one step of taking a snapshot; kept at once, so only on a bench with nothing on it."""
        if self.sealed:
            raise RuntimeError("a snapshot cannot be taken in the middle of a group")
        self._begin_anew(self._journal.install(step))

    def _begin_anew(self, head: Head) -> None:
        self._head = head
        self._states, self._newest = {}, {}
        self.at_hand = AtHand(self._journal)
        self._ends = {}
        self._undo.clear()
        self._mark = (self._head, 0, 0, self._ends)

    def take_back(self) -> None:
        """Undo the current command, as if it had never been asked."""
        for aggregate, before, touched in reversed(self._undo):
            self._states[aggregate] = before
            if touched is _MISSING:
                self.touched.pop(aggregate, None)
            else:
                self.touched[aggregate] = touched
            self.at_hand.keep(aggregate, before)
        self._head, kept, spoilt, self._ends = self._mark
        del self.sealed[kept:]
        del self.spoilt[spoilt:]
        self._undo.clear()

    def settle(self, pos: int) -> None:
        """The group is kept: start the next with an empty tray, keeping what was learnt."""
        self._head = replace(self._head, pos=pos)
        self.sealed = []
        self.touched = {}
        self.spoilt = []
        self._ends = {}
        self._undo.clear()
        if len(self._newest) > CACHE_LIMIT:
            self._newest.clear()
        if len(self._states) > CACHE_LIMIT:
            for aggregate in list(self._states)[: len(self._states) - CACHE_LIMIT // 2]:
                del self._states[aggregate]


class Entropy:
    """Random bits in bulk: one system call serves hundreds of events."""

    def __init__(self, source: Any) -> None:
        """``source(n)`` returns n random bytes, such as `os.urandom`."""
        self._source = source
        self._pool = b""
        self._at = 0

    def bytes(self, n: int) -> bytes:
        """The next ``n`` random bytes."""
        if self._at + n > len(self._pool):
            self._pool, self._at = self._source(max(n, 8192)), 0
        chunk: bytes = self._pool[self._at : self._at + n]
        self._at += n
        return chunk

    def bits74(self) -> int:
        """74 random bits."""
        return int.from_bytes(self.bytes(10), "big") & ((1 << 74) - 1)

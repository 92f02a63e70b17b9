"""The publisher: keeps the hub's published tables at the present states while this station pages.

A web tier or a BI tool reads those tables; nothing of CrisisDesk ever does. The hub holds the
vector up to which they are published, so whoever has duty next goes on from there. Two rules make
that safe, and need no memory here:

- A station publishes only when it holds every event that the tables already show. What it writes is
  then never older than what stands there.
- The vector never passes what the hub itself holds, so that every other station can come to hold it
  too, even if this one never comes back.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from crisisdesk.domain.fold import FOLD_VERSION, State
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.engine.duty.ports import Lease
from crisisdesk.engine.exchange.exchange import Outcome

log = logging.getLogger(__name__)

EVENTS_A_BATCH = 500
SWEEP_A_BATCH = 500
BATCHES_A_ROUND = 4
# Changes when the same state is to be published in another way; the tables are then written anew.
TABLES_FORM = 3

Order = tuple[int, str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """An aggregate as it is now: its state, and the order of its newest event in the fold.

    ``incident_id`` is, for a delivery, the incident its alert belongs to. ``withheld`` says that it
    is a timeline entry of a restricted incident. ``rule`` is, for a
    version of an alert rule, the version that stands now, None when the rule was taken away;
    ``order`` is then that of the newest event of any of its versions. ``versions`` are, for a
    version of a recovery procedure, all of its name, with the same ``order``.
    """

    aggregate: str
    state: State
    order: Order
    incident_id: str = ""
    withheld: bool = False
    rule: PolicyVersion | None = None
    versions: Sequence[PolicyVersion] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """What the events between two vectors touched. ``upto`` is how far one has come with it."""

    present: Sequence[Present]
    upto: dict[str, int]


class States(Protocol):
    """This station's states, as the publisher reads them; blocking, used by one thread."""

    def begins(self) -> dict[str, int]:
        """For each origin whose old events were compacted away: the seq before the first kept."""

    def touched(
        self, behind: Mapping[str, int], most: Mapping[str, int], events: int
    ) -> Touched | None:
        """What at most that many events behind a vector touched; None when there are none.

        Events after ``most`` are left alone. Every state includes all events up to ``upto``.
        """

    def after(self, aggregate: str, limit: int) -> list[Present]:
        """The next aggregates by id, whatever touched them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """How far the tables are: the vector, and which `form` of program made them (0 at first)."""

    vector: dict[str, int] = field(default_factory=dict)
    made_by: int = 0


class Verdict(Enum):
    """What the hub did with a batch."""

    WRITTEN = "written"
    #: Another one has published since; ask anew how far the tables are.
    MOVED = "moved"
    #: The lease under which it was sent is no longer held.
    STALE = "stale"


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Rows to publish, and where they bring the tables to, if the tables stand at ``before``."""

    present: Sequence[Present]
    before: Published
    after: Published


class PublishedTables(Protocol):
    """The hub's side. Blocking; raises `engine.exchange.ports.HubAway` and `HubRefused`."""

    def published(self) -> Published:
        """How far the tables are."""

    def publish(self, batch: Batch, holder: str, token: int) -> Verdict:
        """Write all of a batch or nothing; may have been done although the answer was lost."""


def form() -> int:
    """Which fold and form of tables this program publishes; grows with either."""
    return FOLD_VERSION * 1000 + TABLES_FORM


def covers(mine: Mapping[str, int], theirs: Mapping[str, int]) -> bool:
    """Whether one vector holds everything that another one does."""
    return all(mine.get(origin, 0) >= seq for origin, seq in theirs.items())


class Publisher:
    """A `Chore` of the exchange. Blocking; used by the exchange's thread alone.

    ``lease`` tells the lease that this station holds now, None when it holds none.
    ``stop`` is asked between batches.
    """

    name = "publishing the tables"

    def __init__(
        self,
        tables: PublishedTables,
        states: States,
        lease: Callable[[], Lease | None],
        stop: Callable[[], bool] = lambda: False,
    ) -> None:
        self._tables = tables
        self._states = states
        self._lease = lease
        self._stop = stop
        self._known: Published | None = None
        self._token = 0
        self._sweep: tuple[str, dict[str, int]] | None = None
        self.written = 0
        self.behind = False

    def run(self, outcome: Outcome) -> None:
        """Publish some batches if this station has duty; ``behind`` tells whether more waits."""
        self.behind = False
        for _ in range(BATCHES_A_ROUND):
            lease = self._lease()
            if lease is None or self._stop():
                return
            if not self._one_batch(lease, outcome):
                return
        self.behind = True

    def _one_batch(self, lease: Lease, outcome: Outcome) -> bool:
        """Whether a batch was written and another one may follow."""
        if self._known is None or lease.token != self._token:
            self._known, self._token = self._tables.published(), lease.token
        here = {origin: mark.seq for origin, mark in outcome.here.items()}
        if not covers(here, self._known.vector):
            # What another station has published has yet to come here; the exchange brings it.
            self._known = None
            return False
        most = {o: min(here.get(o, 0), mark.seq) for o, mark in outcome.hub.items()}
        batch = self._next(self._known, most)
        if batch is None:
            return False
        verdict = self._tables.publish(batch, lease.holder, lease.token)
        if verdict is Verdict.WRITTEN:
            self._known = batch.after
            self._advance(batch)
            self.written += len(batch.present)
            return True
        log.info("a batch for the published tables was not taken: %s", verdict.value)
        self._known = self._sweep = None
        return False

    def _next(self, known: Published, most: dict[str, int]) -> Batch | None:
        if self._sweep is None and self._must_sweep(known):
            self._sweep = ("", {o: max(s, known.vector.get(o, 0)) for o, s in most.items()})
        if self._sweep is not None:
            return self._swept(known, *self._sweep)
        found = self._states.touched(known.vector, most, EVENTS_A_BATCH)
        if found is None:
            return None
        return Batch(
            present=found.present,
            before=known,
            after=Published(vector={**known.vector, **found.upto}, made_by=form()),
        )

    def _must_sweep(self, known: Published) -> bool:
        """An older fold made the rows, or the events that would say what changed are gone.

        An older program leaves a newer one's rows, and its mark lets the newer write them again.
        """
        gone = not covers(known.vector, self._states.begins())
        return gone or (bool(known.vector) and known.made_by < form())

    def _swept(self, known: Published, last: str, goal: dict[str, int]) -> Batch:
        """The next of all aggregates; with the last of them the vector moves.

        A sweep that is broken off begins anew: until its end the tables count as they were.
        """
        present = self._states.after(last, SWEEP_A_BATCH)
        done = len(present) < SWEEP_A_BATCH
        made = Published(vector={**known.vector, **goal}, made_by=form())
        return Batch(present=present, before=known, after=made if done else known)

    def _advance(self, batch: Batch) -> None:
        if self._sweep is None:
            return
        whole = len(batch.present) < SWEEP_A_BATCH
        self._sweep = None if whole else (batch.present[-1].aggregate, self._sweep[1])

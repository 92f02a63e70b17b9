"""Membership: one station's part in a fleet - exchange, duty and audit, put together."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from crisisdesk.domain.duty import Peer
from crisisdesk.domain.frontier import Standing
from crisisdesk.engine.command import Submit
from crisisdesk.engine.committer import Committer
from crisisdesk.engine.duty.auditor import Auditor
from crisisdesk.engine.duty.keeper import LeaseKeeper
from crisisdesk.engine.duty.pager_gate import DutyGate, Surroundings
from crisisdesk.engine.duty.ports import DutyHub, Lease
from crisisdesk.engine.duty.record import LogRecord
from crisisdesk.engine.exchange.parts import Chore, Errand, ExchangeParts
from crisisdesk.engine.exchange.peers import PeerLinks, PeerPost
from crisisdesk.engine.exchange.ports import Mark
from crisisdesk.engine.exchange.replicator import Replicator
from crisisdesk.engine.fleet import FleetStatus
from crisisdesk.engine.ports import Clock
from crisisdesk.engine.presence import PresenceBoard

Worker = Callable[[], Coroutine[Any, Any, None]]


class ClosableDutyHub(DutyHub, Protocol):
    """A connection to lease and ledger that can be let go, from any thread."""

    def close(self) -> None:
        """Break off what is under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HubParts:
    """What a station needs to be one of a fleet; `bootstrap` puts the concrete ones in.

    ``chores`` are made for the exchange, with the lease that this station holds now (None while it
    holds none). ``links`` are the direct ones to other stations, for when the hub is away.
    """

    exchange: ExchangeParts
    open_duty: Callable[[], ClosableDutyHub]
    duty_rank: int | None = None
    chores: Callable[[Errand, Callable[[], Lease | None]], Sequence[Chore]] = lambda _e, _l: ()
    links: PeerLinks | None = None


class HubClock:
    """Implements `engine.ports.Clock`: the hub's time, as far as this station knows it."""

    def __init__(self, clock: Clock, committer: Committer) -> None:
        self._clock = clock
        self._committer = committer

    def now_ms(self) -> int:
        """UTC ms on the hub's clock."""
        return self._clock.now_ms() + self._committer.hub_offset_ms

    def boottime(self) -> float:
        """This machine's own."""
        return self._clock.boottime()


class Membership:
    """Lives on the engine's loop; `workers` are run by the engine."""

    def __init__(
        self,
        parts: HubParts,
        committer: Committer,
        clock: Clock,
        submit: Submit,
        name: str,
        board: PresenceBoard | None = None,
    ) -> None:
        self._board = board
        self._parts = parts
        self._committer = committer
        self._clock = clock
        shown = HubClock(clock, committer)
        exchange = replace(parts.exchange, chores=lambda errand: parts.chores(errand, self._lease))
        self.replicator = Replicator(exchange, committer, clock)
        self._lines = (parts.open_duty(), parts.open_duty())
        self.keeper = LeaseKeeper(self._lines[0], clock, self._own, self._open_record)
        self.gate = DutyGate(
            self.keeper,
            self._lines[1],
            shown,
            self._own,
            name=name,
            rank=parts.duty_rank,
            around=Surroundings(
                peers=self._peers,
                name_of=self._name_of,
                shared=self.replicator.shared,
                caught_up=self.replicator.caught_up,
                better_ranked=self._better_ranked,
            ),
        )
        self._post = None if parts.links is None else self._make_post(parts.links)
        self.auditor = Auditor(submit, shown, self.gate, self.keeper)

    def workers(self) -> dict[str, Worker]:
        """What must be kept running, by name."""
        links = {} if self._post is None else {"peers": self._post.run}
        return {
            "exchange": self.replicator.run,
            "lease": self.keeper.run,
            "duty": self.gate.run,
            "auditor": self.auditor.run,
            **links,
        }

    def close(self) -> None:
        """Let go of the hub, once the workers have ended."""
        for line in self._lines:
            line.close()

    def on_commit(self, kinds: dict[str, int]) -> None:
        """Something was written here."""
        self.replicator.on_commit(kinds)
        self.auditor.on_commit(kinds)
        if self._post is not None:
            self._post.on_commit()

    def fleet(self) -> FleetStatus:
        """How this station stands towards the others."""
        status, written = self.replicator.status, self._committer.own_seq
        # What was written since the last exchange is on this disk alone, and waits for the hub.
        safe = replace(status.durability, disk=written)
        waiting = max(status.hub.to_push, written - safe.hub)
        hub = replace(status.hub, to_push=waiting)
        return replace(status, hub=hub, duty=self.gate.status(), durability=safe)

    def others(self) -> Sequence[Standing] | None:
        """The other registered stations' last reports; None while the hub has not told them."""
        return self.replicator.others()

    @property
    def problems(self) -> tuple[str, ...]:
        """What an operator should know, in sentences."""
        links = "" if self._post is None else self._post.problem
        return (*self.replicator.problems, self.auditor.problem, links)

    def counters(self) -> dict[str, float]:
        """Counters and gauges by Prometheus name."""
        status = self.fleet()
        return {
            "crisisdesk_hub_up": float(status.hub.state == "up"),
            "crisisdesk_hub_events_to_push": float(status.hub.to_push),
            "crisisdesk_hub_events_to_pull": float(status.hub.to_pull),
            "crisisdesk_hub_clock_offset_ms": float(status.hub.offset_ms),
            "crisisdesk_duty": float(status.duty.kind in ("holds", "acting")),
            "crisisdesk_peers_heard": float(len(self._peers(self._clock.boottime()))),
            "crisisdesk_exchange_pushed_total": float(self.replicator.pushed),
            "crisisdesk_exchange_pulled_total": float(self.replicator.pulled),
        }

    def _make_post(self, links: PeerLinks) -> PeerPost:
        return PeerPost(
            links,
            self._committer,
            self._clock,
            self._parts.exchange.open_log,
            word=self.gate.word,
            registered=lambda: {s.station_id: s.origin for s in self.replicator.status.stations},
            board=self._board,
        )

    def _peers(self, now: float) -> tuple[Peer, ...]:
        """The stations heard directly a short while ago."""
        return () if self._post is None else self._post.peers(now)

    def _own(self) -> str:
        return self._committer.origin

    def _lease(self) -> Lease | None:
        now, view = self._clock.boottime(), self.keeper.view
        token = self.keeper.holds(now)
        if not token or view.lease is None:
            return None
        left_ms = round((view.lease.until - now) * 1000)
        return Lease(holder=self._own(), token=token, left_ms=left_ms)

    def _open_record(self) -> LogRecord:
        return LogRecord(self._parts.exchange.open_log(self._own, _only_read, _only_read))

    def _name_of(self, origin: str) -> str:
        for station in self.replicator.status.stations:
            if station.origin == origin:
                return station.name
        return ""

    def _better_ranked(self) -> bool:
        rank = self._parts.duty_rank
        return any(
            station.duty_rank is not None and (rank is None or station.duty_rank < rank)
            for station in self.replicator.status.stations
            if not station.is_self
        )


def _only_read(_what: Sequence[Any] | Mark) -> Any:
    raise AssertionError("the record of claims is only read")

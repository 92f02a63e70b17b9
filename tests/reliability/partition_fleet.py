"""A simulated fleet that pages: the real duty rules, keepers and gates on a clock of its own.

Simulated are the hub (by the rules of its port), the roads between stations, and how their logs
flow. A send takes no time: what an unknown end does is tested elsewhere.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crisisdesk.domain.duty import Word
from crisisdesk.engine.clock import ManualClock
from crisisdesk.engine.duty.keeper import LeaseKeeper
from crisisdesk.engine.duty.pager_gate import DutyGate, Surroundings
from crisisdesk.engine.duty.peer_view import PeerView
from crisisdesk.engine.duty.ports import Lease, LedgerRow
from crisisdesk.engine.exchange.ports import HubAway

from tests.engine.duty.memory_hub import MemoryDutyHub

STEP_MS = 250
HEARTBEAT_MS = 1_000
EXCHANGE_MS = 500
CLAIM_MS = 20_000
HANG_MS = 3_000


@dataclass(slots=True)
class Roads:
    """Who reaches the hub, and whom a station's words reach."""

    hub: set[str] = field(default_factory=set)
    reaches: set[tuple[str, str]] = field(default_factory=set)

    def both_ways(self, a: str, b: str) -> bool:
        return (a, b) in self.reaches and (b, a) in self.reaches


@dataclass(frozen=True, slots=True)
class Fact:
    """One event of a station's log: a page ``queued`` (due at once), ``claimed`` or ``sent``."""

    kind: str
    page: str
    at_ms: int


class Reached:
    """The hub as one station reaches it, or not."""

    def __init__(self, hub: MemoryDutyHub, roads: Roads, name: str) -> None:
        self._hub, self._roads, self._name = hub, roads, name

    def _there(self) -> MemoryDutyHub:
        if self._name not in self._roads.hub:
            raise HubAway("no road")
        return self._hub

    def renew(self, holder: str, ttl_ms: int, least_token: int) -> Lease:
        return self._there().renew(holder, ttl_ms, least_token)

    def depose(self, holder: str, token: int, ttl_ms: int) -> Lease:
        return self._there().depose(holder, token, ttl_ms)

    def release(self, holder: str, token: int) -> None:
        self._there().release(holder, token)

    def claim(self, holder: str, token: int, keys: Sequence[str], claim_ms: int) -> dict[str, int]:
        return self._there().claim(holder, token, keys, claim_ms)

    def settle(self, key: str, token: int, state: str, provider_id: str = "") -> bool:
        return self._there().settle(key, token, state, provider_id)

    def settle_all(self, keys: Sequence[str], token: int, state: str, provider_id: str = "") -> int:
        return self._there().settle_all(keys, token, state, provider_id)

    def remember(self, rows: Sequence[LedgerRow]) -> None:
        self._there().remember(rows)

    def look(self, keys: Sequence[str]) -> list[LedgerRow]:
        return self._there().look(keys)


class SimStation:
    """One station: its log as facts by origin, its keeper, gate and view of peers."""

    def __init__(self, fleet: PartitionFleet, name: str, rank: int | None) -> None:
        self.fleet, self.name, self.rank = fleet, name, rank
        self.log: dict[str, list[Fact]] = {}
        self.on_hub: dict[str, int] = {}
        self.view = PeerView(name)
        self.hub = Reached(fleet.hub, fleet.roads, name)
        self.keeper = LeaseKeeper(self.hub, fleet.clock, lambda: name)
        self.last_exchange = -1.0
        self.told: Word | None = None
        better = any(r is not None and rank is not None and r < rank for r in fleet.ranks.values())
        around = Surroundings(
            peers=self.view.peers,
            shared=lambda: self.on_hub,
            caught_up=lambda since: self.last_exchange > since,
            better_ranked=lambda: better,
        )
        self.gate = DutyGate(
            self.keeper, self.hub, fleet.clock, lambda: name, name=name, rank=rank, around=around
        )
        self.next_ask = fleet.random.randrange(500)
        self.next_beat = fleet.random.randrange(HEARTBEAT_MS)
        self.next_exchange = fleet.random.randrange(EXCHANGE_MS)

    def tell(self, kind: str, page: str) -> None:
        """Write a fact into the own log."""
        fact = Fact(kind, page, self.fleet.now_ms)
        self.log.setdefault(self.name, []).append(fact)

    def step(self) -> None:
        """A quarter second of life."""
        now = self.fleet.now_ms
        self.keeper.beat()
        if now >= self.next_ask:
            pause = self.keeper.step()
            hangs = self.name not in self.fleet.roads.hub and self.fleet.random.random() < 0.3
            self.next_ask = now + (HANG_MS if hangs else round(pause * 1000))
        if now >= self.next_exchange:
            self.exchange()
            self.next_exchange = now + EXCHANGE_MS
        self.page()
        # At every heartbeat and on every change.
        if now >= self.next_beat or self.gate.word() != self.told:
            self.told = self.gate.word()
            self.fleet.spread(self)
            self.next_beat = now + HEARTBEAT_MS

    def exchange(self) -> None:
        """With the hub where there is a road, and with every peer heard both ways."""
        fleet = self.fleet
        if self.name in fleet.roads.hub:
            merge(fleet.hub_log, self.log)
            merge(self.log, fleet.hub_log)
            self.on_hub = {origin: len(facts) for origin, facts in fleet.hub_log.items()}
            self.last_exchange = fleet.clock.boottime()
        for other in fleet.stations.values():
            if fleet.roads.both_ways(self.name, other.name):
                merge(self.log, other.log)

    def page(self) -> None:
        """Send what is due, as the pager does: leave, claim, check, send."""
        leave = self.gate.leave()
        if leave is None:
            return
        for page in self.due(leave.patience_ms, leave.shared):
            if leave.token:
                try:
                    granted = self.hub.claim(leave.holder, leave.token, [page], CLAIM_MS)
                except HubAway:
                    return
                if page not in granted:
                    continue
            self.tell("claimed", page)
            if self.gate.may_send(leave, 5.0):
                self.fleet.provider.append((page, self.name, self.fleet.now_ms))
                self.tell("sent", page)
                if leave.token:
                    self.hub.settle(page, leave.token, "sent")

    def due(self, patience_ms: int, shared: Mapping[str, int]) -> list[str]:
        """Pages known here that nobody is known to act on, and whose turn it is."""
        now = self.fleet.now_ms
        born: dict[str, int] = {}
        taken: set[str] = set()
        known_elsewhere: set[str] = set()
        for origin, facts in self.log.items():
            for seq, fact in enumerate(facts, start=1):
                if fact.kind == "queued":
                    born[fact.page] = min(fact.at_ms, born.get(fact.page, fact.at_ms))
                    if seq <= shared.get(origin, 0):
                        known_elsewhere.add(fact.page)
                elif fact.kind == "sent" or fact.at_ms + CLAIM_MS > now:
                    taken.add(fact.page)
        return [
            page
            for page, at in sorted(born.items())
            if page not in taken and at + (patience_ms if page in known_elsewhere else 0) <= now
        ]


def merge(into: dict[str, list[Fact]], source: dict[str, list[Fact]]) -> None:
    """Take over what ``source`` has more of, origin by origin."""
    for origin, facts in source.items():
        mine = into.setdefault(origin, [])
        mine.extend(facts[len(mine) :])


class PartitionFleet:
    """Stations with ranks (None for none), and roads that tests change while time goes on."""

    def __init__(self, ranks: dict[str, int | None], seed: int) -> None:
        self.ranks, self.random = ranks, random.Random(seed)
        self.clock = ManualClock(1_800_000_000_000)
        self.start_ms = self.clock.now_ms()
        self.hub = MemoryDutyHub(self.clock.now_ms)
        self.hub_log: dict[str, list[Fact]] = {}
        self.roads = Roads()
        self.provider: list[tuple[str, str, int]] = []
        self.born: dict[str, tuple[str, int]] = {}
        self.stations = {name: SimStation(self, name, rank) for name, rank in ranks.items()}

    @property
    def now_ms(self) -> int:
        return self.clock.now_ms() - self.start_ms

    def spread(self, station: SimStation) -> None:
        """Let its word reach whom the roads allow."""
        word, now = station.gate.word(), self.clock.boottime()
        for other in self.stations.values():
            if (station.name, other.name) in self.roads.reaches:
                other.view.hear(word, now)

    def fire(self, page: str, at: str) -> None:
        """A page comes into being at one station."""
        self.stations[at].tell("queued", page)
        self.born.setdefault(page, (at, self.now_ms))

    def run(self, seconds: float) -> None:
        """Let time pass; the stations move in a random order at each step."""
        for _ in range(max(1, round(seconds * 1000 / STEP_MS))):
            self.clock.advance(STEP_MS)
            order = list(self.stations.values())
            self.random.shuffle(order)
            for station in order:
                station.step()

    def sends(self, page: str) -> list[tuple[str, int]]:
        """Who sent it and when."""
        return [(name, at) for sent, name, at in self.provider if sent == page]

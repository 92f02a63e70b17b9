"""Bundles where several stations share the work: a holder dies at any point, its log cut anywhere.

Real handlers over a ledger in memory. Whatever happens: no page is missed, none goes twice without
being marked as a possible repeat, and none goes twice at all while nobody dies.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import pytest

from crisisdesk.domain.delivery import REACHED_STATUSES, Delivery
from crisisdesk.domain.severity import Severity
from crisisdesk.domain.signal import Signal, SignalAction
from crisisdesk.engine import commands as c
from crisisdesk.engine.handlers import claiming
from crisisdesk.engine.ports import Outcome
from crisisdesk.engine.workers.messages import Message, grouped

from tests.engine.duty.memory_hub import MemoryDutyHub
from tests.reliability.bench import START, MemoryStation
from tests.reliability.tiers import record, scaled

RUNS = scaled(120, 3_000)
POINTS = ("granted", "claimed", "sent", "told the hub", "settled")
TTL_MS, CLAIM_MS, STEP_MS = 4_000, 20_000, 1_000
TAKEN = Outcome(ok=True, words="202 taken", provider_id="p")
BUSY = Outcome(ok=False, words="503 later")
REFUSED = Outcome(ok=False, words="550 unknown", retryable=False)


@dataclass
class Told:
    """One time that a page stood in a message that a provider took."""

    key: str
    is_marked: bool


@dataclass
class Posts:
    """Stations at one hub. ``at`` is where the next holder to come there dies, empty for never."""

    seed: int
    at: str = ""
    now: int = START
    told: list[Told] = field(default_factory=list)
    outcomes: dict[str, list[Outcome]] = field(default_factory=dict)
    largest: int = 0
    acks: bool = False

    def __post_init__(self) -> None:
        self.pick = random.Random(self.seed)
        self.hub = MemoryDutyHub(lambda: self.now)
        self.alive = [MemoryStation(name, n, seed=self.seed) for n, name in enumerate("abc")]

    def settle_down(self) -> None:
        """Everybody alive hears all."""
        for _ in range(2):
            for to in self.alive:
                for source in self.alive:
                    to.pull(source, self.now)

    def fire(self, count: int, first: int) -> None:
        signals = [
            Signal(
                source="test",
                key=f"k{first + n}",
                action=SignalAction.FIRE,
                severity=self.pick.choice((Severity.HIGH, Severity.HIGH, Severity.CRITICAL)),
                title="Trouble",
                service=f"service {n % 3}",
            )
            for n in range(count)
        ]
        self.pick.choice(self.alive).do(c.TakeIn(signals=signals), self.now)

    def acknowledge(self) -> None:
        """Somebody takes one of the alerts in hand, at some station."""
        station = self.pick.choice(self.alive)
        alerts = sorted(key for key in station.journal.states if key.startswith("A-"))
        if alerts:
            station.do(c.AcknowledgeAlerts(alert_ids=[self.pick.choice(alerts)]), self.now)

    def turn(self) -> None:
        """A second passes: some hear of some of what others wrote, and whoever may page pages."""
        self.now += STEP_MS
        if self.acks and self.pick.random() < 0.3:
            self.acknowledge()
        for to in self.alive:
            for source in self.alive:
                if self.pick.random() < 0.5:
                    to.pull(source, self.now, self.pick.choice((1, 3, 10, 1_000)))
        for station in list(self.alive):
            if self.hub.away:
                self.act(station)
                continue
            lease = self.hub.renew(station.journal.origin, TTL_MS, 0)
            if lease.holder == station.journal.origin:
                self.page(station, lease.token)

    def page(self, station: MemoryStation, token: int) -> None:
        """As the pager does it, with the hub's ledger."""
        origin = station.journal.origin
        chosen: list[list[str]] = station.do(c.ChooseDeliveries(), self.now)
        keys = [key for message in chosen for key in message]
        granted = self.hub.claim(origin, token, keys, CLAIM_MS)
        for row in self.hub.look([key for key in keys if key not in granted]):
            if row.state == "sent":
                known = c.SettleDelivery(delivery_id=row.key, attempt=row.attempt, outcome=TAKEN)
                station.do(known, self.now)
        if self.dies(station, "granted") or not granted:
            return
        terms = c.ClaimTerms(holder=origin, token=token, granted=granted)
        if self.acks and self.pick.random() < 0.3:
            self.acknowledge()
        claims = station.do(c.ClaimDeliveries(terms=terms, messages=chosen), self.now)
        unclaimed = granted.keys() - {d.delivery_id for d, _alert in claims}
        self.hub.settle_all(sorted(unclaimed), token, "failed")
        for message in grouped(claims):
            self.send(station, token, message)
            if station not in self.alive:
                return

    def act(self, station: MemoryStation) -> None:
        """Without the hub, and beside others who think that they alone page."""
        if self.pick.random() < 0.5:
            return
        terms = c.ClaimTerms(holder=station.journal.origin)
        for message in grouped(station.do(c.ClaimDeliveries(terms=terms), self.now)):
            self.send(station, 0, message)
            if station not in self.alive:
                return

    def send(self, station: MemoryStation, token: int, message: Message) -> None:
        carrier, origin = message.carrier, station.journal.origin
        self.largest = max(self.largest, len(message.keys))
        if self.dies(station, "claimed"):
            return
        waiting = self.outcomes.get(carrier.method_id, [])
        outcome = waiting.pop() if waiting else TAKEN
        if outcome.ok:
            marked = message.is_possible_repeat
            self.told += [Told(key, marked) for key in message.keys]
        if self.dies(station, "sent"):
            return
        if token:
            self.hub.settle_all(message.keys, token, "sent" if outcome.ok else "failed", "p")
        if self.dies(station, "told the hub"):
            return
        settle = c.SettleDelivery(
            delivery_id=carrier.delivery_id,
            attempt=carrier.attempt,
            outcome=outcome,
            holder=origin,
            carried=message.carried_keys,
        )
        left = station.do(settle, self.now)
        assert left == []
        self.dies(station, "settled")

    def dies(self, station: MemoryStation, point: str) -> bool:
        """For good, after others heard of some of its last events, cut off anywhere."""
        if point != self.at or len(self.alive) == 1:
            return False
        self.at = ""
        self.alive.remove(station)
        for other in self.alive:
            lacking = len(other.lacks(station))
            other.pull(station, self.now, self.pick.randint(0, lacking))
        return True

    def pages(self) -> dict[str, Delivery]:
        """As the survivors know them once they have heard all of each other."""
        self.settle_down()
        states = self.alive[0].journal.states
        return {key: s for key, s in states.items() if isinstance(s, Delivery)}

    def run_out(self, seconds: int = 420) -> dict[str, Delivery]:
        for _ in range(seconds):
            self.turn()
            if not any(d.next_due for d in self.pages().values()):
                break
        return self.pages()

    def repeats(self) -> list[Told]:
        seen: set[str] = set()
        again = []
        for one in self.told:
            if one.key in seen:
                again.append(one)
            seen.add(one.key)
        return again


def posts(seed: int, methods: tuple[str, ...] = ("m1",)) -> Posts:
    made = Posts(seed)
    cards = [{"method_id": m, "channel": "webhook", "masked": "***"} for m in methods]
    made.alive[0].do(c.SaveContact(name="Ann", methods=cards), made.now)
    made.settle_down()
    return made


def storm(made: Posts) -> None:
    for burst in range(made.pick.randint(1, 4)):
        made.fire(made.pick.randint(2, 25), burst * 100)
        for _ in range(made.pick.randint(0, 2)):
            made.turn()


@pytest.mark.parametrize("point", ["", *POINTS])
def test_no_page_is_missed_and_no_repeat_goes_unmarked(point: str) -> None:
    largest = repeats = pages = 0
    for seed in range(RUNS // len(POINTS)):
        made = posts(seed)
        made.at = point
        storm(made)
        known = made.run_out()
        told = {one.key for one in made.told}
        assert {d.status for d in known.values()} <= set(REACHED_STATUSES), seed
        assert known.keys() <= told, seed
        again = made.repeats()
        assert all(one.is_marked for one in again), seed
        assert point or not again, seed
        largest, repeats = max(largest, made.largest), repeats + len(again)
        pages += len(told)
    assert largest > 4
    if point == "sent":
        # Nobody can know: this is the one point where a repeat must come.
        assert repeats > 0
    record("Bundles apart", point=point or "none", pages=pages, repeats=repeats, largest=largest)


@pytest.mark.parametrize("point", ["", *POINTS])
def test_people_who_take_alerts_in_hand_meanwhile_change_none_of_it(point: str) -> None:
    for seed in range(RUNS // len(POINTS)):
        made = posts(seed)
        made.at, made.acks = point, True
        # Not so often busy that with a death beside it all attempts would be used up.
        made.outcomes["m1"] = made.pick.sample([TAKEN] * 4 + [BUSY] * 2, 6)
        storm(made)
        known = made.run_out(900)
        assert {d.status for d in known.values()} <= {*REACHED_STATUSES, "superseded"}, seed
        due = {key for key, d in known.items() if d.status != "superseded"}
        assert due <= {one.key for one in made.told}, seed
        assert all(one.is_marked for one in made.repeats()), seed


@pytest.mark.parametrize("refusal", [REFUSED, BUSY], ids=["refused", "busy"])
def test_what_a_method_does_not_take_goes_to_the_next(refusal: Outcome) -> None:
    for seed in range(RUNS // 10):
        made = posts(seed, ("m1", "m2"))
        made.at = made.pick.choice(("", *POINTS))
        made.outcomes["m1"] = [refusal] * 500
        storm(made)
        known = made.run_out(900)
        on_next = {d.alert_id for d in known.values() if d.method_id == "m2"}
        assert on_next == {d.alert_id for d in known.values()}, seed
        reached = {d.status for d in known.values() if d.method_id == "m2"}
        assert reached <= set(REACHED_STATUSES), seed
        assert {one.key for one in made.told} >= {
            key for key, d in known.items() if d.method_id == "m2"
        }, seed


@pytest.mark.parametrize("point", ["", "claimed", "sent", "settled"])
def test_two_sides_that_both_page_miss_nothing(point: str) -> None:
    """The hub is away and each side claims by its own log: repeats are the price, gaps are not."""
    repeats = 0
    for seed in range(RUNS // 5):
        made = posts(seed)
        made.at, made.hub.away = point, True
        storm(made)
        known = made.run_out()
        assert {d.status for d in known.values()} <= set(REACHED_STATUSES), seed
        assert known.keys() <= {one.key for one in made.told}, seed
        repeats += len(made.repeats())
    assert repeats > 0


def forget_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those bundled are done with when their carrier is claimed."""
    real = claiming._bundle

    def bundle(bench: Any, carrier: Any, others: Any, terms: Any) -> Any:
        bundled = real(bench, carrier, others, terms)
        for other, _alert in bundled:
            bench.emit(other.delivery_id, "delivery.superseded", {"reason": "bundled"})
        return bundled

    monkeypatch.setattr(claiming, "_bundle", bundle)


def test_control_without_following_their_carrier_pages_are_missed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    forget_the_others(monkeypatch)
    missed = 0
    for seed in range(60):
        made = posts(seed)
        made.at = "claimed"
        storm(made)
        known = made.run_out()
        missed += len(known.keys() - {one.key for one in made.told})
    assert missed > 0

"""R14: a hub set back to an older base backup is complete again after one exchange of each station.

Two stations with real files work and exchange; in between, at any point of a push, the hub is
killed and started from a copy of its data that is some time old. What must hold: one exchange of
each station fills it up again whoever wrote an event, both end with the same states, the token of
the lease never comes back, and no delivery that was sent is granted again. The controls remember
what they had uploaded, or ask for the lease without the token they know: they must fail.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from crisisdesk.domain.event import Stored
from crisisdesk.engine import commands as c
from crisisdesk.engine.duty.ports import Lease, LedgerRow
from crisisdesk.engine.exchange.exchange import Exchange
from crisisdesk.engine.exchange.ports import Absorbed, HubAway, Mark
from crisisdesk.hub.address import HubAddress
from crisisdesk.hub.duty import PgDuty
from crisisdesk.hub.log import PgHub
from crisisdesk.store.exchange import ExchangeLog

from tests.hub.ways import address
from tests.postgres.fixtures import HubPlace, make_hub
from tests.postgres.server import PostgresServer
from tests.reliability.tiers import record, scaled
from tests.store.workload import Station

pytestmark = [pytest.mark.serial, pytest.mark.slow, pytest.mark.timeout(1_200)]

RESTORES = scaled(2, 20)
# More than one push holds, so that a restore falls between two pushes of one exchange.
BURST = 700
TTL_MS = 60_000


class RememberingHub(PgHub):
    """The mutant: it believes what it once uploaded or heard of instead of asking."""

    def __init__(self, place: HubAddress) -> None:
        super().__init__(place)
        self._remembered: dict[str, Mark] = {}

    def heads(self) -> dict[str, Mark]:
        """The highest that was ever seen of each origin."""
        for origin, mark in super().heads().items():
            self._remember(origin, mark)
        return dict(self._remembered)

    def push(self, origin: str, first_seq: int, events: Sequence[Stored]) -> int:
        """As ever; and from now on it counts as there."""
        head = super().push(origin, first_seq, events)
        self._remember(origin, Mark(events[-1].seq, events[-1].hash))
        return head

    def _remember(self, origin: str, mark: Mark) -> None:
        if mark.seq > self._remembered.get(origin, Mark(0, b"")).seq:
            self._remembered[origin] = mark


@dataclass
class Post:
    """A station with its log, its way to the hub, and what it knows of the lease."""

    station: Station
    log: ExchangeLog
    hub: PgHub
    duty: PgDuty
    highest: int = 0
    sent: dict[str, LedgerRow] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return self.station.bench.origin

    def exchange(self, breaks: int | None = None) -> None:
        """One whole exchange; with ``breaks`` it stops at that many of the places where it may."""
        left = [breaks]

        def stop() -> bool:
            if left[0] is None:
                return False
            left[0] -= 1
            return left[0] < 0

        Exchange(self.log, self.hub, stop=stop).run()

    def renew(self, least: int | None = None) -> Lease:
        lease = self.duty.renew(self.origin, TTL_MS, self.highest if least is None else least)
        self.highest = max(self.highest, lease.token)
        return lease

    def send(self, key: str, token: int) -> bool:
        """Claim and send one delivery; False when it is not granted."""
        if not self.duty.claim(self.origin, token, [key], 20_000):
            return False
        assert self.duty.settle(key, token, "sent", f"SM-{key}")
        self.sent[key] = self.duty.look([key])[0]
        return True


def until_back(ask: Callable[[], object]) -> None:
    """Ask until there is an answer: the first learns only that the connection broke."""
    for _ in range(3):
        try:
            ask()
        except HubAway:
            continue
        return
    ask()


@dataclass
class Fleet:
    """Two stations around one hub."""

    server: PostgresServer
    place: HubPlace
    posts: list[Post]

    def complete(self) -> bool:
        """Whether the hub holds all that any station does."""
        most: dict[str, Mark] = {}
        for post in self.posts:
            for origin, mark in post.log.marks().items():
                if mark.seq > most.get(origin, Mark(0, b"")).seq:
                    most[origin] = mark
        asking = PgHub(address(self.place.login("auditor")))
        try:
            return asking.heads() == most
        finally:
            asking.close()

    def set_back(self, backup: Path) -> None:
        self.server.put_back(backup)
        for post in self.posts:
            until_back(post.hub.signed_heads)
            until_back(partial(post.duty.look, []))


MakeFleet = Callable[..., Fleet]


def make_post(folder: Path, place: HubPlace, number: int, seed: int, kind: type[PgHub]) -> Post:
    station = Station(folder, seed=seed + number)

    def absorb(events: Sequence[Stored]) -> Absorbed:
        (absorbed,) = station.do(c.Absorb(events=list(events)))
        assert isinstance(absorbed, Absorbed)
        return absorbed

    def leave(mark: Mark) -> str:
        raise AssertionError(f"a hub set back to {mark.seq} made a station leave its origin")

    login = address(place.login(f"s{number}"))
    log = ExchangeLog(station.path, own=lambda: station.bench.origin, absorb=absorb, leave=leave)
    return Post(station=station, log=log, hub=kind(login), duty=PgDuty(login))


@pytest.fixture
def make_fleet(tmp_path: Path) -> Iterator[MakeFleet]:
    with ExitStack() as stack:

        def make(seed: int, kind: type[PgHub] = PgHub) -> Fleet:
            server = stack.enter_context(PostgresServer())
            place = make_hub(server)
            place.login("auditor")
            posts = []
            for number in range(2):
                folder = tmp_path / f"s{number}"
                folder.mkdir()
                post = make_post(folder, place, number, seed, kind)
                posts.append(post)
                for end in (post.station.close, post.log.close, post.hub.close, post.duty.close):
                    stack.callback(end)
            return Fleet(server=server, place=place, posts=posts)

        yield make


def hand_over(fleet: Fleet, chance: random.Random, key: str) -> int:
    """Duty goes to one of the two at random, and a page goes out; the token it was sent under."""
    for post in fleet.posts:
        post.duty.release(post.origin, post.highest)
    holder = chance.choice(fleet.posts)
    lease = holder.renew()
    assert lease.holder == holder.origin
    assert holder.send(key, lease.token)
    # A follower hears of the token several times a second.
    for post in fleet.posts:
        post.renew()
    return lease.token


def test_one_exchange_of_each_fills_the_hub_again(make_fleet: MakeFleet) -> None:
    seed = secrets.randbits(32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    fleet = make_fleet(seed)
    fired, highest, repeated = 0, 0, 0
    for number in range(RESTORES):
        for post in fleet.posts:
            fired += len(post.station.fire(chance.randint(1, 40), first=fired))
            post.exchange()
        highest = max(highest, hand_over(fleet, chance, f"before-{number}"))
        backup = fleet.server.base_backup()
        for post in chance.sample(fleet.posts, 2):
            fired += len(post.station.fire(BURST, first=fired))
            post.exchange(breaks=chance.randint(1, 8))
        highest = max(highest, hand_over(fleet, chance, f"after-{number}"))
        fleet.set_back(backup)
        assert not fleet.complete()
        for post in chance.sample(fleet.posts, 2):
            post.exchange()
        assert fleet.complete(), f"restore {number}: the hub lacks what a station holds"
        lease = chance.choice(fleet.posts).renew()
        assert lease.token > highest, "a token came back"
        highest = lease.token
        for post in fleet.posts:
            post.renew()
            post.duty.remember(list(post.sent.values()))
        holder = next(post for post in fleet.posts if post.origin == lease.holder)
        keys = [f"before-{number}", f"after-{number}"]
        repeated += len(holder.duty.claim(lease.holder, lease.token, keys, 1_000))
        assert holder.send(f"next-{number}", lease.token), "the lease is not in force"
    for post in fleet.posts * 2:
        post.exchange()
    digests = {post.log.digest().digest for post in fleet.posts}
    record(
        "R14 hub amnesia",
        seed=seed,
        restores=RESTORES,
        alerts=fired,
        repeated_pages=repeated,
        highest_token=highest,
    )
    assert repeated == 0
    assert len(digests) == 1
    assert fleet.posts[0].log.marks() == fleet.posts[1].log.marks()


def test_a_station_that_remembers_what_it_uploaded_would_leave_a_hole(
    make_fleet: MakeFleet,
) -> None:
    fleet = make_fleet(1, RememberingHub)
    for post in fleet.posts:
        post.station.fire(3)
        post.exchange()
    backup = fleet.server.base_backup()
    for post in fleet.posts:
        post.station.fire(3, first=10)
        post.exchange()
    assert fleet.complete()
    fleet.set_back(backup)
    for post in fleet.posts:
        post.exchange()
    assert not fleet.complete(), "the control found nothing: this test proves nothing"


def test_asking_without_the_token_one_knows_would_bring_one_back(make_fleet: MakeFleet) -> None:
    fleet = make_fleet(1)
    first, second = fleet.posts
    first.renew()
    backup = fleet.server.base_backup()
    for number in range(3):
        hand_over(fleet, random.Random(number), f"k{number}")
    used = max(post.highest for post in fleet.posts)
    fleet.set_back(backup)
    forgetful = first.renew(least=0)
    assert forgetful.token <= used, "the control found nothing: this test proves nothing"
    assert second.renew().token > used

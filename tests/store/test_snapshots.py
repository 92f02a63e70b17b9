"""A station that begins with another one's bases, over a real hub, ends where one does that pulled
everything; and one whose snapshot fails a check pulls everything."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import pytest

from crisisdesk.domain.event import Stored
from crisisdesk.domain.fold import FOLD_VERSION
from crisisdesk.engine import commands as c
from crisisdesk.engine.duty.ports import Lease
from crisisdesk.engine.exchange import snapshots
from crisisdesk.engine.exchange.exchange import Exchange, Outcome
from crisisdesk.engine.exchange.ports import Absorbed, Mark
from crisisdesk.engine.exchange.snapshots import SnapshotMaker, SnapshotTaker, Step
from crisisdesk.hub.connection import HubLink
from crisisdesk.hub.duty import PgDuty
from crisisdesk.hub.log import PgHub
from crisisdesk.hub.snapshots import PgSnapshots
from crisisdesk.settings.keys import Ed25519Verifier, SigningKeys
from crisisdesk.store.chain import verify_log
from crisisdesk.store.compaction import CompactionPlanner, compact, plan
from crisisdesk.store.exchange import ExchangeLog
from crisisdesk.store.files import reading_connection, writing_connection
from crisisdesk.store.queries import StationReader
from crisisdesk.store.rebuild import compare
from crisisdesk.store.snapshots import SnapshotStore

from tests.engine.workers.live import MemorySecrets
from tests.hub.ways import address
from tests.postgres.fixtures import HubPlace
from tests.store.workload import START, Station

FOREVER = 2**62
LEASE_MS = 60_000
DAY_MS = 86_400_000


class Post:
    """One station with its ways to the hub, and no threads."""

    def __init__(self, place: HubPlace, folder: Path, name: str, seed: int, stack: ExitStack):
        self.station = Station(folder / name, now_ms=START + seed * DAY_MS, seed=seed)
        at = address(place.login(name))
        self.hub, self.link, self.duty = PgHub(at), HubLink(at, "chores"), PgDuty(at)
        for part in (self.hub, self.link, self.duty):
            stack.callback(part.close)
        stack.callback(self.station.close)
        self.keys = SigningKeys(MemorySecrets())
        self.store = SnapshotStore(self.station.path)
        self.steps = 0
        self.stop_after = 10_000

    @property
    def origin(self) -> str:
        return self.station.bench.origin

    def announce(self) -> None:
        """Its key, as an engine does at its first exchange."""
        self.station.do(
            c.AnnounceStation(
                origin=self.origin,
                public_key=self.keys.of(self.origin).public_key,
                version="1",
                duty_rank=None,
                name="Brno",
            )
        )

    def log(self) -> ExchangeLog:
        def absorb(events: Sequence[Stored]) -> Absorbed:
            result = self.station.do(c.Absorb(events=events))[0]
            assert isinstance(result, Absorbed)
            return result

        def leave(_mark: Mark) -> str:
            raise AssertionError("nobody else writes here")

        return ExchangeLog(self.station.path, own=lambda: self.origin, absorb=absorb, leave=leave)

    def exchange(self) -> Outcome:
        with closing(self.log()) as log:
            return Exchange(log, self.hub).run()

    def digest(self) -> bytes:
        with closing(self.log()) as log:
            return log.digest().digest

    def compact_all(self) -> None:
        with closing(writing_connection(self.station.path)) as raw:
            for piece in plan(self.station.path, FOREVER, keep_events=20):
                compact(raw, self.station.path, piece)

    def maker(self, lease: Lease | None = None, fold: int = FOLD_VERSION) -> SnapshotMaker:
        held = lease or self.duty.renew(self.origin, LEASE_MS, 0)
        hub = PgSnapshots(self.link)
        return SnapshotMaker(hub, self.store, self.keys, lambda: held, fold, lambda: False)

    def taker(self, fold: int = FOLD_VERSION) -> SnapshotTaker:
        def install(step: Step) -> None:
            self.steps += 1
            (result,) = self.station.do(c.InstallSnapshot(step=step))
            if isinstance(result, Exception):
                raise result

        return SnapshotTaker(
            PgSnapshots(self.link),
            self.store,
            Ed25519Verifier(),
            install,
            fold,
            lambda: self.steps >= self.stop_after,
        )

    def catch_up(self, fold: int = FOLD_VERSION) -> None:
        """As the replicator does it: begin, exchange, chores, until nothing is left."""
        taker = self.taker(fold)
        taker.begin()
        taker.run(self.exchange())
        taker.run(self.exchange())

    def events(self) -> int:
        with closing(reading_connection(self.station.path)) as raw:
            return int(raw.execute("SELECT count(*) FROM event").fetchone()[0])


@dataclass
class Scene:
    """``old`` has worked, compacted and put a snapshot into the hub; ``make`` makes a fresh one."""

    place: HubPlace
    old: Post
    make: Callable[[str], Post]
    total: int

    def change(self, sql: str) -> None:
        """As an administrator who should not."""
        with psycopg.connect(self.place.admin_dsn, autocommit=True) as admin:
            assert admin.execute(sql.encode()).rowcount > 0

    def pulled(self) -> bytes:
        """The digest of a station that pulled everything."""
        post = self.make("whole")
        post.exchange()
        assert post.events() == self.total
        return post.digest()


@pytest.fixture
def scene(hub_place: HubPlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.setattr(snapshots, "PART_BASES", 7)
    seed = random.randrange(1, 1000)
    print("seed", seed)
    with ExitStack() as stack:
        old = Post(hub_place, tmp_path, "old", seed, stack)
        old.announce()
        old.station.add_contact()
        old.station.work_at_random(120)
        total = old.events()
        old.exchange()
        old.compact_all()
        old.maker().run(old.exchange())
        assert len(PgSnapshots(old.link).offers()) == 1
        old.station.bench.journal.reopen()
        old.station._fresh_bench()

        def make(name: str) -> Post:
            return Post(hub_place, tmp_path, name, seed + 1, stack)

        yield Scene(hub_place, old, make, total)


def is_whole(post: Post) -> None:
    """Its states are its fold, its chain is proved, every row can be found by its position."""
    assert compare(post.station.path).different == 0
    assert verify_log(post.station.path).first_bad is None
    with closing(StationReader(post.station.path)) as reader:
        rows = reader.alert_rows()
        assert len({row.pos for row in rows}) == len(rows)
        assert reader.head_pos() >= max(row.pos for row in rows)


def test_a_fresh_station_ends_where_one_does_that_pulled_everything(scene: Scene) -> None:
    fresh = scene.make("fresh")
    fresh.catch_up()
    assert fresh.events() == 20
    assert fresh.store.taking().checked
    assert fresh.digest() == scene.pulled() == scene.old.digest()
    is_whole(fresh)


def test_work_goes_on_behind_it_on_both_sides(scene: Scene) -> None:
    fresh = scene.make("fresh")
    fresh.station.fire(3)
    fresh.catch_up()
    fresh.station.work_at_random(20)
    scene.old.station.now_ms = fresh.station.now_ms
    scene.old.station.work_at_random(20)
    for post in (scene.old, fresh, scene.old):
        post.exchange()
    assert fresh.digest() == scene.old.digest()
    is_whole(fresh)


def test_cut_off_in_the_middle_it_goes_on_with_the_next_part(scene: Scene) -> None:
    fresh = scene.make("fresh")
    fresh.stop_after = 2
    fresh.taker().begin()
    assert (fresh.store.taking().next_part, fresh.store.taking().complete) == (2, False)
    planner = CompactionPlanner(fresh.station.path, keep_days=0, most_events=1)
    assert planner.plan(2**45, []) == []
    fresh.stop_after = 10_000
    fresh.catch_up()
    parts = len(snapshots.read_offer(_offer(scene), Ed25519Verifier()).parts)
    assert fresh.steps == parts + 2
    assert fresh.events() == 20
    assert fresh.digest() == scene.old.digest()
    is_whole(fresh)


def test_what_was_begun_and_is_gone_is_thrown_away(
    scene: Scene, expect_log: Callable[..., None]
) -> None:
    expect_log("is gone")
    fresh = scene.make("fresh")
    fresh.stop_after = 2
    fresh.taker().begin()
    scene.change("DELETE FROM cd.snapshot")
    fresh.stop_after = 10_000
    fresh.catch_up()
    assert fresh.events() == scene.total
    assert fresh.digest() == scene.old.digest()
    is_whole(fresh)


def _offer(scene: Scene) -> snapshots.Offer:
    return PgSnapshots(scene.old.link).offers()[0]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE cd.snapshot SET signature = overlay(signature placing 'x'::bytea from 5)",
        "UPDATE cd.snapshot SET told = overlay(told placing '7'::bytea from 9)",
        "UPDATE cd.snapshot_part SET data = overlay(data placing 'x'::bytea from 30)",
        "DELETE FROM cd.snapshot_part WHERE part = 2",
    ],
    ids=["signature", "terms", "part", "missing"],
)
def test_a_changed_one_is_not_used(scene: Scene, sql: str, expect_log: Callable[..., None]) -> None:
    scene.change(sql)
    fresh = scene.make("fresh")
    expect_log("is not used")
    fresh.catch_up()
    assert fresh.events() == scene.total
    assert fresh.digest() == scene.old.digest()
    is_whole(fresh)


def test_one_signed_with_a_key_that_was_never_announced_is_thrown_away_again(
    scene: Scene, expect_log: Callable[..., None]
) -> None:
    offer, stranger = _offer(scene), SigningKeys(MemorySecrets())
    terms = snapshots.read_offer(offer, Ed25519Verifier())
    forged = snapshots.sign_offer(offer.id, terms, stranger)
    scene.change(
        f"UPDATE cd.snapshot SET signature = '\\x{forged.signature.hex()}', "
        f"public_key = '{forged.public_key}'"
    )
    fresh = scene.make("fresh")
    expect_log("has not announced the key")
    fresh.station.fire(2)
    fresh.catch_up()
    assert fresh.store.taking().number == 0
    assert fresh.events() == scene.total + 2
    is_whole(fresh)


def test_a_station_that_folds_otherwise_pulls_everything(scene: Scene) -> None:
    fresh = scene.make("fresh")
    fresh.catch_up(fold=FOLD_VERSION - 1)
    assert fresh.events() == scene.total
    assert fresh.store.taking().number == 0
    assert fresh.digest() == scene.old.digest()


def test_a_station_that_is_not_fresh_pulls_everything(scene: Scene) -> None:
    late = scene.make("late")
    late.exchange()
    late.catch_up()
    assert late.events() == scene.total
    assert late.store.taking().number == 0


def test_a_stale_token_puts_nothing_there(scene: Scene) -> None:
    held = scene.old.duty.renew(scene.old.origin, LEASE_MS, 0)
    scene.change("DELETE FROM cd.snapshot")
    scene.old.maker(replace(held, token=held.token - 1)).run(Outcome())
    assert PgSnapshots(scene.old.link).offers() == []
    hub = PgSnapshots(scene.old.link)
    number = hub.begin(held.holder, held.token)
    assert number
    assert not hub.put(held.holder, held.token - 1, number, 0, b"x")
    assert not hub.finish(held.holder, held.token - 1, replace(_empty(scene, held), id=number))


def _empty(scene: Scene, held: Lease) -> snapshots.Offer:
    terms = snapshots.Terms(maker=held.holder, cut=1, fold_version=1, heads={}, parts=())
    return snapshots.sign_offer(1, terms, scene.old.keys)


def test_the_hub_shows_none_whose_heads_or_parts_are_not_its_own(scene: Scene) -> None:
    hub, held = PgSnapshots(scene.old.link), scene.old.duty.renew(scene.old.origin, LEASE_MS, 0)
    number = hub.begin(held.holder, held.token)
    good = replace(_empty(scene, held), id=number)
    terms = snapshots.read_offer(good, Ed25519Verifier())
    for wrong in (
        replace(terms, heads={held.holder: Mark(1, b"x" * 32)}),
        replace(terms, parts=("00" * 32,)),
    ):
        offer = snapshots.sign_offer(number, wrong, scene.old.keys)
        assert not hub.finish(held.holder, held.token, offer)
    assert hub.finish(held.holder, held.token, good)
    assert hub.finish(held.holder, held.token, good)
    assert hub.offers()[0].id == number


def test_another_is_made_only_after_a_day_more_was_compacted(scene: Scene) -> None:
    scene.old.maker().run(Outcome())
    assert len(PgSnapshots(scene.old.link).offers()) == 1
    scene.change(
        "UPDATE cd.snapshot SET told = replace(convert_from(told, 'UTF8'), "
        '\'"cut":\', \'"cut":0, "was":\')::bytea'
    )
    scene.old.maker().run(Outcome())
    assert len(PgSnapshots(scene.old.link).offers()) == 2

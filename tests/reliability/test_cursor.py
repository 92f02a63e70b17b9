"""R5: a follower that reads the hub's log by vector misses nothing, however commits overtake.

Writers push through the real hub with commits delayed at random, while another transaction that has
written something stays open. The two cursors people commonly use instead, on a table of the same
shape under the same load, must miss events, else this load would prove nothing.
"""

from __future__ import annotations

import random
import secrets
import threading
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
import pytest

from crisisdesk.domain.event import Stored
from crisisdesk.engine.exchange.ports import PUSH_EVENTS
from crisisdesk.hub.log import PUSH, PgHub

from tests.hub.making import chain
from tests.hub.ways import address
from tests.postgres.fixtures import HubPlace
from tests.reliability.tiers import record, scaled

pytestmark = [pytest.mark.serial, pytest.mark.slow, pytest.mark.timeout(1_800)]

WRITERS = 8
EVENTS = scaled(60_000, 1_000_000)
CONTROL_ROWS = scaled(16_000, 200_000)
LONGEST_DELAY_S = 0.010
DELAYED = 0.3

EXTRA = """
CREATE TABLE extra (pos bigserial PRIMARY KEY, xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
                    writer integer NOT NULL)
"""
# Per origin: how far the follower was, and when.
Arrivals = dict[str, tuple[list[int], list[float]]]

# How the two controls ask; both take the highest position they saw for all there was up to it.
BY_POS = "SELECT pos FROM extra WHERE pos > %s ORDER BY pos LIMIT 2000"
BY_POS_AND_XMIN = """
SELECT pos FROM extra WHERE pos > %s AND xid < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY pos LIMIT 2000
"""


@dataclass(slots=True)
class Run:
    """One load and what its writers have done so far."""

    seed: int
    written: int = 0
    failures: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    commits: list[tuple[str, int, float]] = field(default_factory=list)

    def add(self, count: int) -> None:
        with self.lock:
            self.written += count


def threads_of(run: Run, work: Callable[[int, random.Random], None]) -> list[threading.Thread]:
    """The writers, each with a chance of its own; what fails in one is told in the end."""

    def one(number: int) -> None:
        try:
            work(number, random.Random(run.seed * 1000 + number))
        except Exception as error:
            run.failures.append(f"writer {number}: {error!r}")

    threads = [threading.Thread(target=one, args=(n,), name=f"writer {n}") for n in range(WRITERS)]
    for thread in threads:
        thread.start()
    return threads


@contextmanager
def idle_writer(dsn: str) -> Iterator[None]:
    """A transaction that has written and is forgotten open, as a careless tool leaves one."""
    with psycopg.connect(dsn) as idle:
        idle.execute("CREATE TABLE left_open AS SELECT 1 AS one")
        yield
        idle.rollback()


def delay(chance: random.Random) -> float:
    return chance.uniform(0, LONGEST_DELAY_S) if chance.random() < DELAYED else 0.0


def push_all(place: HubPlace, run: Run, logs: dict[str, list[Stored]]) -> list[threading.Thread]:
    """Every writer pushes its origin's log in pieces of random size, committing late at random."""
    origins = sorted(logs)
    dsns = [place.login(f"w{number}") for number in range(WRITERS)]

    def work(number: int, chance: random.Random) -> None:
        log = logs[origins[number]]
        hub = LateHub(dsns[number])
        try:
            at = 0
            while at < len(log):
                size = chance.choice((1, 1, 5, 20, 100, PUSH_EVENTS))
                taken = hub.push(origins[number], log[at : at + size], delay(chance))
                run.add(taken - at)
                run.commits.append((origins[number], taken, time.monotonic()))
                at = taken
        finally:
            hub.close()

    return threads_of(run, work)


class LateHub:
    """The hub's own push, in a transaction that commits later than it wrote."""

    def __init__(self, dsn: str) -> None:
        self._connection = psycopg.connect(dsn)

    def push(self, origin: str, events: list[Stored], late_s: float) -> int:
        values = (
            origin,
            events[0].seq,
            [event.raw for event in events],
            [event.body for event in events],
            [event.salt for event in events],
            [event.hash for event in events],
        )
        row = self._connection.execute(PUSH, values).fetchone()
        assert row is not None
        time.sleep(late_s)
        self._connection.commit()
        head: int = row[0]
        return head

    def close(self) -> None:
        self._connection.close()


def make_logs(seed: int) -> dict[str, list[Stored]]:
    """A log for each writer, under origins of this run."""
    origins = [f"{seed:08x}{number:024x}" for number in range(WRITERS)]
    return {origin: chain(origin, EVENTS // WRITERS) for origin in origins}


def lag(arrivals: Arrivals, origin: str, seq: int, at: float) -> float:
    """Seconds from a commit until the follower had all of it."""
    seqs, times = arrivals[origin]
    return times[bisect_left(seqs, seq)] - at


def test_the_vector_misses_nothing(hub_place: HubPlace) -> None:
    run = Run(seed=secrets.randbits(32))
    print(f"seed {run.seed}")
    logs = make_logs(run.seed)
    follower = PgHub(address(hub_place.login("follower")))
    got: dict[str, list[Stored]] = {origin: [] for origin in logs}
    arrivals: Arrivals = {origin: ([], []) for origin in logs}
    pulls = 0
    with idle_writer(hub_place.admin_dsn):
        began = time.monotonic()
        writers = push_all(hub_place, run, logs)
        while True:
            ended = not any(writer.is_alive() for writer in writers)
            piece = follower.pull({origin: len(events) for origin, events in got.items()})
            for event in piece:
                got[event.origin].append(event)
            pulls += 1
            now = time.monotonic()
            for origin, seq in {event.origin: event.seq for event in piece}.items():
                arrivals[origin][0].append(seq)
                arrivals[origin][1].append(now)
            if ended and not piece:
                break
        took = time.monotonic() - began
        for writer in writers:
            writer.join()
    follower.close()
    assert run.failures == []
    missed = sum(len(log) for log in logs.values()) - sum(len(events) for events in got.values())
    assert missed == 0
    lags = sorted(lag(arrivals, *commit) for commit in run.commits)
    record(
        "R5 cursor skip",
        seed=run.seed,
        writers=WRITERS,
        events=run.written,
        missed=missed,
        pulls=pulls,
        events_per_s=round(run.written / took),
        lag_p50_s=round(lags[len(lags) // 2], 3),
        lag_p99_s=round(lags[int(len(lags) * 0.99)], 3),
    )
    assert got == logs, "pulled events differ from those pushed"


@pytest.mark.parametrize("question", [BY_POS, BY_POS_AND_XMIN], ids=["pos", "pos-and-xmin"])
def test_the_usual_cursors_miss(
    empty_database: str, question: str, request: pytest.FixtureRequest
) -> None:
    run = Run(seed=secrets.randbits(32))
    print(f"seed {run.seed}")
    with psycopg.connect(empty_database, autocommit=True) as admin:
        admin.execute(EXTRA)

    def work(number: int, chance: random.Random) -> None:
        with psycopg.connect(empty_database) as mine:
            for _ in range(CONTROL_ROWS // WRITERS):
                if chance.random() < 0.2:
                    # A transaction that has its number before it takes a position.
                    mine.execute("SELECT pg_current_xact_id()")
                    time.sleep(delay(chance))
                mine.execute("INSERT INTO extra (writer) VALUES (%s)", (number,))
                time.sleep(delay(chance))
                mine.commit()
                run.add(1)

    seen: list[int] = []
    with psycopg.connect(empty_database, autocommit=True) as follower:
        writers = threads_of(run, work)
        last = 0
        while True:
            ended = not any(writer.is_alive() for writer in writers)
            rows = [row[0] for row in follower.execute(question.encode(), (last,)).fetchall()]
            seen += rows
            last = rows[-1] if rows else last
            if ended and not rows:
                break
        row = follower.execute("SELECT count(*) FROM extra").fetchone()
    for writer in writers:
        writer.join()
    assert run.failures == []
    assert row is not None
    missed = row[0] - len(seen)
    control = request.node.callspec.id
    record(f"R5 control {control}", seed=run.seed, events=row[0], missed=missed)
    assert missed > 0, "this load does not make a wrong cursor miss: it proves nothing"

"""A station that was off, and a fresh one: until they hold all, beside a raw pull of the rows."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from crisisdesk.domain.event import Stored
from crisisdesk.hub.log import PgHub
from crisisdesk.store.projections import TABLES

from tests.benchmarks.figures import Benchmark, Figures, Goal, Scale, latencies
from tests.benchmarks.subjects import Subject, scratch
from tests.benchmarks.workload import alert, body, fresh_run
from tests.fleet.long_log import LongLog
from tests.fleet.stations import Station, stations_on
from tests.hub.ways import address
from tests.postgres.fixtures import HubPlace, make_hub
from tests.postgres.server import PostgresServer

BEHIND_EVENTS = 100_000
FRESH_EVENTS = 1_000_000
STATIONS = 10
PUSH_EVENTS = 500
WITHIN_S = 1_200.0
MIB = 2**20


def fill(hub: PgHub, events: Iterator[Stored]) -> dict[str, int]:
    """Put a log into the hub as its stations would have; how much of each origin there is."""
    waiting: dict[str, list[Stored]] = {}
    ends: dict[str, int] = {}

    def push(origin: str) -> None:
        batch = waiting.pop(origin, [])
        if batch:
            ends[origin] = hub.push(origin, batch[0].seq, batch)

    for event in events:
        batch = waiting.setdefault(event.origin, [])
        batch.append(event)
        if len(batch) == PUSH_EVENTS:
            push(event.origin)
    for origin in list(waiting):
        push(origin)
    return ends


def raw_pull(hub: PgHub, ends: dict[str, int], begin: dict[str, int] | None = None) -> float:
    """Seconds to fetch the rows behind ``begin`` through the same connection, and no more."""
    here, began = dict(begin or {}), time.perf_counter()
    while wanted := {o: here.get(o, 0) for o, end in ends.items() if here.get(o, 0) < end}:
        for event in hub.pull(wanted):
            here[event.origin] = event.seq
    return time.perf_counter() - began


class File:
    """A station's file, as any reader sees it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._raw: sqlite3.Connection | None = None

    def ask(self, sql: str) -> list[tuple[str, int]]:
        """Rows; none while the file is not there yet."""
        if self._raw is None:
            if not self._path.exists():
                return []
            self._raw = sqlite3.connect(f"{self._path.as_uri()}?mode=ro", uri=True)
        try:
            return self._raw.execute(sql).fetchall()
        except sqlite3.OperationalError:
            return []

    def vector(self) -> dict[str, int]:
        """How much of every origin it holds."""
        return dict(self.ask("SELECT origin, seq FROM origin_head"))

    def digest(self) -> str:
        """Over all states of alerts and all else that stations share."""
        whole = hashlib.sha256()
        for table in sorted(TABLES):
            if table == "station":
                continue
            for aggregate, state in self.ask(f"SELECT agg, state FROM {table} ORDER BY agg"):
                whole.update(f"{aggregate}\0{state!r}".encode())
        return whole.hexdigest()

    def close(self) -> None:
        if self._raw is not None:
            self._raw.close()


def wait_for(done: Callable[[], bool], every_s: float, meanwhile: Callable[[], None]) -> float:
    """Seconds until it is done; ``meanwhile`` is called again and again."""
    began = time.perf_counter()
    while not done():
        if time.perf_counter() - began > WITHIN_S:
            raise RuntimeError("it did not catch up")
        meanwhile()
        time.sleep(every_s)
    return time.perf_counter() - began


def holds(file: File, ends: dict[str, int]) -> Callable[[], bool]:
    """Whether a file holds all of these."""

    def all_there() -> bool:
        here = file.vector()
        return all(here.get(origin, 0) >= end for origin, end in ends.items())

    return all_there


def resident_mib(pid: int) -> float:
    """What a process holds in memory."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MIB


def processor_s(pid: int) -> float:
    """What a process has taken of the processor so far, whoever else was busy."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def size_mib(store: Path) -> float:
    """A station's file with its log."""
    return sum(path.stat().st_size for path in store.parent.glob(f"{store.name}*")) / MIB


@contextlib.contextmanager
def hub_with(*names: str) -> Iterator[tuple[HubPlace, PgHub, list[Station]]]:
    """A hub that flushes as it would in use, a way to it, and stations that have joined."""
    with scratch() as folder, PostgresServer(fsync=True) as server:
        place = make_hub(server)
        hub = PgHub(address(place.login("loader")))
        with contextlib.closing(hub), stations_on(place, folder, *names) as posts:
            for post in posts:
                post.join()
            yield place, hub, posts


def write_at(post: Station, count: int) -> None:
    """Alerts, each of them four times, until the station has written so many events."""
    assert post.door is not None
    url = f"http://{post.door.host}:{post.door.port}"
    subject, run = Subject(url=url, pid=post.door.pid, token=post.door.token), fresh_run()
    with subject.wire() as wire:
        for first in range(0, count // 4, 500):
            some = range(first, min(first + 500, count // 4))
            batch = body([alert(number, run) for number in some])
            for _ in range(4):
                wire.request("POST", subject.path, batch)


def catching_up(scale: Scale) -> Figures:
    """100,000 events written while a station was off; it also answers commands meanwhile."""
    with hub_with("Brno", "Praha") as (_place, hub, (one, two)):
        for post in (two, one):
            post.start()
            post.ask("PUT", "/crisis/station/", {"name": post.name, "operator": "Ada"})
        before = {origin: mark.seq for origin, mark in hub.heads().items()}
        two.end()
        write_at(one, scale.of(BEHIND_EVENTS, 200))
        file, other = File(one.places.store), File(two.places.store)
        with contextlib.closing(file), contextlib.closing(other):
            written = file.vector()

            def all_up() -> bool:
                heads = hub.heads()
                return all(o in heads and heads[o].seq >= seq for o, seq in written.items())

            wait_for(all_up, 0.2, lambda: None)
            floor_s = raw_pull(hub, written, before)
            took: list[float] = []

            def note() -> None:
                began = time.perf_counter()
                two.ask("PUT", "/crisis/station/", {"name": two.name, "operator": "Ada"})
                took.append(time.perf_counter() - began)

            door = two.start()
            seconds = wait_for(holds(other, written), 0.25, note)
            processor = processor_s(door.pid)
            wait_for(lambda: other.digest() == file.digest(), 0.2, lambda: None)
    count = sum(written.values()) - sum(before.values())
    return {
        "events": count,
        "seconds": seconds,
        "processor_s": processor,
        "raw_pull_s": floor_s,
        "load": os.getloadavg()[0],
        "events_a_second": count / max(seconds, 1e-9),
        **latencies("command", took or [0.0]),
    }


def fresh_station(scale: Scale) -> Figures:
    """A million events of ten stations, pulled by one that has none."""
    with hub_with("Brno") as (_place, hub, (fresh,)):
        ends = fill(hub, iter(LongLog(scale.of(FRESH_EVENTS, 500), stations=STATIONS)))
        floor_s = raw_pull(hub, ends)
        file = File(fresh.places.store)
        with contextlib.closing(file):
            began = time.perf_counter()
            door = fresh.start()
            wait_for(holds(file, ends), 0.2, lambda: None)
            seconds = time.perf_counter() - began
            resident = resident_mib(door.pid)
            processor = processor_s(door.pid)
        fresh.end()
        began = time.perf_counter()
        fresh.start()
        start_s = time.perf_counter() - began
        size = size_mib(fresh.places.store)
    return {
        "events": sum(ends.values()),
        "seconds": seconds,
        "processor_s": processor,
        "raw_pull_s": floor_s,
        "start_s": start_s,
        "size_mib": size,
        "resident_mib": resident,
        "load": os.getloadavg()[0],
    }


CATCHING_UP = Benchmark(
    name="catching_up",
    measure=catching_up,
    goals=(
        Goal(
            row="100,000 events caught up, over a raw pull of the same rows",
            ours="seconds",
            anchor="raw_pull_s",
            at_most=6.0,
        ),
        Goal(row="a command meanwhile, p95, ms", ours="command_p95_ms", at_most=250.0),
    ),
)
FRESH = Benchmark(
    name="fresh_station",
    measure=fresh_station,
    goals=(
        Goal(row="1e6 events at a fresh station, s", ours="seconds", at_most=60.0),
        Goal(
            row="1e6 events at a fresh station, over a raw pull",
            ours="seconds",
            anchor="raw_pull_s",
            at_most=6.0,
        ),
        Goal(row="its file, MiB", ours="size_mib", at_most=500.0),
        Goal(row="its next start, s", ours="start_s", at_most=3.0),
    ),
)

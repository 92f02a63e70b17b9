"""From one station to another through the hub, beside a bare INSERT + NOTIFY of that Postgres."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import psycopg

from tests.benchmarks.desks import Event, desk
from tests.benchmarks.figures import Benchmark, Figures, Goal, Scale, latencies
from tests.benchmarks.subjects import Subject, scratch
from tests.benchmarks.workload import alert, body, fresh_run
from tests.fleet.stations import Station, stations_on
from tests.postgres.fixtures import HubPlace, make_hub
from tests.postgres.server import PostgresServer

PROBES = 100
FLOOR_ROUNDS = 300


@contextlib.contextmanager
def two_stations() -> Iterator[tuple[HubPlace, list[Station], Path]]:
    """A hub that flushes as it would in use, and two running stations."""
    with scratch() as folder, PostgresServer(fsync=True) as server:
        hub = make_hub(server)
        with stations_on(hub, folder, "Brno", "Praha") as posts:
            for rank, post in enumerate(posts, start=1):
                post.join(duty_rank=rank)
                post.start()
                post.ask("PUT", "/crisis/station/", {"name": post.name, "operator": "Ada"})
            yield hub, posts, folder


def floor(hub: HubPlace, rounds: int) -> list[float]:
    """Seconds from an INSERT, committed and told of by NOTIFY, to its row read elsewhere."""
    with psycopg.connect(hub.admin_dsn, autocommit=True) as writer:
        writer.execute("CREATE TABLE IF NOT EXISTS bare (id bigint PRIMARY KEY, what bytea)")
        writer.execute("TRUNCATE bare")
        told: list[float] = []
        read, ready = threading.Semaphore(0), threading.Event()

        def listen() -> None:
            # Two connections: the one that listens is busy with it until the loop ends.
            with (
                psycopg.connect(hub.admin_dsn, autocommit=True) as ear,
                psycopg.connect(hub.admin_dsn, autocommit=True) as reader,
            ):
                ear.execute("LISTEN bare")
                ready.set()
                for number in range(rounds):
                    next(iter(ear.notifies(stop_after=1)))
                    reader.execute("SELECT what FROM bare WHERE id = %s", (number,)).fetchone()
                    told.append(time.perf_counter())
                    read.release()

        thread = threading.Thread(target=listen)
        thread.start()
        ready.wait(10)
        began = []
        for number in range(rounds):
            began.append(time.perf_counter())
            writer.execute("INSERT INTO bare VALUES (%s, %s)", (number, b"x" * 600))
            writer.execute("NOTIFY bare")
            read.acquire(timeout=10)
        thread.join()
    return [end - start for start, end in zip(began, told, strict=True)]


class FileWatch:
    """Sees when an alert of this title stands in a station's file, as fast as a reader can."""

    def __init__(self, path: Path) -> None:
        self._raw = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)

    def wait_for(self, title: str, within_s: float = 15.0) -> float:
        """The moment at which it was first seen."""
        end = time.perf_counter() + within_s
        version = None
        while (now := time.perf_counter()) < end:
            (seen,) = self._raw.execute("PRAGMA data_version").fetchone()
            if seen != version:
                version = seen
                found = self._raw.execute("SELECT 1 FROM alert WHERE title = ?", (title,))
                if found.fetchone() is not None:
                    return now
            time.sleep(0.0002)
        raise RuntimeError(f"{title} did not come")

    def close(self) -> None:
        self._raw.close()


def spreading(scale: Scale) -> Figures:
    """An alert taken in at one station, until the other one's file and desk show it."""
    probes = scale.of(PROBES, 3)
    stored, painted, run = [], [], fresh_run()
    with two_stations() as (hub, (one, two), _folder):
        bare = floor(hub, scale.of(FLOOR_ROUNDS, 20))
        assert one.door is not None
        subject = Subject(
            url=f"http://{one.door.host}:{one.door.port}", pid=one.door.pid, token=one.door.token
        )
        watch = FileWatch(two.places.store)
        with desk(two.folder) as running, subject.wire() as wire, contextlib.closing(watch):
            running.wait_for(lambda e: e["event"] == "window")
            for number in range(probes):
                title = f"Mark{run}x{number}"
                one_alert = alert(number, run, instance=title, severity="critical")
                one_alert["annotations"]["summary"] = title
                first, began = len(running.events), time.perf_counter()
                wire.request("POST", subject.path, body([one_alert]))
                stored.append(watch.wait_for(title) - began)
                event = running.wait_for(partial(_is_mark, title), 15, first)
                painted.append(event["t"] - began)
                # Resolved again, so that the next one stands in view as well.
                one_alert["endsAt"] = datetime.now(UTC).isoformat(timespec="milliseconds")
                wire.request("POST", subject.path, body([one_alert]))
                threading.Event().wait(0.3 + 0.037 * (number % 7))
    return {
        **latencies("floor", bare),
        **latencies("stored", stored),
        **latencies("painted", painted),
    }


def _is_mark(title: str, event: Event) -> bool:
    return event.get("title") == title


SPREADING = Benchmark(
    name="spreading",
    measure=spreading,
    goals=(
        Goal(
            row="alert at one station to the other's file, p95, over INSERT + NOTIFY",
            ours="stored_p95_ms",
            anchor="floor_p95_ms",
            at_most=20.0,
        ),
        Goal(
            row="alert at one station to the other's desk painted, p99, ms",
            ours="painted_p99_ms",
            at_most=1000.0,
        ),
    ),
)

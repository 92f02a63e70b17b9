"""Faults that show in what a machine writes or sends: lines of a log, heartbeats that stay out."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tests.benchmarks.fault_stage import Expected, Fault, Stage
from tests.benchmarks.wire import Wire

LOG_LINE, HEARTBEAT = "line in a log", "heartbeat"
EVERY_S, GRACE_S, SHORT_GRACE_S = 30, 60, 10
LINE = "2026-01-01T00:00:00Z worker 7: OutOfMemoryError: Java heap space\n"


def log_lines(stage: Stage, count: int) -> Iterator[Fault]:
    """Logs, each with a rule about a line that is written once."""
    for number in range(count):
        log = f"app-{number:02}.log"
        path = stage.folder / log
        path.write_text("started\n")
        stage.watch(f"log {number:02}", "file", {"path": str(path)})
        name = f"memory of m{number:02} is out"
        stage.rule(name, {"line": {"contains": "OutOfMemory"}, "log": log}, kind="pattern")
        expected = Expected(kind=LOG_LINE, words=name)
        yield Fault(expected=(expected,), begin=partial(_write, path))


def _write(path: Path) -> None:
    with path.open("a") as log:
        log.write(LINE)


def silent_heartbeats(stage: Stage, count: int) -> Iterator[Fault]:
    """Jobs that beat on time until they die."""
    grace_s = SHORT_GRACE_S if stage.every_s else GRACE_S
    heart = Heart(stage.subject.url)
    stage.stack.callback(heart.stop)
    for number in range(count):
        name = f"job j{number:02}"
        told = stage.client.declare_heartbeat(name, EVERY_S, grace_s=grace_s)
        # Spread over the period, as jobs of many machines are.
        heart.add(name, told["path"], EVERY_S * number / count)

        def own(wall_s: float, name: str = name) -> float:
            return heart.last[name] + EVERY_S + grace_s - wall_s

        yield Fault(
            expected=(Expected(kind=HEARTBEAT, words=name, own=own),),
            begin=partial(heart.drop, name),
        )


class Heart:
    """Beats for many jobs, each every 30 s, by one connection each; ``last`` is when the station
    had heard each last (wall time)."""

    def __init__(self, url: str) -> None:
        self.last: dict[str, float] = {}
        self._url = url
        self._paths: dict[str, str] = {}
        self._due: dict[str, float] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heart")
        self._thread.start()

    def add(self, name: str, path: str, after_s: float) -> None:
        """Beat now, again after so many seconds, and at each period from then on."""
        with self._lock:
            self._beat(name, path)
            self._paths[name] = path
            self._due[name] = time.monotonic() + (after_s or EVERY_S)

    def drop(self, name: str) -> None:
        """The job dies."""
        with self._lock:
            del self._due[name]

    def stop(self) -> None:
        """Beat no more."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(0.05):
            with self._lock:
                now = time.monotonic()
                for name in [name for name, at in self._due.items() if at <= now]:
                    self._beat(name, self._paths[name])
                    self._due[name] += EVERY_S

    def _beat(self, name: str, path: str) -> None:
        with Wire(self._url) as wire:
            status, told = wire.request("POST", path)
        if status != 200:
            raise RuntimeError(f"the beat of {name} was refused: {told[:200]!r}")
        self.last[name] = time.time()

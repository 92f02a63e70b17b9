"""A running desk under the probe, seen from outside: its events, and commands to it."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks.subjects import Subject, station_environment

Event = dict[str, Any]


class RunningDesk:
    """One desk process; every event it told is in ``events``, in order."""

    def __init__(self, process: subprocess.Popen[str], started: float) -> None:
        self.process, self.started = process, started
        self.events: list[Event] = []
        self._came = threading.Condition()
        self._reader = threading.Thread(target=self._read, name="desk events")
        self._reader.start()

    def wait_for(
        self, meant: Callable[[Event], bool], seconds: float = 60, first: int = 0
    ) -> Event:
        """The first event from number ``first`` on that is meant; RuntimeError when none comes."""
        end = time.perf_counter() + seconds
        with self._came:
            while True:
                for event in self.events[first:]:
                    if meant(event):
                        return event
                left = end - time.perf_counter()
                if left <= 0 or self.process.poll() is not None:
                    raise RuntimeError(f"the desk did not do it; last {self.events[-3:]}")
                self._came.wait(min(left, 0.5))

    def command(self, line: str) -> Event:
        """Have the desk do something; returns what it says of it."""
        first = len(self.events)
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return self.wait_for(lambda e: e["event"] == line.split(maxsplit=1)[0], first=first)

    def end(self) -> None:
        """Ask it to end and wait."""
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write("quit\n")
            self.process.stdin.flush()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._reader.join()
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                if line.startswith("{"):
                    with self._came:
                        self.events.append(json.loads(line))
                        self._came.notify_all()


def prepare(subject: Subject) -> None:
    """Name the station and its operator, so that the desk has no first run to go through."""
    body = json.dumps({"name": "Bench", "operator": "Ada"}).encode()
    with subject.wire() as wire:
        status, answer = wire.request(
            "PUT", "/crisis/station/", body, "X-CrisisDesk-Operator: Ada\r\n"
        )
    if status != 200:
        raise RuntimeError(f"the station was not named: {answer[:300]!r}")


@contextlib.contextmanager
def desk(folder: Path) -> Iterator[RunningDesk]:
    """The desk on a station's folder, offscreen like the floors; its words go to desk.out."""
    env = station_environment(folder) | {"QT_QPA_PLATFORM": "offscreen"}
    with (folder / "desk.out").open("ab") as errors:
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.desk_probe"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=env,
        )
    running = RunningDesk(process, started)
    try:
        yield running
    finally:
        running.end()

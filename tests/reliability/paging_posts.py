"""Whole stations as processes at one hub, and the provider's book that all of them write into."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psutil
from psycopg.conninfo import conninfo_to_dict

from tests.postgres.fixtures import HubPlace
from tests.reliability.paging_process import Orders

ANSWER_S = 40.0


class PostProcess:
    """One station; ``more`` are its `Orders` besides the way to the hub."""

    def __init__(self, place: HubPlace, folder: Path, name: str, rank: int, **more: Any) -> None:
        parts = {key: str(value) for key, value in conninfo_to_dict(place.login(name)).items()}
        self.provider = folder / "provider"
        self.log = folder / f"{name}.log"
        self.orders = Orders(
            url=f"postgresql://{parts['user']}@127.0.0.1:{parts['port']}/{parts['dbname']}",
            password=parts["password"],
            name=name,
            rank=rank,
            folder=str(folder / name),
            provider=str(self.provider),
            **{"deadline_ms": 10_000, **more},
        )
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self._process is not None
        return self._process

    def start(self, **changed: Any) -> None:
        Path(self.orders.folder).mkdir(exist_ok=True)
        with self.log.open("ab") as err:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.reliability.paging_process"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=err,
                bufsize=0,
            )
        self._say(json.dumps(asdict(self.orders) | changed))
        assert self._hear() == "up"

    def ask(self, command: str) -> Any:
        """Its answer; raises BrokenPipeError or EOFError when it was killed meanwhile."""
        self._say(command)
        return self._hear()

    def _say(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line.encode() + b"\n")

    def _hear(self) -> Any:
        out = self.process.stdout
        assert out is not None
        with selectors.DefaultSelector() as ready:
            ready.register(out, selectors.EVENT_READ)
            if not ready.select(ANSWER_S):
                raise AssertionError(f"{self.orders.name} does not answer: {self.tail()}")
        line = out.readline()
        if not line:
            raise EOFError(self.tail())
        return json.loads(line)

    def tail(self) -> str:
        return self.log.read_text(errors="replace")[-2_000:] if self.log.exists() else ""

    def stop_running(self) -> None:
        os.kill(self.process.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        os.kill(self.process.pid, signal.SIGCONT)

    @property
    def is_dead(self) -> bool:
        return self.process.poll() is not None

    @property
    def is_stopped(self) -> bool:
        if self.is_dead:
            return False
        return bool(psutil.Process(self.process.pid).status() == psutil.STATUS_STOPPED)

    def end(self) -> None:
        """Kill it, whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    pipe.close()

    def statuses(self) -> dict[str, str]:
        found: dict[str, str] = self.ask("tell")
        return found

    def statuses_but(self, known: set[str]) -> list[str]:
        """How the pages stand that are not among those."""
        return [status for key, status in self.statuses().items() if key not in known]


def until(question: Callable[[], Any], within_s: float, what: str) -> Any:
    """The first true answer."""
    deadline = monotonic() + within_s
    while not (answer := question()):
        assert monotonic() < deadline, f"not in time: {what}"
        sleep(0.05)
    return answer


def calls(provider: Path) -> Counter[str]:
    """How often the provider got each key."""
    if not provider.exists():
        return Counter()
    return Counter(line.split()[0] for line in provider.read_text().splitlines())

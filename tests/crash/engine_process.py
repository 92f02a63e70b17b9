"""A real engine process of a test: started, found by its door file, killed or asked to stop."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from crisisdesk.settings.places import Places

ROOT = Path(__file__).resolve().parents[2]
READY_WITHIN_S = 30.0
PRODUCT = ("-m", "crisisdesk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where an engine serves, its desk token and its process."""

    host: str
    port: int
    token: str
    pid: int


def environment() -> dict[str, str]:
    """The test's own, without the keyring of whoever runs it."""
    return os.environ | {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}


def door_of(places: Places) -> Door | None:
    """What the door file says now; None while there is none."""
    try:
        told = json.loads(places.engine_door.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    host, _, port = str(told["url"]).removeprefix("http://").rpartition(":")
    return Door(host=host, port=int(port), token=told["token"], pid=int(told["pid"]))


def is_well(door: Door) -> bool:
    """Whether ``/healthz`` answers 200."""
    connection = http.client.HTTPConnection(door.host, door.port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


class EngineProcess:
    """One start of the engine on a data folder; what it says goes to ``engine.out`` beside it."""

    def __init__(self, data_dir: Path, entry: tuple[str, ...] = PRODUCT, **variables: str) -> None:
        self.places = Places(data_dir)
        self.said = data_dir.with_name(data_dir.name + ".out")
        command = [sys.executable, *entry, "engine", "--port", "0", "--data-dir", str(data_dir)]
        # Seconds from here to its door file, and to its first answer.
        self.door_s = self.ready_s = 0.0
        self.started_at = monotonic()
        with self.said.open("ab") as out:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=environment() | variables,
                cwd=ROOT,
            )

    def wait_ready(self) -> Door:
        """The door once it is this process's own and answers; fails with the engine's words."""
        while monotonic() - self.started_at < READY_WITHIN_S:
            door = door_of(self.places)
            if door is not None and door.pid == self.process.pid:
                self.door_s = self.door_s or monotonic() - self.started_at
                if is_well(door):
                    self.ready_s = monotonic() - self.started_at
                    return door
            if self.ended_within(0.01):
                break
        words = self.said.read_text(errors="replace")[-3000:]
        raise AssertionError(f"the engine did not come up (rc {self.process.poll()}): {words}")

    def ended_within(self, seconds: float) -> bool:
        """Whether the process ends within the time."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """``kill -9``, and wait until it is gone."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        self.process.terminate()
        return self.process.wait(20)


@contextmanager
def running(data_dir: Path, **variables: str) -> Iterator[tuple[EngineProcess, Door]]:
    """An engine that is ready; ended by SIGTERM, and killed when that does not help."""
    engine = EngineProcess(data_dir, PRODUCT, **variables)
    try:
        yield engine, engine.wait_ready()
        if engine.process.poll() is None:
            assert engine.stop() == 0, engine.said.read_text(errors="replace")[-3000:]
    finally:
        if engine.process.poll() is None:
            engine.kill()


class Caller:
    """One kept-alive connection to a door, acting as one operator."""

    def __init__(self, door: Door, operator: str) -> None:
        self._headers = {
            "Authorization": f"Bearer {door.token}",
            "X-CrisisDesk-Operator": operator,
            "Content-Type": "application/json",
        }
        self._connection = http.client.HTTPConnection(door.host, door.port, timeout=20)

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and JSON of the answer; OSError or HTTPException when there was none."""
        sent = None if body is None else json.dumps(body).encode()
        self._connection.request(method, path, body=sent, headers=self._headers)
        answer = self._connection.getresponse()
        told = answer.read()
        return answer.status, json.loads(told) if told else None

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()


def seat(door: Door, operator: str = "Zoe Ng") -> None:
    """Name the station and its operator, so that a desk needs not ask."""
    caller = Caller(door, operator)
    status, told = caller.ask("PUT", "/crisis/station/", {"name": "North", "operator": operator})
    caller.close()
    assert status == http.HTTPStatus.OK, told

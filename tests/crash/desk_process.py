"""A real desk process of a test: shown on a screen, asked what it shows, given keys, killed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import psutil

from crisisdesk.settings.places import Places

from tests.crash.engine_process import ROOT, Door, door_of, is_well

ANSWERS_WITHIN_S = 20.0
LOOK_EVERY_S = 0.02


class DeskProcess:
    """One desk on a data folder; what it says goes to ``desk.out`` beside it."""

    def __init__(self, data_dir: Path, screen: dict[str, str], *, starts_engine: bool) -> None:
        words = [] if starts_engine else ["watch"]
        environment = screen | {"CRISISDESK_PORT": "0"}
        said = data_dir.with_name("desk.out")
        self.start("tests.crash.desk_driver", [str(data_dir), *words], environment, said)

    def start(self, driver: str, words: list[str], environment: dict[str, str], said: Path) -> None:
        """Start that driver; what it says on its error output is added to ``said``."""
        self.said = said
        with said.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", driver, *words],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=out,
                env=environment | {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"},
                cwd=ROOT,
                text=True,
            )

    def ask(self, do: str, **how: Any) -> dict[str, Any]:
        """One question to the driver."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"do": do, **how}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"the desk ended: {self.said.read_text(errors='replace')[-3000:]}"
        told: dict[str, Any] = json.loads(line)
        return told

    def until(
        self, wanted: Callable[[dict[str, Any]], bool], within_s: float = ANSWERS_WITHIN_S
    ) -> dict[str, Any]:
        """Its state once it is as wanted; fails with the last state seen."""
        began = monotonic()
        while True:
            state = self.ask("state")
            if wanted(state):
                return state
            assert monotonic() - began < within_s, f"the desk came only to {state}"
            self.ended_within(LOOK_EVERY_S)

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
        self._let_go()

    def quit(self) -> None:
        """Ask it to end."""
        if self.process.poll() is None:
            self.ask("quit")
        self._let_go()

    def _let_go(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        self.process.wait(20)


@contextmanager
def desk_on(
    data_dir: Path, screen: dict[str, str], *, starts_engine: bool
) -> Iterator[DeskProcess]:
    """A desk whose window is shown and furnished; asked to end, and killed when it does not."""
    desk = DeskProcess(data_dir, screen, starts_engine=starts_engine)
    try:
        desk.until(lambda state: state["shown"] and state["furnished"])
        yield desk
        desk.quit()
    finally:
        if desk.process.poll() is None:
            desk.kill()


class DesksEngine:
    """The engine that a desk brings up after ``before``; for killing, and to be found again."""

    def __init__(self, desk: DeskProcess, data_dir: Path, before: DesksEngine | None) -> None:
        self.places = Places(data_dir)
        self.door_s = self.ready_s = 0.0
        self._desk = desk
        self._old = before.door if before is not None else None
        self._began: float = before.killed_at if before is not None else monotonic()
        self.door: Door | None = None
        # What the desk tells of the restart: (UTC ms, words) each.
        self.story: list[tuple[int, str]] = []
        self.killed_at: float = 0.0

    def wait_ready(self) -> Door:
        """Its door once it answers; the desk's window answers all the while."""
        while monotonic() - self._began < ANSWERS_WITHIN_S:
            state = self._desk.ask("state")
            assert state["shown"]
            self.story = state["steps"] or self.story
            door = door_of(self.places)
            if door is not None and door != self._old:
                self.door_s = self.door_s or monotonic() - self._began
                if is_well(door):
                    self.ready_s, self.door = monotonic() - self._began, door
                    self._desk.until(lambda state: state["engine"] == "up")
                    return door
            self._desk.ended_within(LOOK_EVERY_S)
        raise AssertionError(f"the desk has brought no engine up: {self._desk.ask('state')}")

    def ended_within(self, seconds: float) -> bool:
        """Whether it ends within the time; True before it has come up."""
        if self.door is None:
            return True
        try:
            psutil.Process(self.door.pid).wait(seconds)
        except psutil.TimeoutExpired:
            return False
        except psutil.NoSuchProcess:
            return True
        return True

    def kill(self) -> None:
        """``kill -9``; the time to its successor counts from here."""
        assert self.door is not None
        psutil.Process(self.door.pid).kill()
        self.killed_at = monotonic()

    def stop(self) -> int:
        """The desk is closed, then the engine asked to stop; 0 when both ended as they should."""
        assert self._desk.process.poll() is None, "the desk has died"
        self._desk.quit()
        stop_engine_of(self.places)
        return self._desk.process.returncode or int(self.places.engine_door.exists())


def stop_engine_of(places: Places) -> None:
    """End the engine that a desk has started, which outlives the desk by intent."""
    door = door_of(places)
    if door is not None and psutil.pid_exists(door.pid):
        process = psutil.Process(door.pid)
        process.terminate()
        process.wait(20)

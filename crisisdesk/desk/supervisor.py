"""The engine's keeper: finds it, starts it when none runs, and says how it stands."""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, QProcess, Signal

from crisisdesk.desk.connector import Connector, Seat

if TYPE_CHECKING:
    from crisisdesk.api.client import Client
    from crisisdesk.engine.ports import Clock
    from crisisdesk.settings.places import Places

log = logging.getLogger(__name__)

START_LOG = "engine-start.log"
CHECK_S = 0.25
HEALTH_EVERY = 8
HEALTH_TIMEOUT_S = 2.0
START_GRACE_MS = 20_000
_BACKOFF_MS = (0, 500, 1_000, 2_000, 4_000, 8_000, 15_000)
_CALM_MS = 30_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """How to reach a running engine; ``started_ms`` tells two engines of one pid apart."""

    url: str
    token: str
    pid: int
    started_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineState:
    """``up``, ``starting`` (first start of this desk) or ``away`` since ``since_ms`` (UTC).

    ``tries`` counts the starts since it was last up, ``steps`` tells what happened when (UTC ms).
    """

    kind: Literal["up", "starting", "away"]
    since_ms: int
    tries: int = 0
    steps: tuple[tuple[int, str], ...] = ()


def read_door(places: Places) -> Door | None:
    """The door file's content; None when there is none or it is not whole."""
    try:
        told = json.loads(places.engine_door.read_text(encoding="utf-8"))
        return Door(
            url=str(told["url"]),
            token=str(told["token"]),
            pid=int(told["pid"]),
            started_ms=int(told.get("started_ms", 0)),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def process_lives(pid: int) -> bool:
    """Whether a process of this id runs; one of another user counts as running."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_unreaped(pid)


def _is_unreaped(pid: int) -> bool:
    """Whether a process has ended and only its parent has not looked yet (proc(5), state Z)."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return told.rpartition(")")[2].split()[0] in {"Z", "X"}


def start_detached(words: list[str]) -> int:
    """Start a program that outlives this one and is not its child; its pid, 0 when it cannot be."""
    ok, pid = QProcess.startDetached(words[0], words[1:])
    return pid if ok else 0


def answers(door: Door) -> bool:
    """Whether the engine behind a door says that it is well."""
    # Loaded on the watching thread: the first paint does not wait for it.
    import http.client
    from urllib.parse import urlsplit

    parts = urlsplit(door.url)
    connection = http.client.HTTPConnection(
        parts.hostname or "127.0.0.1", parts.port, timeout=HEALTH_TIMEOUT_S
    )
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def last_words(path: Path) -> str:
    """What an engine said last before it ended: its last line or the message in it, else ""."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        return ""
    if not lines:
        return ""
    try:
        return str(json.loads(lines[-1])["message"])
    except (ValueError, KeyError, TypeError):
        return lines[-1]


class Supervisor(QObject):
    """Watches from its own thread; ``changed`` carries an `EngineState` on the Qt thread."""

    changed = Signal(object)
    _wanted = Signal()

    def __init__(
        self,
        places: Places,
        clock: Clock,
        *,
        starts_engine: bool = True,
        parent: QObject | None = None,
    ) -> None:
        """With ``starts_engine`` False an engine is only looked for, never started."""
        super().__init__(parent)
        self._places, self._clock, self._starts = places, clock, starts_engine
        self.state = EngineState(kind="starting", since_ms=clock.now_ms())
        self._lock = threading.Lock()
        self._door: Door | None = None
        self._connector = Connector(self.seat)
        self._operator = ""
        self._stop = threading.Event()
        self._child = 0
        self._child_ms = 0
        self._start_waits = False
        self._next_ms = 0
        self._ever_up = False
        self._steps: list[tuple[int, str]] = []
        self._thread = threading.Thread(target=self._run, name="engine watch", daemon=True)
        self._wanted.connect(self._start_engine)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """Watch no more; the engine keeps running."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def set_operator(self, operator: str) -> None:
        """Whose name commands carry from now on."""
        with self._lock:
            self._operator = operator

    def door(self) -> Door | None:
        """The door of the engine that was last seen well."""
        with self._lock:
            return self._door

    def seat(self) -> Seat:
        """That door, and who sits at the desk."""
        with self._lock:
            return Seat(self._door, self._operator)

    def client(self) -> Client:
        """A client for the running engine, to be used by one thread; raises EngineAway."""
        return self._connector()

    def hang_up(self) -> None:
        """Let go of that client's connection; nobody uses it any more."""
        self._connector.close()

    def connector(self, timeout_s: float) -> Connector:
        """The same for another thread."""
        return Connector(self.seat, timeout_s)

    # -- the watching thread ---------------------------------------------------------------

    def _run(self) -> None:
        turn = 0
        while not self._stop.is_set():
            self._look(thorough=turn % HEALTH_EVERY == 0 or self.state.kind != "up")
            turn += 1
            self._stop.wait(CHECK_S)

    def _look(self, *, thorough: bool) -> None:
        now, door = self._clock.now_ms(), read_door(self._places)
        alive = door is not None and process_lives(door.pid)
        well = alive and door is not None and (not thorough or answers(door))
        if well and door is not None:
            if self.state.kind != "up" or door != self.door():
                self._came_up(door, now)
            if self.state.tries and now - self.state.since_ms > _CALM_MS:
                self._set(EngineState(kind="up", since_ms=self.state.since_ms))
            return
        if self.state.kind == "up":
            self._went_away(now, "Engine stopped answering")
        if alive and now - self.state.since_ms < START_GRACE_MS:
            return
        self._maybe_start(now)

    def _came_up(self, door: Door, now: int) -> None:
        self._ever_up = True
        self._child = 0
        self._steps.append((now, "Engine answers again" if self.state.tries else "Engine answers"))
        with self._lock:
            self._door = door
        self._set(EngineState(kind="up", since_ms=now, tries=self.state.tries))
        self._steps.clear()

    def _went_away(self, now: int, words: str) -> None:
        with self._lock:
            self._door = None
        self._steps = [(now, words)]
        self._set(EngineState(kind="away", since_ms=now, steps=tuple(self._steps)))
        # One that has answered is started again at once; only starts that came to nothing wait.
        self._next_ms = now

    def _maybe_start(self, now: int) -> None:
        if not self._starts or self._start_waits or now < self._next_ms:
            return
        if self._child and process_lives(self._child):
            if now - self._child_ms < START_GRACE_MS:
                return
        elif self._child:
            words = last_words(self._places.logs / START_LOG)
            self._steps.append((now, f"It ended: {words}" if words else "It ended by itself"))
            self._child = 0
        tries = self.state.tries + 1
        self._steps.append((now, "Started, opening the store"))
        kind: Literal["starting", "away"] = "away" if self._ever_up or tries > 1 else "starting"
        self._set(
            EngineState(
                kind=kind, since_ms=self.state.since_ms, tries=tries, steps=tuple(self._steps[-6:])
            )
        )
        self._next_ms = now + max(1_500, _BACKOFF_MS[min(tries, len(_BACKOFF_MS) - 1)])
        self._child_ms = now
        self._start_waits = True
        self._wanted.emit()

    def _set(self, state: EngineState) -> None:
        self.state = state
        self.changed.emit(state)

    # -- the Qt thread ---------------------------------------------------------------------

    def _start_engine(self) -> None:
        if self._stop.is_set():
            return
        self._places.logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        words = [sys.executable, "-m", "crisisdesk", "engine"]
        words += ["--data-dir", str(self._places.data_dir)]
        words += ["--output", str(self._places.logs / START_LOG)]
        self._child = start_detached(words)
        if not self._child:
            log.error("the engine cannot be started: %s", sys.executable)
        self._start_waits = False

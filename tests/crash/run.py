"""A run of crashes: start, load, kill -9 at a moment the dice choose, start again, check."""

from __future__ import annotations

import random
import statistics
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Protocol

from crisisdesk.settings.places import Places

from tests.crash.checker import Checker
from tests.crash.engine_process import Door
from tests.crash.ledger import Ledger
from tests.crash.posters import Posters

POSTERS = 6
PROMISES = (10, 250)
JITTER_S = 0.02
LOAD_WITHIN_S = 20.0
# Now and then the engine is killed while it starts.
KILLED_AT_START = 0.1


@dataclass(slots=True)
class Result:
    """What a run has done and found."""

    kills: int = 0
    kills_at_start: int = 0
    door_s: list[float] = field(default_factory=list)
    ready_s: list[float] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)
    events: int = 0
    faults: list[str] = field(default_factory=list)
    took_s: float = 0.0

    def __str__(self) -> str:
        kinds = ", ".join(f"{n} {kind}" for kind, n in sorted(self.ledger.kinds.items()))
        ready = f"p50 {statistics.median(self.ready_s):.2f} s, max {max(self.ready_s):.2f} s"
        ready += (
            f" (the door of that after {self.door_s[self.ready_s.index(max(self.ready_s))]:.2f} s)"
        )
        return (
            f"{self.kills} kills under load and {self.kills_at_start} at start in "
            f"{self.took_s:.0f} s; {self.ledger.acked} acknowledged writes ({kinds}), "
            f"{self.ledger.unanswered} unanswered, {self.events} events; ready after {ready}; "
            f"{len(self.faults)} faults"
        )


class Engine(Protocol):
    """One start of an engine, by a test or by a desk."""

    places: Places
    door_s: float
    ready_s: float

    def wait_ready(self) -> Door:
        """Its door once it answers; sets ``door_s`` and ``ready_s``, seconds from its start."""

    def ended_within(self, seconds: float) -> bool:
        """Whether it ends within the time."""

    def kill(self) -> None:
        """``kill -9``."""

    def stop(self) -> int:
        """SIGTERM; its exit code."""


class CrashRun:
    """Kills the engine ``kills`` times on one data folder; stops early at the first fault.

    ``start`` brings the next engine; without ``start_kills`` none is killed before it answers.
    """

    def __init__(
        self,
        seed: int,
        start: Callable[[], Engine],
        *,
        reports_only: bool = False,
        start_kills: bool = True,
    ) -> None:
        self._start, self._reports_only = start, reports_only
        self._at_start = KILLED_AT_START if start_kills else 0.0
        self._dice = random.Random(seed)
        self._result = Result()
        self._moment = threading.Event()
        self._seed = seed

    def go(self, kills: int) -> Result:
        """Do it, and check everything once more after a clean stop at the end."""
        began, result = monotonic(), self._result
        posters = Posters(result.ledger, self._seed, POSTERS, reports_only=self._reports_only)
        checker: Checker | None = None
        engine = self._start()
        try:
            while True:
                engine = self._bring_up(engine)
                door = engine.wait_ready()
                result.ready_s.append(engine.ready_s)
                result.door_s.append(engine.door_s)
                checker = checker or Checker(engine.places.store, result.ledger)
                checker.look()
                result.faults = checker.faults + posters.errors
                if result.faults or result.kills == kills:
                    break
                result.ledger.next_cycle()
                posters.open(door)
                self._kill_under_load(engine, posters)
                posters.open(None)
                engine = self._start()
            assert engine.stop() == 0
            checker.look_at_all()
        finally:
            posters.end()
            if not engine.ended_within(0.0):
                engine.kill()
        result.events = checker.events
        result.faults = checker.faults + posters.errors
        result.took_s = monotonic() - began
        return result

    def _bring_up(self, engine: Engine) -> Engine:
        """The engine itself, or its successor when the dice kill it somewhere in its start."""
        if self._result.kills and self._dice.random() < self._at_start:
            engine.ended_within(self._dice.uniform(0.0, statistics.median(self._result.ready_s)))
            engine.kill()
            self._result.kills_at_start += 1
            return self._start()
        return engine

    def _kill_under_load(self, engine: Engine, posters: Posters) -> None:
        """Once a number of promises is given, and up to 20 ms later."""
        promises = self._dice.randint(*PROMISES)
        enough = self._result.ledger.wait_for(promises, LOAD_WITHIN_S)
        self._moment.wait(self._dice.uniform(0.0, JITTER_S))
        assert not engine.ended_within(0.0), "the engine ended by itself"
        engine.kill()
        assert enough, f"fewer than {promises} writes were answered: {posters.errors}"
        self._result.kills += 1

"""A run of faults on a real fleet: kills, broken roads and crashes of the hub while posters write.

Each station's engine is killed and started again by a thread of its own, so that they fall at any
moment of each other's lives; the roads to the hub and the hub itself break meanwhile.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from dataclasses import dataclass, field, fields
from time import monotonic

from tests.crash.checker import Checker
from tests.crash.engine_process import PRODUCT
from tests.crash.ledger import Write
from tests.fleet.stations import Station
from tests.postgres.proxy import Mode
from tests.reliability.fleet_posters import FleetPosters, Shared
from tests.reliability.real_fleet import RealFleet
from tests.reliability.tiers import scaled

POSTERS = 2
PROMISES = (5, 40)
LOAD_WITHIN_S = 60.0
KILLED_AT_START = 0.1
BREAKS = tuple(mode for mode in Mode if mode is not Mode.PASS)
BROKEN_S = (0.3, 4.0)
HUB_DOWN_S = (0.1, 2.0)
# At the end no station reaches the hub for so long; then they must be quick to find back.
LAST_CUT_S = scaled(8.0, 45.0)


@dataclass(slots=True, kw_only=True)
class Plan:
    """What a run shall do at least. ``entry`` is how the engines are started, ``jitter_s`` how long
    after a promise they are killed at most."""

    ops: int
    kills: int
    stops: int
    ops_per_break: int
    entry: tuple[str, ...] = PRODUCT
    reports_only: bool = False
    stop_at_fault: bool = False
    jitter_s: float = 0.02


@dataclass(slots=True)
class Tally:
    """What a run did. Times are in seconds after the faults stopped."""

    kills: int = 0
    kills_at_start: int = 0
    stops: int = 0
    breaks: Counter[str] = field(default_factory=Counter)
    replies_dropped: int = 0
    promised: int = 0
    unanswered: int = 0
    faults: list[str] = field(default_factory=list)
    equal_s: float = 0.0
    shown_s: float = 0.0
    took_s: float = 0.0

    def figures(self) -> dict[str, object]:
        """As JSON has it, with the number of faults and not their words."""
        rounded = {"equal_s": round(self.equal_s, 2), "shown_s": round(self.shown_s, 2)}
        counted = {"breaks": dict(self.breaks), "faults": len(self.faults)}
        lost = sum("writes are lost" in fault for fault in self.faults)
        whole = {one.name: getattr(self, one.name) for one in fields(self)}
        return whole | rounded | counted | {"lost": lost, "took_s": round(self.took_s, 1)}


class Life(threading.Thread):
    """One station's lives: start, load, ``kill -9``, look, start again, until all is done.

    Ends with its engine running and its posters pausing.
    """

    def __init__(self, run: Run, station: Station, posters: FleetPosters, seed: int) -> None:
        super().__init__(name=f"life of {station.name}")
        self._run_of, self._station, self._posters = run, station, posters
        self._dice = random.Random(seed)
        self._checker = Checker(station.places.store, posters.ledger)
        self.faults: list[str] = []

    def run(self) -> None:
        """Live."""
        try:
            while True:
                if not self._live():
                    break
        except Exception as error:
            self.faults.append(f"{self._station.name}: {error!r}")
            self._run_of.give_up()
        finally:
            self._posters.open(None)

    def _live(self) -> bool:
        station, posters = self._station, self._posters
        if station.door is None:
            self._bring_up()
        posters.ledger.next_cycle()
        posters.open(station.door)
        enough = self._loaded()
        self._run_of.moment.wait(self._dice.uniform(0.0, self._run_of.plan.jitter_s))
        if self._run_of.is_done or not enough:
            posters.open(None)
            self._look()
            assert enough or self._run_of.is_done, "its posters got no answers"
            return False
        if not self._run_of.take_kill():
            return True
        engine = station.engine
        assert engine is not None
        assert not engine.ended_within(0.0), "the engine ended by itself"
        station.kill()
        posters.open(None)
        self._look()
        return True

    def _loaded(self) -> bool:
        """Wait for some promises; whether they came, in pieces, since all may be done meanwhile."""
        promises = self._dice.randint(*PROMISES)
        end = monotonic() + LOAD_WITHIN_S
        while not self._run_of.is_done and monotonic() < end:
            if self._posters.ledger.wait_for(promises, 0.5):
                return True
        return False

    def _bring_up(self) -> None:
        if self._dice.random() < KILLED_AT_START:
            self._station.begin(self._run_of.plan.entry)
            engine = self._station.engine
            assert engine is not None
            engine.ended_within(self._dice.uniform(0.0, 2.0))
            engine.kill()
            self._run_of.count_start_kill()
        self._station.begin(self._run_of.plan.entry)
        self._station.wait_ready()

    def _look(self) -> None:
        """What this station has promised must be in its own file already."""
        self._checker.look()
        if self._checker.faults:
            self.faults = [f"{self._station.name}: {fault}" for fault in self._checker.faults]
            if self._run_of.plan.stop_at_fault:
                self._run_of.give_up()


class Run:
    """One run of faults on a fleet that has started."""

    def __init__(self, fleet: RealFleet, plan: Plan, seed: int) -> None:
        self.fleet, self.plan = fleet, plan
        self.moment = threading.Event()
        self.tally = Tally()
        self._dice = random.Random(seed)
        self._lock = threading.Lock()
        self.is_done = False
        self.faults_ended_at = 0.0
        shared = Shared()
        self.posters = [
            FleetPosters(
                station.name, seed + 100 * n, POSTERS, shared, reports_only=plan.reports_only
            )
            for n, station in enumerate(fleet.stations)
        ]
        self._lives = [
            Life(self, station, posters, seed + 7 * n)
            for n, (station, posters) in enumerate(zip(fleet.stations, self.posters, strict=True))
        ]

    @property
    def ops(self) -> int:
        """How many writes were promised so far."""
        return sum(posters.ledger.acked for posters in self.posters)

    @property
    def is_fulfilled(self) -> bool:
        """Whether all was done that the plan asks for, or there is no use in going on."""
        plan, tally = self.plan, self.tally
        kills, stops = tally.kills + tally.kills_at_start, tally.stops
        enough = kills >= plan.kills and stops >= plan.stops and self.ops >= plan.ops
        return self.is_done or enough

    def give_up(self) -> None:
        """End the run: something is wrong."""
        self.is_done = True

    def take_kill(self) -> bool:
        """Whether there is another kill to do; counts it."""
        with self._lock:
            if self.tally.kills + self.tally.kills_at_start >= self.plan.kills:
                return False
            self.tally.kills += 1
            return True

    def count_start_kill(self) -> None:
        """One engine was killed before it answered."""
        with self._lock:
            self.tally.kills_at_start += 1

    def go(self) -> Tally:
        """Do it all; comes back with all engines started and no poster writing."""
        began = monotonic()
        for life in self._lives:
            life.start()
        try:
            while not self.is_fulfilled:
                self._break_something()
            self._cut_all_off()
            self.is_done = True
            for life in self._lives:
                life.join(120)
                assert not life.is_alive(), f"the {life.name} does not end"
        finally:
            self.is_done = True
            for posters in self.posters:
                posters.end()
            for life in self._lives:
                life.join(120)
        self._sum_up()
        self.tally.took_s = monotonic() - began
        return self.tally

    def writes(self) -> list[Write]:
        """All that was tried at any station."""
        return [write for posters in self.posters for write in posters.kept.writes]

    def _sum_up(self) -> None:
        tally = self.tally
        tally.faults += [fault for life in self._lives for fault in life.faults]
        tally.faults += [words for posters in self.posters for words in posters.errors]
        tally.promised = self.ops
        tally.unanswered = sum(posters.ledger.unanswered for posters in self.posters)
        tally.replies_dropped = sum(road.dropped for road in self.fleet.roads)

    # -- what befalls the hub ------------------------------------------------------------------

    def _break_something(self) -> None:
        """One road, after some writes; or the hub itself, when its next end is due."""
        if self._stop_is_due():
            self._stop_hub()
            return
        road = self._dice.choice(self.fleet.roads)
        road.drop_reply(to=b"cd.push")
        breaks = self.tally.breaks
        mode = min(BREAKS, key=lambda mode: (breaks[mode.value], self._dice.random()))
        self._wait_for_ops(self.plan.ops_per_break)
        if self.is_fulfilled:
            return
        road.mode = mode
        self._wait(self._dice.uniform(*BROKEN_S))
        road.mode = Mode.PASS
        breaks[mode.value] += 1

    def _stop_is_due(self) -> bool:
        plan, tally = self.plan, self.tally
        share = (tally.kills + tally.kills_at_start) / max(plan.kills, 1)
        return tally.stops < plan.stops and share * (plan.stops + 1) >= tally.stops + 1

    def _stop_hub(self) -> None:
        self.fleet.server.stop_at_once()
        self._wait(self._dice.uniform(*HUB_DOWN_S))
        self.fleet.server.start()
        self.tally.stops += 1

    def _cut_all_off(self) -> None:
        """Every road in its own way, while all stations write on; then the faults are over."""
        for road, mode in zip(self.fleet.roads, self._dice.sample(BREAKS, 3), strict=True):
            road.mode = mode
        self._wait(LAST_CUT_S)
        for road in self.fleet.roads:
            road.mode = Mode.PASS
        self.faults_ended_at = monotonic()

    def _wait_for_ops(self, more: int) -> None:
        goal = self.ops + more
        while self.ops < goal and not self.is_fulfilled and not self._stop_is_due():
            self.moment.wait(0.05)

    def _wait(self, seconds: float) -> None:
        end = monotonic() + seconds
        while monotonic() < end and not self.is_done:
            self.moment.wait(0.05)

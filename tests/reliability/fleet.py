"""A fleet of stations and a hub in one thread, run by one seed: the same seed, the same history."""

from __future__ import annotations

import random
import shutil
import sqlite3
import tempfile
import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

import orjson

from crisisdesk.domain.canonical import use_parser
from crisisdesk.engine.commands import Command
from crisisdesk.engine.exchange import exchange

from tests.reliability.checker import check, contents
from tests.reliability.instead import Died, SimClock
from tests.reliability.memhub import Copy, MemHub
from tests.reliability.orders import ACTORS, Known, draw
from tests.reliability.rogue import Rogue
from tests.reliability.station import SimStation, make_template
from tests.reliability.tiers import ROOT
from tests.reliability.way import Way

START_MS = 1_770_861_902_000
YEAR_MS = 365 * 86_400_000
HEAL_ROUNDS = 2
COPIES_KEPT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """How often what goes wrong, as a share of all steps."""

    crash: float = 0.0285
    full_disk: float = 0.005
    flip: float = 0.02
    jump: float = 0.01
    restore: float = 0.0015
    copy: float = 0.01
    roll_back: float = 0.002
    lossy: float = 0.05
    spoils: float = 0.05
    exchange: float = 0.16
    longest_jump_ms: int = 10 * YEAR_MS
    # Steps in the same millisecond as the one before, and how many conditions sources report.
    still: float = 0.25
    alerts: int = 24


@dataclass(slots=True)
class Result:
    """What one seed did and what was wrong at its end."""

    seed: int
    stations: int
    steps: int
    seen: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    history: str = ""


class BrokenFleet(AssertionError):
    """A seed that went wrong: how to run it again, and what was wrong."""


def fast_folder() -> Path:
    """Where the simulated disks are: memory, where the system offers it."""
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="fleet-", dir=memory if memory.is_dir() else None))


@contextmanager
def disks() -> Iterator[Path]:
    """A folder for many fleets, with the template of a station's file in it."""
    folder = fast_folder()
    # As the product reads its bytes.
    use_parser(orjson.loads)
    try:
        make_template(folder)
        yield folder
    finally:
        use_parser(None)
        shutil.rmtree(folder)


class Fleet:
    """Stations, their ways to the hub, and all that befalls them."""

    def __init__(self, disk: Path, seed: int, stations: int, weather: Weather) -> None:
        self.seed = seed
        self.weather = weather
        self.chance = random.Random(seed)
        self.now_ms = START_MS
        self.seen: Counter[str] = Counter()
        self.history: deque[str] = deque(maxlen=20_000)
        self.hub = MemHub(lambda: self.now_ms)
        self.rogue = Rogue()
        self.rogue.write_to(self.hub)
        self.copies: deque[Copy] = deque([self.hub.copy()], COPIES_KEPT)
        # In which of its lives the copy was made, and the copy.
        self.files: dict[str, tuple[int, dict[Path, bytes]]] = {}
        self.known = Known(alerts=weather.alerts)
        self.folder = disk / f"seed-{seed}-{stations}"
        self.stations = [self._station(disk, n) for n in range(stations)]
        self.ways = {s.name: self._way() for s in self.stations}

    def _station(self, disk: Path, number: int) -> SimStation:
        clock = SimClock(lambda: self.now_ms)
        chance = random.Random(self.chance.getrandbits(64))
        return SimStation(self.folder, disk / "template.db", f"st{number}", chance, clock)

    def _way(self) -> Way:
        chance = random.Random(self.chance.getrandbits(64))
        way = Way(self.hub, chance, self.seen, self._pass)
        way.lossy, way.spoils = self.weather.lossy, self.weather.spoils
        return way

    def _pass(self, ms: int) -> None:
        self.now_ms += ms

    # -- one step ----------------------------------------------------------------------------

    def step(self) -> None:
        """One thing happens somewhere."""
        chance, w = self.chance, self.weather
        if chance.random() >= w.still:
            self.now_ms += chance.choice((1, 40, 700, 9_000, 60_000))
        station = chance.choice(self.stations)
        fate = chance.random()
        for share, act in (
            (w.crash, self._crash),
            (w.full_disk, self._fill_disk),
            (w.flip, self._flip),
            (w.jump, self._jump),
            (w.restore, self._restore),
            (w.copy, self._copy),
            (w.roll_back, self._roll_back),
            (w.exchange, self._exchange),
        ):
            if fate < share:
                act(station)
                return
            fate -= share
        self._work(station)

    def draw(self, _station: SimStation) -> Command:
        """What an operator or a source asks of this station next."""
        return draw(self.chance, self.known)

    def _work(self, station: SimStation) -> None:
        orders = [self.draw(station) for _ in range(self.chance.choice((1, 1, 1, 3)))]
        self._say(station, " + ".join(type(o).__name__ for o in orders))
        replies = station.ask(*orders, actor=self.chance.choice(ACTORS))
        for order, reply in zip(orders, replies, strict=True):
            if reply.error is None:
                self.known.learn(order, reply.result)

    def _exchange(self, station: SimStation) -> None:
        chance, way = self.chance, self.ways[station.name]
        if chance.random() < 0.2:
            self._say(station, "hand over")
            station.hand_over(way)
            return
        stop = chance.randrange(1, 6) if chance.random() < 0.1 else 0
        beside = [self.draw(station) for _ in range(chance.choice((0, 0, 1, 2)))]
        way.spoilt = False
        done = station.exchange(way, beside, stop)
        self._say(station, f"exchange {'done' if done else 'away'} {station.last.pushed} up")
        if done and not way.spoilt:
            station.books.refusals += self.unexpected(station)

    def unexpected(self, station: SimStation) -> list[str]:
        """Why origins were held back at the last exchange, that of the rogue left out."""
        return [why for o, why in station.last.held_back.items() if o != self.rogue.origin]

    def _crash(self, station: SimStation) -> None:
        how = self.chance.randrange(4)
        self._say(station, f"crash {how}")
        try:
            if how:
                station.fail_at(self.chance.randrange(1, 14))
                if how < 3:
                    self._work(station)
                else:
                    station.exchange(self.ways[station.name])
                station.crash()
            else:
                station.crash()
        except Died:
            self.seen["deaths inside a group"] += 1
            station.crash()

    def _fill_disk(self, station: SimStation) -> None:
        self.seen["full disks"] += 1
        self._say(station, "disk full")
        station.fail_at(self.chance.randrange(1, 10), sqlite3.OperationalError)
        if self.chance.random() < 0.5:
            self._work(station)
        else:
            station.exchange(self.ways[station.name])
        station.fails_no_more()

    def _flip(self, station: SimStation) -> None:
        way = self.ways[station.name]
        way.up = not way.up
        self.seen["partition flips"] += 1
        self._say(station, f"way {'up' if way.up else 'cut'}")

    def _jump(self, station: SimStation) -> None:
        clock, most = station.clock, self.weather.longest_jump_ms
        self.seen["clock jumps"] += 1
        if clock.stands_at is None and self.chance.random() < 0.2:
            clock.stands_at = clock.now_ms()
        else:
            clock.stands_at = None
            # Small errors and wild ones alike, so that some jumps go back over a few events only.
            clock.off_ms = int(self.chance.choice((0, 5_000, 3_600_000, most)) * _sign(self.chance))
        self._say(station, f"clock off by {clock.off_ms} ms, stands: {clock.stands_at is not None}")

    def _copy(self, station: SimStation) -> None:
        self.copies.append(self.hub.copy())
        self.files[station.name] = (station.lives, station.copy_file())

    def _roll_back(self, station: SimStation) -> None:
        """An older copy of its file is put back; what only this disk held is lost by that.

        It hears from the hub at once, as a station does at its start. Whether the note beside the
        file went back as well it cannot see alone, nor that the copy is one of this very run; the
        hub shows both, while it has that log whole.
        """
        if station.name not in self.files:
            return
        life, image = self.files[station.name]
        mark = self.hub.heads().get(station.origin)
        shown = mark is not None and mark == station.log.marks().get(station.origin)
        if life == station.lives and not shown:
            return
        whole = shown and self.chance.random() < 0.5
        self.seen["stations rolled back"] += 1
        self._say(station, f"rolled back, {'whole' if whole else 'the file alone'}")
        held = contents(station.path)
        ids = (UUID(int=self.chance.getrandbits(128)) for _ in count())
        with patch("uuid.uuid4", lambda: next(ids)):
            station.roll_back(image, whole=whole)
            station.exchange(self.hub)
        self._forget(station, held - contents(station.path))

    def _forget(self, station: SimStation, gone: set[bytes]) -> None:
        """What no disk holds any more, nobody can be blamed for having lost."""
        for other in self.stations:
            if other is not station:
                gone -= contents(other.path)
        for each in self.stations:
            for content in gone & each.books.acknowledged.keys():
                del each.books.acknowledged[content]
                self.seen["acknowledged events lost with a disk"] += 1

    def _restore(self, station: SimStation) -> None:
        self.hub.set_back(self.chance.choice(self.copies))
        self.seen["hub restores"] += 1
        self._say(station, "hub set back")

    def _say(self, station: SimStation, what: str) -> None:
        self.history.append(f"{self.now_ms} {station.name} {what}")

    # -- the end -----------------------------------------------------------------------------

    def heal(self) -> list[str]:
        """Faults stop; after a bounded number of exchanges nothing may be left to exchange."""
        for station in self.stations:
            self.ways[station.name].heal()
            station.clock.stands_at = None
        for _ in range(HEAL_ROUNDS):
            for station in self.stations:
                station.exchange(self.ways[station.name])
        wrong = []
        for station in self.stations:
            done = station.exchange(self.ways[station.name])
            last = station.last
            if not done or last.pushed or last.pulled:
                wrong.append(f"{station.name}: not done after {HEAL_ROUNDS} exchanges: {last}")
            if held := self.unexpected(station):
                wrong.append(f"{station.name}: wedged: {held}")
        return wrong

    def close(self) -> None:
        """Let go of every file and remove it."""
        for station in self.stations:
            station.close()
        shutil.rmtree(self.folder)


def _sign(chance: random.Random) -> float:
    return chance.uniform(-1, 1)


@contextmanager
def small_batches(seed: int) -> Iterator[None]:
    """Batches of one, a few or the usual many events, so that runs of events are split anywhere."""
    sizes = random.Random(seed)
    small: dict[str, Any] = {"PUSH_EVENTS": sizes.choice((1, 7, 500))}
    small["PULL_EVENTS"] = sizes.choice((5, 5_000))
    with patch.multiple(exchange, **small):
        yield


def run(
    disk: Path,
    seed: int,
    stations: int,
    steps: int,
    weather: Weather | None = None,
    play: Callable[[Fleet, int], list[str]] | None = None,
    kind: type[Fleet] = Fleet,
) -> Result:
    """Run one seed to its end and say what was wrong, in a result that is never an exception."""
    result = Result(seed=seed, stations=stations, steps=steps)
    fleet = kind(disk, seed, stations, weather or Weather())
    try:
        with small_batches(seed):
            result.wrong = (play or play_out)(fleet, steps)
    except Exception as error:
        result.wrong = [f"{type(error).__name__}: {error}"]
        fleet.history.extend(traceback.format_exc().splitlines())
    finally:
        result.seen = fleet.seen + sum((s.seen for s in fleet.stations), Counter())
        result.seen["events"] = sum(s.books.replies for s in fleet.stations)
        result.kinds = sum((s.kinds for s in fleet.stations), Counter())
        result.history = "\n".join(fleet.history)
        fleet.close()
    return result


def play_out(fleet: Fleet, steps: int) -> list[str]:
    """So many steps, then healing, then the check."""
    for _ in range(steps):
        fleet.step()
    return fleet.heal() or check(fleet.stations, fleet.hub, fleet.rogue)


def keep(result: Result) -> Path:
    """Write a failing seed's history where it can be looked at."""
    folder = ROOT / "artefacts" / "fleet"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"seed-{result.seed}-{result.stations}x{result.steps}.txt"
    path.write_text("\n".join([*result.wrong, "", result.history]), encoding="utf-8")
    return path


def must_hold(result: Result) -> None:
    """Raise for a seed that went wrong, with all that is needed to run it again."""
    if result.wrong:
        again = f"run(disk, {result.seed}, {result.stations}, {result.steps})"
        path = keep(result)
        told = "\n".join(result.wrong[:8])
        raise BrokenFleet(f"seed {result.seed}: {again}; history in {path.name}\n{told}")

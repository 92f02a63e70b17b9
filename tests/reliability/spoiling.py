"""A station that was at work, ways to spoil its files, and what must stand there afterwards."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from crisisdesk.domain.event import Stored
from crisisdesk.engine.clock import ManualClock
from crisisdesk.engine.policy import Policy
from crisisdesk.store.backup import BackupKeeper
from crisisdesk.store.durable import side
from crisisdesk.store.files import reading_connection
from crisisdesk.store.mending import Aid
from crisisdesk.store.opening import open_station
from crisisdesk.store.spool import SPOOL_NAME, UnpushedSpool

from tests.store.workload import START, Station

DB = "station.db"
PAGE = 4096


def aid_of(folder: Path, *, spool: bool = True, has_hub: bool = True) -> Aid:
    """What the station in this folder can be brought back with."""
    return Aid(
        backups=folder / "backups",
        now_ms=START + 3_600_000,
        spool=UnpushedSpool(folder / SPOOL_NAME) if spool else None,
        has_hub=has_hub,
    )


class AidedStation(Station):
    """A station with its spool, as one with a hub has it."""

    def __init__(self, folder: Path, aid: Aid, seed: int = 1) -> None:
        self.path = folder / DB
        self.policy = Policy()
        self.now_ms = START
        self.random = random.Random(seed)
        self.opened = open_station(self.path, aid)
        self.journal = self.opened.journal
        self._fresh_bench()


def events_of(path: Path) -> list[Stored]:
    """The whole log, in the order of positions."""
    sql = "SELECT origin, seq, raw, body, salt, hash FROM event ORDER BY pos"
    with closing(reading_connection(path)) as raw:
        return [
            Stored(origin=o, seq=s, raw=e, body=b, salt=t, hash=h)
            for o, s, e, b, t, h in raw.execute(sql)
        ]


@dataclass(frozen=True, slots=True)
class Base:
    """A station's folder as it was found, its log, and how much of it the hub has."""

    folder: Path
    events: list[Stored]
    pushed: int

    @property
    def unpushed(self) -> list[Stored]:
        """Acknowledged, and nowhere else."""
        return self.events[self.pushed :]

    def copy_to(self, folder: Path) -> Path:
        """Another folder with the same files, told that they are the very ones."""
        shutil.copytree(self.folder, folder)
        beside = folder / f"{DB}.origin"
        said = json.loads(beside.read_text())
        said["file"] = (folder / DB).stat().st_ino
        beside.write_text(json.dumps(said))
        return folder / DB


def make_base(folder: Path, *, clean: bool, alerts: int = 60) -> Base:
    """A station with a copy from the middle of its work; ended cleanly, or found as it ran."""
    running = folder / "running"
    aid = aid_of(running)
    station = AidedStation(running, aid)
    for n in range(alerts // 4):
        station.fire(1, first=n)
    pushed_at = station.journal.head()
    station.work_at_random(alerts)
    BackupKeeper(station.path, running / "backups", ManualClock(station.now_ms)).back_up()
    station.work_at_random(alerts)
    pushed = station.journal.head()
    assert aid.spool is not None
    aid.spool.trim({pushed.origin: pushed.seq})
    assert pushed.seq > pushed_at.seq
    # Most of it into the file, the rest in the log beside it, as it is with an engine at work.
    station.journal._connected().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    station.work_at_random(alerts)
    if clean:
        station.close()
    found = folder / "found"
    shutil.copytree(running, found, ignore=shutil.ignore_patterns("*-shm", "engine.lock"))
    if not clean:
        station.close()
    base = Base(found, events_of(station.path), pushed.seq)
    shutil.rmtree(running)
    assert side(found / DB, "-wal").exists() is not clean
    return base


def _any_file(path: Path, chance: random.Random) -> Path:
    files = [f for f in (path, side(path, "-wal")) if f.exists() and f.stat().st_size]
    return chance.choice(files)


def flip_bits(path: Path, chance: random.Random) -> str:
    """One to eight bits, anywhere in one of the files."""
    file = _any_file(path, chance)
    data = bytearray(file.read_bytes())
    bits = [chance.randrange(len(data) * 8) for _ in range(chance.randint(1, 8))]
    for bit in bits:
        data[bit // 8] ^= 1 << (bit % 8)
    file.write_bytes(data)
    return f"bits {bits} of {file.name}"


def zero_pages(path: Path, chance: random.Random) -> str:
    """One to four whole pages."""
    file = _any_file(path, chance)
    data = bytearray(file.read_bytes())
    pages = [chance.randrange(max(1, len(data) // PAGE)) for _ in range(chance.randint(1, 4))]
    for page in pages:
        data[page * PAGE : (page + 1) * PAGE] = bytes(len(data[page * PAGE : (page + 1) * PAGE]))
    file.write_bytes(data)
    return f"zero pages {pages} of {file.name}"


def cut_off(path: Path, chance: random.Random) -> str:
    """The end of one file is gone; now and then all of it."""
    file = _any_file(path, chance)
    size = chance.choice((0, chance.randrange(file.stat().st_size)))
    with file.open("r+b") as open_file:
        open_file.truncate(size)
    return f"{file.name} ends at {size}"


def lose_file(path: Path, chance: random.Random) -> str:
    """The log beside the file is gone; where there is none, the file is."""
    wal = side(path, "-wal")
    file = wal if wal.exists() and chance.random() < 0.8 else path
    file.unlink()
    return f"{file.name} is gone"


DAMAGES: tuple[Callable[[Path, random.Random], str], ...] = (
    flip_bits,
    flip_bits,
    zero_pages,
    cut_off,
    lose_file,
)

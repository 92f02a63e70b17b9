"""R18: a disk that fills up at any point: commands are refused in words, nothing acked is lost,
and seconds after there is room again the next one is kept, without a restart."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import pytest

from crisisdesk.engine import commands as c
from crisisdesk.engine.clock import SystemClock
from crisisdesk.engine.committer import Committer
from crisisdesk.engine.policy import Policy
from crisisdesk.engine.ports import StoreFailed
from crisisdesk.store.ballast import Ballast
from crisisdesk.store.chain import verify_log
from crisisdesk.store.mending import Aid
from crisisdesk.store.opening import open_station
from crisisdesk.store.spool import SPOOL_NAME, UnpushedSpool

from tests.reliability.spoiling import DB, events_of
from tests.reliability.tiers import record, scaled
from tests.store.workload import signal

DISK_MIB = 16
KIB = 1024
POINTS = scaled(40, 500)
# Generous for a busy machine; what it took is recorded.
RECOVERED_WITHIN_S = 30.0


def mount(place: Path) -> str:
    """Mount a small disk in memory; why it could not be, in words."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "only root on Linux may mount a small disk"
    ran = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "tmpfs", str(place)],
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.stderr.strip()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 16 MiB, given back when the test ends."""
    place = tmp_path / "disk"
    place.mkdir()
    if why := mount(place):
        pytest.skip(f"no small disk: {why}")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


pytestmark = [
    pytest.mark.serial,
    pytest.mark.anyio,
    pytest.mark.timeout(1200),
    pytest.mark.allow_log("the store did not keep a group"),
    pytest.mark.allow_log("the disk is full: the reserve"),
    pytest.mark.allow_log("the second copy of un-pushed events cannot be kept"),
    pytest.mark.allow_log("the ballast could not be laid"),
    pytest.mark.allow_log("the log could not be moved"),
    pytest.mark.allow_log("the store could not be opened again"),
    pytest.mark.allow_log("the file could not be marked as closed"),
]


@dataclass
class Tally:
    """What came of all fill points."""

    points: int = 0
    acked: int = 0
    refused: int = 0
    after_ballast: int = 0
    lost: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    recovered_s: list[float] = field(default_factory=list)


class Post:
    """A committer on a small disk, with spool and ballast, and what it has promised."""

    def __init__(self, folder: Path, ballast_kib: int = 512) -> None:
        self.path = folder / DB
        self.ballast = Ballast(folder, size=ballast_kib * KIB, reserve=1024 * KIB, full=64 * KIB)
        aid = Aid(
            backups=folder / "backups",
            now_ms=SystemClock().now_ms(),
            spool=UnpushedSpool(folder / SPOOL_NAME),
            has_hub=True,
            ballast=self.ballast,
        )
        self.ballast.look()
        journal = open_station(self.path, aid).journal
        self.committer = Committer(journal, SystemClock(), Policy(), os.urandom)
        self.promised: set[str] = set()
        self._number = 0

    async def fire(self) -> str:
        """One alert; its id once promised, else the engine's words."""
        self._number += 1
        command = c.TakeIn(signals=[signal(self._number)])
        try:
            [alert_id] = await self.committer.submit(command, "source:test")
        except StoreFailed as error:
            return str(error)
        self.promised.add(alert_id)
        return ""

    def missing(self) -> set[str]:
        """Promised alerts that no event in the log tells of."""
        told = {raw.partition(b'"agg":"')[2].partition(b'"')[0].decode() for raw in self._raws()}
        return self.promised - told

    def _raws(self) -> list[bytes]:
        return [event.raw for event in events_of(self.path)]


def fill(folder: Path, leave: int) -> Path:
    """Write a file that leaves that many bytes free."""
    file = folder / "filler"
    with file.open("wb") as out:
        size = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize - leave
        with contextlib.suppress(OSError):
            os.posix_fallocate(out.fileno(), 0, max(1, size))
    return file


async def at_one_point(disk: Path, leave: int, tally: Tally) -> None:
    """Fill the disk but for ``leave`` bytes, work until it is full, make room, and go on."""
    folder = disk / "station"
    folder.mkdir()
    post = Post(folder)
    post.committer.start()
    where = f"{leave} bytes left"
    try:
        for _ in range(5):
            assert await post.fire() == ""
        filler = fill(disk, leave)
        await until_full(post, tally, where)
        filler.unlink()
        begun = monotonic()
        while words := await post.fire():
            tally.refused += 1
            if monotonic() - begun > RECOVERED_WITHIN_S:
                tally.faults.append(f"{where}: still refused: {words}")
                return
            await asyncio.sleep(0.02)
        tally.recovered_s.append(monotonic() - begun)
        post.ballast.look()
        if not post.ballast.is_there or post.ballast.problem.startswith("the disk is full"):
            tally.faults.append(f"{where}: {post.ballast.problem or 'no ballast'}")
    finally:
        await post.committer.stop()
    tally.points += 1
    tally.acked += len(post.promised)
    if missing := post.missing():
        tally.lost.append(f"{where}: {len(missing)} of {len(post.promised)}")
    if verify_log(post.path).first_bad is not None:
        tally.faults.append(f"{where}: {verify_log(post.path).in_words}")


async def until_full(post: Post, tally: Tally, where: str) -> None:
    """Until a group is refused although the ballast is gone; that the ballast helped is noted."""
    gave_up = False
    for _ in range(5_000):
        words = await post.fire()
        if words and "disk is full" not in words and "refusing" not in words:
            tally.faults.append(f"{where}: refused as {words!r}")
        if words:
            tally.refused += 1
            if gave_up:
                return
        elif gave_up:
            tally.after_ballast += 1
        gave_up = gave_up or not post.ballast.is_there
    tally.faults.append(f"{where}: the disk never filled up")


def clear(disk: Path) -> None:
    for entry in disk.iterdir():
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_a_disk_that_fills_up_anywhere(disk: Path) -> None:
    tally = Tally()
    seed = secrets.randbits(32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    for n in range(POINTS):
        leave = n * 4 * KIB // 2 + chance.randrange(8 * KIB)
        await at_one_point(disk, leave, tally)
        clear(disk)
    slowest = max(tally.recovered_s, default=-1.0)
    record(
        "R18 disk full",
        points=tally.points,
        acked=tally.acked,
        refused=tally.refused,
        kept_after_ballast=tally.after_ballast,
        acked_lost=len(tally.lost),
        faults=len(tally.faults),
        slowest_recovery_s=round(slowest, 3),
    )
    assert tally.lost == []
    assert tally.faults == []
    assert tally.points == POINTS
    assert tally.refused >= POINTS
    assert tally.after_ballast > 0


async def test_promises_that_a_full_disk_breaks_are_caught(disk: Path) -> None:
    """The control: an engine that takes a refusal for a promise must show as lost."""
    folder = disk / "station"
    folder.mkdir()
    post = Post(folder)
    post.committer.start()
    try:
        await post.fire()
        fill(disk, 0)
        post.ballast.give_up()
        for n in range(5_000):
            if await post.fire():
                post.promised.add(f"A-PROMISED{n}")
                break
    finally:
        await post.committer.stop()
    assert len(post.missing()) == 1

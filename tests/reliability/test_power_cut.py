"""R3: whatever a power cut leaves on the disk, every acknowledged event is there and nothing bad.

A kill shows nothing of this, for the page cache outlives the process. So the calls of a real writer
are traced, and the contents a disk may have after a cut anywhere between them are made and opened.
"""

from __future__ import annotations

import json
import random
import secrets
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from crisisdesk.domain.event import Stored
from crisisdesk.engine.ports import StoreFailed
from crisisdesk.store.opening import open_station
from crisisdesk.store.spool import SPOOL_NAME, read_spool

from tests.reliability.cuts import Disk
from tests.reliability.spoiling import DB, AidedStation, aid_of, events_of
from tests.reliability.tiers import record, scaled
from tests.reliability.tracing import Call, calls_of, traced, why_not

pytestmark = [
    pytest.mark.serial,
    pytest.mark.timeout(1200),
    pytest.mark.allow_log("station.db"),
    pytest.mark.allow_log("no good copy to restore"),
    pytest.mark.allow_log("the station gets a new id"),
    pytest.mark.skipif(bool(why_not()), reason=why_not()),
]

IMAGES = scaled(1_500, 10_000)
GROUPS = 60


@dataclass
class Tally:
    """What the images held."""

    images: int = 0
    lost: list[str] = field(default_factory=list)
    corrupt: list[str] = field(default_factory=list)
    spool_short: list[str] = field(default_factory=list)


@dataclass
class Traced:
    """A writer's folder before and its calls, and the log it had in the end."""

    before: Path
    folder: Path
    calls: list[Call]
    events: list[Stored]


def trace_writer(folder: Path, *mode: str) -> Traced:
    """Let a writer work on a station that has some events already."""
    work = folder / "work"
    AidedStation(work, aid_of(work)).close()
    before = folder / "before"
    shutil.copytree(work, before)
    said = traced(work, GROUPS, secrets.randbits(30), folder / "trace", *mode)
    assert said[0] == "opened"
    assert len([line for line in said if line.startswith("ack ")]) == GROUPS
    return Traced(before, work, list(calls_of(folder / "trace")), events_of(work / DB))


def cut_everywhere(made: Traced, images: int, room: Path, seed: int) -> Tally:
    """Cut at random calls and open what is left."""
    chance = random.Random(seed)
    places = sorted(chance.choices(range(len(made.calls) + 1), k=images))
    disk = Disk(made.before)
    disk.folder = made.folder
    tally, done = Tally(), 0
    for place in places:
        while done < place:
            disk.take(made.calls[done])
            done += 1
        check_image(disk, made.events, chance, room, tally, f"seed {seed}, before call {place}")
    return tally


def check_image(
    disk: Disk, events: list[Stored], chance: random.Random, room: Path, tally: Tally, where: str
) -> None:
    """Open one image as the next start does, without its second copy; then look at that."""
    room.mkdir()
    for name, data in disk.cut(chance).items():
        (room / name).write_bytes(data)
    keep_its_name(room)
    tally.images += 1
    acked = {(e.seq, e.hash) for e in events[: disk.acked]}
    try:
        opened = open_station(room / DB, aid_of(room, spool=False))
        opened.journal.close()
        if opened.recovered:
            tally.corrupt.append(f"{where}: {opened.recovered}")
        kept = {(e.seq, e.hash) for e in events_of(room / DB)}
        if not acked <= kept:
            tally.lost.append(f"{where}: {len(acked - kept)} of {len(acked)}")
    except StoreFailed as error:
        tally.corrupt.append(f"{where}: {error}")
    second = {(e.seq, e.hash) for e in read_spool(room / SPOOL_NAME)}
    if not acked <= second:
        tally.spool_short.append(f"{where}: {len(acked - second)} of {len(acked)}")
    shutil.rmtree(room)


def keep_its_name(room: Path) -> None:
    """An image is the very file, not a copy of it: the note beside names it by its inode."""
    beside = room / f"{DB}.origin"
    if beside.exists() and beside.stat().st_size and (room / DB).exists():
        said = json.loads(beside.read_text())
        said["file"] = (room / DB).stat().st_ino
        beside.write_text(json.dumps(said))


def test_a_power_cut_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    seed = secrets.randbits(32)
    print(f"seed {seed}")
    made = trace_writer(tmp_path)
    tally = cut_everywhere(made, IMAGES, tmp_path / "image", seed)
    record(
        "R3 power cut",
        images=tally.images,
        calls=len(made.calls),
        events=len(made.events),
        acked_lost=len(tally.lost),
        corrupt=len(tally.corrupt),
        spool_short=len(tally.spool_short),
    )
    assert tally.lost == []
    assert tally.corrupt == []
    assert tally.spool_short == []


def test_a_writer_that_does_not_wait_for_the_disk_is_caught(tmp_path: Path) -> None:
    """The control: the same cuts must show what synchronous=NORMAL loses."""
    seed = secrets.randbits(32)
    print(f"seed {seed}")
    made = trace_writer(tmp_path, "normal")
    tally = cut_everywhere(made, scaled(200, 1_000), tmp_path / "image", seed)
    record("R3 control synchronous=NORMAL", images=tally.images, acked_lost=len(tally.lost))
    assert tally.lost

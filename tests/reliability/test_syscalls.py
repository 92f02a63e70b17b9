"""R4: a writer killed at its n-th call, refused room, told of a broken disk: nothing acked is lost.

strace puts the error in the way of a real process; what it says is what an engine would answer.
"""

from __future__ import annotations

import itertools
import re
import secrets
import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from crisisdesk.engine.ports import StoreFailed
from crisisdesk.store.opening import open_station
from crisisdesk.store.spool import SPOOL_NAME, read_spool

from tests.reliability.spoiling import DB, AidedStation, aid_of, events_of
from tests.reliability.tiers import record, scaled
from tests.reliability.tracing import traced, why_not

pytestmark = [
    pytest.mark.serial,
    pytest.mark.timeout(1200),
    pytest.mark.allow_log("station.db"),
    pytest.mark.skipif(bool(why_not()), reason=why_not()),
]

RUNS = scaled(60, 600)
GROUPS = 25
FLUSH = "fdatasync"
_CALL = re.compile(r"^\d+\s+(pwrite64|fdatasync)\(\d+<([^>]*)>")


@dataclass
class Tally:
    """What came of all runs."""

    runs: int = 0
    acked: int = 0
    injected: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    corrupt: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """A station that has started once."""
    folder = tmp_path / "before"
    AidedStation(folder, aid_of(folder)).close()
    return folder


def calls_made(before: Path, room: Path) -> dict[str, int]:
    """How often an undisturbed run makes each call."""
    shutil.copytree(before, room)
    traced(room, GROUPS, 1, room / "trace")
    text = (room / "trace").read_text()
    shutil.rmtree(room)
    return {name: len(re.findall(rf"^\d+\s+{name}\(", text, re.MULTILINE)) for name in KINDS}


KINDS = ("pwrite64", FLUSH)
WAYS = {
    "kill at pwrite64": ("pwrite64", "signal=SIGKILL"),
    "kill at fdatasync": ("fdatasync", "signal=SIGKILL"),
    "no room": ("pwrite64", "error=ENOSPC"),
    "broken disk": ("fdatasync", "error=EIO"),
}


def hexed(text: str) -> str:
    """A path as strace -xx writes it."""
    return bytes.fromhex(text.replace("\\x", "")).decode() if text.startswith("\\x") else text


def try_one(before: Path, room: Path, way: str, at: int, tally: Tally) -> None:
    """One run with the error at the ``at``-th call; open what it left, and compare."""
    call, what = WAYS[way]
    shutil.copytree(before, room)
    trace = room / "trace"
    said = traced(room, GROUPS, 1, trace, "-e", f"inject={call}:{what}:when={at}")
    tally.runs += 1
    where = f"{way} {at}"
    acked = max((int(line.split()[1]) for line in said if line.startswith("ack ")), default=0)
    tally.acked += acked
    hit, owed = injected(trace.read_text())
    tally.injected.update(hit if "error" in what else ["killed"])
    told = [line for line in said if line.startswith(("refused ", "problem "))]
    if "error" in what and owed and "opened" in said and not told:
        tally.silent.append(f"{where} on {hit}: {said[-1:]}")
    check(room, acked, where, tally)
    shutil.rmtree(room)


def injected(trace: str) -> tuple[list[str], bool]:
    """The files whose calls failed, and whether somebody has to be told of it.

    That is when a group or the second copy was not kept. Moving the log into the file may fail
    unseen, with the flush of the (already flushed) log that begins it: it is moved again later.
    """
    hit: list[str] = []
    owed, unflushed = False, False
    for line in trace.splitlines():
        found = _CALL.match(line)
        if found is None:
            continue
        call, name = found[1], Path(hexed(found[2])).name
        if "(INJECTED)" in line:
            hit.append(name)
            mine = name == SPOOL_NAME or (name.endswith("-wal") and (call != FLUSH or unflushed))
            owed = owed or mine
        elif name.endswith("-wal"):
            unflushed = call == "pwrite64"
    return hit, owed


def check(room: Path, acked: int, where: str, tally: Tally) -> None:
    """The next start, without the second copy; then what that holds."""
    second = {e.seq for e in read_spool(room / SPOOL_NAME)}
    try:
        opened = open_station(room / DB, aid_of(room, spool=False))
    except StoreFailed as error:
        tally.corrupt.append(f"{where}: {error}")
        return
    opened.journal.close()
    if opened.recovered:
        tally.corrupt.append(f"{where}: {opened.recovered}")
    kept = {e.seq for e in events_of(room / DB)}
    wanted = set(range(1, acked + 1))
    if not wanted <= kept:
        tally.lost.append(f"{where}: {len(wanted - kept)} of {acked}")
    if not wanted <= second | kept:
        tally.lost.append(f"{where}: nowhere {len(wanted - second)} of {acked}")


def test_errors_at_every_call_lose_nothing_and_are_told(before: Path, tmp_path: Path) -> None:
    counts = calls_made(before, tmp_path / "counted")
    tally = Tally()
    each = RUNS // len(WAYS)
    for way, n in itertools.product(WAYS, range(each)):
        calls = counts[WAYS[way][0]]
        at = 1 + (n * calls) // each + secrets.randbelow(max(1, calls // each))
        try_one(before, tmp_path / "run", way, min(at, calls), tally)
    record(
        "R4 system calls",
        runs=tally.runs,
        acked=tally.acked,
        injected=dict(tally.injected),
        acked_lost=len(tally.lost),
        corrupt=len(tally.corrupt),
        silent=len(tally.silent),
    )
    assert tally.lost == []
    assert tally.corrupt == []
    assert tally.silent == []
    assert tally.acked > tally.runs


def test_an_ack_that_nothing_was_kept_for_is_caught(before: Path, tmp_path: Path) -> None:
    """The control: a promise of one event more than was made must show as lost."""
    room = tmp_path / "run"
    shutil.copytree(before, room)
    said = traced(room, GROUPS, 1, room / "trace")
    acked = max(int(line.split()[1]) for line in said if line.startswith("ack "))
    tally = Tally()
    check(room, acked + 1, "control", tally)
    assert len(tally.lost) == 2

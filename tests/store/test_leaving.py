"""Leaving an origin loses nothing, wherever the power is cut on the way."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crisisdesk.domain.event import unseal
from crisisdesk.engine import commands as c
from crisisdesk.engine.exchange.ports import Mark
from crisisdesk.engine.ports import StoreFailed
from crisisdesk.store import incarnation
from crisisdesk.store.chain import verify_log
from crisisdesk.store.files import reading_connection, writing_connection
from crisisdesk.store.leaving import leave_origin, leave_own
from crisisdesk.store.rebuild import compare

from tests.store.workload import Station

Said = tuple[str, str, str, str, int, int, tuple[str, ...], bytes]


def told(path: Path) -> list[Said]:
    """What every event says, in the order of the log, whatever its number."""
    with closing(reading_connection(path)) as raw:
        rows = raw.execute("SELECT raw, body FROM event ORDER BY hlc, origin, seq").fetchall()
    found = []
    for envelope, body in rows:
        e = unseal(envelope, body)
        found.append((e.id, e.agg, e.kind, e.actor, e.wall_ms, e.v, e.causes, body))
    return found


def heads(path: Path) -> dict[str, int]:
    with closing(reading_connection(path)) as raw:
        return dict(raw.execute("SELECT origin, seq FROM origin_head").fetchall())


@pytest.fixture
def worked(tmp_path: Path) -> Station:
    """A station that has done a bit of everything."""
    station = Station(tmp_path)
    station.add_contact()
    station.fire(5)
    station.work_at_random(25)
    return station


@pytest.mark.allow_log("goes on as")
@pytest.mark.parametrize("share", [0, 1, 2])
def test_every_event_behind_the_agreed_place_is_there_under_the_new_origin(
    worked: Station, share: int
) -> None:
    was, end = worked.bench.origin, worked.journal.head().seq
    agreed, before = end * share // 2, told(worked.path)
    (now,) = worked.do(c.LeaveOrigin(origin=was, agreed=Mark(agreed, b"")))
    assert now == worked.bench.origin != was
    assert told(worked.path) == before
    assert heads(worked.path) == {o: n for o, n in ((was, agreed), (now, end - agreed)) if n}
    assert compare(worked.path).different == 0
    assert verify_log(worked.path).first_bad is None
    worked.work_at_random(5)
    assert worked.journal.head().origin == now
    worked.close()
    assert verify_log(worked.path).first_bad is None
    again = Station(worked.path.parent)
    assert (again.opened.origin, again.opened.station_id) == (now, worked.opened.station_id)
    again.close()


@pytest.mark.allow_log("goes on as")
def test_an_origin_that_was_left_already_is_not_left_again(worked: Station) -> None:
    was = worked.bench.origin
    (now,) = worked.do(c.LeaveOrigin(origin=was, agreed=Mark(1, b"")))
    assert worked.do(c.LeaveOrigin(origin=was, agreed=Mark(1, b""))) == [now]
    assert set(heads(worked.path)) == {was, now}
    worked.close()


@pytest.mark.allow_log("goes on as")
def test_readers_that_follow_positions_see_what_was_written_anew(worked: Station) -> None:
    seen = worked.journal.head().pos
    worked.do(c.LeaveOrigin(origin=worked.bench.origin, agreed=Mark(3, b"")))
    with closing(reading_connection(worked.path)) as raw:
        (first,) = raw.execute(
            "SELECT min(pos) FROM event WHERE origin = ?", (worked.bench.origin,)
        ).fetchone()
    assert first == seen + 1
    worked.close()


class PowerCut(BaseException):
    """The machine stops here."""


class CutConnection:
    """A connection on which the power is cut before its nth statement."""

    def __init__(self, raw: sqlite3.Connection, statements: int) -> None:
        self.raw = raw
        self.left = statements

    def execute(self, sql: str, *given: Any) -> sqlite3.Cursor:
        """As sqlite3's, as long as there is power."""
        if self.left == 0:
            raise PowerCut
        self.left -= 1
        return self.raw.execute(sql, *given)

    def rollback(self) -> None:
        """Nobody rolls back without power; the file does when it is opened."""


def cut_while_leaving(path: Path, statements: int) -> bool:
    """Leave with the power cut at that statement; True when it was done before."""
    raw = writing_connection(path)
    try:
        leave_own(CutConnection(raw, statements), path, 4)  # type: ignore[arg-type]
    except PowerCut:
        return False
    finally:
        raw.close()
    return True


def is_whole(station: Station, before: list[Said]) -> bool:
    """Open it as an engine does: same station, all events once; True when the origin is new."""
    again = Station(station.path.parent)
    try:
        assert again.opened.station_id == station.opened.station_id
        assert told(station.path) == before
        assert compare(station.path).different == 0
        assert verify_log(station.path).first_bad is None
        return again.opened.origin != station.opened.origin
    finally:
        again.close()


def test_the_power_may_fail_at_every_statement(tmp_path: Path) -> None:
    station = Station(tmp_path)
    station.fire(6)
    station.close()
    before = told(station.path)
    statements = 0
    while not cut_while_leaving(station.path, statements):
        assert not is_whole(station, before), f"left half way, at statement {statements}"
        statements += 1
    assert statements > 20
    assert is_whole(station, before)


def _cut_at_write(number: int, write: Callable[..., None]) -> Callable[..., None]:
    count = 0

    def cut(*given: Any) -> None:
        nonlocal count
        count += 1
        if count == number:
            raise PowerCut
        write(*given)

    return cut


@pytest.mark.parametrize(("number", "is_new"), [(1, False), (2, True)])
def test_the_power_may_fail_around_the_note_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, is_new: bool
) -> None:
    station = Station(tmp_path)
    station.fire(6)
    station.close()
    before = told(station.path)
    write = incarnation._write_beside
    monkeypatch.setattr(incarnation, "_write_beside", _cut_at_write(number, write))
    with pytest.raises(PowerCut), closing(writing_connection(station.path)) as raw:
        leave_own(raw, station.path, 4)
    monkeypatch.setattr(incarnation, "_write_beside", write)
    assert is_whole(station, before) is is_new


def test_a_disk_that_refuses_leaves_all_as_it_was(
    worked: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: Any) -> None:
        raise OSError(28, "No space left on device")

    before, was = told(worked.path), worked.bench.origin
    monkeypatch.setattr(incarnation, "_write_beside", full)
    with pytest.raises(StoreFailed):
        worked.do(c.LeaveOrigin(origin=was, agreed=Mark(4, b"")))
    worked.recover()
    assert (worked.bench.origin, told(worked.path)) == (was, before)
    monkeypatch.undo()
    worked.close()


def test_what_was_compacted_counts_as_agreed(worked: Station) -> None:
    was, end = worked.bench.origin, worked.journal.head().seq
    worked.close()
    with closing(writing_connection(worked.path)) as raw:
        (digest,) = raw.execute(
            "SELECT hash FROM event WHERE origin=? AND seq=5", (was,)
        ).fetchone()
        raw.execute("INSERT INTO base_head (origin, seq, hash) VALUES (?, 5, ?)", (was, digest))
        raw.execute("DELETE FROM event WHERE origin=? AND seq<=5", (was,))
        raw.execute("BEGIN")
        left = leave_origin(raw, was, "f" * 32, 2)
        raw.execute("ROLLBACK")
    assert (left.agreed, left.rewritten) == (5, end - 5)

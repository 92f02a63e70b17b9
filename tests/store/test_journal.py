"""What the journal says it kept is there; what it could not keep has left no trace."""

from __future__ import annotations

import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.fold import state_bytes
from crisisdesk.engine import commands as c
from crisisdesk.engine.ports import StoreFailed
from crisisdesk.store.chain import verify_log
from crisisdesk.store.rebuild import compare

from tests.store.workload import Station


def contents(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as raw:
        return [
            row
            for table in ("event", "origin_head", "alert", "delivery")
            for row in raw.execute(f"SELECT * FROM {table} ORDER BY 1")
        ]


def test_what_was_appended_is_loaded_and_the_head_goes_on(station: Station) -> None:
    assert station.journal.head().seq == 0
    ids = station.fire(1_200)
    found = station.journal.load([*ids, "A-NONE", "what-is-this"])
    assert set(found) == set(ids)
    for alert_id, state in found.items():
        assert state == station.bench.get(alert_id)
    head = station.journal.head()
    assert (head.seq, head.pos) == (1_200, 1_200)
    station.close()
    again = Station(station.path.parent)
    assert again.journal.head() == head
    again.fire(1, first=5_000)
    assert again.journal.head().pos == 1_201
    again.close()
    assert verify_log(station.path).events == 1_201


def test_what_is_due_comes_soonest_first(station: Station) -> None:
    station.add_contact()
    station.add_contact("Zoë", "m0")
    ids = station.fire(10)
    states = station.journal.load(ids)
    due = {a: s.next_due for a, s in states.items() if isinstance(s, Alert) and s.next_due}
    soonest = sorted(due, key=lambda a: due[a])
    later = due[soonest[4]]
    assert {*station.journal.due_alerts(later, 100)} == {a for a in due if due[a] <= later}
    assert due[station.journal.due_alerts(later, 1)[0]] == due[soonest[0]]
    assert [m.method_id for m in station.journal.due_methods(station.now_ms)] == ["m0", "m1"]
    assert station.journal.due_methods(station.now_ms - 1_000) == []
    assert len(station.journal.due_deliveries("m1", station.now_ms, 100)) == 4
    assert len(station.journal.due_deliveries("m1", station.now_ms, 3)) == 3
    assert station.journal.due_deliveries("m1", station.now_ms - 1_000, 4) == []
    assert station.journal.next_due() == station.now_ms
    assert [contact.name for contact in station.journal.contacts()] == ["Jonas Weber", "Zoë"]


def test_nothing_is_due_on_an_empty_station(station: Station) -> None:
    assert station.journal.next_due() is None
    assert station.journal.due_methods(2**62) == []
    assert station.journal.due_alerts(2**62, 10) == []


@pytest.mark.parametrize(
    ("sql", "index"),
    [
        ("SELECT agg FROM alert WHERE next_due<=? ORDER BY next_due LIMIT ?", "alert_due"),
        (
            "SELECT agg FROM delivery WHERE method_id=? AND next_due<=? ORDER BY next_due LIMIT 9",
            "delivery_due",
        ),
    ],
)
def test_what_is_due_is_asked_of_an_index(station: Station, sql: str, index: str) -> None:
    values = ("1", 2, 3)[: sql.count("?")]
    plan = station.journal._rows(f"EXPLAIN QUERY PLAN {sql}", values)
    assert any(index in row[3] for row in plan), plan
    assert not any("TEMP B-TREE" in row[3] for row in plan), plan


def test_a_group_that_breaks_midway_leaves_no_trace(station: Station) -> None:
    station.fire(5)
    before = contents(station.path)
    station.bench.begin("Klára Langová", station.now_ms)
    station.bench.emit("A-1", "station.named", {"name": "in the wrong table"})
    sealed = station.bench.sealed
    sealed[0].event.seq = 3
    with pytest.raises(StoreFailed, match="UNIQUE constraint failed"):
        station.journal.append(sealed, station.bench.touched)
    assert contents(station.path) == before
    assert station.journal.reopen().seq == 5
    station._fresh_bench()
    station.fire(2, first=50)
    assert verify_log(station.path).events == 7


@contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    """Let no file of this process grow past ``size``; a write beyond it fails as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)


def test_a_write_the_system_refuses_loses_nothing_that_was_kept(station: Station) -> None:
    """RLIMIT_FSIZE stands for a full disk: at every length of file the group is whole or absent."""
    refusals: list[str] = []
    log = station.path.with_name("station.db-wal")
    for n in range(60):
        before = contents(station.path)
        with file_size_limit(log.stat().st_size + n * 900):
            try:
                station.fire(n % 7 + 1, first=n * 10)
                before = []
            except StoreFailed as error:
                refusals.append(str(error))
        if before:
            assert contents(station.path) == before
            station.recover()
            assert contents(station.path) == before
            station.fire(1, first=n * 10 + 9)
    assert {"nothing of this was saved" in words for words in refusals} == {True}
    assert 10 <= len(refusals) < 60
    station.close()
    assert verify_log(station.path).first_bad is None
    assert compare(station.path).different == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MiB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mount.returncode:
        pytest.skip(f"this user may not mount a small disk: {mount.stderr.strip()}")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux mounts a disk in memory")
@pytest.mark.expect_log("the log could not be moved into station.db yet")
# Whether this last line still finds room is a matter of how full the last page is.
@pytest.mark.allow_log("the file could not be marked as closed")
def test_a_full_disk_is_said_and_loses_nothing(small_disk: Path) -> None:
    station = Station(small_disk)
    kept = 0

    def fill() -> None:
        nonlocal kept
        for n in range(10_000):
            station.fire(20, first=n * 20)
            kept += 20

    with pytest.raises(StoreFailed, match=r"the disk is full.*free some space, nothing of this"):
        fill()
    assert kept > 100
    assert station.journal.head().seq == kept
    with closing(sqlite3.connect(station.path)) as raw:
        assert raw.execute("SELECT count(*) FROM event").fetchone() == (kept,)
    assert verify_log(station.path).first_bad is None
    alert_ids = station.journal.due_alerts(2**62, kept)
    assert len(alert_ids) == kept
    station.journal.close()
    again = Station(small_disk)
    assert again.journal.head().seq == kept
    again.journal.close()


def test_closing_says_that_all_ended_well_and_may_be_done_twice(tmp_path: Path) -> None:
    station = Station(tmp_path)
    station.do(c.NameStation(name="Post 4"))
    station.journal.close()
    station.journal.close()
    with closing(sqlite3.connect(station.path)) as raw:
        assert raw.execute("SELECT 1 FROM meta WHERE name='running'").fetchone() is None
    assert not station.path.with_name("station.db-wal").exists()


def test_states_are_kept_as_their_canonical_bytes(station: Station) -> None:
    (alert_id,) = station.fire(1)
    state = station.bench.get(alert_id)
    assert isinstance(state, Alert)
    with closing(sqlite3.connect(station.path)) as raw:
        (kept,) = raw.execute("SELECT state FROM alert WHERE agg=?", (alert_id,)).fetchone()
    assert kept == state_bytes(state)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells which files are open")
def test_reopening_lets_go_of_every_handle_and_verifies_the_end(station: Station) -> None:
    def handles() -> list[str]:
        links = [str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.exists()]
        return [link for link in links if link.startswith(str(station.path))]

    station.fire(3)
    assert handles()
    station.journal._drop()
    assert handles() == []
    assert station.journal.reopen().seq == 3
    with closing(sqlite3.connect(station.path)) as raw:
        raw.execute("UPDATE event SET body=X'7b7d' WHERE seq=3")
        raw.commit()
    with pytest.raises(StoreFailed, match="event 3 of origin"):
        station.journal.reopen()


def test_a_file_that_shows_damage_is_not_called_clean(station: Station) -> None:
    station.fire(3)
    station.journal.reopen()
    error = sqlite3.DatabaseError("database disk image is malformed")
    error.sqlite_errorname = "SQLITE_CORRUPT_INDEX"
    station.journal._failed(error)
    with pytest.raises(StoreFailed, match="the next start mends it"):
        station.journal.reopen()
    station.journal.close()
    with closing(sqlite3.connect(station.path)) as raw:
        assert raw.execute("SELECT 1 FROM meta WHERE name='running'").fetchone() == (1,)

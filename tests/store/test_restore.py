"""A damaged station gets its newest good copy back, with what can be saved, under a new origin."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crisisdesk.engine.clock import ManualClock
from crisisdesk.store.backup import BackupKeeper, backup_name, list_backups
from crisisdesk.store.chain import verify_log
from crisisdesk.store.durable import side
from crisisdesk.store.errors import BackupFailed, Damaged
from crisisdesk.store.queries import StationReader
from crisisdesk.store.rebuild import compare
from crisisdesk.store.restore import finish_restore, restore

from tests.store.test_checks import flip_bit
from tests.store.workload import START, Station


def backed_up(folder: Path, before: int, after: int) -> Station:
    """A closed station with a copy made between two groups of alerts."""
    station = Station(folder)
    station.fire(before)
    BackupKeeper(station.path, folder / "backups", ManualClock(station.now_ms)).back_up()
    station.fire(after, first=before)
    station.close()
    return station


@pytest.mark.expect_log("restored station.db: it was made again from station-20260212T020502Z.db")
def test_round_trip_under_a_new_origin(tmp_path: Path) -> None:
    station = backed_up(tmp_path, before=8, after=6)
    flip_bit(station.path, "body", 12)
    with pytest.raises(Damaged, match="event 12"):
        Station(tmp_path)
    done = restore(station.path, tmp_path / "backups", START + 5_000)
    assert done.salvaged == 3
    assert done.backup == list_backups(tmp_path / "backups")[0][1]
    assert done.damaged_folder == tmp_path / "corrupt-20260212T020507Z"
    assert (done.damaged_folder / "station.db").exists()
    again = Station(tmp_path)
    assert again.opened.origin != station.opened.origin
    # Behind the damaged event two whole ones stood; their numbers are another's now.
    assert done.rewritten == 2
    assert again.journal.head().pos == 13
    assert again.journal.head().seq == 0
    again.fire(2, first=100)
    again.close()
    with closing(sqlite3.connect(station.path)) as raw:
        counts = dict(raw.execute("SELECT origin, count(*) FROM event GROUP BY origin"))
    assert counts.pop(station.opened.origin) == 11
    assert counts.pop(again.opened.origin) == 2
    assert list(counts.values()) == [2]
    assert verify_log(station.path).first_bad is None
    assert compare(station.path).different == 0
    with closing(StationReader(station.path)) as reader:
        assert len(reader.alert_rows()) == 15
    kept = Station(tmp_path)
    kept.close()
    assert kept.opened.origin == again.opened.origin


@pytest.mark.expect_log("restored station.db: it was made again from station-20260212T020502Z.db")
def test_what_sqlite_keeps_beside_the_file_goes_with_it(tmp_path: Path) -> None:
    station = Station(tmp_path)
    station.fire(4)
    BackupKeeper(station.path, tmp_path / "backups", ManualClock(START)).back_up()
    station.fire(4, first=4)
    log = side(station.path, "-wal").read_bytes()
    station.close()
    side(station.path, "-wal").write_bytes(log)
    done = restore(station.path, tmp_path / "backups", START)
    assert (done.damaged_folder / "station.db-wal").read_bytes() == log
    assert not side(station.path, "-wal").exists()
    assert verify_log(station.path).events == 8


@pytest.mark.expect_log("restored station.db: it was made again from station-20260212T020502Z.db")
def test_an_unreadable_file_gives_nothing_more_than_its_copy(
    tmp_path: Path,
) -> None:
    station = backed_up(tmp_path, before=8, after=6)
    station.path.write_bytes(b"\0" * 8192)
    done = restore(station.path, tmp_path / "backups", START)
    assert done.salvaged == 0
    assert verify_log(station.path).events == 8


@pytest.mark.expect_log("restored station.db: it was made again from station-20260212T020502Z.db")
def test_a_bad_copy_is_passed_over_for_an_older_good_one(tmp_path: Path) -> None:
    station = backed_up(tmp_path, before=8, after=0)
    good = list_backups(tmp_path / "backups")[0][1]
    bad = tmp_path / "backups" / backup_name(START + 7_200_000)
    bad.write_bytes(good.read_bytes())
    flip_bit(bad, "hash", 2)
    assert restore(station.path, tmp_path / "backups", START).backup == good


def test_without_a_good_copy_nothing_is_moved(tmp_path: Path) -> None:
    station = backed_up(tmp_path, before=8, after=2)
    flip_bit(list_backups(tmp_path / "backups")[0][1], "hash", 2)
    before = {f: f.read_bytes() for f in tmp_path.iterdir() if f.is_file()}
    with pytest.raises(BackupFailed, match=r"no good copy.*event 2 of.*nothing was moved"):
        restore(station.path, tmp_path / "backups", START)
    with pytest.raises(BackupFailed, match="there is none"):
        restore(station.path, tmp_path / "nowhere", START)
    assert {f: f.read_bytes() for f in tmp_path.iterdir() if f.is_file()} == before


@pytest.mark.parametrize("moved", [("station.db",), ("station.db", "station.db-wal")])
def test_a_restore_that_was_cut_off_is_finished_at_the_next_start(
    tmp_path: Path, moved: tuple[str, ...]
) -> None:
    station = backed_up(tmp_path, before=8, after=2)
    copy = list_backups(tmp_path / "backups")[0][1]
    side(station.path, "-wal").write_bytes(b"the damaged file's log")
    (tmp_path / "station.db.restored").write_bytes(copy.read_bytes())
    aside = tmp_path / "corrupt-20260212T020507Z"
    aside.mkdir()
    for name in moved:
        (tmp_path / name).replace(aside / name)
    again = Station(tmp_path)
    assert again.journal.head().pos == 8
    assert not (tmp_path / "station.db.restored").exists()
    again.close()


def test_a_restore_cut_off_before_the_file_was_moved_leaves_it_to_be_judged(
    tmp_path: Path,
) -> None:
    station = backed_up(tmp_path, before=8, after=2)
    (tmp_path / "station.db.restored").write_bytes(b"a copy")
    assert not finish_restore(station.path)
    assert verify_log(station.path).events == 10

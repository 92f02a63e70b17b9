"""Copies are whole and verified before they have a name; old ones thin out; no room is said."""

from __future__ import annotations

import shutil
import sqlite3
from collections import namedtuple
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.engine.clock import ManualClock
from crisisdesk.engine.ports import StoreFailed
from crisisdesk.store.backup import (
    DAY_MS,
    HOUR_MS,
    BackupKeeper,
    backup_name,
    backup_time,
    check_backup,
    choose_drops,
    copy_verified,
    list_backups,
)
from crisisdesk.store.errors import BackupFailed, Damaged

from tests.store.test_checks import flip_bit
from tests.store.workload import START, Station

Usage = namedtuple("Usage", "total used free")


def test_a_copy_of_a_running_station_holds_what_is_still_in_its_log(station: Station) -> None:
    station.fire(40)
    log = station.path.with_name("station.db-wal")
    assert log.stat().st_size > 0
    assert sqlite_count_without_log(station.path) == 0
    clock = ManualClock(station.now_ms)
    keeper = BackupKeeper(station.path, station.path.parent / "backups", clock)
    assert keeper.last_backup_ms() is None
    keeper.back_up()
    ((made_ms, copy),) = list_backups(station.path.parent / "backups")
    assert made_ms == station.now_ms // 1000 * 1000
    assert keeper.last_backup_ms() == station.now_ms
    assert check_backup(copy).events == 40
    assert [f.name for f in copy.parent.iterdir()] == [copy.name]
    assert BackupKeeper(station.path, copy.parent, clock).last_backup_ms() == made_ms


def sqlite_count_without_log(path: Path) -> int:
    """How many events a plain copy of the one file would hold."""
    alone = path.with_name("alone.db")
    shutil.copyfile(path, alone)
    with closing(sqlite3.connect(alone)) as raw:
        try:
            return int(raw.execute("SELECT count(*) FROM event").fetchone()[0])
        except sqlite3.OperationalError:
            return 0


def test_writing_goes_on_while_a_copy_is_made(station: Station, tmp_path: Path) -> None:
    import threading

    station.fire(300)
    failures: list[BaseException] = []

    def copy() -> None:
        try:
            for n in range(5):
                copy_verified(station.path, tmp_path / f"{n}.db")
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=copy)
    thread.start()
    n = 300
    while thread.is_alive():
        station.fire(20, first=n)
        n += 20
    thread.join()
    assert failures == []
    counts = [check_backup(tmp_path / f"{k}.db").events for k in range(5)]
    assert counts == sorted(counts)
    assert counts[0] >= 300


def test_a_damaged_station_gives_no_copy_and_leaves_nothing(station: Station) -> None:
    station.fire(9)
    flip_bit(station.path, "body", 4)
    folder = station.path.parent / "backups"
    keeper = BackupKeeper(station.path, folder, ManualClock(START))
    with pytest.raises(StoreFailed, match="event 4 of origin"):
        keeper.back_up()
    assert list(folder.iterdir()) == []
    assert keeper.last_backup_ms() is None


def test_a_short_disk_is_said_before_anything_is_written(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _p: Usage(10**9, 0, 150 * 2**20))
    folder = station.path.parent / "backups"
    with pytest.raises(BackupFailed, match=r"only 150 MiB are free.*free some space"):
        BackupKeeper(station.path, folder, ManualClock(START)).back_up()
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_used_is_said(station: Station) -> None:
    blocked = station.path.parent / "backups"
    blocked.write_text("a file where the folder should be")
    with pytest.raises(BackupFailed):
        BackupKeeper(station.path, blocked, ManualClock(START)).back_up()


def test_a_copy_that_decays_later_is_told(station: Station, tmp_path: Path) -> None:
    station.fire(9)
    copy = tmp_path / "copy.db"
    copy_verified(station.path, copy)
    assert check_backup(copy).first_bad is None
    flip_bit(copy, "salt", 8)
    with pytest.raises(Damaged, match="event 8"):
        check_backup(copy)
    copy.write_bytes(b"no database" * 400)
    with pytest.raises(Damaged, match="cannot be read"):
        check_backup(copy)


def test_names_tell_their_time_and_others_are_left_alone(tmp_path: Path) -> None:
    assert backup_name(START) == "station-20260212T020502Z.db"
    assert backup_time(Path(backup_name(START))) == START
    for name in ("station-.db", "station-20261399T000000Z.db", "before-schema-0002.db", "x.txt"):
        (tmp_path / name).touch()
        assert backup_time(Path(name)) is None
    assert list_backups(tmp_path) == []


def test_a_month_of_hourly_copies_thins_to_a_day_and_a_week(station: Station) -> None:
    folder = station.path.parent / "backups"
    clock = ManualClock(START)
    keeper = BackupKeeper(station.path, folder, clock)
    keeper.back_up()
    first = list_backups(folder)[0][1]
    hours = 8 * 24
    for n in range(hours):
        shutil.copyfile(first, folder / backup_name(START - (n + 1) * HOUR_MS))
    (folder / "before-schema-0002.db").touch()
    clock.advance(HOUR_MS)
    keeper.back_up()
    ages = [(clock.now_ms() - at) // HOUR_MS for at, _ in list_backups(folder)]
    assert ages == [*range(24), 24, 48, 72, 96, 120, 144]
    assert (folder / "before-schema-0002.db").exists()


@given(
    st.lists(st.integers(START - 30 * DAY_MS, START + DAY_MS), max_size=300, unique=True),
)
def test_thinning_keeps_the_newest_of_every_hour_and_day(times: list[int]) -> None:
    dropped = choose_drops(times, START)
    kept = set(times) - dropped
    past = [at for at in times if at <= START]
    assert all(at in kept for at in times if at > START)
    if past:
        assert max(times) in kept
    for span, number in ((HOUR_MS, 24), (DAY_MS, 7)):
        for n in range(number):
            inside = [at for at in past if (START - at) // span == n]
            assert not inside or max(inside) in kept
    assert len([at for at in kept if at <= START]) <= 24 + 7 + 1
    assert choose_drops(sorted(kept), START) == set()

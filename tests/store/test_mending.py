"""A station whose file is damaged, gone, empty or short comes back by itself and says so."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from crisisdesk.engine.clock import ManualClock
from crisisdesk.store.backup import BackupKeeper, list_backups
from crisisdesk.store.durable import side
from crisisdesk.store.errors import Damaged, ForeignFile
from crisisdesk.store.mending import is_damage
from crisisdesk.store.spool import SPOOL_NAME

from tests.reliability.spoiling import AidedStation, aid_of, events_of
from tests.store.test_checks import flip_bit

pytestmark = pytest.mark.allow_log("station.db")


def worked(folder: Path, *, spool: bool = True, backup: bool = True) -> AidedStation:
    """A closed station with a copy from its middle."""
    station = AidedStation(folder, aid_of(folder, spool=spool))
    station.fire(8)
    if backup:
        keeper = BackupKeeper(station.path, folder / "backups", ManualClock(station.now_ms))
        keeper.back_up()
    station.fire(6, first=8)
    station.close()
    return station


def test_a_well_station_says_nothing(tmp_path: Path) -> None:
    worked(tmp_path)
    again = AidedStation(tmp_path, aid_of(tmp_path))
    assert again.opened.recovered == ""
    again.close()


def test_a_flipped_bit_costs_nothing_when_there_is_a_second_copy(tmp_path: Path) -> None:
    before = events_of(worked(tmp_path).path)
    flip_bit(tmp_path / "station.db", "body", 12)
    again = AidedStation(tmp_path, aid_of(tmp_path))
    assert "event 12" in again.opened.recovered
    assert "station-20260212T020502Z.db and 6 later events" in again.opened.recovered
    assert events_of(again.path) == before
    assert again.opened.origin != before[0].origin
    again.close()


@pytest.mark.allow_log("no good copy to restore")
@pytest.mark.parametrize("has_hub", [True, False])
def test_without_any_copy_it_is_made_of_what_can_be_read(tmp_path: Path, has_hub: bool) -> None:
    before = events_of(worked(tmp_path, spool=False, backup=False).path)
    flip_bit(tmp_path / "station.db", "body", 10)
    again = AidedStation(tmp_path, aid_of(tmp_path, spool=False, has_hub=has_hub))
    kept = events_of(again.path)
    assert kept[:9] == before[:9]
    assert len(kept) == (9 if has_hub else 13)
    assert ("from the hub" in again.opened.recovered) is has_hub
    again.close()


@pytest.mark.allow_log("no good copy to restore")
@pytest.mark.allow_log("the station gets a new id")
def test_with_nothing_left_a_hub_has_it_all_and_else_a_person_is_asked(tmp_path: Path) -> None:
    station = worked(tmp_path, spool=False, backup=False)
    station.path.write_bytes(b"\0" * 8192)
    with pytest.raises(Damaged, match=r"is no database.*could not be brought back.*nothing was"):
        AidedStation(tmp_path, aid_of(tmp_path, spool=False, has_hub=False))
    assert station.path.read_bytes() == b"\0" * 8192
    again = AidedStation(tmp_path, aid_of(tmp_path, spool=False, has_hub=True))
    assert "what is missing comes from the hub" in again.opened.recovered
    assert events_of(again.path) == []
    again.close()


@pytest.mark.allow_log("the station gets a new id")
@pytest.mark.parametrize("how", ["gone", "empty"])
def test_a_file_that_is_gone_or_empty_is_not_taken_for_a_new_station(
    tmp_path: Path, how: str
) -> None:
    station = worked(tmp_path)
    before = events_of(station.path)
    if how == "gone":
        station.path.unlink()
    else:
        station.path.write_bytes(b"")
    again = AidedStation(tmp_path, aid_of(tmp_path))
    assert "gone or empty" in again.opened.recovered
    assert events_of(again.path) == before
    again.close()


def test_a_lost_end_comes_back_from_the_second_copy(tmp_path: Path) -> None:
    station = AidedStation(tmp_path, aid_of(tmp_path))
    station.fire(4)
    early = station.path.read_bytes(), side(station.path, "-wal").read_bytes()
    station.fire(4, first=4)
    before = events_of(station.path)
    beside = station.path.with_name("station.db.origin").read_bytes()
    second = (tmp_path / SPOOL_NAME).read_bytes()
    station.close()
    with station.path.open("r+b") as file:
        file.truncate(0)
        file.write(early[0])
    side(station.path, "-wal").write_bytes(early[1])
    station.path.with_name("station.db.origin").write_bytes(beside)
    (tmp_path / SPOOL_NAME).write_bytes(second)
    again = AidedStation(tmp_path, aid_of(tmp_path))
    assert "had lost its end: 4 events were put back" in again.opened.recovered
    assert events_of(again.path) == before
    assert again.opened.origin != before[0].origin
    assert again.journal.station_id == station.journal.station_id
    again.close()


def test_another_programs_file_is_left_alone_and_the_own_one_mended(tmp_path: Path) -> None:
    station = worked(tmp_path)
    before = events_of(station.path)
    with sqlite3.connect(station.path) as raw:
        raw.execute("PRAGMA application_id=7")
    raw.close()
    again = AidedStation(tmp_path, aid_of(tmp_path))
    assert "does not say any more what it is" in again.opened.recovered
    assert events_of(again.path) == before
    again.close()
    other = tmp_path / "other"
    other.mkdir()
    with sqlite3.connect(other / "station.db") as raw:
        raw.execute("CREATE TABLE theirs (x)")
        raw.execute("PRAGMA application_id=7")
    raw.close()
    with pytest.raises(ForeignFile):
        AidedStation(other, aid_of(other))


def test_every_damaged_file_is_kept(tmp_path: Path) -> None:
    worked(tmp_path)
    for _ in range(2):
        flip_bit(tmp_path / "station.db", "body", 3)
        AidedStation(tmp_path, aid_of(tmp_path)).close()
    assert len(list(tmp_path.glob("corrupt-*/station.db"))) == 2
    assert len(list_backups(tmp_path / "backups")) == 1


@pytest.mark.parametrize(
    ("name", "damaged"),
    [
        ("SQLITE_CORRUPT", True),
        ("SQLITE_NOTADB", True),
        ("SQLITE_ERROR", True),
        ("SQLITE_IOERR_READ", False),
        ("SQLITE_FULL", False),
        ("SQLITE_BUSY", False),
    ],
)
def test_a_failing_machine_is_no_damaged_file(name: str, damaged: bool) -> None:
    error = sqlite3.OperationalError("words")
    error.sqlite_errorname = name
    assert is_damage(error) is damaged
    assert not is_damage(OSError("no such device"))

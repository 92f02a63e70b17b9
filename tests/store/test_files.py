"""The connections are set as durability asks, and reading never gets in the writer's way."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from crisisdesk.store.durable import side
from crisisdesk.store.files import reading_connection, writing_connection, writing_engine
from crisisdesk.store.queries import StationReader

from tests.store.workload import Station


def pragma(raw: sqlite3.Connection, name: str) -> object:
    return raw.execute(f"PRAGMA {name}").fetchone()[0]


def test_the_writer_keeps_every_commit_through_a_power_cut(station: Station) -> None:
    raw = station.journal._connected()
    assert pragma(raw, "journal_mode") == "wal"
    assert pragma(raw, "synchronous") == 2
    assert pragma(raw, "busy_timeout") == 5_000
    assert pragma(raw, "foreign_keys") == 1
    assert pragma(raw, "trusted_schema") == 0
    assert pragma(raw, "wal_autocheckpoint") == 1_000
    assert pragma(raw, "journal_size_limit") == 64 * 1024 * 1024


def test_the_migrating_engine_begins_at_once_and_is_set_alike(tmp_path: Path) -> None:
    engine = writing_engine(tmp_path / "station.db")
    try:
        with engine.begin() as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            with (
                closing(sqlite3.connect(tmp_path / "station.db", timeout=0)) as other,
                pytest.raises(sqlite3.OperationalError, match="locked"),
            ):
                other.execute("BEGIN IMMEDIATE")
    finally:
        engine.dispose()


def test_a_reader_cannot_write(station: Station) -> None:
    with closing(reading_connection(station.path)) as raw:
        assert pragma(raw, "query_only") == 1
        assert pragma(raw, "wal_autocheckpoint") == 0
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            raw.execute("DELETE FROM meta")
        raw.execute("PRAGMA query_only=OFF")
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            raw.execute("DELETE FROM meta")


def test_a_reader_in_the_midst_of_reading_does_not_block_the_writer(station: Station) -> None:
    station.fire(50)
    with closing(reading_connection(station.path)) as raw:
        raw.execute("BEGIN")
        before = raw.execute("SELECT count(*) FROM alert").fetchone()
        began = time.monotonic()
        station.fire(50, first=50)
        assert time.monotonic() - began < 2
        assert raw.execute("SELECT count(*) FROM alert").fetchone() == before
        raw.execute("COMMIT")
        assert raw.execute("SELECT count(*) FROM alert").fetchone() == (100,)


def test_no_reader_moves_the_log_into_the_file_not_even_the_last_to_close(
    tmp_path: Path,
) -> None:
    station = Station(tmp_path)
    station.fire(300)
    log = side(station.path, "-wal")
    # As after a kill: the file and its log stay, nobody has it open.
    kept, kept_log = station.path.read_bytes(), log.read_bytes()
    station.close()
    station.path.write_bytes(kept)
    log.write_bytes(kept_log)
    reader = StationReader(station.path)
    assert len(reader.alert_rows()) == 300
    with (
        closing(reading_connection(station.path)) as raw,
        pytest.raises(sqlite3.OperationalError),
    ):
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    reader.close()
    assert station.path.read_bytes() == kept
    assert log.read_bytes() == kept_log


def test_questions_leave_no_snapshot_open(station: Station, reader: StationReader) -> None:
    station.fire(20)
    chunks = reader.iter_alert_rows(chunk=5)
    next(chunks)
    reader.page_alerts(limit=3)
    reader.history(["A-1"])
    station.fire(20, first=20)
    busy, frames, moved = (
        station.journal._connected().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    )
    assert (busy, frames, moved) == (0, 0, 0)
    assert side(station.path, "-wal").stat().st_size == 0


def test_a_reader_belongs_to_its_thread(station: Station, reader: StationReader) -> None:
    import threading

    reader.head_pos()
    caught: list[BaseException] = []

    def ask() -> None:
        try:
            reader.head_pos()
        except sqlite3.ProgrammingError as error:
            caught.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert "thread" in str(caught[0])


def test_no_file_is_made_by_reading(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        reading_connection(tmp_path / "station.db").execute("SELECT 1 FROM sqlite_master")
    assert list(tmp_path.iterdir()) == []


def test_a_writer_that_cannot_be_set_is_closed(tmp_path: Path) -> None:
    (tmp_path / "station.db").write_bytes(b"no database" * 500)
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        writing_connection(tmp_path / "station.db")

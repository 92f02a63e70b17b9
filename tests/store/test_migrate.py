"""The file's form: made at once, upgraded whole or not at all, refused when it is newer."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import MetaData, inspect

from crisisdesk.store import migrate as migrating
from crisisdesk.store.backup import check_backup
from crisisdesk.store.errors import Damaged, ForeignFile, NewerDatabase
from crisisdesk.store.files import SCHEMA_VERSION, writing_connection, writing_engine
from crisisdesk.store.migrate import alembic_config, migrate
from crisisdesk.store.tables import metadata

from tests.store.workload import Station


def snapshot(folder: Path) -> dict[str, bytes]:
    return {f.name: f.read_bytes() for f in folder.iterdir() if f.is_file()}


def schema(path: Path) -> list[tuple[str, ...]]:
    with closing(writing_connection(path)) as raw:
        tables = [n for (n,) in raw.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        columns = [
            (table, *map(str, row))
            for table in tables
            for row in raw.execute(f"PRAGMA table_xinfo({table})")
        ]
        indexes = [
            (name or "", " ".join((sql or "").split()))
            for name, sql in raw.execute("SELECT name, sql FROM sqlite_master WHERE type='index'")
        ]
        return sorted(columns) + sorted(indexes)


def step_by_step(path: Path, target: str = "head") -> None:
    writing_connection(path).close()
    migrating._upgrade(path, target)


def test_the_steps_end_at_the_form_that_is_made_at_once(tmp_path: Path) -> None:
    step_by_step(tmp_path / "steps.db")
    migrate(tmp_path / "made.db")
    assert schema(tmp_path / "steps.db") == schema(tmp_path / "made.db")
    assert len(schema(tmp_path / "made.db")) > 80


def test_the_migrated_form_is_the_one_the_tables_describe(tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    step_by_step(tmp_path / "steps.db")
    engine = writing_engine(tmp_path / "steps.db")
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, metadata) == []
            found = MetaData()
            found.reflect(connection)
            assert set(found.tables) == {*metadata.tables, "alembic_version"}
            for table in metadata.tables.values():
                there = {i["name"] for i in inspect(connection).get_indexes(table.name)}
                assert {index.name for index in table.indexes} <= there
    finally:
        engine.dispose()


def test_the_constant_is_the_newest_step() -> None:
    from alembic.script import ScriptDirectory

    heads = ScriptDirectory.from_config(alembic_config()).get_heads()
    assert heads == [f"{SCHEMA_VERSION:04d}"]


def test_a_current_file_is_opened_without_loading_alembic(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from crisisdesk.store.opening import open_station\n"
        "for _ in range(2): open_station(Path(sys.argv[1])).journal.close()\n"
        "sys.exit('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, tmp_path / "station.db"], check=False)
    assert done.returncode == 0


def test_a_newer_file_is_refused_and_stays_as_it_is(tmp_path: Path) -> None:
    station = Station(tmp_path)
    station.fire(3)
    station.close()
    with closing(writing_connection(station.path)) as raw:
        raw.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")
    before = snapshot(tmp_path)
    with pytest.raises(NewerDatabase) as refused:
        Station(tmp_path)
    words = str(refused.value)
    assert f"schema {SCHEMA_VERSION + 1}" in words
    assert f"up to {SCHEMA_VERSION}" in words
    assert "install the newer program" in words
    assert snapshot(tmp_path) == before


def test_a_newer_file_whose_number_is_still_in_the_log_is_refused(tmp_path: Path) -> None:
    station = Station(tmp_path)
    station.close()
    writer = writing_connection(station.path)
    writer.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")
    names = ("station.db", "station.db-wal")
    before = {name: (tmp_path / name).read_bytes() for name in names}
    try:
        with pytest.raises(NewerDatabase):
            migrate(station.path)
        assert {name: (tmp_path / name).read_bytes() for name in names} == before
    finally:
        writer.close()


def test_another_programs_file_is_refused_and_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "station.db"
    with closing(writing_connection(path)) as raw:
        raw.execute("CREATE TABLE bookmarks (url)")
    before = snapshot(tmp_path)
    with pytest.raises(ForeignFile, match="another program"):
        migrate(path)
    assert snapshot(tmp_path)["station.db"] == before["station.db"]


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "station.db"
    path.write_bytes(b"hello")
    with pytest.raises(Damaged, match="no database"):
        migrate(path)
    assert path.read_bytes() == b"hello"


def test_an_interrupted_creation_is_begun_again(tmp_path: Path) -> None:
    path = tmp_path / "station.db"
    writing_connection(path).close()
    assert path.stat().st_size > 0
    migrate(path)
    step_by_step(tmp_path / "steps.db")
    assert schema(path) == schema(tmp_path / "steps.db")


def test_an_upgrade_keeps_a_verified_copy_first_and_fails_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    station = Station(tmp_path)
    station.fire(3)
    station.close()
    monkeypatch.setattr(migrating, "SCHEMA_VERSION", SCHEMA_VERSION + 1)

    def broken(path: Path) -> None:
        engine = writing_engine(path)
        try:
            with engine.begin() as connection:
                connection.exec_driver_sql("DROP TABLE alert")
                connection.exec_driver_sql("ALTER TABLE event ADD COLUMN half INTEGER")
                raise RuntimeError("the step broke")
        finally:
            engine.dispose()

    monkeypatch.setattr(migrating, "_upgrade", broken)
    before = schema(station.path)
    with pytest.raises(RuntimeError, match="the step broke"):
        migrate(station.path)
    assert schema(station.path) == before
    copy = tmp_path / "backups" / f"before-schema-{SCHEMA_VERSION + 1:04d}.db"
    assert check_backup(copy).events == 3


def test_the_fourth_form_knows_what_was_urgent_and_when_it_was_sent(tmp_path: Path) -> None:
    path = tmp_path / "station.db"
    step_by_step(path, "0003")
    rows = {
        "D-1": {"severity": "critical", "status": "sent", "claimed_at": 70},
        "D-2": {"severity": "high", "status": "queued", "claimed_at": 71},
        "D-3": {"severity": "high", "status": "failed", "claimed_at": 72, "unknown": 1},
        "D-4": {"severity": "low", "status": "sending", "claimed_at": 73, "reason": "test"},
    }
    with closing(writing_connection(path)) as raw:
        for number, (key, state) in enumerate(rows.items()):
            raw.execute(
                "INSERT INTO delivery VALUES (?,?,2,'A-1','m1','sms',?,5,NULL,?)",
                (key, number, state["status"], json.dumps(state).encode()),
            )
        migrating._upgrade(path)
        found = raw.execute(
            "SELECT agg, urgent, carrier, message_at, ask_at, pos FROM delivery ORDER BY agg"
        ).fetchall()
    assert found == [
        ("D-1", 1, "", 70, None, 0),
        ("D-2", 0, "", None, None, 1),
        ("D-3", 0, "", 72, None, 2),
        ("D-4", 1, "", 73, None, 3),
    ]


def test_a_real_step_runs_through_alembic_on_a_file_with_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    station = Station(tmp_path)
    station.fire(3)
    station.close()
    with closing(writing_connection(station.path)) as raw:
        raw.execute("DELETE FROM alembic_version")
        for (name,) in raw.execute(
            "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'alembic%' "
            "AND name != 'event'"
        ).fetchall():
            raw.execute(f"DROP TABLE {name}")
        raw.execute("ALTER TABLE event RENAME TO event_kept")
        raw.execute("DROP INDEX event_agg")
    migrating._upgrade(station.path)
    with closing(writing_connection(station.path)) as raw:
        assert raw.execute("SELECT count(*) FROM event_kept").fetchone() == (3,)
        assert raw.execute("SELECT count(*) FROM event").fetchone() == (0,)
        assert raw.execute("SELECT count(*) FROM quarantine").fetchone() == (0,)
        assert raw.execute("SELECT version_num FROM alembic_version").fetchone() == (
            f"{SCHEMA_VERSION:04d}",
        )
        assert raw.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)

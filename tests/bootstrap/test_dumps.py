"""A dump at the command line, and what it says where none is made."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from crisisdesk.__main__ import main
from crisisdesk.recovery.expectations import read_expectations

from tests.postgres.pair import without_password
from tests.postgres.programs import programs
from tests.postgres.server import PostgresServer


def dump(file: Path, address: str, *more: str) -> int:
    program = str(programs() / "pg_dump")
    return main(["dump", "take", str(file), "--database", address, "--pg-dump", program, *more])


@pytest.fixture
def address(empty_database: str, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """Without the password, which libpq finds."""
    monkeypatch.setenv("PGPASSWORD", postgres.password)
    with psycopg.connect(empty_database, autocommit=True) as own:
        own.execute("create table kept as select n from generate_series(1, 7) n")
    return without_password(empty_database)


@pytest.mark.parametrize("form", ["custom", "plain"])
def test_a_dump_and_what_to_expect_of_it(
    address: str, tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "orders.dump"
    assert dump(file, address, "--format", form) == 0
    assert ", 1 tables, 7 rows, " in capsys.readouterr().out
    assert file.read_bytes().startswith(b"PGDMP") is (form == "custom")
    told = read_expectations((tmp_path / "orders.dump.expect.json").read_bytes())
    assert told.tables["public.kept"].rows == 7
    assert told.size == file.stat().st_size
    assert [path.stat().st_mode & 0o077 for path in tmp_path.iterdir()] == [0, 0]
    # What is there is never replaced.
    assert dump(file, address, "--format", form) == 2
    assert "is there already" in capsys.readouterr().err


def test_where_none_is_made_nothing_is_left(
    address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "orders.dump"
    away = "host=127.0.0.1 port=1 dbname=x user=y"
    for asked, code, words in (
        (f"{address} password=hunter2", 2, "holds a password"),
        ("nonsense", 2, "database"),
        (away, 1, "no dump was made"),
    ):
        assert dump(file, asked) == code
        told = capsys.readouterr().err
        assert words in told
        assert "hunter2" not in told
    assert main(["dump", "take", str(file), "--database", address, "--pg-dump", "/bin/false"]) == 1
    assert "exit code 1" in capsys.readouterr().err
    assert main(["dump", "take", str(file), "--database", address, "--pg-dump", "/no/such"]) == 1
    assert list(tmp_path.iterdir()) == []

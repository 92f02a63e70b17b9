"""A dump and its expectations are of one moment, also while others write."""

from __future__ import annotations

import stat
from pathlib import Path

import psycopg
import pytest

from crisisdesk.domain.errors import Malformed
from crisisdesk.recovery.dumping import SUFFIX, take
from crisisdesk.recovery.expectations import read_expectations

from tests.postgres.pair import without_password
from tests.postgres.programs import programs
from tests.postgres.server import PostgresServer
from tests.recovery.backing_up import executor, scratch_place, step, verified

pytestmark = [pytest.mark.anyio, pytest.mark.serial, pytest.mark.timeout(180)]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def a_pg_dump_that_meets_a_writer(folder: Path, address: str) -> Path:
    """Rows are added between what is expected and what is dumped."""
    program = folder / "pg_dump"
    psql = f"{programs()}/psql -q -d '{address}'"
    program.write_text(
        f'#!/bin/sh\n{psql} -c "insert into kept values (99)" || exit 3\n'
        f'exec {programs()}/pg_dump "$@"\n'
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program


async def test_both_are_of_one_moment(
    empty_database: str, postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", postgres.password)
    address = without_password(empty_database)
    with psycopg.connect(empty_database, autocommit=True) as own:
        own.execute("create table kept as select n from generate_series(1, 7) n")
    dump = tmp_path / "x.dump"
    program = a_pg_dump_that_meets_a_writer(tmp_path, address)
    made = await take(address, dump, str(program))
    assert made.tables["public.kept"].rows == 7
    beside = dump.with_name(dump.name + SUFFIX)
    assert read_expectations(beside.read_bytes()) == made
    with psycopg.connect(empty_database) as own:
        assert own.execute("select count(*) from kept").fetchone() == (8,)
    with scratch_place() as place:
        done, _said = await verified(executor(tmp_path, place), step(dump, beside))
    assert done.outcome == "ok", done.words


async def test_nothing_is_replaced(empty_database: str, tmp_path: Path) -> None:
    dump = tmp_path / "x.dump"
    dump.with_name(dump.name + SUFFIX).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Malformed, match="is there already"):
        await take("dbname=x", dump, "pg_dump")
    with pytest.raises(Malformed, match="is unknown"):
        await take("dbname=x", tmp_path / "y", "pg_dump", "tar")
    with pytest.raises(Malformed, match="holds a password"):
        await take(empty_database, tmp_path / "y", "pg_dump")

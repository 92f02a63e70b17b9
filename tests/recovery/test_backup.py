"""Backups verified for real: whole ones pass, and every kind of bad one is told by its kind."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from crisisdesk.domain.errors import Malformed
from crisisdesk.recovery.dumping import SUFFIX, take
from crisisdesk.recovery.expectations import read_expectations

from tests.postgres.pair import without_password
from tests.postgres.programs import programs
from tests.postgres.server import PostgresServer
from tests.recovery.backing_up import executor, fill, scratch_place, step, verified

pytestmark = [pytest.mark.anyio, pytest.mark.serial, pytest.mark.timeout(300)]
FORMS = ("custom", "plain")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def place() -> Iterator[Path]:
    with scratch_place() as made:
        yield made


@pytest.fixture
def source(empty_database: str) -> Iterator[str]:
    """The address of a database with content."""
    role = f"owner_{psycopg.conninfo.conninfo_to_dict(empty_database)['dbname']}"
    fill(empty_database, role)
    yield empty_database
    with psycopg.connect(empty_database, autocommit=True) as own:
        own.execute(f"drop owned by {role} cascade".encode())
        own.execute(f"drop event trigger if exists {role}_watch".encode())
        own.execute(f"drop role {role}".encode())


@pytest.fixture
def passwords(monkeypatch: pytest.MonkeyPatch, postgres: PostgresServer) -> None:
    """As `dump take` finds them: in libpq's own places."""
    monkeypatch.setenv("PGPASSWORD", postgres.password)


async def taken(source: str, folder: Path, form: str, name: str = "orders") -> tuple[Path, Path]:
    """A dump and its expectations."""
    dump = folder / f"{name}.dump"
    await take(without_password(source), dump, str(programs() / "pg_dump"), form)
    return dump, dump.with_name(dump.name + SUFFIX)


def vouch_for(dump: Path, beside: Path) -> None:
    """Let the expectations say that the file, as it is now, is the one that was made."""
    told = read_expectations(beside.read_bytes())
    data = dump.read_bytes()
    now = replace(told, size=len(data), sha256=hashlib.sha256(data).hexdigest())
    beside.write_text(now.text())


@pytest.mark.usefixtures("passwords")
@pytest.mark.parametrize("form", FORMS)
async def test_a_whole_dump_is_restored_and_found_equal(
    source: str, tmp_path: Path, place: Path, form: str
) -> None:
    dump, beside = await taken(source, tmp_path, form)
    done, said = await verified(executor(tmp_path, place), step(dump, beside))
    assert done.outcome == "ok", done.words
    assert done.words.startswith("restored; 3 tables with 800 rows are those of 20")
    assert "shop.orders: 500 rows" in said
    live = executor(tmp_path, place, {"orders": source})
    done, _said = await verified(live, step(dump, against="orders"))
    assert done.outcome == "ok", done.words


@pytest.mark.usefixtures("passwords")
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("part", [0.3, 0.9, 0.99])
async def test_a_truncated_dump_is_found(
    source: str, tmp_path: Path, place: Path, form: str, part: float
) -> None:
    dump, beside = await taken(source, tmp_path, form)
    data = dump.read_bytes()
    dump.write_bytes(data[: int(len(data) * part)])
    done, _said = await verified(executor(tmp_path, place), step(dump, beside))
    assert done.outcome == "failed"
    assert f"truncated: {int(len(data) * part)} of {len(data)} bytes" in done.words
    # Also where nothing tells how long it was.
    done, _said = await verified(
        executor(tmp_path, place, {"orders": source}), step(dump, against="orders")
    )
    assert done.outcome == "failed", done.words


@pytest.mark.usefixtures("passwords")
@pytest.mark.parametrize("form", FORMS)
async def test_a_dump_of_another_database_is_found(
    source: str, postgres: PostgresServer, tmp_path: Path, place: Path, form: str
) -> None:
    _dump, beside = await taken(source, tmp_path, form)
    name = postgres.create_database()
    try:
        with psycopg.connect(postgres.dsn(name), autocommit=True) as own:
            own.execute("create table invoices as select 1 as n")
        other, _beside = await taken(postgres.dsn(name), tmp_path, form, "other")
    finally:
        postgres.drop_database(name)
    vouch_for(other, beside)
    done, _said = await verified(executor(tmp_path, place), step(other, beside))
    assert done.outcome == "failed"
    assert "another database" in done.words


@pytest.mark.usefixtures("passwords")
@pytest.mark.parametrize("form", FORMS)
async def test_a_silently_corrupted_table_is_found(
    source: str, tmp_path: Path, place: Path, form: str
) -> None:
    _first, beside = await taken(source, tmp_path, form)
    with psycopg.connect(source, autocommit=True) as own:
        # One value in 500 rows, and then a row less.
        own.execute("update shop.orders set paid = paid + 0.01 where id = 77")
    worse, _ = await taken(source, tmp_path, form, "worse")
    vouch_for(worse, beside)
    done, _said = await verified(executor(tmp_path, place), step(worse, beside))
    assert done.outcome == "failed"
    assert "shop.orders has its 500 rows, and other content than expected" in done.words
    done, _said = await verified(
        executor(tmp_path, place), step(worse, beside, tables=["shop.lines"])
    )
    assert done.outcome == "ok", done.words
    with psycopg.connect(source, autocommit=True) as own:
        own.execute("delete from shop.lines where order_id = 5")
    less, _ = await taken(source, tmp_path, form, "less")
    vouch_for(less, beside)
    done, _said = await verified(executor(tmp_path, place), step(less, beside))
    assert "shop.lines has 299 rows, expected 300" in done.words


@pytest.mark.usefixtures("passwords")
async def test_an_altered_file_is_found_before_it_is_restored(
    source: str, tmp_path: Path, place: Path
) -> None:
    dump, beside = await taken(source, tmp_path, "plain")
    dump.write_bytes(dump.read_bytes().replace(b"1.67", b"1.68"))
    done, said = await verified(executor(tmp_path, place), step(dump, beside))
    assert "its hash is another" in done.words
    assert said == ""


@pytest.mark.usefixtures("passwords")
@pytest.mark.parametrize(
    "order",
    [
        "\\! /bin/touch {trace}\n",
        "copy shop.lines from program '/bin/touch {trace}';\n",
        "set role scratch; copy shop.lines from program '/bin/touch {trace}';\n",
        "do $$ begin execute 'copy shop.lines from program ''/bin/touch {trace}'''; end $$;\n",
    ],
)
async def test_what_is_in_a_dump_reaches_nothing_outside(
    source: str, tmp_path: Path, place: Path, order: str
) -> None:
    dump, beside = await taken(source, tmp_path, "plain")
    folder = tmp_path / "open"
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    trace = folder / "trace"
    data = dump.read_bytes()
    mark = b"-- PostgreSQL database dump complete"
    assert mark in data
    dump.write_bytes(data.replace(mark, order.format(trace=trace).encode() + mark))
    vouch_for(dump, beside)
    done, _said = await verified(executor(tmp_path, place), step(dump, beside))
    assert done.outcome == "failed"
    assert not trace.exists()


async def test_what_may_not_be_read_is_refused(tmp_path: Path, place: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    secret = outside / "x.dump"
    secret.write_bytes(b"PGDMP")
    link = inside / "x.dump"
    link.symlink_to(secret)
    one = executor(inside, place)
    for path in (secret, link, inside / ".." / "out" / "x.dump", Path("/etc/passwd")):
        with pytest.raises(Malformed, match="may not be read here"):
            one.check(step(path, path))
    with pytest.raises(Malformed, match="unknown at this station"):
        one.check(step(inside / "y", against="orders"))
    with pytest.raises(Malformed, match="cannot be opened"):
        one.check(step(inside / "y.dump", inside / "y.json"))


async def test_files_that_are_no_dumps_are_told(
    tmp_path: Path, place: Path, empty_database: str
) -> None:
    one = executor(tmp_path, place, {"orders": empty_database})
    for name, data, words in (
        ("empty", b"", "truncated: it is empty"),
        ("packed", b"\x1f\x8b\x08rest", "compressed as a whole"),
        ("random", bytes(range(256)), "no dump of Postgres"),
        ("text", b"select 1;\n", "its last line"),
        ("broken", b"PGDMPxx", "its list cannot be read"),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        done, _said = await verified(one, step(path, against="orders"))
        assert (done.outcome, words in done.words) == ("failed", True), done.words
    expect = tmp_path / "e.json"
    expect.write_text(json.dumps({"form": "other"}))
    with pytest.raises(Malformed, match=r"expectations\.form"):
        await verified(one, step(tmp_path / "text", expect))

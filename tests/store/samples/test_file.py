"""The file of samples is told from others; what is put aside is not written over."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crisisdesk.store.samples.file import (
    APPLICATION_ID,
    VERSION,
    Unfit,
    check,
    open_for_writing,
    put_aside,
)

MIB = 1 << 20


def test_a_new_file_says_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "samples.sqlite3"
    with closing(open_for_writing(path, 4 * MIB)) as raw:
        assert not check(raw)
        assert raw.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert raw.execute("PRAGMA user_version").fetchone() == (VERSION,)
        assert raw.execute("PRAGMA max_page_count").fetchone() == (4 * MIB // 8192,)
    with closing(open_for_writing(path, 4 * MIB)) as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_file_that_is_set_up_meanwhile_is_still_an_empty_one(tmp_path: Path) -> None:
    path = tmp_path / "samples.sqlite3"
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as writer,
        closing(sqlite3.connect(path, isolation_level=None)) as raw,
    ):
        writer.execute("PRAGMA journal_mode=WAL")

        def set_up(statement: str) -> None:
            if statement == "PRAGMA user_version":
                raw.set_trace_callback(None)
                writer.execute("BEGIN IMMEDIATE")
                writer.execute("CREATE TABLE hour (x)")
                writer.execute(f"PRAGMA application_id={APPLICATION_ID}")
                writer.execute("COMMIT")

        raw.set_trace_callback(set_up)
        assert check(raw)
        assert not check(raw)


def test_it_takes_no_more_than_its_budget(tmp_path: Path) -> None:
    path = tmp_path / "samples.sqlite3"
    many = [(number, bytes(4_000)) for number in range(1_000)]
    insert = "INSERT INTO hour VALUES (?, 0, 0, 0, 0, 1, 2, ?)"
    with closing(open_for_writing(path, MIB)) as raw:
        raw.executemany(insert, many[:100])
        with pytest.raises(sqlite3.OperationalError, match="full"):
            raw.executemany(insert, many[100:])
    assert path.stat().st_size <= MIB


def test_another_programs_file_and_a_newer_one_are_unfit(tmp_path: Path) -> None:
    other, newer = tmp_path / "other.sqlite3", tmp_path / "newer.sqlite3"
    with closing(sqlite3.connect(other)) as raw:
        raw.execute("CREATE TABLE theirs (x)")
    with closing(open_for_writing(newer, MIB)) as raw:
        raw.execute(f"PRAGMA user_version={VERSION + 6}")
    with pytest.raises(Unfit, match="no file of samples"):
        open_for_writing(other, MIB)
    with pytest.raises(Unfit, match=f"version {VERSION + 6}.*newer program") as told:
        open_for_writing(newer, MIB)
    assert told.value.why == f"version-{VERSION + 6}"


def test_what_is_put_aside_takes_its_write_ahead_log_along(tmp_path: Path) -> None:
    path = tmp_path / "samples.sqlite3"
    path.write_bytes(b"1")
    path.with_name("samples.sqlite3-wal").write_bytes(b"2")
    aside = put_aside(path, "version-7")
    assert aside.name == "samples-version-7.sqlite3"
    assert sorted(p.name for p in tmp_path.iterdir()) == [aside.name, f"{aside.name}-wal"]


def test_only_a_damaged_one_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "samples.sqlite3"
    for content in (b"1", b"2"):
        for why in ("damaged", "version-7"):
            path.write_bytes(content)
            put_aside(path, why)
    kept = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    assert kept == {
        "samples-damaged.sqlite3": b"2",
        "samples-version-7.sqlite3": b"1",
        "samples-version-7-2.sqlite3": b"2",
    }

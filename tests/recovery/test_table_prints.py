"""Counts and checksums: the same for the same content, other for any other."""

from __future__ import annotations

import psycopg
import pytest

from crisisdesk.recovery.table_prints import Print, differences, in_words, prints_of

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def prints(address: str, *tables: str) -> dict[str, Print]:
    async with await psycopg.AsyncConnection.connect(address) as own:
        return await prints_of(own, tables)


def make(address: str, *statements: str) -> None:
    with psycopg.connect(address, autocommit=True) as own:
        for one in statements:
            own.execute(one.encode())


async def test_content_counts_and_how_it_is_stored_does_not(empty_database: str) -> None:
    make(
        empty_database,
        'create table "Odd ""one" (counted int, t text, f float8, at timestamptz)',
        'create table two (like "Odd ""one")',
        'insert into "Odd ""one" select n, n, n / 3.0, now() from generate_series(1, 50) n',
        'insert into two select * from "Odd ""one" order by random()',
    )
    told = await prints(empty_database)
    assert set(told) == {'public."Odd ""one"', "public.two"}
    one = told['public."Odd ""one"']
    assert one == told["public.two"]
    assert one.rows == 50
    make(empty_database, "update two set f = f + 1e-9 where counted = 7")
    assert (await prints(empty_database, "public.two"))["public.two"] != one
    make(
        empty_database,
        "delete from two where counted = 7",
        'insert into two select * from "Odd ""one" where counted = 7',
    )
    assert (await prints(empty_database, "public.two")) == {"public.two": one}
    # Twice the same row is not none: a sum, where an exclusive or would be fooled.
    make(empty_database, "create table pair as select 1 as n from generate_series(1, 2)")
    make(empty_database, "create table other as select 2 as n from generate_series(1, 2)")
    told = await prints(empty_database)
    assert told["public.pair"] != told["public.other"]


def test_differences_are_told_by_their_kind() -> None:
    a, b = Print(rows=1, checksum="a" * 32), Print(rows=2, checksum="b" * 32)
    c = Print(rows=1, checksum="c" * 32)
    assert differences({"x": a}, {"x": a}) == []
    assert differences({"x": a, "y": b}, {"x": c, "z": b}) == [
        "x has its 1 rows, and other content than expected",
        "y is missing",
        "z was not expected",
    ]
    assert differences({"x": a}, {"x": b}) == ["x has 2 rows, expected 1"]
    assert differences({"x": a}, {"z": b})[0].startswith("another database: none of the 1 tables")
    assert differences({"x": a, "y": b}, {"x": a}, ["x"]) == []
    assert differences({"x": a}, {"x": a}, ["q"]) == ["q is not among what is expected"]
    assert in_words(["a", "b"]) == "a; b"
    assert in_words(list("abcdefg")).endswith("e; and 2 more")

"""Steps that ask a database, against a real Postgres: read-only, bound values, one statement."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from crisisdesk.domain.errors import Malformed
from crisisdesk.engine.recovery_ports import Done, Job
from crisisdesk.recovery.sql_check import SqlExecutor, as_text, bound, judged

from tests.recovery.hostile import arguments

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def ask(address: str, query: str, value: Any = 1, **more: Any) -> tuple[Done, str]:
    said: list[str] = []
    step = {
        "kind": "sql",
        "database": "orders",
        "query": query,
        "parameters": more.pop("parameters", {}),
        "expect": {"is": more.pop("operator", "="), "value": value},
    }
    executor = SqlExecutor({"orders": address}, lambda _name: None)
    job = Job(step=step, timeout_s=30, say=said.append)
    return await executor.execute(job), "".join(said)


async def test_a_value_is_compared(empty_database: str) -> None:
    done, said = await ask(empty_database, "select 40 + 2", 42)
    assert (done.outcome, done.words) == ("ok", "42 = 42")
    assert said == "select 40 + 2: 42\n"
    assert (await ask(empty_database, "select 5", 3, operator=">"))[0].outcome == "ok"
    assert (await ask(empty_database, "select pg_is_in_recovery()", "true"))[0].words == (
        "false = true does not hold"
    )
    assert (await ask(empty_database, "select 1 where false", "nothing"))[0].outcome == "ok"
    assert (await ask(empty_database, "select 7 % 4", 3))[0].outcome == "ok"


async def test_nothing_can_be_written_and_nothing_asked_beside(empty_database: str) -> None:
    with psycopg.connect(empty_database, autocommit=True) as own:
        own.execute("create table kept (n integer)")
        own.execute("insert into kept values (1)")
    for query in (
        "delete from kept",
        "select 1; delete from kept",
        "with gone as (delete from kept returning n) select n from gone",
        "drop table kept",
        "commit; drop table kept",
    ):
        done, _said = await ask(empty_database, query)
        assert done.outcome == "failed", query
    with psycopg.connect(empty_database) as own:
        assert own.execute("select count(*) from kept").fetchone() == (1,)


async def test_hostile_values_are_values(empty_database: str) -> None:
    values = [v for v in arguments(60) if "\0" not in v and v.isprintable()]
    assert len(values) > 20
    for value in values:
        done, _said = await ask(empty_database, "select {v}::text", value, parameters={"v": value})
        # Numbers and texts alike; only what reads as a number is compared as one.
        assert done.outcome == "ok", value


async def test_what_cannot_be_asked_is_told(empty_database: str) -> None:
    done, _said = await ask(empty_database, "select nonsense from nowhere")
    assert (done.outcome, done.words[:23]) == ("failed", "it could not be asked: ")
    away = "host=127.0.0.1 port=1 dbname=x user=y"
    assert (await ask(away, "select 1"))[0].outcome == "failed"
    with pytest.raises(Malformed, match="unknown at this station"):
        SqlExecutor({}, lambda _name: None).check({"database": "orders", "query": "select 1"})


def test_places_without_a_value_are_refused() -> None:
    with pytest.raises(Malformed, match="has no value"):
        bound({"query": "select {a}", "parameters": {}})
    assert bound({"query": "select {a} % 5", "parameters": {"a": "x"}}) == (
        "select %(a)s %% 5",
        {"a": "x"},
    )


def test_values_as_they_are_compared() -> None:
    assert [as_text(v) for v in (True, False, None, 5, "x")] == [
        "true",
        "false",
        "null",
        "5",
        "x",
    ]
    assert judged("1.50", "=", "1.5").outcome == "ok"
    assert judged("b", "!=", "a").outcome == "ok"
    assert judged("b", "<", "a").words.endswith("cannot be compared")
    assert judged("NaN", "=", "NaN").outcome == "ok"
    assert judged("5", "like", "5").words.endswith("cannot be compared")


async def test_a_look_is_the_question_itself(empty_database: str) -> None:
    executor = SqlExecutor({"orders": empty_database}, lambda _name: None)
    step = {"kind": "sql", "database": "orders", "query": "select 1", "expect": {"value": 2}}
    job = Job(step=step, timeout_s=30, say=lambda _: None)
    assert await executor.look(job) == Done(
        outcome="failed", words="1 = 2 does not hold", value="1"
    )
    assert executor.entry(step) == "recovery.databases orders"
    with pytest.raises(Malformed, match="is unknown at this station"):
        executor.entry({**step, "database": "other"})

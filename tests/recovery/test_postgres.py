"""Steps about servers, against a real primary with a real standby."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from crisisdesk.domain.errors import Malformed
from crisisdesk.engine.recovery_ports import Done, Job
from crisisdesk.recovery.pg_connection import Servers
from crisisdesk.recovery.postgres import PostgresExecutor

from tests.postgres.pair import Pair, pair_in

pytestmark = [pytest.mark.anyio, pytest.mark.serial, pytest.mark.timeout(300)]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with pair_in(tmp_path) as made:
        yield made


def executor(pair: Pair, *promotable: str) -> PostgresExecutor:
    addresses = {name: pair.address(name) for name in pair.servers}
    silent = "host=127.0.0.1 port=1 dbname=x user=y"
    servers = Servers({**addresses, "gone": silent}, lambda _name: pair.password)
    return PostgresExecutor(servers, promotable)


def job(step: dict[str, Any]) -> Job:
    return Job(step=step, timeout_s=20, say=lambda _: None)


async def do(one: PostgresExecutor, do: str, database: str, **more: Any) -> Done:
    step = {"kind": "postgres", "do": do, "database": database, "primary": "", **more}
    return await one.execute(Job(step=step, timeout_s=more.pop("within", 60), say=lambda _: None))


async def test_a_standby_is_looked_at_and_promoted_once(pair: Pair) -> None:
    one = executor(pair, "db1", "db2")
    followed = await do(one, "following", "db2", primary="db1")
    assert followed.outcome == "ok", followed.words
    ready = await do(one, "ready", "db2", primary="db1")
    assert (ready.outcome, "timeline 1" in ready.words) == ("ok", True), ready.words
    # Nothing is promoted beside a primary that lives.
    assert "takes writes, on timeline 1" in (await do(one, "fenced", "db1")).words
    # A look asks the same and never promotes.
    step = {"kind": "postgres", "do": "ready", "database": "db2", "primary": "db1"}
    looks = [await one.look(job({**step, "do": name})) for name in ("ready", "following")]
    assert [look.outcome for look in looks if look] == ["ok", "ok"]
    assert await one.look(job({**step, "do": "promote"})) is None
    assert one.entry({**step, "do": "promote"}) == (
        "recovery.databases db2, db1, recovery.promotable db2"
    )
    writable = await one.look(job({**step, "do": "writable", "primary": ""}))
    assert writable == Done(outcome="failed", words="db2 is read-only")
    refused = await do(one, "promote", "db2", primary="db1")
    assert refused.outcome == "failed"
    assert refused.words == "nothing was done: db1 still takes writes; fence it first"
    assert (await do(one, "fenced", "db2")).words == "db2 is a standby and takes no writes"
    with psycopg.connect(pair.dsn("db1"), autocommit=True) as own:
        own.execute("insert into orders values (1, 1, 'x')")
    followed = await do(one, "following", "db2", primary="db1", most_behind="0")
    assert followed.outcome == "ok", followed.words

    pair.kill("db1")
    assert (await do(one, "fenced", "db1")).outcome == "ok"
    late = await do(one, "promote", "db2", primary="db1", most_behind="0")
    assert (late.outcome, "more than 0 s may be lost" in late.words) == ("failed", True)
    accepted = {"most_behind": "0", "accept_loss": "yes"}
    late = await do(one, "promote", "db2", primary="db1", **accepted)
    assert late.outcome == "ok", late.words
    assert late.words == "db2 takes writes, on timeline 2"
    again = await do(one, "promote", "db2", primary="db1")
    assert (again.outcome, "takes writes already" in again.words) == ("failed", True)
    assert (await do(one, "writable", "db2")).outcome == "ok"

    # The old one comes back with a history of its own.
    pair.run("start", "db1")
    assert (await do(one, "fenced", "db1")).outcome == "failed"
    assert (await do(one, "ready", "db2", primary="db1")).outcome == "failed"
    pair.run("rejoin", "db1", "db2")
    followed = await do(one, "following", "db1", primary="db2")
    assert followed.outcome == "ok", followed.words
    assert "timeline 2" in followed.words
    readonly = await do(one, "writable", "db1", within=1)
    assert (readonly.outcome, "read-only" in readonly.words) == ("failed", True)


async def test_another_cluster_is_no_standby_of_it(pair: Pair, postgres: Any) -> None:
    addresses = {"db2": pair.address("db2"), "other": postgres.dsn()}
    servers = Servers(addresses, lambda name: pair.password if name == "recovery:db2" else None)
    one = PostgresExecutor(servers, ["db2"])
    told = await do(one, "ready", "db2", primary="other", accept_loss="yes")
    assert (told.outcome, "another cluster" in told.words) == ("failed", True)


async def test_what_may_not_be_done_is_refused(pair: Pair) -> None:
    one = executor(pair, "db1")
    for told, field in (
        ({"do": "promote", "database": "db2", "primary": "db1"}, "database"),
        ({"do": "promote", "database": "db1", "primary": "db1"}, "primary"),
        ({"do": "ready", "database": "db2", "primary": "db9"}, "primary"),
        ({"do": "fenced", "database": "db9"}, "database"),
        ({"do": "drop", "database": "db2"}, "do"),
        ({"do": "ready", "database": "db2", "primary": "db1", "most_behind": "x"}, "most_behind"),
        ({"do": "ready", "database": "db2", "primary": "db1", "accept_loss": "x"}, "accept_loss"),
    ):
        with pytest.raises(Malformed) as refused:
            one.check(told)
        assert refused.value.field == field
    words = one.check({"do": "promote", "database": "db1", "primary": "db2"})
    assert words == "would promote db1 in place of db2"
    # Nobody knows what a server that cannot be asked has.
    asked = await do(one, "ready", "gone", primary="db1")
    assert (asked.outcome, "could not be asked" in asked.words) == ("failed", True)

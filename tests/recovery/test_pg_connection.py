"""Servers by name: whose address is unknown, what is gone and what is only silent."""

from __future__ import annotations

import socket

import psycopg
import pytest

from crisisdesk.domain.errors import Malformed
from crisisdesk.recovery.pg_connection import Servers, row

from tests.postgres.pair import without_password
from tests.postgres.server import PostgresServer

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def servers(address: str, password: str | None = None) -> Servers:
    return Servers({"one": address}, {"recovery:one": password}.get)


async def test_the_password_is_the_secrets(postgres: PostgresServer) -> None:
    address = without_password(postgres.dsn())
    async with servers(address, postgres.password).connected("one", "server", 30) as own:
        assert await row(own, "select %s::text as told, 1 as n", "x") == {"told": "x", "n": 1}
        assert await row(own, "select 1 where false") is None
    with pytest.raises(psycopg.OperationalError):
        async with servers(address, "wrong").connected("one", "server", 30):
            pass
    with pytest.raises(Malformed, match="unknown at this station"):
        servers(address).address("two", "primary")


async def test_words_are_told_without_the_password() -> None:
    one = servers("host=h", "hunter2-of-db")
    told = await one.plain("one", ValueError("failed\n for hunter2-of-db"))
    assert told == "failed for ***"


async def test_gone_is_only_what_refuses_at_every_place(postgres: PostgresServer) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
        # Bound, and nobody listens.
        assert await servers(f"host=127.0.0.1 port={free}").is_gone("one", 5)
        both = f"host=127.0.0.1,127.0.0.1 port={free},{postgres.port}"
        assert not await servers(both).is_gone("one", 5)
        assert not await servers(f"host=127.0.0.1,, port={free}").is_gone("one", 5)
    assert not await servers(f"host=127.0.0.1 port={postgres.port}").is_gone("one", 5)
    assert not await servers("host=nowhere.invalid").is_gone("one", 5)
    assert await servers("host=/nonexistent").is_gone("one", 5)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        assert not await servers(f"host=127.0.0.1 port={silent.getsockname()[1]}").is_gone("one", 1)

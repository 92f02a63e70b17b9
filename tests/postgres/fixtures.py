"""Fixtures: one Postgres for the session (of each worker), and a fresh database for a test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.postgres.server import PostgresServer


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A running server that tests share; a test that stops or kills one starts its own."""
    with PostgresServer() as server:
        yield server


@pytest.fixture
def empty_database(postgres: PostgresServer) -> Iterator[str]:
    """The address of a database with nothing in it, as its administrator."""
    name = postgres.create_database()
    yield postgres.dsn(name)
    postgres.drop_database(name)

"""Fixtures: one Postgres for the session (of each worker), fresh databases, a hub with logins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from crisisdesk.hub import schema

from tests.postgres.server import PostgresServer


@dataclass(slots=True, kw_only=True)
class HubPlace:
    """A database with the hub's schema, and how to get into it."""

    server: PostgresServer
    database: str

    @property
    def admin_dsn(self) -> str:
        """As the cluster's administrator."""
        return self.server.dsn(self.database)

    def login(self, name: str = "alpha", *, port: int = 0) -> str:
        """As a station with a login of its own (made when it is new); through a proxy's port."""
        role = f"{self.database}_{name}"
        schema.create_station_login(self.admin_dsn, role, f"password of {name}")
        return self.server.dsn(self.database, user=role, password=f"password of {name}", port=port)


def make_hub(server: PostgresServer) -> HubPlace:
    """A hub's schema in a new database of any running server."""
    database = server.create_database()
    schema.upgrade(server.dsn(database))
    return HubPlace(server=server, database=database)


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


@pytest.fixture(scope="session")
def hub_template(postgres: PostgresServer) -> str:
    """The name of a database with the hub's schema, to copy from."""
    return make_hub(postgres).database


@pytest.fixture
def hub_place(postgres: PostgresServer, hub_template: str) -> Iterator[HubPlace]:
    """A hub of one's own: the schema, empty."""
    place = HubPlace(server=postgres, database=postgres.create_database(hub_template))
    yield place
    postgres.drop_database(place.database)

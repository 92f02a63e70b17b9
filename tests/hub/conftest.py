"""A hub in a real Postgres for each test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.hub.ways import PgFactory
from tests.postgres.fixtures import HubPlace


@pytest.fixture
def factory(hub_place: HubPlace) -> Iterator[PgFactory]:
    """Ways to it, each with a login of its own."""
    with ExitStack() as stack:
        yield PgFactory(hub_place, stack)

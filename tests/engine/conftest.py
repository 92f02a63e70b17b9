"""A station on a real file, with its handlers at hand, for every test of the engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.workload import Station


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    """A new station; closed when the test ends."""
    made = Station(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def anyio_backend() -> str:
    """Coroutine tests run on asyncio, as the engine does."""
    return "asyncio"

"""A station on a real file for every test of the store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crisisdesk.store.queries import StationReader

from tests.store.workload import Station


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    """A new station; closed when the test ends."""
    made = Station(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def reader(station: Station) -> Iterator[StationReader]:
    """A reader of that station, on the test's thread."""
    made = StationReader(station.path)
    yield made
    made.close()

"""The simulated disks, one set for all fleets of a test file."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reliability.fleet import disks


@pytest.fixture(scope="module")
def disk() -> Iterator[Path]:
    """A folder in memory where the system offers it, with an empty station's file in it."""
    with disks() as folder:
        yield folder


@pytest.fixture
def quiet() -> Iterator[None]:
    """What is planted on purpose is told in logs; nobody needs to read that."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)

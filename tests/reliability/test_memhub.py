"""The hub in memory keeps the contract of the real one: what is shown on it holds there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.hub.contract import DutyContract, HubContract
from tests.reliability.memhub import MemHub


class MemFactory:
    """Every station's way is the hub itself; its clock is moved by hand."""

    def __init__(self) -> None:
        self._now_ms = 1_770_861_902_000
        self._hub = MemHub(lambda: self._now_ms)

    def hub(self, _station: str) -> MemHub:
        return self._hub

    def duty(self, _station: str) -> MemHub:
        return self._hub

    def pass_time(self, ms: int) -> None:
        self._now_ms += ms

    def keep_copy(self) -> Callable[[], None]:
        copy = self._hub.copy()
        return lambda: self._hub.set_back(copy)


@pytest.fixture
def factory() -> MemFactory:
    return MemFactory()


class TestLogInMemory(HubContract):
    """The shared log."""


class TestDutyInMemory(DutyContract):
    """Lease and ledger."""

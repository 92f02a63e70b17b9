"""Looks after the room on the disk, beside the engine."""

from __future__ import annotations

import asyncio
from typing import Protocol

TICK_S = 1.0


class Reserve(Protocol):
    """Room that is kept for a full disk (see `store.ballast`)."""

    @property
    def problem(self) -> str:
        """What the operator should know; empty when there is room."""

    def look(self) -> None:
        """See how much room there is and act on it; blocking, for milliseconds."""


class SpaceWatch:
    """Calls `Reserve.look` every second, on a thread: a disk that hangs holds nobody else."""

    def __init__(self, reserve: Reserve) -> None:
        self._reserve = reserve

    @property
    def problem(self) -> str:
        """What the operator should know; empty when there is room."""
        return self._reserve.problem

    async def run(self) -> None:
        """Serve until cancelled."""
        while True:
            await asyncio.to_thread(self._reserve.look)
            await asyncio.sleep(TICK_S)

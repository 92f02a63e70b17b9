"""The watch over the room looks at once and again, and tells what it found."""

from __future__ import annotations

import asyncio
import threading

import pytest

from crisisdesk.engine.workers import space
from crisisdesk.engine.workers.space import SpaceWatch

pytestmark = pytest.mark.anyio


class Room:
    """A reserve that counts looks and says which thread looked."""

    def __init__(self) -> None:
        self.looks = 0
        self.threads: set[int] = set()
        self.problem = "only 3 MiB are free"

    def look(self) -> None:
        self.looks += 1
        self.threads.add(threading.get_ident())


async def test_it_looks_again_and_again_beside_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(space, "TICK_S", 0.001)
    room = Room()
    watch = SpaceWatch(room)
    task = asyncio.get_running_loop().create_task(watch.run())
    async with asyncio.timeout(10):
        while room.looks < 3:
            await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert threading.get_ident() not in room.threads
    assert watch.problem == "only 3 MiB are free"

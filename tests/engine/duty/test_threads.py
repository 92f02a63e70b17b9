"""A worker on its own thread: awaited, told of, ended when cancelled."""

from __future__ import annotations

import asyncio
import threading

import pytest

from crisisdesk.engine.duty.threads import OwnThread


def test_it_runs_beside_the_loop_and_ends_with_it() -> None:
    names: list[str] = []

    async def work() -> None:
        await OwnThread("duty").run(
            lambda: names.append(threading.current_thread().name), lambda: None
        )

    asyncio.run(work())
    assert names == ["duty"]


def test_what_it_raises_is_raised() -> None:
    def fails() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        asyncio.run(OwnThread("duty").run(fails, lambda: None))


def test_a_cancelled_one_is_told_to_stop_and_awaited() -> None:
    stop, ended = threading.Event(), threading.Event()
    begun = threading.Event()

    def serve() -> None:
        begun.set()
        assert stop.wait(10)
        ended.set()

    async def work() -> None:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(OwnThread("duty").run(serve, stop.set))
            await asyncio.to_thread(begun.wait, 10)
            task.cancel()

    asyncio.run(work())
    assert ended.is_set()

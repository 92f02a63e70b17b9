"""Deadlines that are fair to a process which was stopped while it waited."""

from __future__ import annotations

import asyncio
import time

import pytest

from crisisdesk.engine.patience import within

pytestmark = pytest.mark.anyio


async def answer_after(seconds: float, ended: list[str] | None = None) -> str:
    try:
        await asyncio.sleep(seconds)
    finally:
        if ended is not None:
            ended.append("ended")
    return "answered"


async def test_an_answer_in_time_is_the_result() -> None:
    assert await within(5, answer_after(0)) == "answered"


async def test_what_does_not_come_is_given_up_and_has_ended() -> None:
    ended: list[str] = []
    with pytest.raises(TimeoutError):
        await within(0.01, answer_after(30, ended))
    assert ended == ["ended"]


async def test_an_answer_that_was_there_at_the_waking_counts() -> None:
    """The loop stands still past both moments, as in a stopped process."""
    waiting = asyncio.get_running_loop().create_task(within(0.05, answer_after(0.01)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    time.sleep(0.2)
    assert await waiting == "answered"


async def test_the_plain_timeout_would_have_lost_it() -> None:
    async def plain() -> str:
        async with asyncio.timeout(0.05):
            return await answer_after(0.01)

    waiting = asyncio.get_running_loop().create_task(plain())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    time.sleep(0.2)
    with pytest.raises(TimeoutError):
        await waiting


async def test_its_own_failure_is_told() -> None:
    async def fail() -> None:
        raise OSError("refused")

    with pytest.raises(OSError, match="refused"):
        await within(5, fail())


async def test_who_is_cancelled_takes_the_work_along() -> None:
    ended: list[str] = []
    waiting = asyncio.get_running_loop().create_task(within(30, answer_after(30, ended)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert ended == ["ended"]

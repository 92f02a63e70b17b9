"""Blocking work: its result, its failure, its deadline, and the bound on what hangs."""

from __future__ import annotations

import asyncio
import threading

import pytest

from crisisdesk.domain.detection.reading import Verdict
from crisisdesk.sources.probes.looking import Unanswered
from crisisdesk.sources.probes.threads import Threads

LONG_S = 30.0


def test_results_and_failures_come_back() -> None:
    def fail() -> int:
        raise OSError("disk")

    async def work() -> None:
        threads = Threads("test")
        assert await threads.run("a", lambda: 7, LONG_S) == 7
        with pytest.raises(OSError, match="disk"):
            await threads.run("a", fail, LONG_S)
        assert await threads.run("a", threading.get_ident, LONG_S) != threading.get_ident()

    asyncio.run(work())


def test_what_hangs_is_not_asked_again_and_is_bounded() -> None:
    gate = threading.Event()

    async def work() -> None:
        threads = Threads("test", most=2)
        for name in ("a", "b"):
            with pytest.raises(TimeoutError):
                await threads.run(name, gate.wait, 0.01)
        for name, why in (("a", "the look before"), ("c", "2 earlier looks")):
            with pytest.raises(Unanswered, match=why) as caught:
                await threads.run(name, gate.wait, 0.01)
            assert caught.value.verdict is Verdict.UNSURE
        assert threads.running == 2
        gate.set()
        while threads.running:
            await asyncio.sleep(0)
        assert await threads.run("a", lambda: 1, LONG_S) == 1

    try:
        asyncio.run(work())
    finally:
        gate.set()


def test_what_is_late_is_told_to_stop() -> None:
    gate = threading.Event()

    async def work() -> None:
        threads = Threads("test")
        with pytest.raises(TimeoutError):
            await threads.run("a", gate.wait, 0.01, gate.set)
        assert gate.is_set()
        told: list[str] = []
        assert await threads.run("b", lambda: 1, LONG_S, lambda: told.append("stop")) == 1
        assert told == []

    asyncio.run(work())


def test_work_that_ends_after_its_loop_hurts_nobody() -> None:
    gate, ended = threading.Event(), threading.Event()

    def slow() -> None:
        gate.wait(LONG_S)
        ended.set()

    async def work() -> None:
        with pytest.raises(TimeoutError):
            await Threads("test").run("a", slow, 0.01)

    asyncio.run(work())
    gate.set()
    assert ended.wait(LONG_S)


def test_one_that_ends_while_another_begins_has_not_failed() -> None:
    async def story() -> tuple[int, int]:
        threads = Threads("ending")
        first = asyncio.get_running_loop().create_task(threads.run("a", lambda: 1, 30.0))
        await asyncio.sleep(0)
        # Its thread is gone, and the loop has not come round to it yet.
        for thread in threading.enumerate():
            if thread.name == "crisisdesk-ending":
                thread.join(30)
        second = await threads.run("b", lambda: 2, 30.0)
        return await first, second

    assert asyncio.run(story()) == (1, 2)

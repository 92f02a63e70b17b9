"""Work that runs beside: one of a name at a time."""

from __future__ import annotations

import asyncio

from crisisdesk.engine.workers.side_tasks import SideTasks


def test_one_of_a_name_runs_at_a_time() -> None:
    async def work() -> None:
        gate, began = asyncio.Event(), list[str]()

        async def job() -> None:
            began.append("job")
            await gate.wait()

        tasks = SideTasks(lambda _error: None)
        tasks.start("a", job)
        tasks.start("a", job)
        tasks.start("b", job)
        await asyncio.sleep(0)
        assert (began, len(tasks), "a" in tasks) == (["job", "job"], 2, True)
        gate.set()
        await tasks.settled()
        assert (len(tasks), "a" in tasks) == (0, False)

    asyncio.run(work())


def test_a_failure_is_told_and_an_end_is_none() -> None:
    async def work() -> None:
        failed: list[BaseException] = []

        async def bad() -> None:
            raise ValueError("x")

        async def long() -> None:
            await asyncio.Event().wait()

        tasks = SideTasks(failed.append)
        tasks.start("bad", bad)
        await tasks.settled()
        tasks.start("long", long)
        await asyncio.sleep(0)
        await tasks.close()
        assert [str(error) for error in failed] == ["x"]
        assert len(tasks) == 0

    asyncio.run(work())

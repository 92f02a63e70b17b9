"""Samples go to the store on a thread; a disk that refuses costs samples and nothing else."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

import pytest

from crisisdesk.domain.detection.reading import Line
from crisisdesk.domain.detection.series import Sample, series
from crisisdesk.engine.workers import sample_writer
from crisisdesk.engine.workers.sample_writer import SampleWriter

from tests.engine.workers.looking_out import MemorySamples

LOAD = series("SRC-1", "load")


def samples(*ats: int) -> list[Sample]:
    return [Sample(LOAD, at, 1.0) for at in ats]


def test_what_is_taken_is_written_and_the_rest_at_the_end() -> None:
    async def work() -> None:
        store = MemorySamples()
        writer = SampleWriter(store)
        writer.take(samples(1, 2), [Line(at=1, name="log", text="x")])
        await writer.write()
        assert sorted(store.kept[LOAD]) == [1, 2]
        assert len(store.kept_lines) == 1
        writer.take(samples(3), [])
        await writer.aclose()
        assert sorted(store.kept[LOAD]) == [1, 2, 3]
        assert store.is_closed

    asyncio.run(work())


@pytest.mark.expect_log("measured values are not kept", "ERROR")
def test_a_disk_that_refuses_is_told_once_and_looked_over() -> None:
    async def work() -> None:
        store = MemorySamples()
        writer = SampleWriter(store)
        store.refusing = "the disk is full"
        for at in range(3):
            writer.take(samples(at), [])
            await writer.write()
        assert writer.problem == "measured values are not kept: the disk is full"
        store.refusing = ""
        writer.take(samples(9), [])
        await writer.write()
        assert writer.problem == ""
        assert sorted(store.kept[LOAD]) == [9]
        await writer.aclose()

    asyncio.run(work())


@pytest.mark.expect_log("measured values are not kept: the disk is too slow", "ERROR")
def test_a_disk_that_hangs_costs_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sample_writer, "MOST_WAITING", 5)
    gate = threading.Event()

    class Slow(MemorySamples):
        def write(self, samples: Sequence[Sample], lines: Sequence[Line] = ()) -> None:
            gate.wait()
            super().write(samples, lines)

    async def work() -> None:
        store = Slow()
        writer = SampleWriter(store)
        writer.take(samples(0), [])
        first = asyncio.get_running_loop().create_task(writer.write())
        await asyncio.sleep(0)
        for at in range(1, 9):
            writer.take(samples(at), [])
            # Nobody waits for the disk.
            await writer.write()
        gate.set()
        await first
        await writer.aclose()
        assert sorted(store.kept[LOAD]) == [0, 4, 5, 6, 7, 8]

    asyncio.run(work())

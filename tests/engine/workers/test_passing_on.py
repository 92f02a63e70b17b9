"""Of what a source reports at each look only news goes further."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from crisisdesk.domain.severity import Severity
from crisisdesk.domain.signal import Signal, SignalAction
from crisisdesk.engine.command import Command
from crisisdesk.engine.commands import TakeIn
from crisisdesk.engine.ports import StoreFailed
from crisisdesk.engine.workers.passing_on import REPEAT_MS, PassingOn

SIGNAL = Signal(
    source="alertmanager",
    key="k",
    action=SignalAction.FIRE,
    severity=Severity.HIGH,
    title="Disk full",
)


class Door:
    """Takes commands, or refuses them."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, list[str]]] = []
        self.refusing: Exception | None = None

    def submit(self, command: Command, actor: str) -> asyncio.Future[Any]:
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if self.refusing is not None:
            future.set_exception(self.refusing)
        else:
            assert isinstance(command, TakeIn)
            self.taken.append((actor, [s.key for s in command.signals]))
            future.set_result([])
        return future


def test_the_same_is_passed_on_once_a_minute() -> None:
    async def work() -> None:
        door = Door()
        passing = PassingOn(door.submit)
        for at in range(0, 3 * REPEAT_MS, 10_000):
            await passing.pass_on([SIGNAL], at)
        assert door.taken == [("source:alertmanager", ["k"])] * 3
        await passing.pass_on([replace(SIGNAL, title="Disk fuller")], 3 * REPEAT_MS - 10_000)
        assert len(door.taken) == 4
        await passing.pass_on([], 3 * REPEAT_MS)
        assert len(door.taken) == 4

    asyncio.run(work())


def test_what_ends_by_itself_is_renewed_at_half_its_time() -> None:
    async def work() -> None:
        door = Door()
        passing = PassingOn(door.submit)
        for at in range(0, 30_000, 5_000):
            await passing.pass_on([replace(SIGNAL, ends_at=at + 20_000)], at)
        assert len(door.taken) == 3

    asyncio.run(work())


def test_each_source_reports_under_its_own_name() -> None:
    async def work() -> None:
        door = Door()
        other = replace(SIGNAL, source="mail")
        await PassingOn(door.submit).pass_on([SIGNAL, other, replace(SIGNAL, key="l")], 0)
        assert sorted(door.taken) == [
            ("source:alertmanager", ["k", "l"]),
            ("source:mail", ["k"]),
        ]

    asyncio.run(work())


def test_what_was_not_taken_is_news_again() -> None:
    async def work() -> None:
        door = Door()
        passing = PassingOn(door.submit)
        door.refusing = StoreFailed("no")
        with pytest.raises(StoreFailed):
            await passing.pass_on([SIGNAL], 0)
        door.refusing = None
        await passing.pass_on([SIGNAL], 1)
        assert len(door.taken) == 1

    asyncio.run(work())

"""The listener: looks while this station pages, and says when nothing is heard."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from crisisdesk.engine.workers import listener
from crisisdesk.engine.workers.listener import Listener

pytestmark = pytest.mark.anyio


class Box:
    name, problem = "answers by pigeon", ""

    def __init__(self) -> None:
        self.looks = 0
        self.hang = False

    async def poll(self, _submit: Any) -> None:
        self.looks += 1
        if self.hang:
            await asyncio.Event().wait()

    async def aclose(self) -> None: ...


def submit(*_order: Any) -> Any:
    raise AssertionError("the box submits, not the listener")


async def test_only_the_station_that_pages_looks() -> None:
    box, duty = Box(), [False]
    one = Listener(submit, box, lambda: duty[0])
    await one.look()
    assert box.looks == 0
    duty[0] = True
    await one.look()
    assert box.looks == 1
    box.problem = "the mailbox is gone"
    assert one.problem == "the mailbox is gone"


async def test_a_look_without_end_is_given_up_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "DEADLINE_S", 0.01)
    box = Box()
    box.hang = True
    one = Listener(submit, box, lambda: True)
    await one.look()
    assert one.problem.startswith("answers by pigeon: no end within")
    box.hang = False
    await one.look()
    assert one.problem == ""


async def test_it_goes_on_looking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "LOOK_S", 0.0)
    box = Box()
    task = asyncio.get_running_loop().create_task(Listener(submit, box, lambda: True).run())
    while box.looks < 3:
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

"""The correlator in a running engine: it proposes by itself, and fails without harm to others."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from crisisdesk.engine.command import ENGINE, Command
from crisisdesk.engine.committer import Overloaded
from crisisdesk.engine.correlation_commands import MindCandidates
from crisisdesk.engine.ports import StoreFailed
from crisisdesk.engine.workers import correlator
from crisisdesk.engine.workers.correlator import BATCH, OTHERS_LATE_MS, Correlator


class Engine:
    """Takes orders down and answers from a list; an exception in it is raised."""

    def __init__(self, *answers: Any) -> None:
        self.orders: list[tuple[Command, str]] = []
        self.answers = list(answers)

    def submit(self, command: Command, actor: str) -> asyncio.Future[Any]:
        self.orders.append((command, actor))
        future = asyncio.get_running_loop().create_future()
        answer = self.answers.pop(0) if self.answers else asyncio.CancelledError()
        if isinstance(answer, BaseException):
            future.set_exception(answer) if isinstance(answer, Exception) else future.cancel()
        else:
            future.set_result(answer)
        return future


def run(engine: Engine, *, on_duty: bool = True) -> None:
    worker = Correlator(engine.submit, lambda: on_duty)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(worker.run())


def test_a_station_with_duty_decides_at_once_and_others_later() -> None:
    for on_duty, late_ms in ((True, 0), (False, OTHERS_LATE_MS)):
        engine = Engine()
        run(engine, on_duty=on_duty)
        assert engine.orders == [(MindCandidates(late_ms=late_ms, limit=BATCH), ENGINE)]


def test_it_pauses_only_when_nothing_more_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    engine = Engine(BATCH, BATCH, 3, 0)
    run(engine)
    assert len(engine.orders) == 5
    assert pauses == [correlator.TICK_S] * 2


@pytest.mark.expect_log("candidates could not be minded", level="ERROR")
def test_a_full_disk_or_queue_is_borne(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(correlator, "TICK_S", 0.0)
    engine = Engine(StoreFailed("full"), Overloaded("busy"), 0)
    run(engine)
    assert len(engine.orders) == 4

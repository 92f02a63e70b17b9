"""The evaluator on a station's real file: what is fed becomes alerts, once, and ends."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.detection.rule import key_of
from crisisdesk.domain.detection.series import Sample, series
from crisisdesk.domain.errors import DomainError
from crisisdesk.domain.ids import alert_id_of
from crisisdesk.engine.command import Command
from crisisdesk.engine.commands import ResolveAlert
from crisisdesk.engine.ports import StoreFailed
from crisisdesk.engine.rule_commands import DeclareRule, RemoveRule
from crisisdesk.engine.workers.evaluator import CRY_AGAIN_MS, WAITING_MOST, Evaluator

from tests.store.workload import START, Station

LOAD = series("S-1", "load", {"host": "a"})


class Desk:
    """One station with its evaluator; commands go into its file at once."""

    def __init__(self, folder: Path) -> None:
        self.station = Station(folder, START, 1)
        self.duty = True
        self.refusing: Exception | None = None
        self.asked: list[str] = []
        self.rules = self.another()

    def another(self) -> Evaluator:
        """An evaluator that knows nothing yet."""
        return Evaluator(self.submit, lambda: self.station.now_ms, lambda: self.duty)

    def submit(self, command: Command, actor: str) -> asyncio.Future[Any]:
        """As the committer: done when it is in the file."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if self.refusing is not None:
            future.set_exception(self.refusing)
            return future
        self.asked.append(type(command).__name__)
        (result,) = self.station.do(command, actor=actor)
        if isinstance(result, DomainError):
            future.set_exception(result)
        else:
            future.set_result(result)
        self.rules.on_commit({"policy.published": 1} if "Rule" in type(command).__name__ else {})
        return future

    async def declare(self, **written: Any) -> str:
        """The id of a rule that fires above 5."""
        told = {
            "rule_type": "threshold",
            "conditions": {"metric": "load", "op": ">", "value": 5, "for": 10},
        }
        made: str = await self.submit(DeclareRule(name="high", written={**told, **written}), "Ann")
        return made

    async def feed(self, value: float, ms: int = 10_000) -> None:
        """Time passes, and one value comes."""
        self.station.now_ms += ms
        now = self.station.now_ms
        self.rules.feed([Sample(LOAD, now, value)], [], now)
        await self.rules.look()

    def alert(self, rule_id: str) -> Alert | None:
        """The alert of the load."""
        found = self.station.bench.get(alert_id_of("rule", key_of(rule_id, LOAD)))
        return found if isinstance(found, Alert) else None

    def is_open(self, rule_id: str) -> bool:
        """Whether it is."""
        found = self.alert(rule_id)
        return found is not None and found.is_open


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.station.close()


def test_what_holds_long_enough_is_an_alert_and_ends(desk: Desk) -> None:
    async def play() -> None:
        rule_id = await desk.declare()
        await desk.feed(9.0)
        assert not desk.is_open(rule_id)
        for _ in range(3):
            await desk.feed(9.0)
        found = desk.alert(rule_id)
        assert found is not None
        assert (found.is_open, found.count) == (True, 1)
        await desk.feed(1.0)
        assert not desk.is_open(rule_id)
        assert desk.asked.count("NoteFindings") == 2

    asyncio.run(play())


def test_a_new_evaluator_goes_on_from_what_is_open(desk: Desk) -> None:
    async def play() -> None:
        rule_id = await desk.declare()
        await desk.feed(9.0)
        await desk.feed(9.0)
        desk.rules = desk.another()
        await desk.feed(9.0)
        found = desk.alert(rule_id)
        assert found is not None
        assert found.count_total == 1
        await desk.feed(1.0)
        assert not desk.is_open(rule_id)

    asyncio.run(play())


def test_without_duty_nothing_is_said(desk: Desk) -> None:
    async def play() -> None:
        rule_id = await desk.declare()
        desk.duty = False
        for _ in range(3):
            await desk.feed(9.0)
        assert desk.alert(rule_id) is None
        desk.duty = True
        await desk.feed(9.0)
        assert desk.alert(rule_id) is None
        await desk.feed(9.0)
        assert desk.is_open(rule_id)

    asyncio.run(play())


def test_what_could_not_be_written_is_said_again(desk: Desk) -> None:
    async def play() -> None:
        rule_id = await desk.declare()
        await desk.feed(9.0)
        desk.refusing = StoreFailed("disk full")
        with pytest.raises(StoreFailed):
            await desk.feed(9.0)
        desk.refusing = None
        await desk.rules.look()
        assert desk.is_open(rule_id)

    asyncio.run(play())


@pytest.mark.parametrize(
    ("remove", "why"), [(False, "the rule was switched off"), (True, "the rule was removed")]
)
def test_the_alert_of_a_rule_that_does_not_run_ends(desk: Desk, *, remove: bool, why: str) -> None:
    async def play() -> None:
        rule_id = await desk.declare()
        await desk.feed(9.0)
        await desk.feed(9.0)
        off = DeclareRule(rule_id=rule_id, written={"is_active": False})
        await desk.submit(RemoveRule(rule_id=rule_id) if remove else off, "Ann")
        await desk.feed(9.0)
        found = desk.alert(rule_id)
        assert found is not None
        assert (found.is_open, found.resolution) == (False, why)

    asyncio.run(play())


def test_what_somebody_ended_while_it_holds_comes_back(desk: Desk) -> None:
    async def play() -> None:
        rule_id = await desk.declare()
        await desk.feed(9.0)
        await desk.feed(9.0)
        await desk.submit(ResolveAlert(alert_id=alert_id_of("rule", key_of(rule_id, LOAD))), "Ann")
        await desk.feed(9.0)
        assert not desk.is_open(rule_id)
        await desk.feed(9.0, CRY_AGAIN_MS)
        assert desk.is_open(rule_id)

    asyncio.run(play())


def test_what_comes_too_fast_is_told_and_bounded(desk: Desk) -> None:
    async def play() -> None:
        await desk.declare()
        many = [Sample(LOAD, START, 1.0)] * (WAITING_MOST + 7)
        desk.rules.feed(many, [], START)
        assert "7 samples came faster" in desk.rules.problem

    asyncio.run(play())


def test_a_rule_about_anomalies_without_a_detector_is_told(desk: Desk) -> None:
    async def play() -> None:
        await desk.declare(rule_type="anomaly", conditions={"metric": "load"})
        await desk.rules.look()
        assert desk.rules.problem == "this station cannot look for anomalies: high"

    asyncio.run(play())

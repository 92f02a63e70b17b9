"""The auditor: pages long due that nobody acts on are told of, and the lease changes hands."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from crisisdesk.engine import commands as c
from crisisdesk.engine.duty.auditor import LATE_S, Auditor
from crisisdesk.engine.duty.ports import LedgerRow
from crisisdesk.engine.escalation_commands import ListLateSteps, MindEscalations

from tests.engine.duty.test_pager_gate import OTHER, START, Desk
from tests.store.workload import Station, signal

TOLD = pytest.mark.expect_log("no station acts on them", "ERROR")


class Watch(Desk):
    """A desk with an auditor over a real file."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.station = Station(folder, now_ms=START)
        self.station.add_contact()
        self.auditor = Auditor(self.submit, self.clock, self.gate, self.keeper)

    def submit(self, command: c.Command, actor: str) -> asyncio.Future[Any]:
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.station.now_ms = self.clock.now_ms()
        future.set_result(self.station.do(command, actor=actor)[0])
        return future

    def fire(self) -> str:
        self.station.now_ms = self.clock.now_ms()
        self.station.do(c.TakeIn(signals=[signal(3)]))
        rows: list[tuple[str]] = self.station.journal._rows("SELECT agg FROM delivery")
        return rows[0][0]

    def check(self) -> list[str]:
        """What a second look finds."""
        self.look()
        return self.look()

    def look(self) -> list[str]:
        async def ask() -> list[str]:
            try:
                return await self.auditor.check()
            finally:
                await asyncio.to_thread(self.gate._pool.shutdown)
                self.gate._pool = type(self.gate._pool)(1)

        return asyncio.run(ask())


@pytest.fixture
def watch(tmp_path: Path) -> Any:
    made = Watch(tmp_path / "data")
    yield made
    made.gate._pool.shutdown()
    made.station.close()


def late(watch: Watch) -> None:
    watch.clock.advance(round(LATE_S * 1000) + 1_000)


def test_what_is_not_long_due_is_no_trouble(watch: Watch) -> None:
    watch.fire()
    watch.clock.advance(round(LATE_S * 1000) - 1_000)
    assert watch.check() == []
    assert watch.auditor.problem == ""


@TOLD
def test_what_is_overdue_at_once_is_told_only_if_it_stays_so(watch: Watch) -> None:
    key = watch.fire()
    watch.clock.advance(3_600_000)
    assert watch.look() == []
    assert watch.auditor.problem == ""
    assert watch.look() == [key]


@TOLD
def test_a_step_that_nobody_takes_is_told_of_until_somebody_does(watch: Watch) -> None:
    key = watch.fire()
    watch.clock.advance(16 * 60_000)
    watch.station.now_ms = watch.clock.now_ms()
    [[escalation]] = watch.station.do(ListLateSteps(late_ms=0))
    assert escalation.startswith("ESC-")
    watch.look()
    assert watch.auditor.problem == "", "whoever takes steps has the time between two looks"
    assert watch.look() == [key]
    assert "1 step is more than 30 s overdue" in watch.auditor.problem
    watch.station.do(MindEscalations())
    assert watch.check() != []
    assert "step" not in watch.auditor.problem


@pytest.mark.expect_log("no station acts on them|deposed", "ERROR")
def test_a_hung_holder_is_told_of_and_deposed(watch: Watch) -> None:
    watch.other.step()
    watch.keeper.step()
    key = watch.fire()
    late(watch)
    watch.other.beat()
    watch.other.step()
    watch.keeper.beat()
    watch.keeper.step()
    watch.clock.advance(1_000)
    watch.keeper._view = watch.keeper.view.__class__(
        unanswered=None, holder=OTHER, holder_token=watch.hub.token, token_since=0.0
    )
    assert watch.check() == [key]
    assert watch.auditor.problem.startswith("1 page is more than 30 s overdue")
    watch.keeper.beat()
    watch.keeper.step()
    assert watch.hub.holder != OTHER
    assert watch.keeper.holds(watch.clock.boottime()) == watch.hub.token


@pytest.mark.expect_log("no station acts on them|gives the lease back", "ERROR")
def test_a_holder_that_does_not_page_itself_gives_the_lease_back(watch: Watch) -> None:
    watch.keeper.step()
    watch.fire()
    for _ in range(35):
        watch.clock.advance(1_000)
        watch.keeper.beat()
        watch.keeper.step()
    assert watch.check()
    watch.keeper.step()
    assert watch.keeper.holds(watch.clock.boottime()) == 0
    assert watch.hub.expires <= watch.clock.now_ms()


def test_claims_by_anyone_show_that_somebody_pages(watch: Watch) -> None:
    watch.fire()
    late(watch)
    watch.auditor.on_commit({"delivery.claimed": 1})
    assert watch.check() == []


def test_a_row_in_the_ledger_is_somebody_acting(watch: Watch) -> None:
    key = watch.fire()
    late(watch)
    now = watch.clock.now_ms()
    watch.hub.ledger[key] = LedgerRow(
        key=key, token=1, holder=OTHER, state="claimed", attempt=1, deadline_ms=now
    )
    assert watch.check() == []


def test_what_is_no_longer_wanted_is_not_overdue(watch: Watch) -> None:
    watch.fire()
    alert_id = watch.station.journal._rows("SELECT agg FROM alert")[0][0]
    watch.station.do(c.AcknowledgeAlerts(alert_ids=[alert_id]))
    late(watch)
    assert watch.check() == []


@TOLD
def test_the_problem_ends_when_somebody_acts(watch: Watch) -> None:
    watch.fire()
    late(watch)
    assert watch.check()
    watch.auditor.on_commit({"delivery.claimed": 1})
    assert watch.check() == []
    assert watch.auditor.problem == ""

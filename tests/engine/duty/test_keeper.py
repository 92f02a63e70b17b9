"""The keeper of the lease: takes, renews, loses and gives back; believes no longer than it may."""

from __future__ import annotations

import asyncio

import pytest

from crisisdesk.domain.duty import WAIT_S
from crisisdesk.engine.clock import ManualClock
from crisisdesk.engine.duty.keeper import BEAT_S, STAND_BACK_S, LeaseKeeper
from crisisdesk.engine.duty.ports import LEASE_MS, RENEW_S, LedgerRow

from tests.engine.duty.memory_hub import MemoryDutyHub

START = 1_800_000_000_000
ME, OTHER = "a" * 32, "b" * 32


class Record:
    """A log with one claim in it."""

    highest_token = 41

    def __init__(self) -> None:
        self.refreshed = 0

    def refresh(self, _at_most: int = 0) -> None:
        self.refreshed += 1

    def close(self) -> None:
        self.refreshed = 0

    def rows(self) -> list[LedgerRow]:
        return [
            LedgerRow(key="D-1", token=41, holder=ME, state="sent", attempt=1, deadline_ms=START)
        ]


class Desk:
    """A keeper at a hub in memory."""

    def __init__(self) -> None:
        self.clock = ManualClock(START)
        self.hub = MemoryDutyHub(self.clock.now_ms)
        self.changes = 0
        self.record = Record()
        self.keeper = self.make(ME)

    def make(self, origin: str) -> LeaseKeeper:
        return LeaseKeeper(self.hub, self.clock, lambda: origin, on_change=self.changed)

    def changed(self) -> None:
        self.changes += 1

    def holds(self) -> int:
        return self.keeper.holds(self.clock.boottime())

    def step(self, ms: int = 0) -> float:
        self.clock.advance(ms)
        self.keeper.beat()
        return self.keeper.step()


def test_a_free_lease_is_taken_and_renewed_each_second() -> None:
    desk = Desk()
    assert desk.step() == RENEW_S
    assert desk.holds() == 1
    for _ in range(10):
        desk.step(1_000)
        assert desk.holds() == 1
    assert desk.changes == 1


def test_it_is_believed_half_a_second_less_than_granted_counted_from_before_the_question() -> None:
    desk = Desk()
    desk.step()
    desk.clock.advance(LEASE_MS - 501)
    assert desk.holds() == 1
    desk.clock.advance(1)
    assert desk.holds() == 0
    assert desk.hub.expires > desk.clock.now_ms()


def test_no_lease_is_kept_over_suspend() -> None:
    desk = Desk()
    desk.step()
    desk.clock.advance(3_600_000)
    assert desk.holds() == 0
    desk.step()
    assert desk.holds() == 2


def test_who_follows_looks_often_and_takes_over_what_ran_out() -> None:
    desk = Desk()
    other = desk.make(OTHER)
    other.step()
    assert 0.25 <= desk.step() <= 0.5
    assert desk.holds() == 0
    assert (desk.keeper.view.holder, desk.keeper.view.holder_token) == (OTHER, 1)
    desk.step(LEASE_MS)
    assert desk.holds() == 2


def test_what_the_log_knows_is_in_the_ledger_before_the_lease_is_believed() -> None:
    desk = Desk()
    desk.keeper._record = desk.record  # type: ignore[assignment]
    desk.hub.loses_answers = False
    desk.step()
    assert desk.hub.asked == ["renew", "remember"]
    assert desk.hub.ledger["D-1"].state == "sent"
    assert desk.holds() >= 41
    desk.step(1_000)
    assert desk.hub.asked == ["renew", "remember", "renew"]
    assert desk.record.refreshed == 3


def test_a_hub_that_was_set_back_goes_on_above_the_tokens_it_gave_out() -> None:
    desk = Desk()
    desk.keeper._record = desk.record  # type: ignore[assignment]
    desk.step()
    desk.hub.token, desk.hub.expires = 60, 0
    desk.step(1_000)
    assert desk.holds() == 61
    desk.hub.token, desk.hub.expires, desk.hub.ledger = 43, 0, {}
    desk.step(1_000)
    assert desk.holds() >= 61


def test_a_hub_that_is_away_is_noted_with_the_first_question_it_left_open() -> None:
    desk = Desk()
    desk.step()
    desk.hub.away = True
    desk.step(1_000)
    asked = desk.clock.boottime()
    desk.step(1_000)
    assert desk.keeper.view.unanswered == asked
    assert desk.holds() == 1
    desk.clock.advance(round(WAIT_S * 1000))
    desk.hub.away = False
    desk.step()
    assert desk.keeper.view.unanswered is None
    assert desk.keeper.view.hub_back == desk.clock.boottime()
    assert desk.holds() == 2


def test_a_lost_answer_is_no_lease() -> None:
    desk = Desk()
    desk.hub.loses_answers = True
    desk.step()
    assert (desk.holds(), desk.hub.holder) == (0, ME)
    desk.hub.loses_answers = False
    desk.step(300)
    assert desk.holds() == 1


def test_a_loop_that_hangs_gives_its_lease_back() -> None:
    desk = Desk()
    desk.step()
    desk.clock.advance(round(BEAT_S * 1000) + 1)
    desk.keeper.step()
    assert desk.holds() == 0
    assert desk.hub.expires <= desk.clock.now_ms()


def test_a_hung_holder_is_deposed_by_its_token_only() -> None:
    desk = Desk()
    other = desk.make(OTHER)
    other.step()
    desk.keeper.depose(1)
    desk.step()
    assert desk.holds() == 2
    late = desk.make("c" * 32)
    late.depose(1)
    late.step()
    assert late.holds(desk.clock.boottime()) == 0
    other.step()
    assert other.holds(desk.clock.boottime()) == 0


def test_who_stands_back_lets_the_others_have_it() -> None:
    desk = Desk()
    desk.step()
    desk.keeper.stand_back()
    desk.step()
    other = desk.make(OTHER)
    other.step()
    assert other.holds(desk.clock.boottime()) == 2
    desk.step(round(STAND_BACK_S * 1000))
    assert desk.holds() == 3


def test_a_graceful_end_gives_the_lease_back() -> None:
    desk = Desk()

    async def live_a_little() -> None:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(desk.keeper.run())
            async with asyncio.timeout(10):
                while not desk.holds():
                    await asyncio.sleep(0.01)
            task.cancel()

    asyncio.run(live_a_little())
    assert desk.hub.asked[-1] == "release"
    assert desk.hub.expires <= desk.clock.now_ms()
    assert desk.holds() == 0


@pytest.mark.expect_log("the lease could not be given back", "WARNING")
def test_an_end_without_the_hub_is_told() -> None:
    desk = Desk()
    desk.step()
    desk.hub.away = True
    desk.keeper.stand_back()
    desk.step()
    assert desk.holds() == 0

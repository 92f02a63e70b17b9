"""The gate of the pager: leave by lease or rank, claims, ends told to the ledger."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from crisisdesk.domain.duty import LEASE_S, WAIT_S, Word
from crisisdesk.engine.clock import ManualClock
from crisisdesk.engine.duty.keeper import LeaseKeeper
from crisisdesk.engine.duty.pager_gate import REFUSED_S, DutyGate, Surroundings
from crisisdesk.engine.duty.peer_view import PeerView
from crisisdesk.engine.duty.ports import Leave

from tests.engine.duty.memory_hub import MemoryDutyHub

START = 1_800_000_000_000
ME, OTHER = "a" * 32, "b" * 32


class Desk:
    """One station's duty at a hub in memory, stepped by hand."""

    def __init__(self, rank: int | None = 1) -> None:
        self.clock = ManualClock(START)
        self.hub = MemoryDutyHub(self.clock.now_ms)
        self.keeper = LeaseKeeper(self.hub, self.clock, lambda: ME)
        self.other = LeaseKeeper(self.hub, self.clock, lambda: OTHER)
        self.view = PeerView(ME)
        around = Surroundings(
            peers=self.view.peers,
            name_of=lambda origin: {OTHER: "Night desk"}.get(origin, ""),
            shared=lambda: {OTHER: 9},
        )
        self.gate = DutyGate(
            self.keeper, self.hub, self.clock, lambda: ME, name="Post", rank=rank, around=around
        )

    def pass_time(self, seconds: float, each: Callable[[], None] = lambda: None) -> None:
        for _ in range(round(seconds * 4)):
            self.clock.advance(250)
            self.keeper.beat()
            self.keeper.step()
            each()
            self.gate.look()


def leave_of(desk: Desk) -> Leave:
    leave = desk.gate.leave()
    assert leave is not None
    return leave


def test_with_the_lease_it_may_page_under_its_token() -> None:
    desk = Desk()
    assert desk.gate.leave() is None
    desk.keeper.step()
    leave = leave_of(desk)
    assert (leave.token, leave.holder, leave.patience_ms) == (1, ME, 0)
    status = desk.gate.status()
    assert (status.kind, status.token, status.since_ms) == ("holds", 1, START)
    assert desk.gate.word().claims_lease


def test_the_right_is_looked_at_again_directly_before_a_send() -> None:
    desk = Desk()
    desk.keeper.step()
    leave = leave_of(desk)
    assert desk.gate.may_send(leave, 5.0)
    desk.clock.advance(round(LEASE_S * 1000) - 500)
    assert not desk.gate.may_send(leave, 5.0)


def test_a_right_is_good_for_a_while_only() -> None:
    desk = Desk()
    desk.keeper.step()
    leave = leave_of(desk)
    desk.clock.advance(2_001)
    desk.keeper.step()
    assert not desk.gate.may_send(leave, 2.0)
    assert desk.gate.may_send(leave_of(desk), 2.0)


def test_a_follower_names_the_holder() -> None:
    desk = Desk()
    desk.other.step()
    desk.keeper.step()
    assert desk.gate.leave() is None
    status = desk.gate.status()
    assert (status.kind, status.holder_name) == ("follows", "Night desk")


def test_without_hub_and_peers_it_acts_after_a_while_and_with_patience() -> None:
    desk = Desk(rank=2)
    desk.other.step()
    desk.keeper.step()
    woken: list[float] = []
    desk.gate.on_leave(lambda: woken.append(desk.clock.boottime()))
    desk.hub.away = True
    desk.pass_time(WAIT_S + 1.0)
    assert desk.gate.leave() is None
    desk.pass_time(1.0)
    leave = leave_of(desk)
    assert (leave.token, leave.patience_ms, leave.shared) == (0, 60_000, {OTHER: 9})
    assert len(woken) == 1
    assert desk.gate.may_send(leave, 5.0)
    assert desk.gate.status().kind == "acting"
    desk.hub.away = False
    desk.keeper.step()
    assert not desk.gate.may_send(leave, 5.0)


def test_an_unranked_station_alone_says_that_it_does_not_page() -> None:
    desk = Desk(rank=None)
    desk.hub.away = True
    desk.pass_time(WAIT_S + 3.0)
    assert desk.gate.leave() is None
    assert desk.gate.status().kind == "not_paging"


def test_a_better_ranked_peer_in_sight_pages() -> None:
    desk = Desk(rank=1)
    desk.hub.away = True
    word = Word(origin=OTHER, name="Night desk", rank=0, hears=(ME,))
    desk.pass_time(12, lambda: desk.view.hear(word, desk.clock.boottime()))
    assert desk.gate.leave() is None
    assert "Night desk" in desk.gate.status().words
    assert desk.gate.word().hears == (OTHER,)


def test_after_a_gap_nothing_known_before_it_counts() -> None:
    desk = Desk()
    desk.hub.away = True
    desk.pass_time(WAIT_S + 3.0)
    assert desk.gate.leave() is not None
    desk.clock.advance(3_600_000)
    assert desk.gate.leave() is None
    assert desk.gate.status().kind == "follows" or desk.gate.status().kind == "waiting"


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


async def serving(desk: Desk, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async with asyncio.TaskGroup() as group:
        task = group.create_task(desk.gate.run())
        try:
            await work()
        finally:
            task.cancel()


async def until(question: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not question():
            await asyncio.sleep(0.005)


def test_claims_are_granted_refused_and_known_as_sent() -> None:
    desk = Desk()

    async def work() -> None:
        desk.keeper.step()
        leave = leave_of(desk)
        desk.hub.settle("D-9", 1, "sent")
        granted = await desk.gate.claim(leave, ["D-1"], 20_000)
        assert granted.attempts == {"D-1": 1}
        desk.gate.settle(leave, ["D-1"], "sent", "q7")
        await until(lambda: desk.hub.ledger["D-1"].state == "sent")
        granted = await desk.gate.claim(leave, ["D-1", "D-2"], 20_000)
        assert granted.attempts == {"D-2": 1}
        assert [(r.key, r.provider_id) for r in granted.sent] == [("D-1", "q7")]
        assert desk.gate.apart() == {"D-1"}
        desk.clock.advance(round(REFUSED_S * 1000))
        assert desk.gate.apart() == frozenset()

    run(serving(desk, work))


@pytest.mark.expect_log("the ledger could not be asked", "WARNING")
def test_a_ledger_that_is_away_grants_nothing_and_hears_of_the_end_later() -> None:
    desk = Desk()

    async def work() -> None:
        desk.keeper.step()
        leave = leave_of(desk)
        await desk.gate.claim(leave, ["D-1"], 20_000)
        desk.hub.away = True
        assert (await desk.gate.claim(leave, ["D-2"], 20_000)).attempts == {}
        desk.gate.settle(leave, ["D-1"], "sent")
        await until(lambda: desk.hub.asked[-1] == "settle")
        assert desk.hub.ledger["D-1"].state == "claimed"
        desk.hub.away = False
        await until(lambda: desk.hub.ledger["D-1"].state == "sent")

    run(serving(desk, work))


def test_all_that_went_in_one_message_are_told_at_once() -> None:
    desk = Desk()

    async def work() -> None:
        desk.keeper.step()
        leave = leave_of(desk)
        keys = [f"D-{number}" for number in range(5)]
        await desk.gate.claim(leave, keys, 20_000)
        desk.gate.settle(leave, keys, "sent", "q7")
        desk.gate.settle(leave, [], "failed")
        await until(lambda: not desk.gate._ends)
        assert {(r.state, r.provider_id) for r in desk.hub.ledger.values()} == {("sent", "q7")}

    run(serving(desk, work))


def test_what_was_claimed_without_the_hub_is_not_told_to_it() -> None:
    desk = Desk()
    desk.gate.settle(Leave(holder=ME, token=0, asked=0.0), ["D-1"], "sent")
    assert not desk.gate._ends

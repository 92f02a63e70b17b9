"""Breakers: they open by failures in a row only, try once, and close by a success."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.comms.breaker import (
    FAILURES_TO_OPEN,
    LANES_KEPT,
    LONGEST_PAUSE_S,
    SPREAD,
    Breaker,
    Breakers,
)
from crisisdesk.comms.senders import Senders
from crisisdesk.engine.clock import ManualClock
from crisisdesk.engine.ports import Outcome

from tests.comms.direct import YES, opsgenie, pagerduty
from tests.comms.pages import page
from tests.comms.receivers import answer, receiving

YES_OUT = Outcome(ok=True, words="taken")
DOWN = Outcome(ok=False, words="connection refused")
REFUSED = Outcome(ok=False, words="no such user", retryable=False)
BUSY = Outcome(ok=False, words="429", retry_after_s=30.0)
START_MS = 1_795_228_560_000


def make(chance: float = 0.5) -> tuple[Breaker, ManualClock]:
    clock = ManualClock(START_MS)
    return Breaker("sms", clock, lambda: chance), clock


def attempt(breaker: Breaker, outcome: Outcome) -> tuple[Outcome, bool]:
    """What came of one attempt that would end so, and whether it was made."""
    made = False

    async def work() -> Outcome:
        nonlocal made
        made = True
        return outcome

    return asyncio.run(breaker.run(work)), made


def broken(breaker: Breaker) -> None:
    for _ in range(FAILURES_TO_OPEN):
        attempt(breaker, DOWN)


def test_it_opens_says_when_and_tries_once() -> None:
    breaker, clock = make()
    broken(breaker)
    assert breaker.state == "open"
    outcome, made = attempt(breaker, YES_OUT)
    assert (outcome.ok, outcome.retryable, outcome.retry_after_s, made) == (False, True, 5.0, False)
    assert outcome.words == (
        "sms: not tried, 5 attempts in a row failed; tried again in 5 s. "
        "The last: connection refused"
    )
    assert breaker.now().again_ms == START_MS + 5_000
    clock.advance(5_000)
    assert breaker.now().state == "half-open"
    assert attempt(breaker, YES_OUT) == (YES_OUT, True)
    assert (breaker.now().state, breaker.now().again_ms, breaker.now().failures) == (
        "closed",
        None,
        0,
    )


@given(st.lists(st.sampled_from([REFUSED, BUSY]), max_size=40))
def test_refusals_of_one_and_wishes_never_open_it(outcomes: list[Outcome]) -> None:
    breaker, _clock = make()
    assert all(attempt(breaker, one)[1] for one in outcomes)
    assert breaker.state == "closed"


@given(st.lists(st.sampled_from([YES_OUT, DOWN, REFUSED, BUSY]), max_size=60))
def test_it_is_open_exactly_after_that_many_failures_in_a_row(outcomes: list[Outcome]) -> None:
    breaker, _clock = make()
    row = 0
    for one in outcomes:
        _, made = attempt(breaker, one)
        assert made is (row < FAILURES_TO_OPEN)
        if made:
            row = 0 if one is YES_OUT else row + (one is DOWN)
        assert (breaker.state == "open") is (row >= FAILURES_TO_OPEN)


@given(chance=st.floats(0, 1), trials=st.integers(1, 12))
def test_pauses_double_up_to_a_minute_give_or_take_a_fifth(chance: float, trials: int) -> None:
    breaker, clock = make(chance)
    broken(breaker)
    for number in range(trials):
        outcome, made = attempt(breaker, DOWN)
        assert not made
        base = min(5.0 * 2**number, LONGEST_PAUSE_S)
        assert outcome.retry_after_s is not None
        assert base * (1 - SPREAD) - 1e-6 <= outcome.retry_after_s <= base * (1 + SPREAD) + 1e-6
        clock.advance(round(outcome.retry_after_s * 1000) + 1)
        assert attempt(breaker, DOWN)[1]
    assert breaker.state == "open"


def test_one_trial_at_a_time_and_one_given_up_frees_its_place() -> None:
    breaker, clock = make()
    broken(breaker)
    clock.advance(5_000)

    async def run() -> tuple[Outcome, str]:
        async def never() -> Outcome:
            await asyncio.Event().wait()
            return YES_OUT

        async def yes() -> Outcome:
            return YES_OUT

        async with asyncio.TaskGroup() as group:
            trial = group.create_task(breaker.run(never))
            await asyncio.sleep(0)
            beside = await breaker.run(yes)
            trial.cancel()
        state = breaker.state
        assert breaker.under_way == 0
        assert (await breaker.run(yes)).ok
        return beside, state

    beside, state = asyncio.run(run())
    assert (beside.ok, beside.retry_after_s, state) == (False, 1.0, "half-open")


def test_a_refusal_in_the_trial_leaves_the_next_to_try() -> None:
    breaker, clock = make()
    broken(breaker)
    clock.advance(5_000)
    assert attempt(breaker, REFUSED) == (REFUSED, True)
    assert breaker.state == "half-open"
    assert attempt(breaker, YES_OUT)[1]


def test_the_healthy_are_forgotten_when_there_are_too_many() -> None:
    breakers = Breakers(ManualClock(START_MS), lambda: 0.5)
    attempt(breakers.of("sick"), DOWN)
    for number in range(LANES_KEPT + 1):
        attempt(breakers.of(f"lane {number}"), YES_OUT)
    names = [lane.name for lane in breakers.lanes()]
    assert "sick" in names
    assert len(names) <= LANES_KEPT


@pytest.mark.parametrize("code", [500, 503])
def test_a_provider_that_is_down_is_left_alone_and_others_are_not(code: int) -> None:
    clock = ManualClock(START_MS)

    async def run(sick: str, well: str) -> tuple[list[Outcome], Outcome, list[str]]:
        senders = Senders(clock)
        outcomes = [await senders.send(page(sick)) for _ in range(FAILURES_TO_OPEN + 3)]
        beside = await senders.send(page(well))
        lanes = [f"{lane.name.split()[0]} {lane.state}" for lane in senders.lanes()]
        await senders.aclose()
        return outcomes, beside, lanes

    with (
        receiving(lambda _: answer(code, "down")) as down,
        receiving(lambda _: answer(*YES["opsgenie"])) as up,
    ):
        outcomes, beside, lanes = asyncio.run(run(pagerduty(down), opsgenie(up)))
    assert len(down.requests) == FAILURES_TO_OPEN
    assert "not tried" in outcomes[-1].words
    assert outcomes[-1].retryable
    assert beside.ok
    assert lanes == ["opsgenie closed", "pagerduty open"]

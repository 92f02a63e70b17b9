"""Throttles: no window is ever overrun, urgent pages wait for the spacing at the most."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.throttle import (
    AHEAD_MS,
    LOOK_BACK_COUNT,
    LOOK_BACK_MS,
    METHOD_LIMITS,
    MINUTE_MS,
    SECOND_MS,
    UNTHROTTLED,
    Limits,
    Throttle,
    Window,
)

NOW = 1_800_000_000_000
CHANNELS = (*METHOD_LIMITS, "webhook", "what is to come")
STEPS = st.lists(st.integers(1, 20 * MINUTE_MS), min_size=1, max_size=120)


def windows(limits: Limits) -> tuple[Window, ...]:
    return (*limits.burst, *limits.spacing, *limits.lasting)


def sent_at(limits: Limits, steps: list[int], kind: int) -> list[int]:
    """When messages went that were tried after each of these pauses (ms), all of one kind."""
    moments: list[int] = []
    now = NOW
    for step in steps:
        now += step
        if limits.room(moments[::-1], now)[kind] > 0:
            moments.append(now)
    return moments


def most_within(moments: list[int], per_ms: int) -> int:
    return max((sum(at <= m < at + per_ms for m in moments) for at in moments), default=0)


@pytest.mark.parametrize("channel", CHANNELS)
@given(steps=STEPS)
def test_no_window_is_ever_overrun(channel: str, steps: list[int]) -> None:
    limits = Throttle().of_method(channel)
    moments = sent_at(limits, steps, kind=1)
    for window in windows(limits):
        assert most_within(moments, window.per_ms) <= window.count


@pytest.mark.parametrize("channel", CHANNELS)
@given(steps=STEPS)
def test_urgent_pages_overrun_no_burst_and_are_never_kept_longer_than_the_spacing(
    channel: str, steps: list[int]
) -> None:
    limits = Throttle().of_method(channel)
    moments = sent_at(limits, steps, kind=0)
    for window in limits.burst:
        assert most_within(moments, window.per_ms) <= window.count
    now = NOW + sum(steps)
    longest = max([w.per_ms for w in (*limits.burst, *limits.spacing)], default=0)
    assert limits.opens_at(moments, now)[0] <= now + longest


@pytest.mark.parametrize("channel", CHANNELS)
@given(steps=STEPS, later=st.integers(0, 4 * 60 * MINUTE_MS))
def test_it_opens_when_it_says(channel: str, steps: list[int], later: int) -> None:
    limits = Throttle().of_method(channel)
    moments = sent_at(limits, steps, kind=1)
    now = moments[-1] + later
    for kind in (0, 1):
        opens = limits.opens_at(moments, now)[kind]
        assert (limits.room(moments[::-1], now)[kind] > 0) == (opens <= now)
        assert limits.room(moments[::-1], max(opens, moments[-1]))[kind] > 0


def test_what_is_looked_back_at_is_all_that_can_matter() -> None:
    for limits in (*METHOD_LIMITS.values(), Throttle().other_methods):
        for window in windows(limits):
            assert window.per_ms <= LOOK_BACK_MS
            assert window.count <= LOOK_BACK_COUNT


def test_a_text_message_a_minute_and_five_in_a_quarter_of_an_hour() -> None:
    limits = Throttle().of_method("sms")
    moments = sent_at(limits, [SECOND_MS] * 60 * 60 * 3, kind=1)
    assert all(b - a >= MINUTE_MS for a, b in pairwise(moments))
    assert most_within(moments, 15 * MINUTE_MS) == 5
    assert most_within(moments, 60 * MINUTE_MS) == 11
    assert len(moments) == 21


def test_urgent_texts_come_at_once_then_once_a_minute() -> None:
    limits = Throttle().of_method("sms")
    moments = sent_at(limits, [SECOND_MS] * 60 * 60, kind=0)
    assert moments[4] - moments[0] == 4 * SECOND_MS
    assert all(b - a <= MINUTE_MS for a, b in pairwise(moments))


def test_a_clock_that_runs_ahead_holds_nothing_back() -> None:
    window = Window(count=1, per_ms=MINUTE_MS)
    assert window.room([NOW + AHEAD_MS], NOW) == 0
    assert window.room([NOW + AHEAD_MS + 1], NOW) == 1
    assert window.opens_at([NOW + AHEAD_MS + 1], NOW) == 0


def test_without_limits_there_is_always_room() -> None:
    limits = UNTHROTTLED.of_method("sms")
    assert min(limits.room([NOW] * 10_000, NOW)) > 1_000
    assert limits.opens_at([NOW] * 10_000, NOW) == (0, 0)
    assert UNTHROTTLED.of_channel("sms").room([NOW] * 10_000, NOW) > 1_000

"""Flapping: when it begins and ends, what pages meanwhile, and that nothing open waits for long."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.flapping import Bout, Damping, bout_of, damped_until, flapping_words

MINUTE = 60_000
HOUR = 60 * MINUTE
RULE = Damping()
KEPT = 64


def bout(*minutes: float, now: float) -> Bout | None:
    return bout_of([round(m * MINUTE) for m in minutes], round(now * MINUTE), RULE, KEPT)


def test_more_than_four_changes_in_half_an_hour_are_flapping() -> None:
    assert bout(0, 5, 10, 15, now=16) is None
    assert bout(0, 5, 10, 15, 20, now=20) == Bout(20 * MINUTE, 5)
    assert bout(0, 8, 16, 24, 32, now=32) is None, "the first is too old"
    assert bout(0, 5, 10, 15, 20, 25, 30, now=31) == Bout(20 * MINUTE, 6)


def test_it_ends_once_nothing_changed_for_the_window() -> None:
    assert bout(0, 1, 2, 3, 4, now=33.9) is not None
    assert bout(0, 1, 2, 3, 4, now=34) is None
    assert bout(0, 1, 2, 3, 4, 40, now=40) is None
    assert bout(0, 1, 2, 3, 4, 40, 41, 42, 43, 44, now=45) == Bout(44 * MINUTE, 5)


def test_it_goes_on_below_the_number_that_began_it() -> None:
    """Once begun, a change now and then is enough, so that it does not flap between the two."""
    assert bout(0, 1, 2, 3, 4, 25, 45, now=60) == Bout(4 * MINUTE, 1)


def test_moments_of_a_wrong_clock_count_for_nothing() -> None:
    assert bout(0, 1, 2, 3, 99_999, now=4) is None
    assert bout_of([], 5, RULE, KEPT) is None


@given(st.lists(st.integers(0, 200), max_size=12), st.integers(0, 250), st.integers(0, 2**32))
def test_the_order_of_the_moments_does_not_matter(minutes: list[int], now: int, seed: int) -> None:
    moments = [m * MINUTE for m in minutes]
    shuffled = random.Random(seed).sample(moments, len(moments))
    found = bout_of(moments, now * MINUTE, RULE, KEPT)
    assert bout_of(shuffled, now * MINUTE, RULE, KEPT) == found
    if found is not None:
        assert found.began in moments
        assert 0 < found.times <= sum(m <= now for m in minutes)


def damped(
    paged: float | None,
    now: float,
    *,
    severity: str = "high",
    opened: float = 100,
    began: float = 90,
) -> float | None:
    paged_at = None if paged is None else round(paged * MINUTE)
    found = damped_until(
        severity,
        round(opened * MINUTE),
        Bout(round(began * MINUTE), 7),
        paged_at,
        round(now * MINUTE),
        RULE,
    )
    return None if found is None else found / MINUTE


def test_it_pages_once_and_then_only_what_stays() -> None:
    assert damped(None, 100) is None, "nobody was told yet"
    assert damped(80, 100) is None, "nobody was told since it flaps"
    assert damped(95, 100) == 105
    assert damped(95, 104.9) == 105
    assert damped(95, 105) is None


@pytest.mark.parametrize("severity", ["critical", "emergency"])
def test_what_is_urgent_is_paged_once_an_hour(severity: str) -> None:
    assert damped(95, 100, severity=severity) == 105
    assert damped(42, 100, severity=severity, began=30) == 102
    assert damped(40, 100, severity=severity, began=30) is None
    assert damped(40, 100, began=30) == 105, "others wait until it stays"


def test_wrong_clocks_make_noise() -> None:
    assert damped(95, 99) is None, "it opens in the future"
    assert damped(101, 100) is None, "it paged in the future"


def test_a_history_that_is_cut_off_pages_once_an_hour() -> None:
    """With twenty kept of hundreds nobody knows when it began: not every twentieth pages."""
    rule = Damping(changes=4)
    changes = [n * MINUTE // 6 for n in range(200)][-20:]
    now = changes[-1]
    found = bout_of(changes, now, rule, 20)
    assert found is not None
    assert not found.whole
    told = damped_until("high", now, found, changes[0] - 1, now, rule)
    assert told == now + 5 * MINUTE
    assert damped_until("high", now, found, now - HOUR, now, rule) is None


@given(
    st.sampled_from(["high", "critical", "emergency"]),
    st.integers(-10, 400),
    st.integers(-10, 400),
    st.one_of(st.none(), st.integers(-10, 400)),
    st.booleans(),
    st.integers(0, 400),
)
def test_no_open_alert_waits_longer_than_it_must_stay(
    severity: str, opened: int, began: int, paged: int | None, whole: bool, now: int
) -> None:
    paged_at = None if paged is None else paged * MINUTE
    found = damped_until(
        severity, opened * MINUTE, Bout(began * MINUTE, 5, whole), paged_at, now * MINUTE, RULE
    )
    if found is not None:
        assert now * MINUTE < found <= opened * MINUTE + RULE.stays_ms
        assert opened <= now


def test_it_is_said_in_words() -> None:
    assert flapping_words(7, RULE) == "flapping: 7 times in 30 min"

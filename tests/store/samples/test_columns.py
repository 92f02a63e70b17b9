"""Coarser spans are what a plain reading makes of the samples, in one go or in several."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.store.samples.columns import (
    HOUR_MS,
    MINUTE_MS,
    NONE,
    Points,
    coarser,
    joined,
    newest_of_each,
    raw_points,
)

from tests.store.samples.bench import NOW, assert_same, in_steps

VALUES = st.floats(width=64, allow_nan=True, allow_infinity=False)
POINTS = st.dictionaries(st.integers(NOW, NOW + 3 * HOUR_MS), VALUES, max_size=60)


def points(of: dict[int, float]) -> Points:
    times = np.array(sorted(of), np.int64)
    return raw_points(times, np.array([of[at] for at in sorted(of)], np.float64))


@given(POINTS, st.integers(1, 2 * HOUR_MS))
def test_spans_hold_the_least_the_greatest_the_last_and_the_mean(
    of: dict[int, float], step: int
) -> None:
    assert_same(coarser(points(of), step).buckets(), in_steps(of, step))


@given(POINTS, st.integers(1, 90))
def test_by_the_minute_first_comes_to_the_same(of: dict[int, float], minutes: int) -> None:
    by_minute = coarser(points(of), MINUTE_MS)
    step = minutes * MINUTE_MS
    assert_same(coarser(by_minute, step).buckets(), coarser(points(of), step).buckets())


def test_infinite_values_are_kept_as_they_are() -> None:
    low, high = float("-inf"), float("inf")
    (bucket,) = coarser(points({NOW: low, NOW + 1: 3.0}), HOUR_MS).buckets()
    assert (bucket.low, bucket.high, bucket.mean) == (low, 3.0, low)
    (bucket,) = coarser(points({NOW: low, NOW + 1: high, NOW + 2: 1.0}), HOUR_MS).buckets()
    assert (bucket.low, bucket.high, bucket.last, bucket.count) == (low, high, 1.0, 3)


def test_the_greatest_numbers_there_are_have_a_mean() -> None:
    great = 1.7e308
    (bucket,) = coarser(points({NOW: great, NOW + 1: great}), HOUR_MS).buckets()
    assert bucket.mean == great


def test_of_several_at_one_time_the_one_that_came_last_stands() -> None:
    at, value = newest_of_each(np.array([5, 3, 5, 3]), np.array([1.0, 2.0, 3.0, 4.0]))
    assert (at.tolist(), value.tolist()) == ([3, 5], [4.0, 3.0])


def test_parts_follow_one_another_and_are_cut_to_a_span() -> None:
    whole = joined([points({NOW: 1.0}), NONE, points({NOW + 5: 2.0, NOW + 9: 3.0})])
    assert whole.within(NOW + 1, NOW + 9).at.tolist() == [NOW + 5]
    assert joined([]) is NONE
    assert coarser(NONE, HOUR_MS) is NONE

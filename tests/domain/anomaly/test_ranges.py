"""Ranges: places of values, whatever floats come, and ranges learnt from values."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.anomaly.ranges import REACH, differs, known_range, learnt_range
from crisisdesk.domain.errors import Malformed

FINITE = st.floats(allow_nan=False, allow_infinity=False)


def test_low_is_0_and_high_is_1_and_far_is_no_farther_than_the_reach() -> None:
    known = known_range(20.0, 60.0)
    assert [known.place(value) for value in (20.0, 40.0, 60.0)] == [0.0, 0.5, 1.0]
    assert known.place(1e300) == known.place(math.inf) == 1.0 + REACH
    assert known.place(-1e300) == known.place(-math.inf) == -REACH
    assert known.value(0.5) == 40.0
    assert known.reaches(200.0)
    assert not known.reaches(1e4)


@given(FINITE, FINITE, st.floats(allow_nan=False))
def test_every_value_has_a_place_in_every_range(one: float, two: float, value: float) -> None:
    known = known_range(min(one, two), max(one, two))
    place = known.place(value)
    assert -REACH <= place <= 1.0 + REACH
    assert math.isfinite(known.value(place))


@pytest.mark.parametrize(
    ("low", "high", "field"),
    [
        (math.nan, 1.0, "min_value"),
        (0.0, math.nan, "max_value"),
        (-math.inf, 0.0, "min_value"),
        (0.0, math.inf, "max_value"),
        (2.0, 1.0, "min_value"),
    ],
)
def test_what_is_no_range_is_refused_by_name(low: float, high: float, field: str) -> None:
    with pytest.raises(Malformed) as refused:
        known_range(low, high)
    assert refused.value.field == field


def test_the_outermost_hundredths_are_left_outside() -> None:
    learnt = learnt_range([*range(100, 300), 1e9, -1e9, 1e9])
    assert learnt.place(100.0) == pytest.approx(0.0, abs=0.02)
    assert learnt.place(299.0) == pytest.approx(1.0, abs=0.02)


def test_mostly_one_value_and_now_and_then_another() -> None:
    learnt = learnt_range([0.0] * 1000 + [7.0])
    assert (learnt.place(0.0), learnt.place(7.0)) == (0.0, 1.0)


def test_values_that_are_all_the_same_make_any_other_far() -> None:
    learnt = learnt_range([45.0] * 50)
    assert learnt.place(45.0) == 0.0
    assert learnt.place(45.1) == 1.0 + REACH


def test_a_range_differs_by_size_or_by_place() -> None:
    old = known_range(0.0, 100.0)
    assert not differs(old, known_range(5.0, 110.0))
    assert differs(old, known_range(0.0, 200.0))
    assert differs(old, known_range(0.0, 50.0))
    assert differs(old, known_range(100.0, 200.0))

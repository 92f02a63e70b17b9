"""Where things stand on the chart of a trial."""

from __future__ import annotations

import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.desk.planning.alert_rules.chart_points import (
    Drawn,
    Mark,
    columns,
    counted,
    time_ticks,
    value_range,
    value_ticks,
)

HOUR = 3_600_000
POINTS = st.lists(
    st.tuples(st.integers(0, HOUR), st.floats(-1e6, 1e6)), max_size=200, unique_by=lambda p: p[0]
).map(lambda found: tuple(sorted(found)))


@given(points=POINTS, width=st.integers(1, 300))
def test_no_extreme_is_lost_in_a_column(points: tuple[tuple[int, float], ...], width: int) -> None:
    found = columns(Drawn(0, HOUR, points), width)
    assert [one.x for one in found] == sorted({one.x for one in found})
    assert all(0 <= one.x < width for one in found)
    if points:
        values = [value for _at, value in points]
        assert min(one.low for one in found) == min(values)
        assert max(one.high for one in found) == max(values)
        assert (found[0].first, found[-1].last) == (points[0][1], points[-1][1])
    assert all(one.low <= min(one.first, one.last) for one in found)


def test_a_gap_is_not_joined_and_what_is_no_number_is_left_out() -> None:
    points = ((0, 1.0), (10, 2.0), (20, math.nan), (30, math.inf), (500, 3.0), (5_000, 9.0))
    found = columns(Drawn(0, 1_000, points, gap_ms=100), 1_000)
    assert [(one.x, one.joined) for one in found] == [(0, False), (10, True), (500, False)]


@given(points=POINTS, level=st.floats(-1e6, 1e6))
def test_everything_is_in_view(points: tuple[tuple[int, float], ...], level: float) -> None:
    low, high = value_range(Drawn(0, HOUR, points, (Mark(level, "x"),)))
    assert low < high
    assert low <= level <= high
    assert all(low <= value <= high for _at, value in points)


def test_nothing_has_a_range_too_and_counts_begin_at_none() -> None:
    assert value_range(Drawn(0, 1)) == (0.0, 1.0)
    low, high = value_range(Drawn(0, 1, ((0, 4.0),), bars=True))
    assert low == 0
    assert high > 4


@given(low=st.floats(-1e9, 1e9), length=st.floats(1e-3, 1e9))
def test_round_values_lie_within_and_in_order(low: float, length: float) -> None:
    found = value_ticks(low, low + length)
    assert 1 <= len(found) <= 4
    assert all(a < b for a, b in pairwise(found))


@given(
    since=st.integers(0, 2**41), length=st.integers(1_000, 8 * 86_400_000), most=st.integers(1, 9)
)
def test_round_times_lie_within_and_are_few(since: int, length: int, most: int) -> None:
    found = time_ticks(since, since + length, most)
    assert len(found) <= most + 1
    assert all(since <= at <= since + length and word for at, word in found)


def test_times_are_told_as_finely_as_they_lie() -> None:
    assert [word for _at, word in time_ticks(0, 60_000, 3)] == [
        "1 Jan", "00:00:30", "00:01:00",
    ]  # fmt: skip
    assert [word for _at, word in time_ticks(60_000, 3 * HOUR, 3)] == ["01:00", "02:00", "03:00"]
    assert [word for _at, word in time_ticks(1, 3 * 86_400_000, 3)] == ["2 Jan", "3 Jan", "4 Jan"]


@given(moments=st.lists(st.integers(0, HOUR), max_size=100), slots=st.integers(1, 50))
def test_each_moment_counts_once(moments: list[int], slots: int) -> None:
    found = counted(moments, 0, HOUR, slots)
    assert len(found) == slots
    assert sum(count for _at, count in found) == len(moments)

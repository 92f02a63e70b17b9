"""What a chart shows of its values: all of the line, and the limits that are near."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.desk.health.scale import EMPTY, LINE_SHARE, scale_of

FINITE = st.floats(-1e12, 1e12)


@given(FINITE, FINITE, st.lists(st.floats(), max_size=5))
def test_all_of_the_line_is_shown(a: float, b: float, limits: list[float]) -> None:
    low, high = min(a, b), max(a, b)
    scale = scale_of(low, high, limits)
    assert scale.low < scale.high
    assert scale.low <= low <= high <= scale.high
    assert (scale.side(low), scale.side(high)) == (0, 0)
    # Top and bottom of the place, up to what a float loses.
    assert -0.01 <= scale.place(high, 0.0, 100.0) <= scale.place(low, 0.0, 100.0) <= 100.01


def test_near_limits_come_into_view_and_far_ones_do_not_press_the_line_flat() -> None:
    scale = scale_of(0.2, 0.4, [0.5, 0.9, 1000.0])
    assert (scale.side(0.5), scale.side(0.9), scale.side(1000.0)) == (0, 0, 1)
    assert scale_of(0.2, 0.4, [-50.0]).side(-50.0) == -1
    shown = scale_of(0.0, 1.0, [4.0])
    assert LINE_SHARE == 1.0 / (4.0 - 0.0)
    assert shown.side(4.0) == 0


def test_a_flat_line_has_room_around_it() -> None:
    assert scale_of(100.0, 100.0, [120.0]).side(120.0) == 0
    assert scale_of(100.0, 100.0, [900.0]).side(900.0) == 1
    zero = scale_of(0.0, 0.0)
    assert zero.low < 0.0 < zero.high


def test_without_values_the_limits_make_the_scale() -> None:
    assert scale_of(math.nan, math.nan) == EMPTY
    assert scale_of(math.nan, math.nan, [5.0]).side(5.0) == 0
    assert scale_of(math.nan, math.nan, [math.inf]) == EMPTY

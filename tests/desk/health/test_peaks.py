"""A line for few pixels keeps every extreme and every gap."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.desk.health.peaks import peaks

NOW = 1_796_026_800_000
VALUES = st.floats(-1e9, 1e9)


@given(
    st.dictionaries(st.integers(NOW, NOW + 10_000_000), st.tuples(VALUES, VALUES), max_size=300),
    st.integers(1, 60),
)
def test_no_extreme_is_lost_and_the_line_is_short(
    of: dict[int, tuple[float, float]], columns: int
) -> None:
    at = np.array(sorted(of), np.int64)
    low = np.array([min(of[t]) for t in sorted(of)], np.float64)
    high = np.array([max(of[t]) for t in sorted(of)], np.float64)
    line = peaks(at, low, high, columns)
    drawn = line.y[~np.isnan(line.y)]
    assert len(line.x) == len(line.y) <= 5 * max(columns, 1)
    if len(at):
        assert (drawn.min(), drawn.max()) == (low.min(), high.max())
        assert line.x.min() >= at[0] / 1000
        assert line.x.max() <= at[-1] / 1000
        assert (np.diff(line.x) >= 0).all()


def test_few_samples_are_drawn_as_they_are() -> None:
    at = np.array([NOW, NOW + 1_000, NOW + 2_000])
    value = np.array([1.0, 3.0, 2.0])
    line = peaks(at, value, value, 100)
    assert line.x.tolist() == [NOW / 1000, NOW / 1000 + 1, NOW / 1000 + 2]
    assert line.y.tolist() == [1.0, 3.0, 2.0]


def test_a_gap_parts_the_line() -> None:
    at = np.array([0, 10, 20, 30, 90, 100])
    value = np.ones(6)
    line = peaks(at, value, value, 100)
    assert np.flatnonzero(np.isnan(line.y)).tolist() == [4]
    assert line.x[4] == line.x[3]
    high = value + 1
    assert np.flatnonzero(np.isnan(peaks(at, value, high, 100).y)).tolist() == [8]

"""A line for few pixels keeps every extreme and every gap."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.desk.health.peaks import Line, peaks

NOW = 1_796_026_800_000
VALUES = st.floats(-1e9, 1e9)


@given(
    st.dictionaries(st.integers(NOW, NOW + 10_000_000), st.tuples(VALUES, VALUES), max_size=300),
    st.integers(1, 10_000_000),
)
def test_no_extreme_is_lost_and_the_line_is_short(
    of: dict[int, tuple[float, float]], width: int
) -> None:
    at = np.array(sorted(of), np.int64)
    low = np.array([min(of[t]) for t in sorted(of)], np.float64)
    high = np.array([max(of[t]) for t in sorted(of)], np.float64)
    usual = int(np.median(np.diff(at))) if len(at) > 2 else 0
    line = peaks(at, low, high, width, usual)
    assert len(line.at) == len(line.low) == len(line.high)
    if not len(at):
        return
    columns = (int(at[-1]) - int(at[0])) // width + 2
    assert len(line.at) <= max(columns, 1)
    assert (line.low.min(), line.high.max()) == (low.min(), high.max())
    assert (line.at[0], line.at[-1] <= at[-1]) == (at[0], True)
    assert (np.diff(line.at) > 0).all()
    parts = line.parts()
    assert sum(len(part.at) for part in parts) == len(line.at)
    # Where the line is parted there is nothing for longer than a column.
    for before, after in itertools.pairwise(parts):
        last = at[at < after.at[0]][-1]
        assert after.at[0] - last > width
        assert before.at[-1] <= last


@given(
    st.lists(st.integers(0, 5_000), min_size=20, max_size=200, unique=True),
    st.integers(1, 50),
    st.integers(0, 4_000),
)
def test_a_column_holds_the_same_however_the_view_moves(
    offsets: list[int], width: int, drop: int
) -> None:
    at = np.array(sorted(offsets), np.int64) + NOW
    value = np.cos(np.arange(len(at)))
    whole = peaks(at, value, value, width, 25)
    later = at >= at[0] + drop
    part = peaks(at[later], value[later], value[later], width, 25)
    if len(part.at) < 3 or len(whole.at) == len(at) or len(part.at) == later.sum():
        return
    # The first column may be cut by the view.
    known = dict(zip((whole.at // width).tolist(), whole.high.tolist(), strict=True))
    for column, high in list(zip((part.at // width).tolist(), part.high.tolist(), strict=True))[1:]:
        assert known[column] == high


def test_few_samples_are_drawn_as_they_are() -> None:
    at = np.array([NOW, NOW + 1_000, NOW + 2_000])
    value = np.array([1.0, 3.0, 2.0])
    line = peaks(at, value, value, 100, 1_000)
    assert line.at.tolist() == at.tolist()
    assert line.low.tolist() == line.high.tolist() == [1.0, 3.0, 2.0]
    assert line.breaks == ()


def test_a_gap_parts_the_line() -> None:
    at = np.array([0, 10, 20, 30, 90, 100])
    value = np.ones(6)
    assert peaks(at, value, value, 1, 10).breaks == (4,)
    assert [part.at.tolist() for part in peaks(at, value, value, 1, 10).parts()] == [
        [0, 10, 20, 30],
        [90, 100],
    ]
    coarse = peaks(at, value, value, 25, 10)
    assert coarse.at.tolist() == [0, 30, 90, 100]
    assert coarse.breaks == (2,)
    # What is narrower than a column cannot be seen.
    assert peaks(at, value, value, 60, 10).breaks == ()


def test_nothing_is_no_part() -> None:
    none = np.zeros(0)
    assert peaks(none, none, none, 5, 5).parts() == []
    assert Line(none, none, none).parts() == []

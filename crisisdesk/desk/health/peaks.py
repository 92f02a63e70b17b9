"""A line of many points as few as its width can show: of each pixel's span the least and greatest.

Loaded with the charts, when the room is first shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# A gap in a line: no point for this many times the usual distance between two.
GAP_TIMES = 3


class Line(NamedTuple):
    """Points to be joined in order; what is not a number parts the line."""

    x: NDArray[Any]
    y: NDArray[Any]


def peaks(at: NDArray[Any], low: NDArray[Any], high: NDArray[Any], columns: int) -> Line:
    """The line through these buckets (``at`` ascending, UTC ms), ``x`` in seconds.

    With more buckets than columns the least and greatest of each column stand at its first time;
    no extreme is lost, and the points are at most five for each column.
    """
    if not len(at):
        return Line(np.zeros(0), np.zeros(0))
    if len(at) > columns:
        at, low, high = _by_column(at, low, high, columns)
    x = np.repeat(at / 1000.0, 2)
    y = np.column_stack((low, high)).ravel()
    if np.array_equal(low, high):
        x, y = x[::2], y[::2]
    return _parted(at, x, y)


def _by_column(
    at: NDArray[Any], low: NDArray[Any], high: NDArray[Any], columns: int
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    width = max(1, -(-(int(at[-1]) - int(at[0]) + 1) // columns))
    column = (at - at[0]) // width
    first = np.flatnonzero(np.concatenate(([True], column[1:] != column[:-1])))
    return at[first], np.fmin.reduceat(low, first), np.fmax.reduceat(high, first)


def _parted(at: NDArray[Any], x: NDArray[Any], y: NDArray[Any]) -> Line:
    if len(at) < 3:
        return Line(x, y)
    steps = np.diff(at)
    # No step is so much longer than the usual one if none is than the shortest.
    if steps.max() <= GAP_TIMES * steps.min():
        return Line(x, y)
    after = np.flatnonzero(steps > GAP_TIMES * np.median(steps)) + 1
    each = len(x) // len(at)
    places = after * each
    return Line(np.insert(x, places, x[places - 1]), np.insert(y, places, np.nan))

"""A line of many points as few as its width can show: of each pixel's span the least and greatest.

Loaded with the charts, when the room is first shown.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# A gap in a line: no point for this many times the usual distance between two.
GAP_TIMES = 3
_NONE = np.zeros(0, np.int64)


class Line(NamedTuple):
    """Columns, oldest first: when each begins (UTC ms), its least and greatest value. Before the
    columns whose numbers stand in ``breaks`` nothing was measured."""

    at: NDArray[Any]
    low: NDArray[Any]
    high: NDArray[Any]
    breaks: tuple[int, ...] = ()

    def parts(self) -> list[Line]:
        """The stretches without a break, each with one column at least."""
        bounds = [0, *self.breaks, len(self.at)]
        return [
            Line(self.at[a:b], self.low[a:b], self.high[a:b])
            for a, b in itertools.pairwise(bounds)
            if b > a
        ]


def peaks(
    at: NDArray[Any], low: NDArray[Any], high: NDArray[Any], width_ms: int, usual_ms: int
) -> Line:
    """The line through these buckets (``at`` ascending, UTC ms; finite values) in columns of this
    width, counted from the epoch: what is in a column does not change as the view moves on.
    ``usual_ms`` is the usual distance of two, 0 where it is not known.

    No extreme is lost, and no gap that is wider than a column is closed.
    """
    if not len(at):
        return Line(at, low, high)
    after = _gaps(at, max(width_ms, GAP_TIMES * usual_ms)) if usual_ms > 0 else _NONE
    if (int(at[-1]) - int(at[0])) // width_ms + 1 >= len(at):
        return Line(at, low, high, tuple(after.tolist()))
    column = at // width_ms
    # One whose step is wider than a column begins one.
    first = np.concatenate(([0], (column[1:] != column[:-1]).nonzero()[0] + 1))
    breaks = np.searchsorted(first, after)
    least, greatest = np.minimum.reduceat(low, first), np.maximum.reduceat(high, first)
    return Line(at[first], least, greatest, tuple(breaks.tolist()))


def _gaps(at: NDArray[Any], least_ms: int) -> NDArray[Any]:
    """The numbers of the buckets before which nothing was measured for longer than this."""
    steps = at[1:] - at[:-1]
    (after,) = (steps > least_ms).nonzero()
    return after + 1  # type: ignore[no-any-return]

"""Which values a chart shows: the line's own, and the limits that lie near enough to be seen."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

# Above and below what is shown, as a share of its height.
MARGIN = 0.11
# A limit comes into view while the line keeps this share of the height.
LINE_SHARE = 0.25
# A line that is nearly flat counts as this share of its value high.
FLAT_SHARE = 0.25
_WIDEST = 1e300


class Scale(NamedTuple):
    """From the least to the greatest value that is shown; ``high`` is above ``low``."""

    low: float
    high: float

    def place(self, value: float, top: float, height: float) -> float:
        """How far down a value lies, px."""
        return top + (self.high - value) / (self.high - self.low) * height

    def side(self, value: float) -> int:
        """1 for what lies above what is shown, -1 below, 0 within."""
        return int(value > self.high) - int(value < self.low)


EMPTY = Scale(0.0, 1.0)


def scale_of(low: float, high: float, limits: Iterable[float] = ()) -> Scale:
    """The scale for values from ``low`` to ``high`` (not a number: there are none), with the limits
    that fit in, the nearest first."""
    wanted = [limit for limit in limits if math.isfinite(limit) and abs(limit) < _WIDEST]
    if not (math.isfinite(low) and math.isfinite(high)):
        if not wanted:
            return EMPTY
        low = high = wanted[0]
    low, high = max(low, -_WIDEST), min(high, _WIDEST)
    own = max(high - low, abs(low) * FLAT_SHARE, abs(high) * FLAT_SHARE) or 1.0
    bottom, top = low, high
    for limit in sorted(wanted, key=lambda one: max(low - one, one - high)):
        least, greatest = min(bottom, limit), max(top, limit)
        if greatest - least > own / LINE_SHARE:
            break
        bottom, top = least, greatest
    margin = (top - bottom or own) * MARGIN
    found = Scale(bottom - margin, top + margin)
    # So near to each other that no float lies between them.
    return found if found.high > found.low else Scale(bottom - 1.0, top + 1.0)

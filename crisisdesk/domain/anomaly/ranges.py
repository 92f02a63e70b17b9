"""Where values lie: a range brings the values of any series to about 0 to 1."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from crisisdesk.domain.errors import Malformed

# How many spans beyond its range a value still counts for what it is; farther is as strange.
REACH = 10.0
# The share of the values at each end that a learnt range leaves outside.
OUTSIDE = 0.01


class Range(NamedTuple):
    """From ``low`` on, twice ``half`` wide. Halves, so that the widest of floats stay finite."""

    low: float
    half: float

    def place(self, value: float) -> float:
        """Where a value lies: 0 is low, 1 is high; from -REACH to 1 + REACH."""
        return min(max((value / 2 - self.low / 2) / self.half, -REACH), 1.0 + REACH)

    def reaches(self, value: float) -> bool:
        """Whether the value's place is its own, and not that of all that lies so far out."""
        return -REACH < self.place(value) < 1.0 + REACH

    def value(self, place: float) -> float:
        """The value at a place, within what a float can hold."""
        found = self.low + place * self.half + place * self.half
        return min(max(found, -_MOST), _MOST)


_MOST = 1.7976931348623157e308


def known_range(low: float, high: float) -> Range:
    """The range from ``low`` to ``high``; raises Malformed where the two are none."""
    for name, bound in (("min_value", low), ("max_value", high)):
        if not math.isfinite(bound):
            raise Malformed(name, f"is {bound}", "give a finite number, or learn the range")
    if low > high:
        raise Malformed("min_value", f"{low} is above max_value {high}", "exchange the two")
    return _range(low, high)


def learnt_range(values: Iterable[float]) -> Range:
    """The range that holds all but the outermost hundredths of the values (at least one)."""
    ordered = sorted(values)
    left_out = int(len(ordered) * OUTSIDE)
    low, high = ordered[left_out], ordered[-1 - left_out]
    # Mostly one value and now and then another: the others make the range.
    return _range(low, high) if low < high else _range(ordered[0], ordered[-1])


def differs(old: Range, new: Range) -> bool:
    """Whether the two differ by enough to place everything anew."""
    if not 0.8 < new.half / old.half < 1.25:
        return True
    return abs(new.low / 2 - old.low / 2) / old.half > 0.25


def _range(low: float, high: float) -> Range:
    half = high / 2 - low / 2
    # All values equal: any other value is then far outside.
    return Range(low, half if half > 0 else max(abs(low), 1.0) * 1e-9)

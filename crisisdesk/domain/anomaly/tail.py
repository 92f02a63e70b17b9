"""How rare a strangeness is among those that went before: a tail learnt from the highest peaks."""

from __future__ import annotations

import math
from bisect import bisect_left, insort

# Peaks kept: enough for a slope, few enough that they are the tail and not the body.
KEPT = 30
# Values this near to each other are one peak, so that one event does not fill the tail.
ONE_PEAK = 10
# The share of all values that counts as tail while there are few.
SHARE = 0.05
# Before so many values nothing is called rare.
FEWEST = 20
# The slope believed at first, and how many peaks that belief weighs: a tail that falls steeply.
BELIEVED = 0.15
WEIGHT = 3
# After so many values half of what is known is forgotten; 20,000 are ten weeks at five minutes.
FORGETS = 20_000


class Tail:
    """The highest peaks of one stream of strangenesses >= 0.

    ``floor`` is a strangeness that means nothing yet: it keeps streams that were all zero from
    calling the first grain of dust infinitely rare.
    """

    __slots__ = ("_at", "_count", "_drop", "_floor", "_peak", "_top")

    def __init__(self, floor: float) -> None:
        self._floor = floor
        self._top: list[float] = []
        self._count = 0
        self._peak = -1.0
        self._at = -ONE_PEAK - 1
        self._drop = 0

    def observe(self, strangeness: float) -> float:
        """-log10 of the share of values as strange as this one; 0 for all that is no tail."""
        surprise = self._surprise(strangeness)
        self._count += 1
        self._keep(strangeness)
        if self._count >= FORGETS:
            self._forget()
        return surprise

    def rescale(self, factor: float) -> None:
        """The unit of strangeness changed: what was 1 is now ``factor``."""
        self._top = [peak * factor for peak in self._top]
        self._peak *= factor

    def _surprise(self, strangeness: float) -> float:
        count, top = self._count, self._top
        if count < FEWEST or len(top) < 3:
            return 0.0
        kept = max(3, min(KEPT, int(count * SHARE)))
        tail = top[-kept:]
        begins = tail[0] + self._floor
        if strangeness <= begins:
            return 0.0
        # Hill's estimate of how heavy the tail is, drawn towards the belief.
        logs = sum(math.log((peak + self._floor) / begins) for peak in tail)
        slope = (logs + WEIGHT * BELIEVED) / (len(tail) + WEIGHT)
        rarity = math.log10((strangeness + self._floor) / begins) / slope
        return math.log10(count / len(tail)) + rarity

    def _keep(self, strangeness: float) -> None:
        top = self._top
        if self._count - self._at <= ONE_PEAK:
            if strangeness <= self._peak:
                return
            place = bisect_left(top, self._peak)
            if place < len(top) and top[place] == self._peak:
                del top[place]
        elif len(top) >= KEPT and strangeness <= top[0]:
            return
        insort(top, strangeness)
        self._peak, self._at = strangeness, self._count
        if len(top) > KEPT:
            del top[0]

    def _forget(self) -> None:
        """Every second peak goes, the highest one time of two: an old catastrophe fades too."""
        self._top = self._top[self._drop :: 2]
        self._drop = 1 - self._drop
        self._at -= self._count - self._count // 2
        self._count //= 2


class Longest:
    """The longest of what ended: runs of one value, spans without any."""

    __slots__ = ("_count", "longest")

    # Less than two doublings beyond the longest are nothing; each counts as one and a half tens.
    PER_DOUBLING = 1.5
    FROM = 3.0
    FEWEST_ENDED = 10

    def __init__(self) -> None:
        self.longest = 0.0
        self._count = 0

    def surprise(self, length: float) -> float:
        """How rare a length is that goes on or has just ended; 0 below four times the longest."""
        if self._count < self.FEWEST_ENDED:
            return 0.0
        found = self.PER_DOUBLING * math.log2((length + 1.0) / (self.longest + 1.0))
        return found if found >= self.FROM else 0.0

    def ended(self, length: float) -> None:
        """One more length is known."""
        self._count += 1
        self.longest = max(self.longest, length)
        if self._count >= FORGETS:
            self._count //= 2
            self.longest /= 2.0

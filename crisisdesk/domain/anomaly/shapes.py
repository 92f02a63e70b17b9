"""Shapes: how far the newest values are from the nearest stretch of the past, at some lengths."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

# Lengths of the stretches compared, in values: a step of four from one value to about a day at
# five minutes. Spikes show at the short ones, wrong days at the long ones.
LENGTHS = (1, 4, 16, 64, 256)
# Values remembered: two weeks at five minutes.
HISTORY = 4096
# The length by which the past is searched for what came next.
_NEXT_BY = 2
# Values kept, so that a stretch leaving at the longest length still has all its lags.
MEMORY = HISTORY + LENGTHS[-1] + 1
_ROOM = 2 * MEMORY


class Shapes:
    """The remembered places of one series, and for each length the squared distance to each lag.

    Newest first in memory, so that index ``n`` is the value ``n`` steps ago. A distance over the
    last values at a lag is kept up by adding the newest difference and taking off the one that
    left: a dozen passes over the memory for each value, whatever the length.
    """

    __slots__ = ("_at", "_places", "_sums", "_work", "count")

    def __init__(self) -> None:
        self.count = 0
        self._places = np.zeros(_ROOM)
        self._at = _ROOM
        # Row n is for LENGTHS[n + 1]: the first length needs no sum. Column m is lag m + 1.
        self._sums = np.zeros((len(LENGTHS) - 1, HISTORY))
        self._work = np.zeros(HISTORY)

    def push(self, place: float) -> list[float]:
        """Take the next place; its distance at each length, 0 where too little went before.

        A stretch is compared with those that ended before it began, and the distance is the root
        of the mean square, so that lengths can be compared with each other.
        """
        self._remember(place)
        newest = self.count - 1
        if not newest:
            return [0.0] * len(LENGTHS)
        now = self._differences(0)
        distances = [math.sqrt(now.min())]
        if newest % HISTORY == 0:
            # Adding and taking off leaves dust in the sums: sum anew before it can be seen.
            self._sum_anew()
        else:
            self._sums[:, : len(now)] += now
            self._take_off(newest)
        for sums, length in zip(self._sums, LENGTHS[1:], strict=True):
            last = min(HISTORY, newest - length + 1)
            near = float(sums[length - 1 : last].min()) if last >= length else 0.0
            distances.append(math.sqrt(max(near, 0.0) / length))
        return distances

    def replace(self, places: Sequence[float]) -> None:
        """The same values at other places, oldest first: the range was learnt anew."""
        kept = places[-MEMORY:]
        self._at = _ROOM - len(kept)
        self._places[self._at :] = kept[::-1]
        # What is not given again is forgotten.
        self.count = self.count if len(kept) == MEMORY else len(kept)
        self._sum_anew()

    def recent(self, most: int) -> list[float]:
        """The newest places, newest first, as many as there are and no more than ``most``."""
        return self._places[self._at : self._at + min(self._held, most)].tolist()  # type: ignore[no-any-return]

    def nearest(self) -> float | None:
        """The place before the newest that is nearest to it, the latest of equals."""
        now = self._differences(0)
        return float(self._places[self._at + 1 + int(now.argmin())]) if len(now) else None

    def followers(self, most: int) -> list[float]:
        """What came after the stretches of the past that are most like the newest one.

        Empty until the length searched by was seen three times over.
        """
        length = LENGTHS[_NEXT_BY]
        last = min(HISTORY, self.count - length)
        if last < 2 * length:
            return []
        # From lag 1: what came next must be known, and is, for every lag.
        sums = self._sums[_NEXT_BY - 1, :last]
        most = min(most, len(sums))
        lags = np.argpartition(sums, most - 1)[:most]
        return self._places[self._at + lags].tolist()  # type: ignore[no-any-return]

    @property
    def _held(self) -> int:
        return min(self.count, MEMORY)

    def _differences(self, ago: int) -> np.ndarray:
        """Squares of the differences of the value ``ago`` steps ago to each one before it.

        The work space is shared: use one answer before asking for the next.
        """
        first = self._at + ago + 1
        many = min(HISTORY, self.count - 1 - ago)
        found = self._work[:many]
        np.subtract(self._places[first : first + many], self._places[first - 1], out=found)
        np.multiply(found, found, out=found)
        return found

    def _take_off(self, newest: int) -> None:
        for sums, length in zip(self._sums, LENGTHS[1:], strict=True):
            if newest > length:
                gone = self._differences(length)
                sums[: len(gone)] -= gone

    def _sum_anew(self) -> None:
        total = np.zeros(HISTORY)
        rows = {length: row for row, length in enumerate(LENGTHS)}
        for ago in range(LENGTHS[-1]):
            if ago < self._held - 1:
                gone = self._differences(ago)
                total[: len(gone)] += gone
            row = rows.get(ago + 1, 0)
            if row:
                self._sums[row - 1] = total

    def _remember(self, place: float) -> None:
        if self._at == 0:
            self._places[_ROOM - MEMORY :] = self._places[:MEMORY].copy()
            self._at = _ROOM - MEMORY
        self._at -= 1
        self._places[self._at] = place
        self.count += 1

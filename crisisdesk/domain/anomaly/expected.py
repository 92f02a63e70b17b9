"""What was expected of each value before it came: the detector's band, kept as it runs."""

from __future__ import annotations

from array import array
from datetime import UTC, datetime
from typing import NamedTuple

from crisisdesk.domain.anomaly import learning_detector, streaming_detector

# So many values are kept; who asks for more begins anew further on.
KEPT = 24_000


class Columns(NamedTuple):
    """Of each value its time (UTC ms), the value, the band before it came (not a number: none yet)
    and its score, oldest first; all of one length."""

    at: array[int]
    value: array[float]
    low: array[float]
    high: array[float]
    score: array[float]


class Expected:
    """The band of one series from its first value on; feed it in order of time.

    ``low`` and ``high`` are the known bounds of its values, both None where nobody knows them;
    raises Malformed where they are no range.
    """

    def __init__(self, low: float | None, high: float | None) -> None:
        if low is None or high is None:
            self._detector = learning_detector()
        else:
            self._detector = streaming_detector(low, high)
        self.columns = Columns(array("q"), array("d"), array("d"), array("d"), array("d"))
        self.newest: int | None = None

    def follow(self, at: int, value: float) -> None:
        """The next value; one that is not newer than the last says nothing, as for a rule."""
        if self.newest is not None and at <= self.newest:
            return
        self.newest = at
        band = self._detector.band()
        low, high = band if band is not None else (float("nan"), float("nan"))
        score = self._detector.update(datetime.fromtimestamp(at / 1_000, UTC), value)
        for column, entry in zip(self.columns[1:], (value, low, high, score), strict=True):
            column.append(entry)
        self.columns.at.append(at)
        if len(self.columns.at) >= 2 * KEPT:
            for kept in self.columns:
                del kept[:-KEPT]

    def next(self) -> tuple[float, float] | None:
        """From where to where the next value is expected; None while too little is known."""
        return self._detector.band()

"""Expected bands of the series in view, reckoned a little at a time on the reader's thread.

A band before a value needs all that went before it, so what was reckoned is kept and only what came
since is added. Loads numpy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from crisisdesk.desk.health.over import Band
from crisisdesk.domain.anomaly.expected import KEPT, Expected

if TYPE_CHECKING:
    from crisisdesk.desk.health.over import Stretch
    from crisisdesk.domain.detection.series import Series
    from crisisdesk.domain.detection.watchers import Unusual
    from crisisdesk.store.queries.samples import SampleReader

HOUR_MS = 3_600_000
# So many values before the view the detector has seen, where they are kept.
BEFORE = 1_500
# So far back single samples may be kept at all.
KEPT_MS = 48 * HOUR_MS
# A view of more values gets no band: it would take too long to reckon.
VALUES_MOST = 12_000
# What is reckoned within one question, of all bands together: some tens of milliseconds.
AT_ONCE = 400
# What is read at once, so that one question reads no more than a few hours of a series.
READ_MS, READS_MOST = 2 * HOUR_MS, 12
# Series whose bands are kept.
BANDS_MOST = 24


class _Key(NamedTuple):
    series: Series
    low: float | None
    high: float | None


class _Reckoned:
    """One band: what it is made of so far, and what was read and waits to be added."""

    def __init__(self, key: _Key, begin: int, view_from: int) -> None:
        self.expected = Expected(key.low, key.high)
        self.begin = begin
        # From here on the detector had seen what it should have.
        self.view_from = view_from
        self.read_to = begin
        self.at: list[int] = []
        self.value: list[float] = []

    def feed(self, budget: int) -> int:
        """Add what waits, no more than so many; returns how many."""
        count = min(budget, len(self.at))
        for at, value in zip(self.at[:count], self.value[:count], strict=True):
            self.expected.follow(at, value)
        del self.at[:count], self.value[:count]
        return count


class Bands:
    """Keeps what was reckoned between two questions; to be used on the reader's thread only."""

    def __init__(self) -> None:
        self._kept: dict[_Key, _Reckoned] = {}
        self._left = 0

    def begin(self) -> None:
        """A new question."""
        self._left = AT_ONCE

    def band(
        self,
        samples: SampleReader,
        series: Series,
        rule: Unusual,
        view: Stretch,
        rhythm_ms: int,
    ) -> Band:
        """The band over a view, as far as it is reckoned; ``rhythm_ms`` is the usual distance of
        two samples, 0 where it is not known. Raises SamplesUnreadable."""
        if rhythm_ms <= 0:
            return Band(rule=rule, words="no band: too few samples")
        if view.length // rhythm_ms > VALUES_MOST:
            return Band(rule=rule, words="no band: too much in view, zoom in")
        if view.until <= view.now - KEPT_MS:
            return Band(rule=rule, words="no band: of then no single samples are kept")
        key = _Key(series, rule.low, rule.high)
        one = self._kept.pop(key, None)
        if one is None or not _covers(one, view, rhythm_ms):
            begin = max(view.since - BEFORE * rhythm_ms, view.now - KEPT_MS)
            one = _Reckoned(key, begin, view.since)
        self._kept[key] = one
        while len(self._kept) > BANDS_MOST:
            del self._kept[next(iter(self._kept))]
        whole = self._reckon(samples, series, one, view)
        return _told(one, rule, view, whole=whole)._replace(usual_ms=rhythm_ms)

    def _reckon(self, samples: SampleReader, series: Series, one: _Reckoned, view: Stretch) -> bool:
        """Read and add what is not yet there; whether it is all there now."""
        end = min(view.until, view.now) + 1
        for _ in range(READS_MOST):
            self._left -= one.feed(self._left)
            if one.at:
                return False
            if one.read_to >= end:
                return True
            upto = min(end, one.read_to + READ_MS)
            points = samples.columns(series, one.read_to, upto)
            # What is kept by the minute is no sample; a rule has never seen it.
            single = points.count == 1
            one.at = points.at[single].tolist()
            one.value = points.last[single].tolist()
            # Samples come in a few seconds late; what is read again says nothing.
            newest = one.at[-1] + 1 if one.at else one.read_to
            one.read_to = upto if upto < end else max(one.read_to, newest)
            if upto >= end:
                self._left -= one.feed(self._left)
                return not one.at
        return False


def _covers(one: _Reckoned, view: Stretch, rhythm_ms: int) -> bool:
    """Whether going on from what is there takes less than beginning anew."""
    columns = one.expected.columns
    if len(columns.at) > KEPT and columns.at[0] > view.since:
        return False
    jump = view.since - one.read_to
    return one.view_from <= view.since and jump <= 2 * BEFORE * rhythm_ms


def _told(one: _Reckoned, rule: Unusual, view: Stretch, *, whole: bool) -> Band:
    columns = one.expected.columns
    at = np.array(columns.at, np.int64)
    first, end = np.searchsorted(at, (view.since, view.until + 1))
    value, low, high, score = (np.array(column[first:end], np.float64) for column in columns[1:])
    words = ""
    if not whole:
        newest = one.expected.newest if one.expected.newest is not None else one.begin
        share = (newest - one.begin) * 100 // max(1, min(view.until, view.now) - one.begin)
        words = f"band is being reckoned: {max(0, min(99, share))} %"
    elif not np.isfinite(low).any():
        words = "no band yet: fewer than 48 values are known"
    return Band(rule, at[first:end], value, low, high, score, words, whole)

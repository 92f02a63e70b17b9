"""Samples in columns, and what becomes of them in coarser spans."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from crisisdesk.engine.detection_ports import Bucket

if TYPE_CHECKING:
    from numpy.typing import NDArray

    # Whole numbers (times, counts) and values; numpy's kinds are not told apart here.
    Times = NDArray[Any]
    Values = NDArray[Any]

MINUTE_MS = 60_000
HOUR_MS = 3_600_000


class Points(NamedTuple):
    """Buckets of one series in columns, oldest first, each ``at`` (UTC ms) once.

    A single sample has its value four times and ``count`` 1. What is not a number counts only in a
    bucket that holds no number at all; such a bucket has no number in any column.
    """

    at: Times
    low: Values
    high: Values
    last: Values
    mean: Values
    count: Times  # type: ignore[assignment]

    def within(self, since: int, until: int) -> Points:
        """Those of [since, until)."""
        first, end = np.searchsorted(self.at, (since, until))
        return Points._make(column[first:end] for column in self)

    def buckets(self) -> list[Bucket]:
        """As plain values."""
        return [Bucket(*row) for row in zip(*(column.tolist() for column in self), strict=True)]


_NO_TIME, _NO_VALUE = np.zeros(0, np.int64), np.zeros(0)
NONE = Points(_NO_TIME, _NO_VALUE, _NO_VALUE, _NO_VALUE, _NO_VALUE, _NO_TIME)


def raw_points(at: Times, value: Values) -> Points:
    """Single samples; times ascend and none stands twice."""
    return Points(at, value, value, value, value, np.ones(len(at), np.int64))


def joined(parts: Iterable[Points]) -> Points:
    """Parts that follow one another, as one."""
    kept = [part for part in parts if len(part.at)]
    if len(kept) < 2:
        return kept[0] if kept else NONE
    return Points._make(np.concatenate(columns) for columns in zip(*kept, strict=True))


def newest_of_each(at: Times, value: Values) -> tuple[Times, Values]:
    """In order of time; of several at one time the one that came last."""
    order = np.argsort(at, kind="stable")
    at, value = at[order], value[order]
    keep = np.ones(len(at), bool)
    keep[:-1] = at[1:] != at[:-1]
    return at[keep], value[keep]


def coarser(points: Points, step_ms: int) -> Points:
    """The same in spans of ``step_ms``, counted from the epoch; each ``at`` is its span's start."""
    if not len(points.at):
        return points
    spans = points.at // step_ms
    first = np.flatnonzero(np.concatenate(([True], spans[1:] != spans[:-1])))
    end = np.concatenate((first[1:], [len(spans)]))
    number = ~np.isnan(points.low)
    places = np.where(number, np.arange(len(spans)), -1)
    latest = np.maximum.reduceat(places, first)
    counted = np.add.reduceat(np.where(number, points.count, 0), first)
    empty = counted == 0
    count = np.where(empty, np.add.reduceat(points.count, first), counted)
    # Parts of the whole are added, so that the greatest numbers there are do not run over.
    share = np.where(number, points.count, 0) / np.repeat(count, end - first)
    with np.errstate(invalid="ignore", over="ignore"):
        parts = np.where(number, points.mean, 0.0) * share
        mean = np.add.reduceat(parts, first)
        low = np.fmin.reduceat(points.low, first)
        high = np.fmax.reduceat(points.high, first)
        mean = np.clip(np.where(empty, np.nan, mean), low, high)
    last = points.last[np.where(empty, end - 1, latest)]
    return Points(spans[first] * step_ms, low, high, last, mean, count)

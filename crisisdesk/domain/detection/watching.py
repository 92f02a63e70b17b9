"""What one rule watches of one series: waits, fires, is over; and what comes of many values.

All of it is decided by the times of samples and by ``now`` as it is passed in, UTC ms.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable
from typing import NamedTuple

from crisisdesk.domain.detection.series import Series

# Two samples further apart than this say nothing of the time between them.
STALE_MS = 300_000
# So many series one rule may wait for or fire for, and so many it may keep values of.
WATCHES_MOST = 1_000
SERIES_MOST = 10_000
# So many points of one series a rate is made of.
POINTS_MOST = 720


class Transition(NamedTuple):
    """A rule began to fire for a series, or ended. ``at`` is the moment at which that was so,
    ``value`` what was compared (None where nothing was), ``why`` what ended it, or ""."""

    rule_id: str
    series: Series
    fires: bool
    at: int
    value: float | None
    why: str = ""


class Watch:
    """One series that a rule waits for or fires for."""

    __slots__ = ("clear_since", "firing", "newest", "since", "value")

    def __init__(self, at: int, *, firing: bool = False) -> None:
        self.since: int | None = None
        self.clear_since: int | None = None
        self.firing = firing
        self.newest = at
        self.value: float | None = None

    def take(self, at: int, *, holds: bool, still: bool, for_ms: int, clear_ms: int) -> bool:
        """A value at this moment; whether it changed what fires."""
        if at - self.newest > STALE_MS:
            self.since = self.clear_since = None
        self.newest = at
        if self.firing:
            if still:
                self.clear_since = None
            elif self.clear_since is None or self.clear_since > at:
                self.clear_since = at
        elif not holds:
            self.since = None
        elif self.since is None or self.since > at:
            self.since = at
        return self.turn(at, for_ms, clear_ms)

    def turn(self, now: int, for_ms: int, clear_ms: int) -> bool:
        """Time has passed; whether it changed what fires."""
        if self.firing:
            if self.clear_since is None or now - self.clear_since < clear_ms:
                return False
            self.firing, self.since, self.clear_since = False, None, None
            return True
        if self.since is None or now - self.since < for_ms:
            return False
        self.firing, self.clear_since = True, None
        return True

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to wait for."""
        return not self.firing and self.since is None


class Growth:
    """How much a series grew within a span: a counter's resets are no shrinking."""

    __slots__ = ("_counter", "_points", "_span_ms", "_sum", "_value")

    def __init__(self, span_ms: int, *, counter: bool) -> None:
        self._span_ms = span_ms
        self._counter = counter
        self._points: deque[tuple[int, float]] = deque()
        self._sum = 0.0
        self._value = 0.0

    def take(self, at: int, value: float, per_ms: int) -> float | None:
        """The growth for each ``per_ms``; None while fewer than two samples lie in the span."""
        points = self._points
        if points and (at - points[-1][0] > self._span_ms or at < points[-1][0]):
            points.clear()
        if not points:
            self._sum = 0.0
        elif self._counter and value < self._value:
            self._sum += value
        else:
            self._sum += value - self._value
        self._value = value
        points.append((at, self._sum))
        while at - points[0][0] > self._span_ms or len(points) > POINTS_MOST:
            points.popleft()
        first_at, first = points[0]
        return None if at == first_at else (self._sum - first) * per_ms / (at - first_at)


class Group:
    """Several series as one value: the newest of each that is not stale."""

    __slots__ = ("_kind", "_values", "due_at")

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._values: dict[Series, tuple[int, float]] = {}
        # When a value goes stale that the group is made of.
        self.due_at = 0

    def take(self, series: Series, at: int, value: float) -> None:
        """A value of one of them."""
        self._values[series] = (at, value)

    def value(self, now: int) -> float | None:
        """The value of all; None without any."""
        stale = [s for s, (at, _value) in self._values.items() if now - at > STALE_MS]
        for series in stale:
            del self._values[series]
        if not self._values:
            self.due_at = 2**62
            return None
        self.due_at = min(at for at, _value in self._values.values()) + STALE_MS + 1
        return _AGGREGATE[self._kind]([value for _at, value in self._values.values()])

    def __len__(self) -> int:
        return len(self._values)


def _extreme(pick: Callable[[list[float]], float]) -> Callable[[list[float]], float]:
    """The least or greatest of those that are numbers, whatever their order."""

    def picked(values: list[float]) -> float:
        numbers = [value for value in values if value == value]
        return pick(numbers) if numbers else math.nan

    return picked


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


_AGGREGATE: dict[str, Callable[[list[float]], float]] = {
    "sum": sum,
    "avg": _mean,
    "min": _extreme(min),
    "max": _extreme(max),
    "count": lambda values: float(len(values)),
}


def group_of(series: Series, names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The labels of these names that the series has, sorted."""
    labels = dict(series.labels)
    return tuple(sorted((name, labels[name]) for name in names if name in labels))

"""The scale of the time machine: a stretch of time over so many pixels, its ticks and words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crisisdesk.desk.incidents.times import DAY_MS, MINUTE_MS, utc_day, utc_minute
from crisisdesk.domain.timeline import EntryKind, TimelineEntry

_HOUR_MS = 60 * MINUTE_MS
_STEPS_MS = (
    *(n * MINUTE_MS for n in (1, 2, 5, 10, 15, 30)),
    *(n * _HOUR_MS for n in (1, 2, 3, 6, 12)),
    *(n * DAY_MS for n in (1, 2, 7, 14, 28, 91, 364)),
)
# An incident declared a moment ago still gets a scale that a hand can hold.
_LEAST_MS = 2 * MINUTE_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """``since`` to ``until`` (UTC ms) over ``width`` pixels from ``left``."""

    since: int
    until: int
    left: float
    width: float

    def x(self, at_ms: int) -> float:
        """Where a moment lies; what lies outside the stretch is put at its end."""
        held = min(max(at_ms, self.since), self.until)
        return self.left + self.width * (held - self.since) / (self.until - self.since)

    def at(self, x: float) -> int:
        """The moment under a place, UTC ms; a place outside is taken for the end it is beyond."""
        held = min(max(x - self.left, 0.0), self.width)
        return self.since + round(held / self.width * (self.until - self.since))

    def ticks(self, room: float) -> Iterator[tuple[float, str]]:
        """Place and word of each tick; words have at least ``room`` pixels from one to the next."""
        span = self.until - self.since
        step = next((s for s in _STEPS_MS if self.width * s / span >= room), _STEPS_MS[-1])
        tick = self.since + -self.since % step
        while tick <= self.until:
            yield self.x(tick), utc_day(tick) if step >= DAY_MS else utc_minute(tick)
            tick += step


def scale_of(
    entries: Iterable[TimelineEntry], declared: int, until: int, left: float, width: float
) -> Scale:
    """From the first fact, or from when it was declared, to ``until`` (UTC ms)."""
    first = min((entry.logged_at for entry in entries), default=declared)
    since = min(first, declared)
    return Scale(since=since, until=max(until, since + _LEAST_MS), left=left, width=max(width, 1.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What stands at one place: the worst severity that fired there, or the kind of a fact."""

    x: float
    severity: str = ""
    is_pinned: bool = False
    is_status: bool = False


_WORSE = ("", "low", "medium", "high", "critical", "emergency")


def marks_of(entries: Iterable[TimelineEntry], scale: Scale) -> list[Mark]:
    """One mark for each pixel at which something was written, left to right."""
    marks: dict[int, Mark] = {}
    for entry in entries:
        x = round(scale.x(entry.logged_at))
        before = marks.get(x, Mark(x=x))
        marks[x] = Mark(
            x=x,
            severity=max(before.severity, entry.severity, key=_WORSE.index),
            is_pinned=before.is_pinned or entry.is_pinned,
            is_status=before.is_status or entry.kind == EntryKind.STATUS,
        )
    return [marks[x] for x in sorted(marks)]


def fact_after(entries: Iterable[TimelineEntry], at_ms: int) -> int | None:
    """When the next fact after that moment was written, UTC ms; None when there is none."""
    return min((e.logged_at for e in entries if e.logged_at > at_ms), default=None)


def fact_before(entries: Iterable[TimelineEntry], at_ms: int | None) -> int | None:
    """When the last fact before that moment (None: now) was written, UTC ms; None without one."""
    return max((e.logged_at for e in entries if at_ms is None or e.logged_at < at_ms), default=None)

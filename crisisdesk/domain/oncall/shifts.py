"""Who is on call at a moment, and the shifts, gaps and hand-overs of a range; all pure.

Overrides are given in the order in which they were published; those of other schedules are passed
over. Moments are UTC ms. At most one contact is on call; a tuple leaves room for more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.oncall.schedule import Override, Schedule, Shift
from crisisdesk.domain.oncall.turns import changes, holder
from crisisdesk.domain.oncall.wall import DAY_MS, LAST_MS, wall_ms

# More than two years, the longest range that is laid out at once.
RANGE_LIMIT_MS = 750 * DAY_MS
# How far a hand-over is looked for, either way.
_FAR_MS = 8 * 7 * DAY_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """At ``at_ms`` (UTC) those in ``off`` go and those in ``on`` come; either may be nobody."""

    at_ms: int
    off: tuple[str, ...]
    on: tuple[str, ...]


def on_call(schedule: Schedule, overrides: Iterable[Override], at_ms: int) -> tuple[str, ...]:
    """The contact ids on call at a moment; empty when there is nobody."""
    standing = [o for o in overrides if o.schedule == schedule.name]
    return _placed(_layered(schedule, at_ms), standing, at_ms)


def shifts(
    schedule: Schedule, overrides: Iterable[Override], start_ms: int, end_ms: int
) -> list[Shift]:
    """The range cut into shifts without overlap; where nobody is on call they hold no contacts.

    Neighbours always differ. Raises Malformed for a range that is empty, too long or out of reach.
    """
    _check_range(start_ms, end_ms)
    return _laid_out(schedule, overrides, start_ms, end_ms)


def whole_shifts(
    schedule: Schedule, overrides: Iterable[Override], start_ms: int, end_ms: int
) -> list[Shift]:
    """The shifts that touch the range, from their own beginning to their own end.

    Beginning and end are looked for up to eight weeks away; one that lasts longer is cut there, on
    a Thursday at 00:00 UTC, so that the same cut comes out for a whole week of asking.
    """
    _check_range(start_ms, end_ms)
    week = 7 * DAY_MS
    low = max(0, (start_ms - _FAR_MS) // week * week)
    high = min(LAST_MS, -(-(end_ms + _FAR_MS) // week) * week)
    found = _laid_out(schedule, overrides, low, high)
    return [s for s in found if s.start_ms < end_ms and s.end_ms > start_ms]


def gaps(
    schedule: Schedule, overrides: Iterable[Override], start_ms: int, end_ms: int
) -> list[Shift]:
    """The parts of the range in which nobody is on call."""
    return [s for s in shifts(schedule, overrides, start_ms, end_ms) if not s.contacts]


def next_handover(schedule: Schedule, overrides: Sequence[Override], at_ms: int) -> Handover | None:
    """The first change after a moment; None when there is none in the next two years."""
    now = on_call(schedule, overrides, at_ms)
    start, length, last = at_ms, DAY_MS, min(at_ms + RANGE_LIMIT_MS, LAST_MS)
    while start < last:
        end = min(start + length, last)
        for shift in shifts(schedule, overrides, start, end):
            if shift.contacts != now:
                return Handover(at_ms=shift.start_ms, off=now, on=shift.contacts)
        start, length = end, length * 4
    return None


def _laid_out(
    schedule: Schedule, overrides: Iterable[Override], start_ms: int, end_ms: int
) -> list[Shift]:
    standing = [
        o
        for o in overrides
        if o.schedule == schedule.name and o.start_ms < end_ms and o.end_ms > start_ms
    ]
    cuts = {start_ms}
    for layer in schedule.layers:
        cuts.update(changes(layer, schedule.zone, start_ms, end_ms))
    for override in standing:
        cuts.update(m for m in (override.start_ms, override.end_ms) if start_ms < m < end_ms)
    found: list[tuple[int, tuple[str, ...]]] = []
    for cut in sorted(cuts):
        contacts = _placed(_layered(schedule, cut), standing, cut)
        if not found or found[-1][1] != contacts:
            found.append((cut, contacts))
    ends = [start for start, _ in found[1:]] + [end_ms]
    return [
        Shift(contacts=contacts, start_ms=start, end_ms=end)
        for (start, contacts), end in zip(found, ends, strict=True)
    ]


def _layered(schedule: Schedule, at_ms: int) -> str:
    """Who has the schedule's place by its layers alone; "" for nobody."""
    wall = wall_ms(schedule.zone, at_ms)
    for layer in reversed(schedule.layers):
        found = holder(layer, schedule.zone, at_ms, wall)
        if found:
            return found
    return ""


def _placed(by_layers: str, standing: Iterable[Override], at_ms: int) -> tuple[str, ...]:
    """Whoever the overrides leave in the place.

    Each has its word after those published before it. One that replaces a contact speaks of who has
    the place now, and of who had it before anyone was replaced: of two who step in for the same
    contact the later published one stays.
    """
    owner = holds = by_layers
    for override in standing:
        if not override.start_ms <= at_ms < override.end_ms:
            continue
        if not override.replaces:
            owner = holds = override.contact
        elif override.replaces in (owner, holds):
            holds = override.contact
    return (holds,) if holds else ()


def _check_range(start_ms: int, end_ms: int) -> None:
    if not 0 <= start_ms < end_ms <= LAST_MS:
        raise Malformed("to", "makes no range with from", "name a later moment, before 2200")
    if end_ms - start_ms > RANGE_LIMIT_MS:
        days = RANGE_LIMIT_MS // DAY_MS
        raise Malformed("to", f"is more than {days} days after from", "ask for a shorter range")

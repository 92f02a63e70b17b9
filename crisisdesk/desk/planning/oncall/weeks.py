"""The calendar of a schedule laid out in weeks: days, rows and bands, without a screen.

Days are those of the schedule's zone, so one is 23 or 25 hours long when clocks change. Moments are
UTC ms, days are counted from 1970-01-01.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal, NamedTuple

from crisisdesk.domain.oncall.reasons import Hold, holds, turns_of_layer
from crisisdesk.domain.oncall.schedule import Override, Schedule
from crisisdesk.domain.oncall.wall import DAY_MS, LAST_MS, moment_ms, wall_ms, weekday_of

Span = Literal["weeks", "month"]
RowKind = Literal["layer", "override", "final"]
FINAL_WORD, OVERRIDE_WORD = "On call", "Overrides"
HOUR_MS = 3_600_000
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_TWO_WEEKS, _MONTH_WEEKS = 2, 5
# The first and last Monday that a calendar begins with: all of it lies within what is planned.
FIRST_DAY, LAST_DAY = 4, LAST_MS // DAY_MS - 70


class Day(NamedTuple):
    """One day of the zone, by its real beginning and end; the end is the next one's beginning."""

    day: int
    start_ms: int
    end_ms: int

    @property
    def hours(self) -> float:
        """How long it really is; 24 but for a change of the clock."""
        return (self.end_ms - self.start_ms) / HOUR_MS

    @property
    def date(self) -> date:
        """Its date."""
        return date.fromordinal(self.day + _EPOCH_DAY)


class Band(NamedTuple):
    """The part of a hold that lies in one week; ``begins`` and ``ends`` say that it is no cut."""

    hold: Hold
    start_ms: int
    end_ms: int
    begins: bool
    ends: bool


class Row(NamedTuple):
    """One line of a week. ``name`` is the layer's name or what the row is about."""

    kind: RowKind
    name: str
    bands: tuple[Band, ...]


class Week(NamedTuple):
    """Seven days and their rows; every week of a calendar has the same rows."""

    days: tuple[Day, ...]
    rows: tuple[Row, ...]

    @property
    def start_ms(self) -> int:
        """Where Monday begins."""
        return self.days[0].start_ms

    @property
    def end_ms(self) -> int:
        """Where Sunday ends."""
        return self.days[-1].end_ms


class Calendar(NamedTuple):
    """Some weeks of one schedule."""

    schedule: str
    zone: str
    weeks: tuple[Week, ...]

    @property
    def start_ms(self) -> int:
        """Where it begins."""
        return self.weeks[0].start_ms

    @property
    def end_ms(self) -> int:
        """Where it ends."""
        return self.weeks[-1].end_ms


def monday_of(zone: str, at_ms: int) -> int:
    """The Monday of the week of a moment."""
    day = wall_ms(zone, at_ms) // DAY_MS
    return within_reach(day - weekday_of(day))


def month_monday_of(zone: str, at_ms: int) -> int:
    """The Monday of the week in which the month of a moment begins."""
    return month_monday(wall_ms(zone, at_ms) // DAY_MS)


def month_monday(day: int) -> int:
    """The Monday of the week in which the month of a day begins."""
    first = date.fromordinal(day + _EPOCH_DAY).replace(day=1).toordinal() - _EPOCH_DAY
    return within_reach(first - weekday_of(first))


def within_reach(monday: int) -> int:
    """The nearest Monday with which a calendar can begin."""
    return max(FIRST_DAY, min(LAST_DAY - weekday_of(LAST_DAY), monday))


def week_count(monday: int, span: Span) -> int:
    """How many weeks are shown: two, or enough for the month that begins in the first of them.

    Five when no month begins there.
    """
    if span == "weeks":
        return _TWO_WEEKS
    sunday = date.fromordinal(monday + 6 + _EPOCH_DAY)
    if sunday.day > 7:
        return _MONTH_WEEKS
    last = sunday.replace(day=monthrange(sunday.year, sunday.month)[1]).toordinal() - _EPOCH_DAY
    return (last - monday) // 7 + 1


def day_of(zone: str, day: int) -> Day:
    """A day of a zone; one that the zone left out altogether is of no length."""
    return Day(day, moment_ms(zone, day * DAY_MS), moment_ms(zone, (day + 1) * DAY_MS))


def lay_out(schedule: Schedule, overrides: Sequence[Override], monday: int, span: Span) -> Calendar:
    """The calendar from a Monday on: a row for each layer, for overrides, and who is on call.

    Overrides that overlap have a row each; without any there is none.
    """
    days = [day_of(schedule.zone, monday + n) for n in range(7 * week_count(monday, span))]
    start, end = days[0].start_ms, days[-1].end_ms
    lines: list[tuple[RowKind, str, list[Hold]]] = [
        ("layer", layer.name, turns_of_layer(schedule, number, start, end))
        for number, layer in enumerate(schedule.layers)
    ]
    final = holds(schedule, overrides, start, end)
    touching = [o for o in overrides if o.start_ms < end and o.end_ms > start]
    lines += [("override", OVERRIDE_WORD, lane) for lane in lanes(touching)]
    lines.append(("final", FINAL_WORD, final))
    weeks = []
    for at in range(0, len(days), 7):
        part = tuple(days[at : at + 7])
        low, high = part[0].start_ms, part[-1].end_ms
        rows = (Row(kind, name, tuple(bands(found, low, high))) for kind, name, found in lines)
        weeks.append(Week(part, tuple(rows)))
    return Calendar(schedule.name, schedule.zone, tuple(weeks))


def lanes(overrides: Sequence[Override]) -> list[list[Hold]]:
    """Overrides as holds in as few rows as hold them without overlap."""
    found: list[list[Hold]] = []
    for one in sorted(overrides, key=lambda o: (o.start_ms, o.end_ms)):
        hold = Hold(contact=one.contact, start_ms=one.start_ms, end_ms=one.end_ms, override=one)
        lane = next((lane for lane in found if lane[-1].end_ms <= one.start_ms), None)
        if lane is None:
            found.append([hold])
        else:
            lane.append(hold)
    return found


def bands(found: Sequence[Hold], low_ms: int, high_ms: int) -> Iterator[Band]:
    """The parts of holds that lie between two moments."""
    for hold in found:
        start, end = max(hold.start_ms, low_ms), min(hold.end_ms, high_ms)
        if start < end:
            yield Band(
                hold,
                start,
                end,
                start == hold.start_ms and not hold.longer_before,
                end == hold.end_ms and not hold.longer_after,
            )


def place(week: Week, at_ms: int) -> float:
    """Where a moment stands in a week, from 0 to 7: days are equally wide, however long."""
    for number, day in enumerate(week.days):
        if at_ms < day.end_ms:
            length = day.end_ms - day.start_ms
            return number + max(0, at_ms - day.start_ms) / length
    return float(len(week.days))


def moment_at(week: Week, place_of: float) -> int:
    """The moment that stands at a place from 0 to 7."""
    number = min(len(week.days) - 1, max(0, int(place_of)))
    day = week.days[number]
    return day.start_ms + int((place_of - number) * (day.end_ms - day.start_ms))


def length_words(day: Day) -> str:
    """``23 h`` for a day on which the clock changes, else ""."""
    return "" if day.end_ms - day.start_ms == DAY_MS else f"{day.hours:g} h"


def title_words(calendar: Calendar) -> str:
    """``26 Oct to 8 Nov 2026``; the first year is named when it is another."""
    first, last = calendar.weeks[0].days[0].date, calendar.weeks[-1].days[-1].date
    year = f" {first.year}" if first.year != last.year else ""
    return f"{first.day} {first:%b}{year} to {last.day} {last:%b} {last.year}"


def today(calendar: Calendar, now_ms: int) -> date:
    """The date it is in the schedule's zone."""
    return date.fromordinal(wall_ms(calendar.zone, now_ms) // DAY_MS + _EPOCH_DAY)

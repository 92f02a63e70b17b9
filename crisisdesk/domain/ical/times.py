"""Dates, times and durations of a calendar, and the moments they mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.ical.lines import Line
from crisisdesk.domain.ical.zone_names import zone_of
from crisisdesk.domain.oncall.wall import DAY_MS, HOUR_MS, LAST_MS, MINUTE_MS, SECOND_MS, moment_ms

_MILLISECOND = timedelta(milliseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_TIME = re.compile(r"T([0-9]{2})([0-9]{2})([0-9]{2})(Z?)")
_DURATION = re.compile(
    r"\+?P(?:([0-9]{1,4})W|(?:([0-9]{1,5})D)?"
    r"(?:T(?:([0-9]{1,6})H)?(?:([0-9]{1,7})M)?(?:([0-9]{1,9})S)?)?)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A day, or a time of a day, by the wall clock of a zone (`domain.oncall.wall`)."""

    wall: int
    zone: str
    all_day: bool = False

    @property
    def at_ms(self) -> int:
        """The moment (UTC ms) it means.

        A time that comes twice is the first. One that is leapt over counts as if the clock had not
        been put forward yet, as RFC 5545 (3.3.5) wants it; a day begins with its first moment.
        """
        if self.all_day:
            return moment_ms(self.zone, self.wall)
        local = datetime(1970, 1, 1, tzinfo=ZoneInfo(self.zone)) + self.wall * _MILLISECOND
        offset = local.utcoffset()
        assert offset is not None, "a datetime of a zone has an offset"
        return self.wall - offset // _MILLISECOND

    def moved(self, wall: int) -> Stamp:
        """The same kind of stamp at another reading of the wall clock."""
        return replace(self, wall=wall)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A length: first whole days on the calendar, then real ms."""

    days: int = 0
    ms: int = 0

    def end_ms(self, start: Stamp) -> int:
        """The moment (UTC ms) at which it is over when it begins at ``start``."""
        return start.moved(start.wall + self.days * DAY_MS).at_ms + self.ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Zones:
    """``default`` is the zone of times without one; ``located`` is that of `zone_of`."""

    default: str
    located: Mapping[str, str]


def read_stamps(line: Line, zones: Zones, field: str) -> list[Stamp]:
    """The dates or times of a property, separated by commas; Malformed naming ``field``."""
    if line.params.get("VALUE", "DATE-TIME").upper() not in ("DATE", "DATE-TIME"):
        raise Malformed(field, f"is a {line.params['VALUE'][:20]}", "use dates or times")
    named = line.params.get("TZID", "")
    zone = zone_of(named, field, zones.located) if named else zones.default
    found = [read_stamp(text, zone, field) for text in line.value.split(",")]
    for stamp in found:
        if not DAY_MS <= stamp.wall < LAST_MS - DAY_MS:
            raise Malformed(field, "is out of reach", "name years from 1971 to 2199")
    return found


def read_stamp(text: str, zone: str, field: str) -> Stamp:
    """``20260105``, ``20260105T090000`` (both in the zone) or ``20260105T080000Z``."""
    text = text.strip()
    remedy = "write 20260105, 20260105T090000 or 20260105T080000Z"
    date, time = _DATE.match(text), _TIME.fullmatch(text, 8)
    if not date or (len(text) > 8 and not time):
        raise Malformed(field, f"{text[:40]!r} is no time", remedy)
    # A second 60 is a leap second, which no clock here shows.
    hour, minute, second = (
        (int(time[1]), int(time[2]), min(int(time[3]), 59)) if time else (0, 0, 0)
    )
    try:
        read = datetime(int(date[1]), int(date[2]), int(date[3]), hour, minute, second, tzinfo=UTC)
    except ValueError as error:
        raise Malformed(field, f"{text[:40]!r} is no time", remedy) from error
    return Stamp(
        wall=(read - _EPOCH) // _MILLISECOND,
        zone="UTC" if time and time[4] else zone,
        all_day=time is None,
    )


def read_span(text: str, field: str) -> Span:
    """``P1W``, ``P1DT12H``, ``PT8H30M``; Malformed naming ``field`` when it is none or nothing."""
    found = _DURATION.fullmatch(text.strip())
    weeks, days, hours, minutes, seconds = (
        (int(n or 0) for n in found.groups()) if found else (0,) * 5
    )
    length = hours * HOUR_MS + minutes * MINUTE_MS + seconds * SECOND_MS
    if not (weeks or days or length):
        raise Malformed(field, f"{text[:40]!r} is no length", "write one such as PT8H or P1D")
    return Span(days=weeks * 7 + days, ms=length)

"""Quiet hours: spans of the week, on a person's own clock, in which only the worst pages come.

In a contact's state each span is ``{"days": [0..6], "from": "22:00", "to": "06:00",
"min_severity": "critical"}``: 0 is Monday, a day is the one on which the span begins, ``to`` is not
part of it and may be ``24:00``. What the clock on the wall shows decides, so an hour that comes
twice is quiet twice and one that is left out is never quiet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.severity import SEVERITY_RANK, Severity

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SPANS_LIMIT = 14
WEEK = 7
DAY_MIN = 24 * 60
EXAMPLE = "Mon-Fri 22:00-06:00 only critical"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MEMBERS = {"days", "from", "to", "min_severity"}
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00", re.ASCII)
_SPAN = re.compile(r"(\d{1,2}:\d\d)\s*[-\u2013]\s*(\d{1,2}:\d\d)", re.ASCII)
_EVERY_DAY = frozenset({"daily", "every", "day"})
_FILLERS = frozenset({"only", "and", "worse"})

Span = dict[str, Any]


def zone_of(name: str) -> ZoneInfo | None:
    """The time zone of this IANA name; None when this machine knows none."""
    try:
        return ZoneInfo(name)
    # What the library raises for a name it does not have, for no name at all, and for a folder.
    except (KeyError, ValueError, OSError):
        return None


def held_back(quiet: Iterable[Span], zone: str, severity: str, at_ms: int) -> bool:
    """Whether a page of this severity has to wait at this moment (UTC ms).

    Where the zone is not known nothing is held back: a page too many is better than one too few.
    """
    zone_info = zone_of(zone)
    if zone_info is None:
        return False
    wall = (_EPOCH + timedelta(milliseconds=at_ms)).astimezone(zone_info)
    minute, day = wall.hour * 60 + wall.minute, wall.weekday()
    rank = SEVERITY_RANK[severity]
    return any(
        rank < SEVERITY_RANK[span["min_severity"]] and _holds(span, day, minute) for span in quiet
    )


def _holds(span: Span, day: int, minute: int) -> bool:
    start, end = _minutes(span["from"]), _minutes(span["to"])
    if start < end:
        return day in span["days"] and start <= minute < end
    yesterday = (day - 1) % WEEK
    return (day in span["days"] and minute >= start) or (yesterday in span["days"] and minute < end)


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


# ------------------------------------------------------------------------------------- checking


def checked_quiet(value: Any, field: str) -> list[Span]:
    """Quiet hours as a card keeps them; Malformed names the member that cannot be used.

    ``days`` may be left out (every day), ``min_severity`` too (critical).
    """
    if not isinstance(value, list | tuple):
        raise Malformed(field, "is no list", f"send a list of spans; in words: {EXAMPLE}")
    if len(value) > SPANS_LIMIT:
        raise Malformed(field, f"has {len(value)} spans", f"keep at most {SPANS_LIMIT}")
    return [_checked(span, f"{field}[{i}]") for i, span in enumerate(value)]


def _checked(span: Any, field: str) -> Span:
    if not isinstance(span, Mapping):
        raise Malformed(field, "is no span", 'send {"from": "22:00", "to": "06:00"}')
    if unknown := sorted(str(name) for name in span.keys() - _MEMBERS):
        raise Malformed(f"{field}.{unknown[0]}"[:200], "is unknown", "leave it out")
    start = _checked_clock(span.get("from"), f"{field}.from")
    end = _checked_clock(span.get("to"), f"{field}.to")
    if start == "24:00":
        raise Malformed(f"{field}.from", "is the end of a day", "write 00:00")
    if start == end:
        problem = "is the same moment as its beginning"
        raise Malformed(f"{field}.to", problem, "write 00:00 to 24:00 for a whole day")
    severity = span.get("min_severity", str(Severity.CRITICAL))
    if not isinstance(severity, str) or severity not in SEVERITY_RANK:
        remedy = f"use {', '.join(SEVERITY_RANK)}"
        raise Malformed(f"{field}.min_severity", f"{severity!r} is no severity", remedy)
    days = _checked_days(span.get("days", range(WEEK)), f"{field}.days")
    return {"days": days, "from": start, "to": end, "min_severity": str(severity)}


def _checked_clock(value: Any, field: str) -> str:
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        raise Malformed(field, f"{value!r:.40} is no time of day", "write it as 22:00")
    return value


def _checked_days(value: Any, field: str) -> list[int]:
    remedy = "list days from 0, Monday, to 6, Sunday"
    if not isinstance(value, Sequence) or isinstance(value, str) or not value:
        raise Malformed(field, "is no list of days", remedy)
    for day in value:
        if type(day) is not int or not 0 <= day < WEEK:
            raise Malformed(field, f"{day!r:.40} is no day", remedy)
    return sorted(set(value))


# ---------------------------------------------------------------------------------------- words


def quiet_words(quiet: Iterable[Span]) -> str:
    """``Mon-Fri 22:00-06:00 only critical; Sat,Sun 00:00-10:00 only emergency``; "" for none."""
    return "; ".join(
        f"{_day_words(span['days'])} {span['from']}-{span['to']} only {span['min_severity']}"
        for span in quiet
    )


def _day_words(days: list[int]) -> str:
    if len(days) == WEEK:
        return "daily"
    parts = []
    for first, last in _runs(days):
        together = [DAYS[first]] if first == last else [DAYS[first], DAYS[last]]
        parts.append(("-" if last - first > 1 else ",").join(together))
    return ",".join(parts)


def _runs(days: list[int]) -> Iterator[tuple[int, int]]:
    """The first and last of each run of days that follow each other."""
    first = last = days[0]
    for day in days[1:]:
        if day != last + 1:
            yield first, last
            first = day
        last = day
    yield first, last


def quiet_from_words(text: str, field: str) -> list[Span]:
    """What `quiet_words` writes, and what people type in its place; Malformed for anything else.

    Days and severity may be left out: ``22:00-06:00`` is every day and critical.
    """
    return checked_quiet([_typed(part, field) for part in text.split(";") if part.strip()], field)


def _typed(part: str, field: str) -> Span:
    found = _SPAN.search(part)
    if found is None:
        problem = f"{part.strip()!r:.60} names no hours"
        raise Malformed(field, problem, f"write it as {EXAMPLE}")
    span: Span = {"from": found[1].zfill(5), "to": found[2].zfill(5)}
    days: set[int] = set()
    for word in f"{part[: found.start()]} {part[found.end() :]}".replace(",", " ").split():
        plain = word.lower()
        if plain in SEVERITY_RANK:
            span["min_severity"] = plain
        elif plain not in _EVERY_DAY and plain not in _FILLERS:
            days |= _typed_days(word, field)
    if days:
        span["days"] = sorted(days)
    return span


def _typed_days(word: str, field: str) -> set[int]:
    ends = [_typed_day(name, field) for name in word.replace("\u2013", "-").split("-", 1)]
    count = (ends[-1] - ends[0]) % WEEK + 1
    return {(ends[0] + step) % WEEK for step in range(count)}


def _typed_day(name: str, field: str) -> int:
    for number, day in enumerate(DAYS):
        if name[:3].capitalize() == day:
            return number
    raise Malformed(field, f"{name!r:.40} is no day or severity", f"write it as {EXAMPLE}")

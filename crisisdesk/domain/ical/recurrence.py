"""Repeats of an event: every so many days or weeks, on weekdays, up to a count or a moment.

Other rules are refused, because a shift that is read wrongly leaves a night without anybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.ical.times import Stamp, read_stamp
from crisisdesk.domain.oncall.wall import DAY_MS, weekday_of

WEEKDAYS = {name: n for n, name in enumerate("MO TU WE TH FR SA SU".split())}
_KNOWN = frozenset("FREQ INTERVAL COUNT UNTIL BYDAY WKST".split())
_REMEDY = "repeat it every so many days or weeks, or enter the shifts one by one"
_INTERVAL_LIMIT = 1_000
_COUNT_LIMIT = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Days that repeat: ``offsets`` into a cycle of ``length`` days, the first begun at ``anchor``.

    The event's own day is among them. ``count`` and ``until`` are None for no end.
    """

    anchor: int
    length: int
    offsets: tuple[int, ...]
    count: int | None = None
    until: Stamp | None = None


def read_rule(text: str, start: Stamp, field: str) -> Rule:
    """The rule of an event that begins at ``start``; Malformed naming ``field``."""
    parts = _parts(text, field)
    interval = _number(parts, "INTERVAL", _INTERVAL_LIMIT, field) or 1
    day, weekday = start.wall // DAY_MS, weekday_of(start.wall // DAY_MS)
    weekdays = _weekdays(parts["BYDAY"], field) if "BYDAY" in parts else None
    if weekdays is not None and weekday not in weekdays:
        raise Malformed(field, "leaves out the day the event begins on", "begin it on such a day")
    if parts["FREQ"] == "DAILY":
        anchor = day
        steps = range(7) if weekdays is not None else range(1)
        length = interval * len(steps)
        offsets = [
            n * interval
            for n in steps
            if weekdays is None or weekday_of(day + n * interval) in weekdays
        ]
    else:
        first = min(_weekdays(parts.get("WKST", "MO"), field))
        anchor, length = day - (weekday - first) % 7, 7 * interval
        offsets = sorted((one - first) % 7 for one in weekdays or {weekday})
    count = _number(parts, "COUNT", _COUNT_LIMIT, field)
    until = read_stamp(parts["UNTIL"], start.zone, field) if "UNTIL" in parts else None
    if count is not None and until is not None:
        raise Malformed(field, "has COUNT and UNTIL", "keep one of them")
    return Rule(anchor=anchor, length=length, offsets=tuple(offsets), count=count, until=until)


def repeats(rule: Rule, start: Stamp, since_ms: int, before_ms: int) -> Iterator[Stamp]:
    """The event's beginnings from ``since_ms`` up to ``before_ms`` (UTC), in order.

    Some earlier ones may come first.
    """
    day, time = divmod(start.wall, DAY_MS)
    passed = rule.offsets.index(day - rule.anchor)
    # Two days to spare: no zone is further than that from UTC.
    cycle = max(0, (since_ms // DAY_MS - 2 - rule.anchor) // rule.length)
    while True:
        for position, offset in enumerate(rule.offsets):
            number = cycle * len(rule.offsets) + position - passed
            if number < 0:
                continue
            found = start.moved((rule.anchor + cycle * rule.length + offset) * DAY_MS + time)
            if found.at_ms >= before_ms or not _stands(rule, found, number):
                return
            yield found
        cycle += 1


def _stands(rule: Rule, found: Stamp, number: int) -> bool:
    if rule.count is not None:
        return number < rule.count
    if rule.until is None:
        return True
    if rule.until.all_day:
        return found.wall // DAY_MS <= rule.until.wall // DAY_MS
    return found.at_ms <= rule.until.at_ms


def _parts(text: str, field: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in text.strip().upper().rstrip(";").split(";"):
        name, _, value = part.partition("=")
        if name not in _KNOWN:
            raise Malformed(field, f"{part[:40]!r} is not understood here", _REMEDY)
        if name in parts or not value:
            raise Malformed(field, f"{name} comes twice or empty", _REMEDY)
        parts[name] = value
    if parts.get("FREQ") not in ("DAILY", "WEEKLY"):
        raise Malformed(field, f"repeats {parts.get('FREQ', 'without FREQ')[:20]}", _REMEDY)
    return parts


def _number(parts: dict[str, str], name: str, most: int, field: str) -> int | None:
    if name not in parts:
        return None
    text = parts[name]
    if not (text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= most):
        raise Malformed(field, f"{name} is {text[:20]!r}", f"use 1 to {most}")
    return int(text)


def _weekdays(text: str, field: str) -> set[int]:
    names = text.split(",")
    for name in names:
        if name not in WEEKDAYS:
            raise Malformed(field, f"{name[:20]!r} is no plain weekday", _REMEDY)
    return {WEEKDAYS[name] for name in names}

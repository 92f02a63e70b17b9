"""Reads who is on call when out of a calendar, for overrides; all of it or, with words, nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from crisisdesk.domain.canonical import tidy
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.ical.lines import Component, Line, read_calendars, unescaped
from crisisdesk.domain.ical.recurrence import Rule, read_rule, repeats
from crisisdesk.domain.ical.times import Span, Stamp, Zones, read_span, read_stamps
from crisisdesk.domain.oncall.wall import DAY_MS, LAST_MS, checked_zone

EVENTS_LIMIT = 5_000
ENTRIES_LIMIT = 5_000
HORIZON_MS = 400 * DAY_MS
WHO_LIMIT = 200
_UID_LIMIT = 500
_LENGTH_LIMIT_MS = 366 * DAY_MS
_REFUSED = ("RDATE", "EXRULE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Somebody from ``start_ms`` up to ``end_ms`` (UTC), as the calendar names them.

    ``who`` is the summary, or without one the attendee's name or address; ``mail`` is the address
    of the first attendee, "" without. The repeats of one event share its ``uid``.
    """

    uid: str
    who: str
    mail: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    """A read event. ``instead_of`` is the repeat (UTC ms) of the same uid that it stands for."""

    uid: str
    who: str
    mail: str
    start: Stamp
    span: Span
    rule: Rule | None
    called_off: bool
    instead_of: int | None
    left_out: set[int] = field(default_factory=set)
    left_out_days: set[int] = field(default_factory=set)


def read_entries(data: bytes, zone: str, start_ms: int, end_ms: int) -> list[Entry]:
    """What the events of an iCalendar file say of the range (UTC ms), by their beginning.

    ``zone`` is that of whole days and of times without a zone. Repeats are laid out within the
    range, which may be 400 days long. Cancelled events are left out, and what is said twice comes
    once. Raises Malformed naming the
    event for anything that cannot be read without a doubt.
    """
    checked_zone(zone, "zone")
    if not 0 <= start_ms < end_ms <= min(start_ms + HORIZON_MS, LAST_MS):
        raise Malformed("to", "makes no range of at most 400 days", "name another, before 2200")
    found = []
    for calendar in read_calendars(data):
        zones = Zones(default=zone, located=_located(calendar))
        parts = [c for c in calendar.inner if c.name == "VEVENT"]
        if len(parts) > EVENTS_LIMIT:
            problem = f"has {len(parts)} events, more than {EVENTS_LIMIT}"
            raise Malformed("calendar", problem, "export a shorter time")
        found += [_event(part, number, zones) for number, part in enumerate(parts, start=1)]
    entries: set[Entry] = set()
    for entry in _entries(found, start_ms, end_ms):
        if len(entries) == ENTRIES_LIMIT:
            problem = f"says more than {ENTRIES_LIMIT} shifts of this time"
            raise Malformed("calendar", problem, "ask for a shorter range")
        entries.add(entry)
    return sorted(entries, key=lambda e: (e.start_ms, e.end_ms, e.who, e.uid))


def _located(calendar: Component) -> dict[str, str]:
    """The zones that the file defines, with the IANA name they give themselves."""
    located = {}
    for part in calendar.inner:
        values = {line.name: line.value.strip() for line in part.lines}
        if part.name == "VTIMEZONE" and "X-LIC-LOCATION" in values:
            located[values.get("TZID", "")] = values["X-LIC-LOCATION"]
    return located


def _entries(events: list[_Event], start_ms: int, end_ms: int) -> Iterator[Entry]:
    moved: dict[str, set[int]] = {}
    for event in events:
        if event.instead_of is not None:
            moved.setdefault(event.uid, set()).add(event.instead_of)
    for event in events:
        if event.called_off:
            continue
        for begins in _beginnings(event, start_ms, end_ms):
            at, ends = begins.at_ms, event.span.end_ms(begins)
            left_out = at in event.left_out or begins.wall // DAY_MS in event.left_out_days
            replaced = event.instead_of is None and at in moved.get(event.uid, ())
            if at < end_ms and ends > start_ms and not left_out and not replaced:
                yield Entry(uid=event.uid, who=event.who, mail=event.mail, start_ms=at, end_ms=ends)


def _beginnings(event: _Event, start_ms: int, end_ms: int) -> Iterator[Stamp]:
    if event.rule is None:
        yield event.start
        return
    length = event.span.days * DAY_MS + event.span.ms
    yield from repeats(event.rule, event.start, start_ms - length, end_ms)


def _event(part: Component, number: int, zones: Zones) -> _Event:
    reader = _Reader(part, number, zones)
    uid = reader.text("UID", _UID_LIMIT)
    if not uid:
        raise Malformed(reader.field("UID"), "is missing", "export it with UIDs")
    for name in _REFUSED:
        if reader.lines(name):
            raise Malformed(reader.field(name), "is not understood here", "list single events")
    start = reader.stamp("DTSTART")
    if start is None:
        raise Malformed(reader.field("DTSTART"), "is missing", "give the event a beginning")
    instead = reader.stamp("RECURRENCE-ID")
    rule = reader.line("RRULE")
    left_out = [s for line in reader.lines("EXDATE") for s in reader.stamps(line)]
    who, mail = reader.person()
    return _Event(
        uid=uid,
        who=who,
        mail=mail,
        start=start,
        span=reader.span(start),
        rule=read_rule(rule.value, start, reader.field("RRULE")) if rule else None,
        called_off=reader.text("STATUS", 20).upper() == "CANCELLED",
        instead_of=None if instead is None else instead.at_ms,
        left_out={s.at_ms for s in left_out},
        left_out_days={s.wall // DAY_MS for s in left_out if s.all_day},
    )


class _Reader:
    """Reads the properties of one event; its errors name the event and the property."""

    def __init__(self, part: Component, number: int, zones: Zones) -> None:
        self._lines = part.lines
        self._zones = zones
        summary = next((line.value for line in part.lines if line.name == "SUMMARY"), "")
        self._event = f"event {number} ({summary[:40] or 'without a summary'})"

    def field(self, name: str) -> str:
        """What an error about a property names."""
        return f"{self._event}, {name}"

    def lines(self, name: str) -> list[Line]:
        """All lines of a property."""
        return [line for line in self._lines if line.name == name]

    def line(self, name: str) -> Line | None:
        """The line of a property that may stand once."""
        found = self.lines(name)
        if len(found) > 1:
            raise Malformed(self.field(name), "comes twice", "keep one of them")
        return found[0] if found else None

    def text(self, name: str, limit: int) -> str:
        """A text in one line, "" when it is absent."""
        line = self.line(name)
        return self._plain(unescaped(line.value), name, limit) if line else ""

    def stamps(self, line: Line) -> list[Stamp]:
        """The dates or times of a line."""
        return read_stamps(line, self._zones, self.field(line.name))

    def stamp(self, name: str) -> Stamp | None:
        """The one date or time of a property."""
        line = self.line(name)
        if line is None:
            return None
        if "RANGE" in line.params:
            raise Malformed(self.field(name), "changes later repeats too", "list single events")
        found = self.stamps(line)
        if len(found) > 1:
            raise Malformed(self.field(name), "has several times", "keep one of them")
        return found[0]

    def span(self, start: Stamp) -> Span:
        """How long it lasts: up to DTEND, or its DURATION, or the whole day."""
        duration, end = self.line("DURATION"), self.stamp("DTEND")
        if duration is not None:
            span = read_span(duration.value, self.field("DURATION"))
        elif end is None:
            if not start.all_day:
                raise Malformed(self.field("DTEND"), "is missing", "give the event an end")
            span = Span(days=1)
        elif end.all_day != start.all_day:
            raise Malformed(
                self.field("DTEND"), "is not of DTSTART's kind", "use two dates or times"
            )
        elif start.all_day:
            span = Span(days=(end.wall - start.wall) // DAY_MS)
        else:
            # What repeats lasts as long each time, in real hours (RFC 5545, 3.8.5.3).
            span = Span(ms=end.at_ms - start.at_ms)
        length = span.days * DAY_MS + span.ms
        if not 0 < length <= _LENGTH_LIMIT_MS:
            problem = "is not after DTSTART" if length <= 0 else "is more than a year after DTSTART"
            name = "DTEND" if duration is None else "DURATION"
            raise Malformed(self.field(name), problem, "correct the event")
        return span

    def person(self) -> tuple[str, str]:
        """Who it is about, and the address of the first attendee."""
        attendees = [line for line in self.lines("ATTENDEE") if line.value[:7].lower() == "mailto:"]
        mail = self._plain(attendees[0].value[7:], "ATTENDEE", WHO_LIMIT) if attendees else ""
        called = attendees[0].params.get("CN", "") if attendees else ""
        who = self.text("SUMMARY", WHO_LIMIT) or self._plain(called, "ATTENDEE", WHO_LIMIT) or mail
        if not who:
            raise Malformed(self.field("SUMMARY"), "names nobody", "write who is on call")
        return who, mail

    def _plain(self, text: str, name: str, limit: int) -> str:
        plain: str = tidy(" ".join(text.split()), field=self.field(name))
        if len(plain) > limit:
            raise Malformed(self.field(name), f"has {len(plain)} characters", f"shorten to {limit}")
        return plain

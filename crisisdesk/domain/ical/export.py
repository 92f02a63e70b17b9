"""Writes shifts as an iCalendar file that any calendar program reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from crisisdesk.domain.ical.lines import escaped, folded
from crisisdesk.domain.ids import decision_id
from crisisdesk.domain.oncall.schedule import Shift
from crisisdesk.domain.oncall.wall import SECOND_MS


def calendar_bytes(
    name: str, shifts: Iterable[Shift], names: Mapping[str, str], *, stamp_ms: int
) -> bytes:
    """One event for each contact of each shift, in UTC, with the contact's name as summary.

    ``name`` is the schedule's; ``names`` maps contact ids to names, and an id that is not in it
    stands for itself. The same shift has the same UID in every export: give whole shifts
    (`domain.oncall.shifts.whole_shifts`), because one that is cut off begins elsewhere.
    ``stamp_ms`` is when the file is made. Gaps are no events; calendars know no ms, they are cut
    off.
    """
    return folded(_lines(name, shifts, names, stamp_ms))


def _lines(
    name: str, shifts: Iterable[Shift], names: Mapping[str, str], stamp_ms: int
) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//CrisisDesk//On call//EN")
    yield from ("CALSCALE:GREGORIAN", f"X-WR-CALNAME:{escaped(name)}")
    for shift in shifts:
        start, end = _time(shift.start_ms), _time(shift.end_ms)
        for contact in shift.contacts if start != end else ():
            yield "BEGIN:VEVENT"
            yield f"UID:{decision_id('shift', name, contact, str(shift.start_ms))}@crisisdesk"
            yield f"DTSTAMP:{_time(stamp_ms)}"
            yield f"DTSTART:{start}"
            yield f"DTEND:{end}"
            yield f"SUMMARY:{escaped(names.get(contact, contact))}"
            yield f"DESCRIPTION:{escaped(f'On call: {name}')}"
            # Being on call does not make anybody's day a busy one.
            yield "TRANSP:TRANSPARENT"
            yield "END:VEVENT"
    yield "END:VCALENDAR"


def _time(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms // SECOND_MS, UTC).strftime("%Y%m%dT%H%M%SZ")

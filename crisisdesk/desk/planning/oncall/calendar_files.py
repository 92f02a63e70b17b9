"""Calendar files of a schedule: its shifts written out, and what a file would publish."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.ical.events import Entry, read_entries
from crisisdesk.domain.ical.export import calendar_bytes
from crisisdesk.domain.ical.overrides import ids_by_name, override_of
from crisisdesk.domain.oncall.drafts import Order, override_name
from crisisdesk.domain.oncall.shifts import whole_shifts
from crisisdesk.domain.oncall.wall import DAY_MS
from crisisdesk.domain.publishing import checked_content

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crisisdesk.desk.planning.oncall.reading import Published

AHEAD_DAYS = 90
FILE_LIMIT = 2 * 1024 * 1024
_TOLD = 5


class Wanted(NamedTuple):
    """One override that a file asks for."""

    entry: Entry
    contact: str
    order: Order


def calendar_of(published: Published, schedule: str, now_ms: int) -> bytes:
    """The schedule's shifts of the next 90 days as iCalendar; KeyError for an unknown schedule."""
    rota = published.rota
    end = now_ms + AHEAD_DAYS * DAY_MS
    shifts = whole_shifts(rota.schedules[schedule], rota.overrides(schedule), now_ms, end)
    names = {contact_id: contact.name for contact_id, contact in published.contacts.items()}
    return calendar_bytes(schedule, shifts, names, stamp_ms=now_ms)


def wanted_of(
    data: bytes, published: Published, schedule: str, now_ms: int, given_at: str
) -> list[Wanted]:
    """What a calendar file would publish within 90 days, by beginning; all of it or nothing.

    An event is somebody's by the contact's name in its summary. Raises Malformed naming the event
    or the field, also for a name that no contact has, or two.
    """
    if len(data) > FILE_LIMIT:
        raise Malformed("file", "is larger than 2 MB", "export a shorter time")
    zone = published.rota.schedules[schedule].zone
    entries = read_entries(data, zone, now_ms, now_ms + AHEAD_DAYS * DAY_MS)
    known = ids_by_name(published.contacts.values())
    strangers = sorted({entry.who for entry in entries if entry.who.casefold() not in known})
    if strangers:
        more = f" and {len(strangers) - _TOLD} more" if len(strangers) > _TOLD else ""
        names = ", ".join(strangers[:_TOLD]) + more
        raise Malformed("summary", f"names no contact, or several: {names[:300]}", "see People")
    return [_wanted(entry, known, schedule, given_at) for entry in entries]


def _wanted(entry: Entry, known: Mapping[str, str], schedule: str, given_at: str) -> Wanted:
    contact = known[entry.who.casefold()]
    name = override_name(schedule, entry.who, entry.start_ms, given_at)
    content = override_of(schedule, entry, contact)
    return Wanted(entry, contact, Order(name, checked_content(name, content)))

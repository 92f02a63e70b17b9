"""Calendar events as overrides: whose an event is, and what would be published for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from crisisdesk.domain.contact import Contact
from crisisdesk.domain.ical.events import Entry

_REASON_LIMIT = 200


def ids_by_name(contacts: Iterable[Contact]) -> Mapping[str, str]:
    """Ids by name in small letters; a name that two contacts have is nobody's."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for contact in contacts:
        if contact.removed:
            continue
        key = contact.name.casefold()
        twice |= {key} & found.keys()
        found[key] = contact.contact_id
    return {key: contact_id for key, contact_id in found.items() if key not in twice}


def override_of(schedule: str, entry: Entry, contact_id: str) -> dict[str, Any]:
    """The content of the override that an event asks for."""
    return {
        "kind": "override",
        "schedule": schedule,
        "contact": contact_id,
        "from": entry.start_ms,
        "to": entry.end_ms,
        "reason": f"calendar {entry.uid}"[:_REASON_LIMIT],
    }

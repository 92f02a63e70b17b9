"""What the order strip asks before incidents are merged, split or restricted, and what it means.

The key of such a question is ``move.what``, for a split with the alerts after it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.desk.incidents.strip import Asked, Question
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.incident import DONE_STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crisisdesk.domain.alert import Alert
    from crisisdesk.domain.incident import Incident
    from crisisdesk.store.queries import IncidentRow

PREFIX = "move."
_REASON = Asked(field="reason", word="Reason, stands in the timeline", hint="Why")


def others_of(incident_id: str, rows: Iterable[IncidentRow]) -> list[IncidentRow]:
    """The incidents it can become a part of, the newest first."""
    found = [
        row
        for row in rows
        if row.incident_id != incident_id
        and row.status not in DONE_STATUSES
        and not row.merged_into
    ]
    return sorted(found, key=lambda row: (-row.created_at, row.incident_id))


def merge_question(incident: Incident, others: Sequence[IncidentRow]) -> Question:
    """Of which one it becomes a part; the only other one is offered."""
    offer = others[0].incident_id if len(others) == 1 else ""
    names = "; ".join(f"{row.incident_id} {row.title}" for row in others[:3])
    asked = Asked(field="into", word="Id, or words of its title", value=offer, hint=names)
    title = f"{incident.incident_id} becomes a part of"
    return Question(key=f"{PREFIX}merge", title=title, verb="Merge", asked=(asked, _REASON))


def find_other(text: str, others: Iterable[IncidentRow]) -> IncidentRow:
    """The incident that was meant: by its id, or by words that only one title has.

    Raises Malformed naming ``into``.
    """
    wanted, known = text.strip(), list(others)
    if not wanted:
        raise Malformed("into", "is empty", "write an id, or words of a title")
    by_id = [row for row in known if row.incident_id.casefold() == wanted.casefold()]
    words = wanted.casefold().split()
    found = by_id or [r for r in known if all(w in _haystack(r) for w in words)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(f"{row.incident_id} {row.title}" for row in (found or known)[:5])
    if found:
        raise Malformed("into", f"{wanted!r} fits {len(found)} incidents", f"write one id: {names}")
    remedy = f"there are {names}" if names else "there is no other open incident"
    raise Malformed("into", f"no open incident is called {wanted!r}", remedy)


def _haystack(row: IncidentRow) -> str:
    return f"{row.incident_id} {row.title}".casefold()


def split_question(alerts: Sequence[Alert]) -> Question:
    """How the new incident is called."""
    many = f"{len(alerts)} alert{'' if len(alerts) == 1 else 's'}"
    first = alerts[0]
    asked = Asked(field="title", word="Title of the new incident", value=first.title)
    ids = " ".join(alert.alert_id for alert in alerts)
    return Question(
        key=f"{PREFIX}split {ids}", title=f"Split {many} off", verb="Split off",
        asked=(asked, _REASON),
    )  # fmt: skip


def restrict_question(incident: Incident) -> Question:
    """Who may read it besides those who work on it."""
    readers = ", ".join(incident.readers)
    asked = Asked(field="readers", word="Readers besides its team", value=readers, hint="Names")
    return Question(
        key=f"{PREFIX}restrict", title="Restrict it", verb="Restrict", asked=(asked, _REASON)
    )

"""Incidents that were made parts of others: where each went, and what one consists of now.

``merged_into`` is a pointer of each incident's own, so two stations may point at each other: A into
B here while B went into A there. What stands is read from all pointers together: in a ring the one
that was declared first is not merged, so that both become one on every station.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from crisisdesk.domain.incident import Incident

Find = Callable[[str], Incident | None]


def whole_of(incident: Incident, find: Find) -> Incident:
    """The incident that this one is a part of now, through all merges; itself when it is none.

    An incident that is not known here ends the way: the last known one stands until it arrives.
    """
    way = [incident]
    seen = {incident.incident_id}
    while (into := way[-1].merged_into) and (following := find(into)) is not None:
        if into in seen:
            ring = way[[one.incident_id for one in way].index(into) :]
            return min(ring, key=lambda one: (one.created_at, one.incident_id))
        way.append(following)
        seen.add(into)
    return way[-1]


def is_part(incident: Incident, find: Find) -> bool:
    """Whether it is a part of another one now."""
    return whole_of(incident, find).incident_id != incident.incident_id


def parts_of(incident: Incident, merged: Iterable[Incident], find: Find) -> list[Incident]:
    """The incidents that are parts of this one, directly or through others, the oldest first.

    ``merged`` are those that point anywhere.
    """
    own = incident.incident_id
    found = [
        one for one in merged if one.incident_id != own and whole_of(one, find).incident_id == own
    ]
    return sorted(found, key=lambda one: (one.created_at, one.incident_id))


def alerts_of(incident: Incident, parts: Iterable[Incident]) -> list[str]:
    """Its alerts and those of its parts, each once."""
    own = [incident.alerts, *(one.alerts for one in parts)]
    return list(dict.fromkeys(alert for alerts in own for alert in alerts))


def team_of(incident: Incident, parts: Iterable[Incident]) -> list[str]:
    """Its team and those of its parts, their commanders among them, by name."""
    joined = {name for one in parts for name in (*one.response_team, one.commander)}
    return sorted({*incident.response_team, *(joined - {"", incident.commander})})

"""Who of an incident's team is at a desk, and who else looks at it, a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.domain.presence import Presence, Standing, by_standing, presence_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crisisdesk.domain.incident import Incident

# A shape and words: nothing is said by colour.
MARKS: dict[str, str] = {Standing.HERE: "●", Standing.IDLE: "◐", Standing.AWAY: "○"}
LINES = 12
NAMES = 12
UNKNOWN = "Who is at a desk cannot be asked now."


def presence_lines(
    incident: Incident, presences: Sequence[Presence] | None, now_ms: int
) -> list[str]:
    """The team in its order, then whoever else looks at the incident, then in one line who was at
    no desk in the last twelve hours. ``presences`` is None while nobody can say."""
    team = people_of(incident)
    if presences is None:
        return [UNKNOWN] if team else []
    best = {one.operator.casefold(): one for one in by_standing(presences, now_ms)}
    seen = {name: best[name.casefold()] for name in team if name.casefold() in best}
    told = [_line(name, one, incident, now_ms) for name, one in seen.items()]
    known = {name.casefold() for name in team}
    for one in by_standing(presences, now_ms):
        looks = one.incident_id == incident.incident_id and one.standing(now_ms) != Standing.AWAY
        if looks and one.operator.casefold() not in known:
            told.append(f"{_line(one.operator, one, incident, now_ms)} (not of the team)")
    if len(told) > LINES:
        told = [*told[: LINES - 1], f"and {len(told) - LINES + 1} more: crisisdesk who"]
    unseen = [name for name in team if name not in seen]
    return [*told, _unseen(unseen)] if unseen else told


def people_of(incident: Incident) -> list[str]:
    """Everybody who has a part in it, each once."""
    seated = [seat["who"] for seat in incident.seats if "until" not in seat]
    names = [incident.commander, *incident.rivals, incident.communication_lead]
    found: dict[str, str] = {}
    for name in (*names, *seated, *incident.response_team):
        if name:
            found.setdefault(name.casefold(), name)
    return list(found.values())


def _unseen(names: list[str]) -> str:
    more = f" and {len(names) - NAMES} more" if len(names) > NAMES else ""
    return f"{MARKS[Standing.AWAY]} {', '.join(names[:NAMES])}{more}: at no desk in the last 12 h"


def _line(name: str, one: Presence, incident: Incident, now_ms: int) -> str:
    words = presence_words(one, now_ms, incident.incident_id)
    return f"{MARKS[one.standing(now_ms)]} {name}: {words}"

"""Incidents as the routes show them: with what is part of them, and veiled from whom they are not
for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crisisdesk.api.reads import StationReader
from crisisdesk.api.room import Room
from crisisdesk.api.schemas import IncidentOut
from crisisdesk.api.times import iso, iso_or_none
from crisisdesk.domain.errors import Conflict, NotFound
from crisisdesk.domain.incident import RESTRICTED_TITLE, Incident
from crisisdesk.domain.incident_parts import alerts_of, team_of

_SAME = (
    "incident_id title description severity category priority impact status rivals "
    "communication_lead created_by user_impact_count business_impact root_cause resolution_summary "
    "lessons_learned life overwritten crisis_type by_hand restricted readers"
).split()
_MAYBE = "first_response_at resolved_at closed_at detected_at".split()
# What nobody learns of a restricted incident that is not for them.
_WITHHELD: dict[str, Any] = {
    "title": RESTRICTED_TITLE,
    "description": "",
    "category": "other",
    "rivals": [],
    "response_team": [],
    "communication_lead": "",
    "created_by": "",
    "user_impact_count": 0,
    "business_impact": "",
    "financial_impact": None,
    "root_cause": "",
    "resolution_summary": "",
    "lessons_learned": "",
    "alerts": [],
    "overwritten": [],
    "crisis_type": "",
    "by_hand": {},
    "readers": [],
    "parts": [],
}


def incident_out(
    i: Incident, viewer: str, parts: Sequence[Incident] = (), part_of: str = ""
) -> IncidentOut:
    """One incident as ``viewer`` may see it, with its ``parts`` and what it is ``part_of``."""
    cents = i.financial_impact_cents
    readable = i.may_see(viewer)
    told: dict[str, Any] = {
        "id": i.incident_id,
        "incident_commander": i.commander,
        "created_at": iso(i.created_at),
        "financial_impact": None if cents is None else f"{cents // 100}.{cents % 100:02d}",
        "response_team": team_of(i, parts),
        "alerts": alerts_of(i, parts),
        "parts": [one.incident_id for one in parts],
        "part_of": part_of or None,
        "split_from": i.split_from or None,
        "readable": readable,
        **{name: _plain(getattr(i, name)) for name in _SAME},
        **{name: iso_or_none(getattr(i, name)) for name in _MAYBE},
    }
    return IncidentOut.model_validate(told if readable else {**told, **_WITHHELD})


def _plain(value: Any) -> Any:
    # str() takes the enum off a value that came from an event of this process.
    return str(value) if isinstance(value, str) else value


def told_by(reader: StationReader, incidents: Sequence[Incident], viewer: str) -> list[IncidentOut]:
    """Several incidents as ``viewer`` may see them; parts are read once for all."""
    parts = reader.parts(incidents)
    found = []
    for one in incidents:
        whole = reader.whole_incident(one).incident_id if one.merged_into else one.incident_id
        part_of = "" if whole == one.incident_id else whole
        found.append(incident_out(one, viewer, parts.get(one.incident_id, ()), part_of))
    return found


async def told_incident(room: Room, incident_id: str, viewer: str) -> IncidentOut:
    """The incident as ``viewer`` may see it, or NotFound."""

    def ask(reader: StationReader) -> IncidentOut:
        return told_by(reader, [incident_in(reader, incident_id)], viewer)[0]

    return await room.reads.ask(ask)


def incident_in(reader: StationReader, incident_id: str) -> Incident:
    """The incident, or NotFound."""
    incident = reader.incident(incident_id)
    if incident is None:
        raise NotFound(
            "incident_id", f"no incident {incident_id!r} on this station", "check the id"
        )
    return incident


def readable_in(reader: StationReader, incident_id: str, viewer: str) -> Incident:
    """The incident, if ``viewer`` may read it; raises NotFound, or Conflict (restricted)."""
    incident = incident_in(reader, incident_id)
    if not incident.may_see(viewer):
        remedy = f"ask {incident.commander or 'whoever declared it'} to let you read it"
        raise Conflict("incident_id", f"{incident_id} is restricted", remedy)
    return incident

"""Incidents as the engine sees them: which one is meant, what is part of it, who may touch it."""

from __future__ import annotations

from crisisdesk.domain.errors import Conflict
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.incident_parts import is_part, parts_of, whole_of
from crisisdesk.engine.command import ENGINE
from crisisdesk.engine.workbench import Workbench


def find_incident(bench: Workbench, incident_id: str) -> Incident | None:
    """The incident as this group of commands sees it, or None."""
    state = bench.get(incident_id) if incident_id else None
    return state if isinstance(state, Incident) else None


def the_whole(bench: Workbench, incident: Incident) -> Incident:
    """What the incident is a part of now; itself when it is none."""
    return whole_of(incident, lambda name: find_incident(bench, name))


def the_parts(bench: Workbench, incident: Incident) -> list[Incident]:
    """What is a part of it now, directly or through others."""
    known: dict[str, Incident] = {}
    ahead = list(incident.absorbed)
    while ahead:
        name = ahead.pop()
        one = find_incident(bench, name)
        if one is not None and name not in known:
            known[name] = one
            ahead.extend(one.absorbed)
    return parts_of(incident, known.values(), lambda name: find_incident(bench, name))


def known_incident(bench: Workbench, incident_id: str, field: str = "incident_id") -> Incident:
    """The incident, which whoever acts may know of; raises NotFound and Conflict."""
    incident = bench.need(Incident, incident_id, field)
    if bench.actor != ENGINE and not incident.may_see(bench.actor):
        ask = incident.commander or incident.created_by or "whoever declared it"
        raise Conflict(field, f"{incident_id} is restricted", f"ask {ask} to let you read it")
    return incident


def led_incident(bench: Workbench, incident_id: str, field: str = "incident_id") -> Incident:
    """The same for one that is acted on: a part of another one is not, that other one is."""
    incident = known_incident(bench, incident_id, field)
    if is_part(incident, lambda name: find_incident(bench, name)):
        whole = the_whole(bench, incident).incident_id
        raise Conflict(
            field, f"{incident_id} is part of {whole}", f"act on {whole}, or split it off"
        )
    return incident

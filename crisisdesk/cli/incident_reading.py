"""Reads an incident for whoever sits there: one that is not for them is refused in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.cli.station import REFUSED, fail, viewer_of

if TYPE_CHECKING:
    from crisisdesk.domain.incident import Incident
    from crisisdesk.store.queries import StationReader


def readable(reader: StationReader, incident_id: str, operator: str) -> Incident:
    """The incident; ends the command where there is none, or where it is restricted."""
    incident = reader.incident(incident_id)
    if incident is None:
        fail(REFUSED, f"no incident {incident_id!r} here; `incident list --all` has the ids")
    if not incident.may_see(viewer_of(reader, operator)):
        led = incident.commander or "whoever declared it"
        fail(REFUSED, f"{incident_id} is restricted; ask {led} to let you read it")
    return incident

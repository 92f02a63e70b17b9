"""An incident as a whole: its record, what it does to others, what looks like a part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from crisisdesk.domain.incident_parts import alerts_of
from crisisdesk.store.queries.incident_impact import read_impact
from crisisdesk.store.queries.record import read_record

if TYPE_CHECKING:
    from crisisdesk.domain.context.sla_impact import IncidentImpact
    from crisisdesk.domain.correlation.alike import Alike
    from crisisdesk.domain.incident_record import IncidentRecord
    from crisisdesk.store.queries.reader import StationReader


class WholeQueries:
    """A part of the station's reader."""

    def record_of(self, incident_id: str, viewer: str) -> IncidentRecord | None:
        """See `store.queries.record.read_record`."""
        return read_record(cast("StationReader", self), incident_id, viewer)

    def alike_of(self, incident_id: str, viewer: str) -> tuple[Alike, ...]:
        """What is alike to the alerts of an incident and of its parts; nothing where it is over, is
        a part itself, or is not for the viewer."""
        reader = cast("StationReader", self)
        incident = reader.incident(incident_id)
        if incident is None or not incident.is_open or incident.merged_into:
            return ()
        if not incident.may_see(viewer):
            return ()
        names = alerts_of(incident, reader.seen_parts(incident, viewer))
        attached = [one for one in map(reader.alert, names) if one is not None]
        return reader.alike_alerts(attached)

    def impact_of(self, incident_id: str, now: int) -> IncidentImpact | None:
        """See `store.queries.incident_impact.read_impact`."""
        return read_impact(cast("StationReader", self), incident_id, now)

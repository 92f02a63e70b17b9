"""An incident as a whole: its record, and what it does to others."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from crisisdesk.store.queries.incident_impact import read_impact
from crisisdesk.store.queries.record import read_record

if TYPE_CHECKING:
    from crisisdesk.domain.context.sla_impact import IncidentImpact
    from crisisdesk.domain.incident_record import IncidentRecord
    from crisisdesk.store.queries.reader import StationReader


class WholeQueries:
    """A part of the station's reader."""

    def record_of(self, incident_id: str, viewer: str) -> IncidentRecord | None:
        """See `store.queries.record.read_record`."""
        return read_record(cast("StationReader", self), incident_id, viewer)

    def impact_of(self, incident_id: str, now: int) -> IncidentImpact | None:
        """See `store.queries.incident_impact.read_impact`."""
        return read_impact(cast("StationReader", self), incident_id, now)

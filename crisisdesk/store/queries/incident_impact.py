"""What an incident does to services, people, money and promises, read when somebody looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.domain.context.impact import assess_impact
from crisisdesk.domain.context.sla_impact import (
    DAY_MS,
    IncidentImpact,
    Outage,
    calculate_sla_impact,
)
from crisisdesk.domain.filters import IncidentFilter
from crisisdesk.domain.incident_parts import alerts_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crisisdesk.domain.alert import Alert
    from crisisdesk.domain.context.services import Services
    from crisisdesk.domain.incident import Incident
    from crisisdesk.store.queries.reader import StationReader

# Of the past as many of the newest incidents are looked at.
PAST_INCIDENTS = 1_000


def read_impact(reader: StationReader, incident_id: str, now: int) -> IncidentImpact | None:
    """The impact as of ``now`` (UTC ms); None when there is no such incident."""
    incident = reader.incident(incident_id)
    if incident is None:
        return None
    services = reader.services()
    own = list(_outages(incident, _alerts(reader, incident), services, now))
    roots = list(dict.fromkeys(outage.service for outage in own))
    since = min((outage.since for outage in own), default=incident.created_at)
    until = now if incident.resolved_at is None else incident.resolved_at
    described = services.catalogue.services
    promised = {
        name: described[name].availability_days
        for name in roots
        if name in described and described[name].availability_ppm is not None
    }
    begin = now - max(promised.values(), default=0) * DAY_MS
    others = [
        outage
        for other in (_others(reader, incident_id, begin) if promised else ())
        for outage in _outages(other, _alerts(reader, other), services, now)
        if outage.service in promised
    ]
    return IncidentImpact(
        impact=assess_impact(roots, services.catalogue, services.topology, since, until),
        promises=calculate_sla_impact(described, own, others, now),
    )


def _alerts(reader: StationReader, incident: Incident) -> list[Alert]:
    """Its own and those of its parts."""
    parts = reader.parts([incident]).get(incident.incident_id, ())
    found = map(reader.alert, alerts_of(incident, parts))
    return [alert for alert in found if alert is not None]


def _others(reader: StationReader, incident_id: str, begin: int) -> Iterable[Incident]:
    """The incidents that were not over at ``begin``, of the newest ones."""
    page = reader.page_incidents(IncidentFilter(), "-created_at", None, PAST_INCIDENTS)
    for incident in page.items:
        ended = incident.resolved_at
        if incident.incident_id != incident_id and (ended is None or ended > begin):
            yield incident


def _outages(
    incident: Incident, alerts: list[Alert], services: Services, now: int
) -> Iterable[Outage]:
    """A service is out from when its first alert fired until its last resolved, or the incident
    did; it does not go on being out when both are over."""
    for alert in alerts:
        ends = [at for at in (alert.resolved_at, incident.resolved_at) if at is not None]
        until = min(ends) if ends else None
        for name in services.of(alert):
            yield Outage(service=name, since=min(alert.detected_at, until or now), until=until)

"""Everything the room shows of one incident, read in one go on the reader's thread."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.event import Event
from crisisdesk.domain.incident import Incident, IncidentUpdate
from crisisdesk.domain.ladder import LadderStep, ladder
from crisisdesk.domain.timeline import TimelineEntry, build_timeline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crisisdesk.store.queries import StationReader

PAGE = 1_000
# One chatty alert must not make the room read its log for ever.
PAGES_PER_ALERT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One incident with its record. ``entries`` are newest first; ``known`` are names to offer.

    ``parts`` are the aggregates whose change makes it out of date. ``cut_short`` names alerts whose
    log was too long to be read to its beginning.
    """

    incident: Incident
    entries: tuple[TimelineEntry, ...] = ()
    steps: tuple[LadderStep, ...] = ()
    alerts: tuple[Alert, ...] = ()
    updates: dict[str, IncidentUpdate] = field(default_factory=dict)
    parts: frozenset[str] = frozenset()
    known: tuple[str, ...] = ()
    cut_short: tuple[str, ...] = ()


def read_dossier(reader: StationReader, incident_id: str) -> Dossier | None:
    """The dossier of an incident as the store has it now; None when there is no such incident."""
    incident = reader.incident(incident_id)
    if incident is None:
        return None
    updates = reader.updates_of(incident_id)
    own = [incident_id, *(u.update_id for u in updates)]
    events = _whole_log(reader, own, pages=0)
    cut_short: list[str] = []
    for alert_id in incident.alerts:
        log = _whole_log(reader, [alert_id], pages=PAGES_PER_ALERT)
        if log and log[0].kind != "alert.fired":
            cut_short.append(alert_id)
        events += log
    alerts = [a for a in map(reader.alert, incident.alerts) if a is not None]
    return make_dossier(incident, updates, events, alerts, cut_short)


def _whole_log(reader: StationReader, aggregates: Sequence[str], *, pages: int) -> list[Event]:
    """All events of some aggregates, or the newest ``pages`` pages (0: all)."""
    found: list[Event] = []
    before: int | None = None
    read = 0
    while not pages or read < pages:
        page = reader.log_entries(aggregates, PAGE, before, "alert.repeated")
        found = [entry.event for entry in page] + found
        read += 1
        if len(page) < PAGE:
            break
        before = min(entry.pos for entry in page)
    return found


def make_dossier(
    incident: Incident,
    updates: Sequence[IncidentUpdate],
    events: Sequence[Event],
    alerts: Sequence[Alert],
    cut_short: Sequence[str] = (),
) -> Dossier:
    """Put a dossier together from states and events, in any order."""
    entries = build_timeline(incident.incident_id, updates, events)
    people = [incident.commander, incident.communication_lead, *incident.response_team]
    people += [u.author for u in updates] + [incident.created_by]
    return Dossier(
        incident=incident,
        entries=tuple(reversed(entries)),
        steps=ladder(incident, events),
        alerts=tuple(alerts),
        updates={u.update_id: u for u in updates},
        parts=frozenset({incident.incident_id, *incident.alerts, *(u.update_id for u in updates)}),
        known=tuple(dict.fromkeys(name for name in people if name)),
        cut_short=tuple(cut_short),
    )

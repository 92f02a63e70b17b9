"""Everything that was written about one incident, read whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.domain.incident_record import IncidentRecord

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crisisdesk.domain.event import Event
    from crisisdesk.domain.incident import Incident
    from crisisdesk.domain.update import IncidentUpdate
    from crisisdesk.store.queries.reader import StationReader

PAGE = 1_000
# One chatty alert must not make its reader read a log for ever.
PAGES_PER_ALERT = 4


def read_record(reader: StationReader, incident_id: str) -> IncidentRecord | None:
    """The record of an incident, to be cut at any minute; None when there is no such incident."""
    incident = reader.incident(incident_id)
    if incident is None:
        return None
    updates = reader.updates_of(incident_id)
    events, _cut_short = read_logs(reader, incident, updates)
    return IncidentRecord(incident_id, updates, events)


def read_logs(
    reader: StationReader, incident: Incident, updates: Sequence[IncidentUpdate]
) -> tuple[list[Event], list[str]]:
    """The events of an incident, its updates, its alerts and its runs (what their steps printed is
    left out); and the alerts whose log was too long to be read to its beginning."""
    own = [incident.incident_id, *(u.update_id for u in updates)]
    events = _log_of(reader, own, pages=0)
    cut_short: list[str] = []
    for alert_id in incident.alerts:
        log = _log_of(reader, [alert_id], pages=PAGES_PER_ALERT)
        if log and log[0].kind != "alert.fired":
            cut_short.append(alert_id)
        events += log
    runs = [run.run_id for run in reader.runs(incident_id=incident.incident_id, every=True)]
    return events + _log_of(reader, runs, pages=0, without="run.step_output"), cut_short


def _log_of(
    reader: StationReader,
    aggregates: Sequence[str],
    *,
    pages: int,
    without: str = "alert.repeated",
) -> list[Event]:
    """All events of some aggregates but one kind's, or the newest ``pages`` pages (0: all)."""
    found: list[Event] = []
    before: int | None = None
    read = 0
    while not pages or read < pages:
        page = reader.log_entries(aggregates, PAGE, before, without)
        found = [entry.event for entry in page] + found
        read += 1
        if len(page) < PAGE:
            break
        before = min(entry.pos for entry in page)
    return found

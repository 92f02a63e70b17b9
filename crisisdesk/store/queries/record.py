"""Everything that was written about one incident, read whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crisisdesk.domain.incident_parts import alerts_of
from crisisdesk.domain.incident_record import IncidentRecord, Standing
from crisisdesk.domain.papers.images import FoundImage
from crisisdesk.domain.timeline import attachments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crisisdesk.domain.decision import Decision
    from crisisdesk.domain.event import Event
    from crisisdesk.domain.incident import Incident
    from crisisdesk.domain.task import Task
    from crisisdesk.domain.update import IncidentUpdate
    from crisisdesk.store.queries.reader import StationReader

PAGE = 1_000
# One chatty alert must not make its reader read a log for ever.
PAGES_PER_ALERT = 4
# How much that was of an incident only for a while is read at most.
ONCE_PARTS, ONCE_ALERTS = 50, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What one may read of an incident: of itself, and of those of its parts that are for the
    reader. ``cut_short`` are alerts whose log was too long to be read to its beginning."""

    incident: Incident
    joined: tuple[Incident, ...]
    updates: tuple[IncidentUpdate, ...]
    tasks: tuple[Task, ...]
    decisions: tuple[Decision, ...]
    alerts: tuple[str, ...]
    runs: tuple[str, ...]
    events: tuple[Event, ...]
    cut_short: tuple[str, ...]


def read_record(reader: StationReader, incident_id: str, viewer: str) -> IncidentRecord | None:
    """The record of an incident, to be cut at any minute; None when there is no such incident, or
    none that the viewer may read."""
    incident = reader.incident(incident_id)
    if incident is None or not incident.may_see(viewer):
        return None
    found = gather(reader, incident, viewer)
    updates, events = _once(reader, found, viewer)
    return IncidentRecord(incident_id, [*found.updates, *updates], [*found.events, *events])


def _once(
    reader: StationReader, found: Gathered, viewer: str
) -> tuple[list[IncidentUpdate], list[Event]]:
    """Entries and facts of what was of the incident only for a while: parts that the viewer may
    read now and that stand for themselves again, and alerts that were taken off."""
    updates: list[IncidentUpdate] = []
    events: list[Event] = []
    known = {found.incident.incident_id, *(one.incident_id for one in found.joined)}
    alerts = set(found.alerts)
    ahead, fresh = list(found.events), 0
    while ahead:
        names = {str(e.body["incident_id"]) for e in ahead if e.kind == "incident.absorbed"}
        taken_off = [name for name in attachments(ahead) if name not in alerts][:ONCE_ALERTS]
        alerts.update(taken_off)
        ahead = []
        for name in taken_off:
            events += _log_of(reader, [name], pages=PAGES_PER_ALERT)
        for name in sorted(names - known)[: ONCE_PARTS - fresh]:
            fresh += 1
            known.add(name)
            one = reader.incident(name)
            if one is not None and one.may_see(viewer):
                alone = gather(reader, one, viewer, with_parts=False)
                updates += alone.updates
                events += alone.events
                alerts.update(alone.alerts)
                ahead += alone.events
    return updates, events


def gather(
    reader: StationReader, incident: Incident, viewer: str, *, with_parts: bool = True
) -> Gathered:
    """All of it; the viewer may read the incident itself. What the steps of runs printed is left
    out."""
    own = incident.incident_id
    joined = tuple(reader.seen_parts(incident, viewer)) if with_parts else ()
    shown = [own, *(one.incident_id for one in joined)]
    updates = tuple(u for u in reader.updates_of(own) if u.incident_id in shown)
    tasks = tuple(t for t in reader.tasks_of(own) if t.incident_id in shown)
    decisions = tuple(d for d in reader.decisions_of(own) if d.incident_id in shown)
    runs = [run.run_id for one in shown for run in reader.runs(incident_id=one, every=True)]
    ids = [*shown, *(u.update_id for u in updates), *(t.task_id for t in tasks)]
    ids += [d.decision_id for d in decisions]
    events = _log_of(reader, ids, pages=0)
    events += _log_of(reader, runs, pages=0, without="run.step_output")
    cut_short: list[str] = []
    attached = alerts_of(incident, joined)
    for alert_id in attached:
        log = _log_of(reader, [alert_id], pages=PAGES_PER_ALERT)
        if log and log[0].kind != "alert.fired":
            cut_short.append(alert_id)
        events += log
    return Gathered(
        incident=incident,
        joined=joined,
        updates=updates,
        tasks=tasks,
        decisions=decisions,
        alerts=tuple(attached),
        runs=tuple(runs),
        events=tuple(events),
        cut_short=tuple(cut_short),
    )


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
    while aggregates and (not pages or read < pages):
        page = reader.log_entries(aggregates, PAGE, before, without)
        found = [entry.event for entry in page] + found
        read += 1
        if len(page) < PAGE:
            break
        before = min(entry.pos for entry in page)
    return found


def find_images(reader: StationReader, stood: Standing, viewer: str) -> dict[str, FoundImage]:
    """The images that the entries of an incident show, with their bytes where they are here.

    Only its own and those of its parts that the viewer may read: a note may name any.
    """
    shown = dict.fromkeys(one.image_id for entry in stood.entries for one in entry.images)
    incident = reader.incident(stood.incident.incident_id) if shown else None
    known = {} if incident is None else reader.images_of(reader.seen_ids(incident, viewer))
    return {
        name: FoundImage(image=known[name], data=reader.image_data(name))
        for name in shown
        if name in known
    }

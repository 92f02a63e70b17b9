"""Everything the room shows of one incident, read in one go on the reader's thread."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.decision import Decision
from crisisdesk.domain.event import Event
from crisisdesk.domain.image import NoteImage
from crisisdesk.domain.incident import Incident, veiled
from crisisdesk.domain.ladder import LadderStep, ladder
from crisisdesk.domain.playbook.content import Role as PlannedRole
from crisisdesk.domain.task import Task
from crisisdesk.domain.timeline import TimelineEntry, build_timeline
from crisisdesk.domain.update import IncidentUpdate
from crisisdesk.store.queries.record import gather

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crisisdesk.store.queries import StationReader


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One incident with its record. ``entries`` are newest first; ``known`` are names to offer.

    ``parts`` are the aggregates whose change makes it out of date. ``cut_short`` names alerts whose
    log was too long to be read to its beginning. ``tasks`` and ``decisions`` are those of the
    incident and of its parts, ``whole`` is what it is part of itself ("" for none), ``planned`` the
    roles that its response plan asks for, ``images`` what is known of the images that its notes may
    show.
    """

    incident: Incident
    entries: tuple[TimelineEntry, ...] = ()
    steps: tuple[LadderStep, ...] = ()
    alerts: tuple[Alert, ...] = ()
    updates: dict[str, IncidentUpdate] = field(default_factory=dict)
    parts: frozenset[str] = frozenset()
    known: tuple[str, ...] = ()
    cut_short: tuple[str, ...] = ()
    tasks: tuple[Task, ...] = ()
    decisions: tuple[Decision, ...] = ()
    whole: str = ""
    planned: tuple[PlannedRole, ...] = ()
    images: Mapping[str, NoteImage] = field(default_factory=dict)


def read_dossier(reader: StationReader, incident_id: str, viewer: str = "") -> Dossier | None:
    """The dossier of an incident as the store has it now; None when there is no such incident.

    Of a restricted one that is not for ``viewer`` it has what everybody may know.
    """
    incident = reader.incident(incident_id)
    if incident is None:
        return None
    if not incident.may_see(viewer):
        return make_dossier(veiled(incident), (), (), ())
    found = gather(reader, incident, viewer)
    alerts = [a for a in map(reader.alert, found.alerts) if a is not None]
    made = make_dossier(incident, found.updates, found.events, alerts, found.cut_short)
    whole = reader.whole_incident(incident).incident_id
    shown = [one.incident_id for one in found.joined]
    made_of = (*(t.task_id for t in found.tasks), *(d.decision_id for d in found.decisions))
    return replace(
        made,
        tasks=found.tasks,
        decisions=found.decisions,
        whole="" if whole == incident_id else whole,
        parts=made.parts.union(shown, found.alerts, found.runs, made_of),
        planned=reader.roles_to_fill(incident),
        images=reader.images_of([incident_id, *shown]),
    )


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

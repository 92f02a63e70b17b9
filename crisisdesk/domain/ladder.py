"""The ladder of an incident: which step it stands on and when each was reached in this life."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from crisisdesk.domain.event import Event
from crisisdesk.domain.incident import INCIDENT_STATUS_RANK, Incident, IncidentStatus
from crisisdesk.domain.incident_fold import apply_incident

StepPlace = Literal["done", "skipped", "current", "ahead"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderStep:
    """One step. ``reached_at`` is UTC ms; None when it lies ahead or was passed over."""

    status: IncidentStatus
    place: StepPlace
    reached_at: int | None = None


def ladder(incident: Incident, events: Iterable[Event]) -> tuple[LadderStep, ...]:
    """The six steps of an incident, from its own events in any order.

    After a reopening the steps that the life before had reached are ahead again.
    """
    reached = _reached(incident, events)
    now = INCIDENT_STATUS_RANK[incident.status]
    steps = []
    for status in IncidentStatus:
        rank, at = INCIDENT_STATUS_RANK[status], reached.get(status)
        place: StepPlace = "current" if rank == now else "ahead"
        if rank < now:
            place = "skipped" if at is None else "done"
        steps.append(LadderStep(status=status, place=place, reached_at=at if rank <= now else None))
    return tuple(steps)


def _reached(incident: Incident, events: Iterable[Event]) -> dict[str, int]:
    reached: dict[str, int] = {IncidentStatus.OPEN: incident.created_at}
    state: Incident | None = None
    for event in sorted(events, key=lambda e: e.order):
        if event.agg != incident.incident_id:
            continue
        before, state = state, apply_incident(state, event)
        if before is None or state is None or state.status == before.status:
            continue
        if state.life != before.life:
            reached = {IncidentStatus.OPEN: incident.created_at}
        reached[state.status] = event.at_ms
    return reached


def next_status(incident: Incident) -> IncidentStatus | None:
    """The step above the one it stands on; None at the top."""
    steps = list(IncidentStatus)
    rank = INCIDENT_STATUS_RANK[incident.status]
    return steps[rank + 1] if rank + 1 < len(steps) else None

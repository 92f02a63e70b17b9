"""The incident and its updates: what a commander leads, and the pure folds of their events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from crisisdesk.domain.change import with_changes
from crisisdesk.domain.event import Event
from crisisdesk.domain.merge import also, edited, overwritten
from crisisdesk.domain.severity import IncidentSeverity


class IncidentStatus(StrEnum):
    """Where an incident stands."""

    OPEN = "open"
    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    CLOSED = "closed"


_SEVERITY_RANK: dict[str, int] = {name: IncidentSeverity(name).rank for name in IncidentSeverity}
INCIDENT_STATUS_RANK: dict[str, int] = {name: rank for rank, name in enumerate(IncidentStatus)}
DONE_STATUSES = (IncidentStatus.RESOLVED, IncidentStatus.CLOSED)
CATEGORIES = ("availability", "performance", "security", "data", "third_party", "physical", "other")
PRIORITIES = ("p1", "p2", "p3", "p4")
IMPACTS = ("low", "medium", "high", "critical")
PRIORITY_OF: dict[str, str] = {"minor": "p4", "major": "p3", "critical": "p2", "emergency": "p1"}
IMPACT_OF: dict[str, str] = {
    "minor": "low",
    "major": "medium",
    "critical": "high",
    "emergency": "critical",
}
UPDATE_TYPES = ("note", "status", "investigation", "communication", "decision", "action")


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """The state of one incident. Times are UTC ms; money is whole cents.

    ``rivals`` holds commanders named at the same moment on stations that could not see each other:
    shown, never resolved by the machine; the first in canonical order acts meanwhile. ``policies``
    are the policy versions it was opened with (name -> id); it keeps them to its end.
    ``also_done``, ``overwritten``, ``editors`` and ``severities`` are the traces of `domain.merge`.
    ``newer_needed`` is the kind of an event that only a newer program understands and at which this
    state stopped.
    """

    incident_id: str
    title: str
    description: str = ""
    severity: str
    category: str = "availability"
    priority: str = "p3"
    impact: str = "medium"
    status: str = IncidentStatus.OPEN
    life: int = 1
    commander: str = ""
    commander_generation: int = 0
    rivals: list[str] = field(default_factory=list)
    communication_lead: str = ""
    response_team: list[str] = field(default_factory=list)
    created_at: int
    created_by: str = ""
    first_response_at: int | None = None
    resolved_at: int | None = None
    closed_at: int | None = None
    user_impact_count: int = 0
    business_impact: str = ""
    financial_impact_cents: int | None = None
    root_cause: str = ""
    resolution_summary: str = ""
    lessons_learned: str = ""
    alerts: list[str] = field(default_factory=list)
    policies: dict[str, str] = field(default_factory=dict)
    also_done: list[dict[str, Any]] = field(default_factory=list)
    overwritten: list[dict[str, Any]] = field(default_factory=list)
    set_by: dict[str, str] = field(default_factory=dict)
    editors: dict[str, str] = field(default_factory=dict)
    severities: dict[str, list[str]] = field(default_factory=dict)
    newer_needed: str = ""

    @property
    def is_open(self) -> bool:
        """Still being led."""
        return self.status not in DONE_STATUSES


EDITABLE_INCIDENT_FIELDS = (
    "title",
    "description",
    "severity",
    "category",
    "priority",
    "impact",
    "communication_lead",
    "user_impact_count",
    "business_impact",
    "financial_impact_cents",
    "root_cause",
    "resolution_summary",
    "lessons_learned",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentUpdate:
    """One entry a person wrote on an incident's timeline.

    Every edit supersedes the entry and stays in the log as its history; ``edit_id`` is the last.
    What an edit replaced without having seen it stands in ``overwritten``.
    """

    update_id: str
    incident_id: str
    update_type: str
    title: str
    description: str
    author: str
    happened_at: int
    logged_at: int
    is_public: bool = False
    is_pinned: bool = False
    hidden: bool = False
    edits: int = 0
    edit_id: str = ""
    edited_by: str = ""
    overwritten: list[dict[str, Any]] = field(default_factory=list)
    newer_needed: str = ""


def apply_incident(state: Incident | None, event: Event) -> Incident | None:
    """The state after one more event in canonical order; unknown kinds leave it as it is."""
    step = _STEPS.get(event.kind)
    if step is None:
        return state
    if state is None:
        return _opened(event) if event.kind == "incident.opened" else None
    return state if state.newer_needed else step(state, event)


def _opened(event: Event) -> Incident:
    body = event.body
    return Incident(
        incident_id=event.agg,
        title=body["title"],
        description=body.get("description", ""),
        severity=body["severity"],
        category=body.get("category", "availability"),
        priority=body.get("priority", "p3"),
        impact=body.get("impact", "medium"),
        commander=body.get("commander", ""),
        commander_generation=1 if body.get("commander") else 0,
        response_team=sorted(body.get("response_team", [])),
        created_at=event.at_ms,
        created_by=event.actor,
        user_impact_count=body.get("user_impact_count", 0),
        business_impact=body.get("business_impact", ""),
        financial_impact_cents=body.get("financial_impact_cents"),
        alerts=list(body.get("alerts", [])),
        policies=dict(body.get("policies", {})),
    )


def _again(state: Incident, _event: Event) -> Incident:
    return state


def _status_changed(state: Incident, event: Event) -> Incident:
    """Climb the ladder: of two steps taken at the same moment the higher stands."""
    to = event.body["status"]
    rank = INCIDENT_STATUS_RANK[to]
    life = event.body.get("life", state.life)
    if life != state.life:
        trace = also(state.also_done, "status", event, status=to, life=life)
        return with_changes(state, also_done=trace)
    if rank <= INCIDENT_STATUS_RANK[state.status]:
        return _second_summary(
            with_changes(state, also_done=also(state.also_done, "status", event, status=to)), event
        )
    at = event.at_ms
    summary = event.body.get("resolution_summary")
    if summary:
        state = with_changes(state, editors={**state.editors, "resolution_summary": event.actor})
    return with_changes(
        state,
        status=to,
        first_response_at=state.first_response_at or at,
        resolved_at=state.resolved_at or (at if to in DONE_STATUSES else None),
        closed_at=at if to == IncidentStatus.CLOSED else None,
        resolution_summary=summary or state.resolution_summary,
    )


def _second_summary(state: Incident, event: Event) -> Incident:
    """Two people ended it at the same moment: the first one's summary stands, the other is kept."""
    name, value = "resolution_summary", event.body.get("resolution_summary")
    if not value or value == state.resolution_summary:
        return state
    if not state.resolution_summary:
        return with_changes(
            state, resolution_summary=value, editors={**state.editors, name: event.actor}
        )
    by = state.editors.get(name, "")
    lost = overwritten(state.overwritten, name, value, event, lost_by=event.actor, by=by)
    return with_changes(state, overwritten=lost)


def _reopened(state: Incident, event: Event) -> Incident:
    """Start the next life; a second station that did the same at the same moment adds its name."""
    if event.body["life"] != state.life + 1 or state.is_open:
        return with_changes(state, also_done=also(state.also_done, "reopened", event))
    return with_changes(
        state,
        status=IncidentStatus.INVESTIGATING,
        life=event.body["life"],
        resolved_at=None,
        closed_at=None,
    )


def _commander_named(state: Incident, event: Event) -> Incident:
    """A register with a generation; ``rivals`` in the event are those its writer saw and settled.

    An event that does not say whom its writer saw settles all.
    """
    name, generation = event.body["commander"], event.body["generation"]
    if generation > state.commander_generation:
        seen = event.body.get("rivals", state.rivals)
        unsettled = [rival for rival in state.rivals if rival not in seen and rival != name]
        return with_changes(
            state, commander=name, commander_generation=generation, rivals=unsettled
        )
    if name == state.commander:
        return state
    trace = also(state.also_done, "commander", event, commander=name, generation=generation)
    if generation == state.commander_generation:
        return with_changes(state, rivals=sorted({*state.rivals, name}), also_done=trace)
    return with_changes(state, also_done=trace)


def _team_changed(state: Incident, event: Event) -> Incident:
    team = (set(state.response_team) | set(event.body.get("add", ()))) - set(
        event.body.get("remove", ())
    )
    return with_changes(state, response_team=sorted(team))


def _edited(state: Incident, event: Event) -> Incident:
    """Last writer wins by canonical order; of two severities at the same moment the worse."""
    if event.body["field"] not in EDITABLE_INCIDENT_FIELDS:
        return state
    changes, _wins = edited(state, event, _SEVERITY_RANK)
    return with_changes(state, **changes)


def _alert_linked(state: Incident, event: Event) -> Incident:
    alert_id = event.body["alert_id"]
    if alert_id in state.alerts:
        return state
    return with_changes(state, alerts=[*state.alerts, alert_id])


def _alert_unlinked(state: Incident, event: Event) -> Incident:
    return with_changes(state, alerts=[a for a in state.alerts if a != event.body["alert_id"]])


def _responded(state: Incident, event: Event) -> Incident:
    return with_changes(state, first_response_at=state.first_response_at or event.at_ms)


_STEPS: dict[str, Callable[[Incident, Event], Incident]] = {
    "incident.opened": _again,
    "incident.status_changed": _status_changed,
    "incident.reopened": _reopened,
    "incident.commander_named": _commander_named,
    "incident.team_changed": _team_changed,
    "incident.edited": _edited,
    "incident.alert_linked": _alert_linked,
    "incident.alert_unlinked": _alert_unlinked,
    "incident.responded": _responded,
}


INCIDENT_KINDS = frozenset(_STEPS)
UPDATE_KINDS = frozenset({"update.posted", "update.edited"})
EDITABLE_UPDATE_FIELDS = (
    "title",
    "description",
    "is_public",
    "is_pinned",
    "hidden",
    "happened_at",
)


def apply_update(state: IncidentUpdate | None, event: Event) -> IncidentUpdate | None:
    """The state of one timeline entry after one more event."""
    if state is None:
        return _posted(event) if event.kind == "update.posted" else None
    if event.kind == "update.edited" and not state.newer_needed:
        return _update_edited(state, event)
    return state


def _posted(event: Event) -> IncidentUpdate:
    body = event.body
    return IncidentUpdate(
        update_id=event.agg,
        incident_id=body["incident_id"],
        update_type=body["update_type"],
        title=body["title"],
        description=body.get("description", ""),
        author=event.actor,
        happened_at=body["happened_at"],
        logged_at=event.at_ms,
        is_public=body.get("is_public", False),
        is_pinned=body.get("is_pinned", False),
    )


def _update_edited(state: IncidentUpdate, event: Event) -> IncidentUpdate:
    """An edit that names the edit it saw (``base``) and did not see the last keeps what it lost."""
    body = event.body
    changed = {k: body[k] for k in EDITABLE_UPDATE_FIELDS if k in body}
    lost = state.overwritten
    if body.get("base", state.edit_id) != state.edit_id:
        for name, value in changed.items():
            if (standing := getattr(state, name)) != value:
                lost = overwritten(
                    lost, name, standing, event, lost_by=state.edited_by, by=event.actor
                )
    return with_changes(
        state,
        **changed,
        edits=state.edits + 1,
        edit_id=event.id,
        edited_by=event.actor,
        overwritten=lost,
    )

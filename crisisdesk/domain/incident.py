"""The incident and its updates: what a commander leads, and the pure folds of their events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from crisisdesk.domain.event import Event

OVERWRITTEN_KEPT = 32


class IncidentStatus(StrEnum):
    """Where an incident stands."""

    OPEN = "open"
    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    CLOSED = "closed"


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

    ``overwritten`` keeps values that a concurrent edit replaced, newest last. ``rivals`` holds
    commanders named at the same moment on stations that could not see each other: shown, never
    resolved by the machine; the first in canonical order acts meanwhile.
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
    overwritten: list[dict[str, Any]] = field(default_factory=list)
    set_by: dict[str, str] = field(default_factory=dict)

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
    """One entry a person wrote on an incident's timeline; edits keep what stood before."""

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


def apply_incident(state: Incident | None, event: Event) -> Incident | None:
    """The state after one more event in canonical order; unknown kinds leave it as it is."""
    step = _STEPS.get(event.kind)
    if step is None:
        return state
    if state is None:
        return _opened(event) if event.kind == "incident.opened" else None
    return step(state, event)


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
        alerts=list(body.get("alerts", [])),
    )


def _again(state: Incident, _event: Event) -> Incident:
    return state


def _status_changed(state: Incident, event: Event) -> Incident:
    to = event.body["status"]
    if event.body.get("life", state.life) != state.life:
        return state
    if INCIDENT_STATUS_RANK[to] <= INCIDENT_STATUS_RANK[state.status]:
        return state
    at = event.at_ms
    return replace(
        state,
        status=to,
        first_response_at=state.first_response_at or at,
        resolved_at=state.resolved_at or (at if to in DONE_STATUSES else None),
        closed_at=at if to == IncidentStatus.CLOSED else None,
        resolution_summary=event.body.get("resolution_summary") or state.resolution_summary,
    )


def _reopened(state: Incident, event: Event) -> Incident:
    if event.body["life"] != state.life + 1 or state.is_open:
        return state
    return replace(
        state,
        status=IncidentStatus.INVESTIGATING,
        life=event.body["life"],
        resolved_at=None,
        closed_at=None,
    )


def _commander_named(state: Incident, event: Event) -> Incident:
    name, generation = event.body["commander"], event.body["generation"]
    if generation > state.commander_generation:
        return replace(state, commander=name, commander_generation=generation, rivals=[])
    if generation == state.commander_generation and name != state.commander:
        return replace(state, rivals=sorted({*state.rivals, name}))
    return state


def _team_changed(state: Incident, event: Event) -> Incident:
    team = (set(state.response_team) | set(event.body.get("add", ()))) - set(
        event.body.get("remove", ())
    )
    return replace(state, response_team=sorted(team))


def _edited(state: Incident, event: Event) -> Incident:
    name, value = event.body["field"], event.body["value"]
    if name not in EDITABLE_INCIDENT_FIELDS:
        return state
    before, overwritten = state.set_by.get(name, ""), state.overwritten
    if before and event.body.get("base", "") != before:
        lost = {"field": name, "value": getattr(state, name), "by_event": event.id}
        overwritten = [*overwritten, lost][-OVERWRITTEN_KEPT:]
    return replace(
        state,
        **{name: value},
        overwritten=overwritten,
        set_by={**state.set_by, name: event.id},
    )


def _alert_linked(state: Incident, event: Event) -> Incident:
    alert_id = event.body["alert_id"]
    if alert_id in state.alerts:
        return state
    return replace(state, alerts=[*state.alerts, alert_id])


def _alert_unlinked(state: Incident, event: Event) -> Incident:
    return replace(state, alerts=[a for a in state.alerts if a != event.body["alert_id"]])


def _responded(state: Incident, event: Event) -> Incident:
    return replace(state, first_response_at=state.first_response_at or event.at_ms)


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


def apply_update(state: IncidentUpdate | None, event: Event) -> IncidentUpdate | None:
    """The state of one timeline entry after one more event."""
    body = event.body
    if event.kind == "update.posted" and state is None:
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
    if event.kind == "update.edited" and state is not None:
        allowed = ("title", "description", "is_public", "is_pinned", "hidden", "happened_at")
        changed = {k: body[k] for k in allowed if k in body}
        return replace(state, **changed, edits=state.edits + 1)
    return state

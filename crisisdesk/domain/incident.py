"""The incident: what a commander leads. `domain.incident_fold` says how it comes of its events."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


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
# What is taken to be going on, where nobody says; it chooses the response plan.
CRISIS_TYPE_OF: dict[str, str] = {
    "availability": "outage",
    "performance": "outage",
    "security": "data_breach",
    "data": "data_integrity",
    "third_party": "third_party",
    "physical": "physical",
}
RESTRICTED_TITLE = "Restricted incident"
COMMANDER, COMMUNICATIONS_LEAD = "commander", "communications_lead"


def plan_key(crisis_type: str) -> str:
    """Under which name `Incident.policies` keeps the response plan of a type of crisis."""
    return f"playbook {crisis_type}"


def statuses_after(status: str) -> tuple[IncidentStatus, ...]:
    """The steps that may be taken from this one: every higher one; the way back is to reopen."""
    return tuple(IncidentStatus)[INCIDENT_STATUS_RANK[status] + 1 :]


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """The state of one incident. Times are UTC ms; money is whole cents.

    ``rivals`` holds commanders named at the same moment on stations that could not see each other:
    shown, never resolved by the machine; the first in canonical order acts meanwhile. ``policies``
    are the policy versions it was opened with (name -> id); it keeps them to its end.
    ``crisis_type`` chooses its response plan, whose version stands under its `plan_key`;
    ``planned_for`` are types and severities for which it got tasks. ``detected_at`` is when it was
    noticed, None where nobody said.
    ``by_hand`` are the derived fields (`domain.priority.DERIVED`) that somebody has set, with the
    reasons. ``merged_into`` names the incident it was made a part of (see `domain.incident_parts`),
    ``absorbed`` those that were made a part of this one, ``split_from`` where it came from. Who may
    see a ``restricted`` one says `may_see`.
    ``seats`` is who has been in which role, ``handovers`` the offers of roles that stand (see
    `domain.seat_fold`).
    ``channels`` is by what its people speak to each other (see `domain.incident_channels`).
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
    crisis_type: str = ""
    planned_for: list[str] = field(default_factory=list)
    detected_at: int | None = None
    by_hand: dict[str, str] = field(default_factory=dict)
    merged_into: str = ""
    merge_generation: int = 0
    absorbed: list[str] = field(default_factory=list)
    split_from: str = ""
    restricted: bool = False
    readers: list[str] = field(default_factory=list)
    restriction_generation: int = 0
    seats: list[dict[str, Any]] = field(default_factory=list)
    handovers: list[dict[str, Any]] = field(default_factory=list)
    channels: dict[str, dict[str, Any]] = field(default_factory=dict)
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

    @property
    def next_due(self) -> int | None:
        """When the first offer of a role runs out, UTC ms; None where none stands."""
        return min((offer["until"] for offer in self.handovers), default=None)

    def sitting(self, role: str) -> list[dict[str, Any]]:
        """The seats of a role that stand, the first first."""
        return [s for s in self.seats if s["role"] == role and "until" not in s]

    def holders(self, role: str) -> list[str]:
        """Who is in a role, each once; whoever acts where there are rivals stands first."""
        if role == COMMANDER:
            return list(dict.fromkeys(n for n in (self.commander, *self.rivals) if n))
        if role == COMMUNICATIONS_LEAD:
            return [self.communication_lead] if self.communication_lead else []
        return list(dict.fromkeys(seat["who"] for seat in self.sitting(role)))

    def offer_of(self, role: str) -> dict[str, Any] | None:
        """The offer to hand a role over that stands."""
        return next((offer for offer in self.handovers if offer["role"] == role), None)

    def may_see(self, name: str) -> bool:
        """Whether somebody of this name may read what it is about; capitals do not matter.

        A restricted one is for its readers, its commander (rivals too), its team, its communication
        lead, everybody in a role or offered one, and whoever declared it.
        """
        return not self.restricted or name.casefold() in map(str.casefold, self.knowing())

    def knowing(self) -> list[str]:
        """Those whom a restricted one is for, by name."""
        named = {self.commander, self.communication_lead, self.created_by, *self.rivals}
        seated = {seat["who"] for seat in self.seats if "until" not in seat}
        asked = {offer["to"] for offer in self.handovers}
        return sorted({*named, *seated, *asked, *self.response_team, *self.readers} - {""})


def veiled(incident: Incident) -> Incident:
    """What everybody may know of a restricted incident: that there is one, how bad it is, where it
    stands and who leads it."""
    return Incident(
        incident_id=incident.incident_id,
        title=RESTRICTED_TITLE,
        severity=incident.severity,
        priority=incident.priority,
        impact=incident.impact,
        status=incident.status,
        life=incident.life,
        commander=incident.commander,
        created_at=incident.created_at,
        resolved_at=incident.resolved_at,
        closed_at=incident.closed_at,
        merged_into=incident.merged_into,
        restricted=True,
    )


EDITABLE_INCIDENT_FIELDS = (
    "title",
    "description",
    "severity",
    "category",
    "crisis_type",
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

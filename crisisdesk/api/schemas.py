"""What the crisis routes answer with; times are ISO 8601 in UTC."""

from __future__ import annotations

from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

T = TypeVar("T")

Time = Annotated[
    str,
    WithJsonSchema(
        {"type": "string", "format": "date-time", "examples": ["2026-03-01T12:30:00.000Z"]}
    ),
]
Severity = Literal["low", "medium", "high", "critical", "emergency"]
AlertStatus = Literal["active", "acknowledged", "investigating", "resolved", "closed"]
AlertType = Literal["security", "performance", "data", "service"]
IncidentSeverity = Literal["minor", "major", "critical", "emergency"]
IncidentStatus = Literal["open", "investigating", "identified", "monitoring", "resolved", "closed"]
Category = Literal[
    "availability", "performance", "security", "data", "third_party", "physical", "other"
]
Priority = Literal["p1", "p2", "p3", "p4"]
Impact = Literal["low", "medium", "high", "critical"]
UpdateType = Literal["note", "status", "investigation", "communication", "decision", "action"]
DeliveryStatus = Literal[
    "queued",
    "sending",
    "bundled",
    "sent",
    "delivered",
    "read",
    "failed",
    "expired",
    "superseded",
]


class Out(BaseModel):
    """An answer; unknown members never leave."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ErrorOut(Out):
    """Where, what, and what to do."""

    field: str
    problem: str
    remedy: str


class ErrorAnswer(Out):
    """Every 4xx and 5xx; ``detail`` says the same in one sentence."""

    error: ErrorOut
    detail: str


class PageOut(Out, Generic[T]):
    """A page by key; ``next`` goes into ``after`` for the page behind it, null at the end."""

    results: list[T]
    next: str | None


class HandoffOut(Out):
    """An offer to hand an alert over, until it is accepted, declined, taken back or runs out."""

    by: str
    to: str
    at: Time
    until: Time
    note: str


class LapseOut(Out):
    """An acknowledgement that ran out unanswered; ``late`` says whether it had come late itself."""

    by: str
    owner: str
    at: Time
    until: Time
    late: bool


class AlertOut(Out):
    """One alert. ``epoch`` is the occurrence it is in; acknowledging belongs to it.

    ``hold_until`` is when the acknowledgement runs out, ``hold_asked_at`` when its owner was asked
    whether it still stands; ``lapsed`` are those that ran out, oldest first."""

    id: str
    alert_id: str
    alert_type: str
    severity: Severity
    title: str
    description: str
    source_system: str
    detection_method: str
    status: AlertStatus
    detected_at: Time
    acknowledged_at: Time | None
    resolved_at: Time | None
    closed_at: Time | None
    sla_deadline: Time
    sla_prealarm_at: Time
    sla_breached_at: Time | None
    affected_systems: list[str]
    impact_scope: dict[str, Any]
    technical_details: dict[str, Any]
    related_alerts: list[str]
    key: str
    epoch: str
    epoch_no: int
    life: int
    service: str
    place: str
    group_key: str
    url: str
    labels: dict[str, str]
    annotations: dict[str, str]
    starts_at: Time | None
    last_seen_at: Time
    resolves_at: Time | None
    count: int
    count_total: int
    owner: str
    acknowledged_by: str
    also_acknowledged_by: list[str]
    response_time_ms: int | None
    investigating_at: Time | None
    resolved_by: str
    resolution: str
    closed_by: str
    incident: str | None
    overwritten: list[dict[str, Any]]
    hold_until: Time | None
    hold_asked_at: Time | None
    handoff: HandoffOut | None
    lapsed: list[LapseOut]


class IncidentOut(Out):
    """One incident. ``financial_impact`` is decimal text; ``rivals`` are commanders named at the
    same moment elsewhere. ``by_hand`` has the reasons of impact and priority where they are other
    than they follow. Alerts and team of its ``parts`` are among its own; ``part_of`` is where it
    went itself. Of one that is not ``readable`` for who asks, title and texts are withheld."""

    id: str
    incident_id: str
    title: str
    description: str
    severity: IncidentSeverity
    category: str
    priority: str
    impact: str
    status: IncidentStatus
    incident_commander: str
    rivals: list[str]
    response_team: list[str]
    communication_lead: str
    created_at: Time
    created_by: str
    first_response_at: Time | None
    resolved_at: Time | None
    closed_at: Time | None
    user_impact_count: int
    business_impact: str
    financial_impact: str | None
    root_cause: str
    resolution_summary: str
    lessons_learned: str
    alerts: list[str]
    life: int
    overwritten: list[dict[str, Any]]
    crisis_type: str
    detected_at: Time | None
    by_hand: dict[str, str]
    part_of: str | None
    parts: list[str]
    split_from: str | None
    restricted: bool
    readers: list[str]
    readable: bool


class UpdateOut(Out):
    """One entry of an incident's timeline: when it happened, and when it was written down."""

    id: str
    update_id: str
    incident: str
    update_type: str
    title: str
    description: str
    created_by: str
    happened_at: Time
    created_at: Time
    is_public: bool
    is_pinned: bool
    hidden: bool
    edits: int


class EventOut(Out):
    """One fact of a history: who did what, when."""

    id: str
    kind: str
    actor: str
    at: Time
    subject: str
    body: dict[str, Any]


class HistoryOut(Out):
    """Facts, oldest first; at most 500, the newest."""

    results: list[EventOut]


class NotificationOut(Out):
    """One page to one contact method. ``delivery_confirmed`` says that the provider took it;
    ``answer`` is "have" or "next" once the contact has answered it, ``answered_way`` by what."""

    id: str
    notification_id: str
    incident: str | None
    alert: str
    notification_type: str
    channel: str
    recipient_type: str
    recipients: list[str]
    address: str
    title: str
    content: str
    status: DeliveryStatus
    created_at: Time
    sent_at: Time | None
    next_attempt_at: Time | None
    attempts: int
    unknown_attempts: int
    sent_with: str | None
    delivery_confirmed: bool
    confirmed_at: Time | None
    provider_words: str
    method_id: str
    contact_id: str
    severity: str
    answer: str | None
    answered_at: Time | None
    answered_by: str | None
    answered_way: str | None


class NotificationsOut(Out):
    """All pages of one alert, oldest first."""

    results: list[NotificationOut]


class QuietOut(Out):
    """A span of the week in which only pages of ``min_severity`` and worse come."""

    days: list[int]
    start: Annotated[str, Field(alias="from")]
    end: Annotated[str, Field(alias="to")]
    min_severity: Severity


class MethodOut(Out):
    """One contact method; its address is masked, the secret never leaves."""

    method_id: str
    channel: str
    label: str
    masked: str
    min_severity: Severity
    enabled: bool
    quiet: list[QuietOut] | None = None
    emergency: bool = False


class EmergencyOut(Out):
    """What people call or write to by hand."""

    phones: list[str] = []
    mails: list[str] = []


class ContactOut(Out):
    """One contact."""

    contact_id: str
    name: str
    role: str
    enabled: bool
    methods: list[MethodOut]
    zone: str
    locale: str
    quiet: list[QuietOut]
    groups: list[str]
    notes: str
    emergency: EmergencyOut


class ContactsOut(Out):
    """All contacts, by name."""

    results: list[ContactOut]


class ChangedOut(Out):
    """The alerts that a bulk command changed; the others stood so already."""

    changed: list[str]


class TestPageOut(Out):
    """The delivery that was queued."""

    delivery_id: str


class StationOut(Out):
    """This station; ``sounds_heard`` maps a severity to when its sound was confirmed."""

    name: str
    operator: str
    operator_since: Time | None
    sounds_heard: dict[str, Time]


class HealthOut(Out):
    """Alive; ``ok`` is false while the engine has a problem (the dashboard says which)."""

    ok: bool
    station: str
    version: str


class EngineOut(Out):
    """How the engine is; ``problems`` are sentences for the operator."""

    version: str
    origin: str
    started_at: Time
    last_pos: int
    queued_commands: int
    deliveries_waiting: int
    last_backup_at: Time | None
    problems: list[str]


class GettableStatus(Out):
    """Alertmanager's word for where an alert stands."""

    state: Literal["active", "suppressed", "unprocessed"]
    silencedBy: list[str] = Field(default_factory=list)  # noqa: N815 - Alertmanager's name
    inhibitedBy: list[str] = Field(default_factory=list)  # noqa: N815 - Alertmanager's name

"""The alert: one condition that lives in epochs.

An epoch opens when the condition fires and ends when it is resolved; firing again opens the next.
Within an epoch repeats only count. Acknowledging belongs to (alert, epoch) and sticks: it wins over
any repeat of that epoch. A resolve that names an older epoch never touches a newer one. Status
climbs a ladder (active < acknowledged < investigating < resolved < closed) within one *life* of an
epoch; the only way back is an explicit reopening, which starts the next life.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

NOBODY = ""
PAST_EPOCHS_KEPT = 16
CHANGES_KEPT = 64


class AlertStatus(StrEnum):
    """Where an alert's current epoch stands."""

    ACTIVE = "active"
    ACKNOWLEDGED = "acknowledged"
    INVESTIGATING = "investigating"
    RESOLVED = "resolved"
    CLOSED = "closed"


STATUS_RANK: dict[str, int] = {name: rank for rank, name in enumerate(AlertStatus)}
OPEN_STATUSES = (AlertStatus.ACTIVE, AlertStatus.ACKNOWLEDGED, AlertStatus.INVESTIGATING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """The state of one alert. Times are UTC ms; ``None`` means it has not happened.

    ``detected_at`` is when this epoch opened here, ``count`` the firings reported in it.
    ``owner`` is who acknowledged or investigates. ``sla_deadline`` is when an acknowledgement is
    due, ``resolves_at`` when a source's silence means resolved. ``also_acks`` are the other
    acknowledgements of this life that stand (id, by, at): each stays until it is itself taken back,
    and the next steps up when the first one is. ``fired_after_end_at`` says that a station opened
    this epoch too after another had ended it. ``rival_owners`` took the alert over at the same
    moment as ``owner``. ``changes`` are the last moments at which it opened or ended (see
    `domain.flapping`), empty until it ended once. ``also_done``, ``overwritten``, ``editors`` and
    ``severities`` are the traces of `domain.merge`. ``newer_needed`` is the kind of an event that
    only a newer program understands and at which this state stopped.

    ``hold_until`` is when the acknowledgement runs out (None: it has no end), ``hold_ask_at`` when
    whoever has it is asked whether it still stands, ``hold_asked_at`` when that was done in vain.
    ``lapsed`` are the acknowledgements of this life that ran out (id, by, at, until, late), the
    first and the newest; the first of them is the response that counts. ``handoff_id`` names the
    offer that stands, to ``handoff_to`` by ``handoff_by``, until ``handoff_until``; "" for none.
    """

    alert_id: str
    source: str
    key: str
    epoch: str
    epoch_no: int = 1
    life: int = 1
    status: str = AlertStatus.ACTIVE
    severity: str
    title: str
    description: str = ""
    alert_type: str = "service"
    detection_method: str = "automated"
    service: str = ""
    place: str = ""
    group_key: str = ""
    url: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    annotations: dict[str, str] = field(default_factory=dict)
    affected_systems: list[str] = field(default_factory=list)
    impact_scope: dict[str, Any] = field(default_factory=dict)
    technical_details: dict[str, Any] = field(default_factory=dict)
    related_alerts: list[str] = field(default_factory=list)
    starts_at: int | None = None
    detected_at: int
    last_seen_at: int
    count: int = 1
    count_total: int = 1
    resolves_at: int | None = None
    sla_deadline: int
    sla_prealarm_at: int
    sla_prealarmed: bool = False
    sla_breached_at: int | None = None
    owner: str = NOBODY
    ack_id: str = ""
    acknowledged_at: int | None = None
    acknowledged_by: str = NOBODY
    also_acknowledged_by: list[str] = field(default_factory=list)
    also_acks: list[dict[str, Any]] = field(default_factory=list)
    response_ms: int | None = None
    investigating_at: int | None = None
    resolved_at: int | None = None
    resolved_by: str = NOBODY
    resolution: str = ""
    closed_at: int | None = None
    closed_by: str = NOBODY
    incident_id: str = ""
    past_epochs: list[str] = field(default_factory=list)
    fired_after_end_at: int | None = None
    owner_generation: int = 0
    rival_owners: list[str] = field(default_factory=list)
    also_done: list[dict[str, Any]] = field(default_factory=list)
    overwritten: list[dict[str, Any]] = field(default_factory=list)
    set_by: dict[str, str] = field(default_factory=dict)
    editors: dict[str, str] = field(default_factory=dict)
    severities: dict[str, list[str]] = field(default_factory=dict)
    hold_until: int | None = None
    hold_ask_at: int | None = None
    hold_asked_at: int | None = None
    lapsed: list[dict[str, Any]] = field(default_factory=list)
    handoff_id: str = ""
    handoff_by: str = NOBODY
    handoff_to: str = NOBODY
    handoff_contact: str = ""
    handoff_at: int | None = None
    handoff_until: int | None = None
    handoff_note: str = ""
    newer_needed: str = ""
    changes: list[int] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Still somebody's problem."""
        return self.status in OPEN_STATUSES

    @property
    def next_due(self) -> int | None:
        """The next moment at which the engine must look at this alert, UTC ms."""
        if not self.is_open or self.newer_needed:
            return None
        due = [] if self.resolves_at is None else [self.resolves_at]
        if self.status == AlertStatus.ACTIVE:
            if self.sla_breached_at is None:
                due.append(self.sla_deadline)
            if not self.sla_prealarmed:
                due.append(self.sla_prealarm_at)
        return min(due, default=None)

    @property
    def hold_due(self) -> int | None:
        """The next moment at which whoever has it is asked, or has it no longer, or an offer of it
        ends; UTC ms."""
        if not self.is_open or self.newer_needed:
            return None
        held = self.acknowledged_at is not None
        due = (
            (self.hold_until if self.hold_ask_at is None else self.hold_ask_at) if held else None,
            self.handoff_until if self.handoff_id else None,
        )
        return min((at for at in due if at is not None), default=None)

    def has_it(self, name: str) -> bool:
        """Whether this person has said so, and it stands."""
        return self.acknowledged_at is not None and name in (
            self.owner,
            self.acknowledged_by,
            *self.also_acknowledged_by,
            *self.rival_owners,
        )


CONTENT_FIELDS = (
    "severity",
    "title",
    "description",
    "alert_type",
    "service",
    "place",
    "group_key",
    "url",
    "labels",
    "annotations",
    "affected_systems",
    "impact_scope",
    "technical_details",
)
EDITABLE_FIELDS = (
    "severity",
    "title",
    "description",
    "alert_type",
    "affected_systems",
    "impact_scope",
)

"""Domain states as the routes show them."""

from __future__ import annotations

from typing import Any

from crisisdesk.api.schemas import (
    AlertOut,
    ContactOut,
    EmergencyOut,
    EngineOut,
    EventOut,
    HandoffOut,
    LapseOut,
    MethodOut,
    NotificationOut,
    QuietOut,
    StationOut,
    UpdateOut,
)
from crisisdesk.api.times import iso, iso_or_none
from crisisdesk.domain.alert import Alert
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.delivery import REACHED_STATUSES, Delivery, DeliveryStatus
from crisisdesk.domain.event import Event
from crisisdesk.domain.station import Station
from crisisdesk.domain.update import IncidentUpdate
from crisisdesk.engine.door import Health

_ALERT_SAME = (
    "alert_id alert_type severity title description detection_method status affected_systems "
    "impact_scope technical_details related_alerts key epoch epoch_no life service place group_key "
    "url labels annotations count count_total owner acknowledged_by also_acknowledged_by "
    "resolved_by resolution closed_by overwritten"
).split()
_ALERT_TIMES = "detected_at sla_deadline sla_prealarm_at last_seen_at".split()
_ALERT_MAYBE = (
    "acknowledged_at resolved_at closed_at sla_breached_at starts_at resolves_at investigating_at "
    "hold_until hold_asked_at"
).split()
_UPDATE_SAME = "update_id update_type title description is_public is_pinned hidden edits".split()


def _same(state: object, names: list[str]) -> dict[str, Any]:
    # str() takes the enum off a value that came from an event of this process.
    values = ((name, getattr(state, name)) for name in names)
    return {n: str(v) if isinstance(v, str) else v for n, v in values}


def alert_out(a: Alert) -> AlertOut:
    """One alert."""
    return AlertOut.model_validate(
        {
            "id": a.alert_id,
            "source_system": a.source,
            "response_time_ms": a.response_ms,
            "incident": a.incident_id or None,
            "handoff": _handoff_out(a),
            "lapsed": [_lapse_out(one) for one in a.lapsed],
            **_same(a, _ALERT_SAME),
            **{name: iso(getattr(a, name)) for name in _ALERT_TIMES},
            **{name: iso_or_none(getattr(a, name)) for name in _ALERT_MAYBE},
        }
    )


def _handoff_out(a: Alert) -> HandoffOut | None:
    if not a.handoff_id or not a.is_open or a.handoff_at is None or a.handoff_until is None:
        return None
    return HandoffOut(
        by=a.handoff_by,
        to=a.handoff_to,
        at=iso(a.handoff_at),
        until=iso(a.handoff_until),
        note=a.handoff_note,
    )


def _lapse_out(lapse: dict[str, Any]) -> LapseOut:
    return LapseOut(
        by=lapse["by"],
        owner=lapse["owner"],
        at=iso(lapse["at"]),
        until=iso(lapse["until"]),
        late=lapse["late"],
    )


def update_out(u: IncidentUpdate) -> UpdateOut:
    """One timeline entry."""
    return UpdateOut.model_validate(
        {
            "id": u.update_id,
            "incident": u.incident_id,
            "created_by": u.author,
            "happened_at": iso(u.happened_at),
            "created_at": iso(u.logged_at),
            **_same(u, _UPDATE_SAME),
        }
    )


def event_out(e: Event) -> EventOut:
    """One fact."""
    return EventOut(
        id=e.id, kind=e.kind, actor=e.actor, at=iso(e.at_ms), subject=e.agg, body=e.body
    )


def notification_out(d: Delivery, incident: str | None) -> NotificationOut:
    """One delivery under the names of a crisis notification."""
    return NotificationOut(
        id=d.delivery_id,
        notification_id=d.delivery_id,
        incident=incident or None,
        alert=d.alert_id,
        notification_type=d.reason,
        channel=d.channel,
        recipient_type="team",
        recipients=[d.contact_name],
        address=d.masked,
        title=d.title,
        content=d.text,
        status=DeliveryStatus(d.status).value,
        created_at=iso(d.queued_at),
        sent_at=iso_or_none(d.sent_at),
        next_attempt_at=iso_or_none(d.due_at),
        attempts=d.attempt,
        unknown_attempts=d.unknown,
        sent_with=d.into or None,
        delivery_confirmed=d.status in REACHED_STATUSES,
        confirmed_at=iso_or_none(d.confirmed_at),
        provider_words=d.words,
        method_id=d.method_id,
        contact_id=d.contact_id,
        severity=str(d.severity),
        answer=d.answer or None,
        answered_at=iso_or_none(d.answered_at),
        answered_by=d.answered_by or None,
        answered_way=d.answered_way or None,
    )


def contact_out(c: Contact) -> ContactOut:
    """One contact, its addresses masked."""
    return ContactOut(
        contact_id=c.contact_id,
        name=c.name,
        role=c.role,
        enabled=c.enabled,
        methods=[MethodOut(**method) for method in c.methods],
        zone=c.zone,
        locale=c.locale,
        quiet=[QuietOut(**span) for span in c.quiet],
        groups=c.groups,
        notes=c.notes,
        emergency=EmergencyOut(**c.emergency),
    )


def station_out(s: Station) -> StationOut:
    """The station."""
    return StationOut(
        name=s.name,
        operator=s.operator,
        operator_since=iso_or_none(s.operator_since),
        sounds_heard={severity: iso(at) for severity, at in s.sounds_heard.items()},
    )


def engine_out(h: Health) -> EngineOut:
    """The engine's health."""
    return EngineOut(
        version=h.version,
        origin=h.origin,
        started_at=iso(h.started_ms),
        last_pos=h.last_pos,
        queued_commands=h.queued_commands,
        deliveries_waiting=h.deliveries_waiting,
        last_backup_at=iso_or_none(h.last_backup_ms),
        problems=list(h.problems),
    )

"""How a state becomes a row of the published tables: pure, and the only place that knows it.

Tables and columns are those that a Django application named ``crisis`` would have. Numbers of rows
are taken from the ids of CrisisDesk, so that they are the same after the tables were written anew,
and 53 bits long, so that a browser can hold them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.delivery import Delivery, DeliveryStatus
from crisisdesk.domain.incident import Incident, IncidentUpdate
from crisisdesk.engine.exchange.publisher import Present

Row = dict[str, Any]

ALERTS = "crisis_crisisalert"
INCIDENTS = "crisis_incident"
UPDATES = "crisis_incidentupdate"
NOTIFICATIONS = "crisis_crisisnotification"
PERSONS = "crisis_person"
NOBODY = 0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# 31 December 9999, the last day that Python and Django can read.
_LAST_MS = 253_402_300_799_999
# What numeric(10,2) holds.
_MOST_CENTS = 10**10 - 1


def number_of(name: str) -> int:
    """The row number of an aggregate or a person: 1 to 2**53 - 1, from SHA-256; "" is nobody, 0."""
    if not name:
        return NOBODY
    bits = int.from_bytes(hashlib.sha256(f"crisisdesk row {name}".encode()).digest()[:7], "big")
    return (bits >> 3) or 1


def moment(ms: int | None) -> str | None:
    """UTC ms as a timestamp that Postgres reads, with its zone."""
    if ms is None:
        return None
    return (_EPOCH + timedelta(milliseconds=max(0, min(ms, _LAST_MS)))).isoformat()


def money(cents: int | None) -> str | None:
    """Whole cents as a decimal text; None when unknown or too much for the column."""
    if cents is None or abs(cents) > _MOST_CENTS:
        return None
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{rest:02d}"


def rows_of(present: Iterable[Present]) -> dict[str, list[Row]]:
    """Rows by table; each names its ``agg``, lists of other rows are numbers.

    A ``hidden`` row is to be taken out. Two aggregates that happen to have one number in one table
    (one chance in 20,000 at a million rows) leave only the first here; see `left_out`.
    """
    found: dict[str, dict[int, Row]] = {}
    people: dict[int, Row] = {NOBODY: {"id": NOBODY, "username": ""}}
    for one in present:
        state = one.state
        if isinstance(state, Alert):
            table, row = ALERTS, _alert(state)
        elif isinstance(state, Incident):
            table, row = INCIDENTS, _incident(state)
            names = [state.commander, state.communication_lead, *state.response_team]
            people.update(_people(names))
        elif isinstance(state, IncidentUpdate):
            table, row = UPDATES, _update(state)
            people.update(_people([state.author]))
        elif isinstance(state, Delivery):
            table, row = NOTIFICATIONS, _notification(state, one.incident_id)
        else:
            continue
        row |= {"id": number_of(one.aggregate), "agg": one.aggregate}
        row |= dict(zip(("at_hlc", "at_origin", "at_seq"), one.order, strict=True))
        found.setdefault(table, {}).setdefault(row["id"], row)
    rows = {table: list(by_number.values()) for table, by_number in found.items()}
    return {PERSONS: list(people.values()), **rows}


def left_out(present: Sequence[Present], rows: dict[str, list[Row]]) -> list[str]:
    """Aggregates that have no row because another one of the batch has their number."""
    shown = {row["agg"] for table, group in rows.items() if table != PERSONS for row in group}
    kinds = (Alert, Incident, IncidentUpdate, Delivery)
    return [p.aggregate for p in present if isinstance(p.state, kinds) and p.aggregate not in shown]


def _people(names: Iterable[str]) -> dict[int, Row]:
    return {number_of(n): {"id": number_of(n), "username": n[:150]} for n in names if n}


def _alert(a: Alert) -> Row:
    return {
        "alert_id": a.alert_id[:50],
        "alert_type": a.alert_type[:100],
        "severity": a.severity[:20],
        "title": a.title[:200],
        "description": a.description,
        "source_system": a.source[:100],
        "detection_method": a.detection_method[:100],
        "status": a.status[:50],
        "detected_at": moment(a.detected_at),
        "acknowledged_at": moment(a.acknowledged_at),
        "resolved_at": moment(a.resolved_at),
        "sla_deadline": moment(a.sla_deadline),
        "affected_systems": a.affected_systems,
        "impact_scope": a.impact_scope,
        "technical_details": a.technical_details,
        "related": [number_of(other) for other in a.related_alerts],
    }


def _incident(i: Incident) -> Row:
    return {
        "incident_id": i.incident_id[:50],
        "title": i.title[:200],
        "description": i.description,
        "severity": i.severity[:20],
        "category": i.category[:100],
        "priority": i.priority[:20],
        "impact": i.impact[:100],
        "status": i.status[:50],
        "incident_commander_id": number_of(i.commander),
        "communication_lead_id": number_of(i.communication_lead) or None,
        "created_at": moment(i.created_at),
        "first_response_at": moment(i.first_response_at),
        "resolved_at": moment(i.resolved_at),
        "closed_at": moment(i.closed_at),
        "user_impact_count": max(0, min(i.user_impact_count, 2**31 - 1)),
        "business_impact": i.business_impact,
        "financial_impact": money(i.financial_impact_cents),
        "root_cause": i.root_cause,
        "resolution_summary": i.resolution_summary,
        "lessons_learned": i.lessons_learned,
        "team": [number_of(name) for name in i.response_team],
        "alerts": [number_of(alert_id) for alert_id in i.alerts],
    }


def _update(u: IncidentUpdate) -> Row:
    return {
        "incident_id": number_of(u.incident_id),
        "update_type": u.update_type[:50],
        "title": u.title[:200],
        "description": u.description,
        "created_by_id": number_of(u.author),
        "created_at": moment(u.happened_at),
        "is_public": u.is_public,
        "hidden": u.hidden,
    }


def _notification(d: Delivery, incident_id: str) -> Row:
    return {
        "notification_id": d.delivery_id[:50],
        "incident_id": number_of(incident_id) or None,
        "alert_id": number_of(d.alert_id) or None,
        "notification_type": d.reason[:100],
        "channel": d.channel[:50],
        "recipient_type": "team",
        "recipients": [{"name": d.contact_name, "address": d.masked}],
        "title": d.title[:200],
        "content": d.text,
        "status": d.status[:50],
        "created_at": moment(d.queued_at),
        "sent_at": moment(d.sent_at),
        "delivery_confirmed": d.status == DeliveryStatus.SENT,
    }

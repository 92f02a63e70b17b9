"""How a state becomes a row of the published tables: pure, and the only place that knows it.

Tables and columns are those that a Django application named ``crisis`` would have. The number of a
row has 31 bits, as its automatic fields have: Django finds no row by a longer one. It is made from
the id of CrisisDesk; the hub gives another one where two would meet, and keeps what it gave.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.delivery import REACHED_STATUSES, Delivery
from crisisdesk.domain.detection.rule import rule_id_of
from crisisdesk.domain.incident import RESTRICTED_TITLE, Incident
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.domain.update import IncidentUpdate
from crisisdesk.engine.exchange.publisher import Present

Row = dict[str, Any]
Number = Callable[[str], int]

ALERTS = "crisis_crisisalert"
INCIDENTS = "crisis_incident"
UPDATES = "crisis_incidentupdate"
NOTIFICATIONS = "crisis_crisisnotification"
RULES = "crisis_alertrule"
PERSONS = "crisis_person"
NOBODY = 0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# 31 December 9999, the last day that Python and Django can read.
_LAST_MS = 253_402_300_799_999
# What numeric(10,2) holds.
_MOST_CENTS = 10**10 - 1


def number_of(name: str) -> int:
    """The number that is wished for an aggregate or a person: 1 to 2**31 - 1, from SHA-256."""
    bits = int.from_bytes(hashlib.sha256(f"crisisdesk row {name}".encode()).digest()[:4], "big")
    return (bits >> 1) or 1


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


def rows_of(present: Iterable[Present], number: Number) -> dict[str, list[Row]]:
    """Rows by table; each names its ``agg``, lists of other rows are numbers.

    ``number`` gives the number of an aggregate or a person. A ``hidden`` row is to be taken out.
    All versions of an alert rule make one row.
    """

    def some(name: str) -> int:
        return number(name) if name else NOBODY

    found: dict[str, list[Row]] = {}
    people = {""}
    for one in _each_rule_once(present):
        state, agg = one.state, one.aggregate
        if isinstance(state, Alert):
            table, row = ALERTS, _alert(state, some)
        elif isinstance(state, Incident):
            table, row = INCIDENTS, _incident(state, some)
            team = () if state.restricted else (state.communication_lead, *state.response_team)
            people.update((state.commander, *team))
        elif isinstance(state, IncidentUpdate):
            table, row = UPDATES, _update(state, some)
            row["hidden"] = state.hidden or one.withheld
            people.add(state.author)
        elif isinstance(state, Delivery):
            table, row = NOTIFICATIONS, _notification(state, one.incident_id, some)
        elif isinstance(state, PolicyVersion) and (rule_id := rule_id_of(state)):
            table, row, agg = RULES, _rule(one.rule, some), rule_name(rule_id)
            people.add(_creator(one.rule))
        else:
            continue
        row |= {"id": some(agg), "agg": agg}
        row |= dict(zip(("at_hlc", "at_origin", "at_seq"), one.order, strict=True))
        found.setdefault(table, []).append(row)
    persons = [{"id": some(name), "username": name[:150]} for name in sorted(people)]
    return {PERSONS: persons, **found}


def numbers_wished(present: Iterable[Present]) -> dict[str, int]:
    """Every name that the rows will need a number for, with the one that is wished for it."""
    wished: dict[str, int] = {}
    rows_of(present, lambda name: wished.setdefault(name, number_of(name)))
    return wished


def rule_name(rule_id: str) -> str:
    """What an alert rule's number and row are kept under: no aggregate is named like that."""
    return f"rule {rule_id}"


def _each_rule_once(present: Iterable[Present]) -> Iterable[Present]:
    """Every version tells the whole rule, so that one of them is enough."""
    told = set[str]()
    for one in present:
        rule_id = rule_id_of(one.state) if isinstance(one.state, PolicyVersion) else ""
        if rule_id not in told:
            yield one
        if rule_id:
            told.add(rule_id)


def _alert(a: Alert, some: Number) -> Row:
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
        "related": [some(other) for other in a.related_alerts],
    }


def _incident(i: Incident, some: Number) -> Row:
    whole = _whole_incident(i, some)
    return {**whole, **_WITHHELD} if i.restricted else whole


def _whole_incident(i: Incident, some: Number) -> Row:
    return {
        "incident_id": i.incident_id[:50],
        "title": i.title[:200],
        "description": i.description,
        "severity": i.severity[:20],
        "category": i.category[:100],
        "priority": i.priority[:20],
        "impact": i.impact[:100],
        "status": i.status[:50],
        "incident_commander_id": some(i.commander),
        "communication_lead_id": some(i.communication_lead) or None,
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
        "team": [some(name) for name in i.response_team],
        "alerts": [some(alert_id) for alert_id in i.alerts],
    }


# What nobody outside learns of a restricted incident: that there is one is told, and who leads it.
_WITHHELD: Row = {
    "title": RESTRICTED_TITLE,
    "description": "",
    "category": "other",
    "communication_lead_id": None,
    "user_impact_count": 0,
    "business_impact": "",
    "financial_impact": None,
    "root_cause": "",
    "resolution_summary": "",
    "lessons_learned": "",
    "team": [],
    "alerts": [],
}


def _update(u: IncidentUpdate, some: Number) -> Row:
    return {
        "incident_id": some(u.incident_id),
        "update_type": u.update_type[:50],
        "title": u.title[:200],
        "description": u.description,
        "created_by_id": some(u.author),
        "created_at": moment(u.happened_at),
        "is_public": u.is_public,
    }


def _notification(d: Delivery, incident_id: str, some: Number) -> Row:
    return {
        "notification_id": d.delivery_id[:50],
        "incident_id": some(incident_id) or None,
        "alert_id": some(d.alert_id) or None,
        "notification_type": d.reason[:100],
        "channel": d.channel[:50],
        "recipient_type": "team",
        "recipients": [{"name": d.contact_name, "address": d.masked}],
        "title": d.title[:200],
        "content": d.text,
        "status": d.status[:50],
        "created_at": moment(d.queued_at),
        "sent_at": moment(d.sent_at),
        "delivery_confirmed": d.status in REACHED_STATUSES,
    }


def _rule(standing: PolicyVersion | None, some: Number) -> Row:
    """From what was published, not from what this program reads in it: a newer one may have
    conditions that are not known here."""
    if standing is None:
        return {"hidden": True}
    told = standing.content
    escalation_policy = _text(told, "escalation_policy")
    channels, conditions = told.get("notification_channels"), told.get("conditions")
    created_at = told.get("created_at")
    return {
        "name": standing.name[:200],
        "description": _text(told, "description"),
        "rule_type": _text(told, "rule_type")[:100],
        "metric_source": _text(told, "metric_source")[:100],
        "conditions": conditions if isinstance(conditions, Mapping) else {},
        "severity": _text(told, "severity")[:20],
        "alert_type": _text(told, "alert_type")[:100],
        "notification_channels": channels if isinstance(channels, list) else [],
        "escalation_policy": {"name": escalation_policy} if escalation_policy else {},
        "is_active": told.get("is_active") is True,
        "created_by_id": some(_creator(standing)),
        "created_at": moment(created_at if isinstance(created_at, int) else 0),
    }


def _creator(standing: PolicyVersion | None) -> str:
    return "" if standing is None else _text(standing.content, "created_by")


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    return value if isinstance(value, str) else ""

"""How a state becomes a row of the published tables: pure, and the only place that knows it.

Tables and columns are those that a Django application named ``crisis`` would have. The number of a
row has 31 bits, as its automatic fields have: Django finds no row by a longer one. It is made from
the id of CrisisDesk; the hub gives another one where two would meet, and keeps what it gave.
"""

from __future__ import annotations

from collections.abc import Iterable

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.delivery import REACHED_STATUSES, Delivery
from crisisdesk.domain.detection.rule import rule_id_of
from crisisdesk.domain.incident import RESTRICTED_TITLE, Incident
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.domain.update import IncidentUpdate
from crisisdesk.engine.exchange.publisher import Present
from crisisdesk.hub.published_policies import (
    each_once,
    key_of,
    procedure_creator,
    procedure_row,
    rule_creator,
    rule_row,
)
from crisisdesk.hub.published_values import Number, Row, moment, money, number_of

ALERTS = "crisis_crisisalert"
INCIDENTS = "crisis_incident"
UPDATES = "crisis_incidentupdate"
NOTIFICATIONS = "crisis_crisisnotification"
RULES = "crisis_alertrule"
PROCEDURES = "crisis_recoveryprocedure"
PERSONS = "crisis_person"
NOBODY = 0


def rows_of(present: Iterable[Present], number: Number) -> dict[str, list[Row]]:
    """Rows by table; each names its ``agg``, lists of other rows are numbers.

    ``number`` gives the number of an aggregate or a person. A ``hidden`` row is to be taken out.
    All versions of an alert rule make one row, and all of a procedure.
    """

    def some(name: str) -> int:
        return number(name) if name else NOBODY

    found: dict[str, list[Row]] = {}
    people = {""}
    for one in each_once(present):
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
        elif isinstance(state, PolicyVersion) and rule_id_of(state):
            table, row, agg = RULES, rule_row(one.rule, some), key_of(state)
            people.add(rule_creator(one.rule))
        elif isinstance(state, PolicyVersion) and key_of(state):
            table, row, agg = PROCEDURES, procedure_row(one.versions, some), key_of(state)
            people.add(procedure_creator(one.versions))
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

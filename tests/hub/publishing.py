"""Stations that publish to a real hub, and what its tables must hold then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.detection.rule import AlertRule, alert_rules
from crisisdesk.domain.detection.telling import told_of
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.domain.recovery.procedure import Procedure, procedures
from crisisdesk.domain.update import IncidentUpdate
from crisisdesk.engine import commands as c
from crisisdesk.engine.duty.ports import Lease
from crisisdesk.engine.exchange.exchange import Exchange, Outcome
from crisisdesk.engine.exchange.ports import Report
from crisisdesk.engine.exchange.publisher import (
    Present,
    Publisher,
)
from crisisdesk.engine.recovery_commands import PublishProcedure
from crisisdesk.engine.rule_commands import DeclareRule, RemoveRule
from crisisdesk.hub.connection import HubLink
from crisisdesk.hub.log import PgHub
from crisisdesk.hub.published import PgPublishedTables
from crisisdesk.hub.published_policies import procedure_key, rule_name
from crisisdesk.hub.published_values import number_of
from crisisdesk.store.exchange import ExchangeLog
from crisisdesk.store.touched import TouchedStates

from tests.hub.test_vault import link_to
from tests.postgres.fixtures import HubPlace
from tests.store.workload import Station

RENEW = "SELECT holder, token FROM cd.renew(%s, %s, 0)"


class Post:
    """A station that exchanges with the hub and publishes while it holds the lease."""

    def __init__(self, folder: Path, place: HubPlace, name: str, seed: int) -> None:
        self.station = Station(folder / name, seed=seed)
        self.origin = self.station.opened.origin
        self.link: HubLink = link_to(place.login(name))
        self.hub = PgHub(self.link._address)
        self.states = TouchedStates(self.station.path)
        self.log = ExchangeLog(
            self.station.path,
            own=lambda: self.origin,
            absorb=self._absorb,
            leave=lambda _mark: pytest.fail("nobody else writes as this station"),
        )
        self.lease: Lease | None = None
        self.tables = PgPublishedTables(self.link)
        self.publisher = Publisher(self.tables, self.states, lambda: self.lease)

    def _absorb(self, events: Sequence[Any]) -> Any:
        return self.station.do(c.Absorb(events=events))[0]

    def exchange(self) -> Outcome:
        outcome = Exchange(self.log, self.hub).run()
        self.hub.report(
            Report(
                station_id=self.station.opened.station_id,
                origin=self.origin,
                name="n",
                version="1",
                vector={origin: mark.seq for origin, mark in outcome.here.items()},
                hlc=0,
                fold_version=1,
            )
        )
        return outcome

    def take_duty(self, ttl_ms: int = 60_000) -> None:
        holder, token = self.link.ask(RENEW, (self.origin, ttl_ms))[0]
        assert holder == self.origin
        self.lease = Lease(holder=holder, token=token, left_ms=ttl_ms)

    def release(self) -> None:
        assert self.lease is not None
        self.link.ask("SELECT cd.release(%s, %s)", (self.origin, self.lease.token))

    def publish_all(self) -> Outcome:
        outcome = self.exchange()
        self.publisher.run(outcome)
        while self.publisher.behind:
            self.publisher.run(outcome)
        return outcome

    def close(self) -> None:
        for part in (self.states, self.log, self.hub, self.link, self.station):
            part.close()


def at(ms: int | None) -> datetime | None:
    return None if ms is None else datetime.fromtimestamp(ms / 1000, UTC)


def rules_in(states: Sequence[Present]) -> list[AlertRule]:
    return alert_rules(p.state for p in states if isinstance(p.state, PolicyVersion))


def expected_rule(rule: AlertRule) -> dict[str, Any]:
    same = "name description rule_type metric_source severity alert_type is_active"
    return {name: getattr(rule, name) for name in same.split()} | {
        "id": number_of(rule_name(rule.rule_id)),
        "conditions": told_of(rule.conditions),
        "notification_channels": list(rule.notification_channels),
        "escalation_policy": {"name": rule.escalation_policy} if rule.escalation_policy else {},
        "created_by_id": number_of(rule.created_by) if rule.created_by else 0,
        "created_at": at(rule.created_at),
    }


def expected_procedure(one: Procedure) -> dict[str, Any]:
    """Of procedures without secrets in them, told in their shortest form."""
    same = "name description incident_type severity_level is_automated requires_approval"
    return {name: getattr(one, name) for name in f"{same} rollback_procedure".split()} | {
        "id": number_of(procedure_key(one.name)),
        "steps": [_as_written(step) for step in one.steps],
        "prerequisites": list(one.prerequisites),
        "estimated_time": timedelta(milliseconds=one.estimated_ms),
        "automation_script": "",
        "success_criteria": [step["title"] for step in one.success_criteria],
        "created_by_id": number_of(one.created_by) if one.created_by else 0,
        "last_updated": at(one.last_updated),
    }


def _as_written(step: dict[str, Any]) -> dict[str, Any]:
    told = {"id": step["step_id"], "title": step["title"]}
    if step["kind"] != "command":
        return told
    args = [arg.replace("token=abcdef", "token=***") for arg in step["args"]]
    return told | {"kind": "command", "command": step["command"], "args": args}


def expected(states: Sequence[Present]) -> dict[str, list[dict[str, Any]]]:
    """What each table must hold, written down a second time, straight from the columns' meaning."""
    tables: dict[str, list[dict[str, Any]]] = {
        "crisis_crisisalert": [],
        "crisis_incident": [],
        "crisis_incidentupdate": [],
        "crisis_crisisnotification": [],
        "crisis_alertrule": [expected_rule(one) for one in rules_in(states)],
        "crisis_recoveryprocedure": [
            expected_procedure(one)
            for one in procedures(p.state for p in states if isinstance(p.state, PolicyVersion))
        ],
    }
    for one in states:
        s = one.state
        if isinstance(s, Alert):
            same = "alert_id alert_type severity title description detection_method status"
            tables["crisis_crisisalert"].append(
                {name: getattr(s, name) for name in same.split()}
                | {n: at(getattr(s, n)) for n in "detected_at acknowledged_at resolved_at".split()}
                | {n: getattr(s, n) for n in "affected_systems impact_scope".split()}
                | {
                    "id": number_of(s.alert_id),
                    "source_system": s.source,
                    "sla_deadline": at(s.sla_deadline),
                    "technical_details": s.technical_details,
                }
            )
        elif isinstance(s, Incident):
            same = (
                "incident_id title description severity category priority impact status "
                "user_impact_count business_impact root_cause resolution_summary lessons_learned"
            )
            moments = "created_at first_response_at resolved_at closed_at"
            cents = s.financial_impact_cents
            tables["crisis_incident"].append(
                {name: getattr(s, name) for name in same.split()}
                | {name: at(getattr(s, name)) for name in moments.split()}
                | {
                    "id": number_of(s.incident_id),
                    "incident_commander_id": number_of(s.commander) if s.commander else 0,
                    "communication_lead_id": number_of(s.communication_lead)
                    if s.communication_lead
                    else None,
                    "financial_impact": None if cents is None else Decimal(cents).scaleb(-2),
                }
            )
        elif isinstance(s, IncidentUpdate) and not s.hidden:
            tables["crisis_incidentupdate"].append(
                {
                    "id": number_of(s.update_id),
                    "incident_id": number_of(s.incident_id),
                    "update_type": s.update_type,
                    "title": s.title,
                    "description": s.description,
                    "created_by_id": number_of(s.author),
                    "created_at": at(s.happened_at),
                    "is_public": s.is_public,
                }
            )
        elif isinstance(s, Delivery):
            tables["crisis_crisisnotification"].append(
                {
                    "id": number_of(s.delivery_id),
                    "notification_id": s.delivery_id,
                    "incident_id": number_of(one.incident_id) if one.incident_id else None,
                    "alert_id": number_of(s.alert_id) if s.alert_id else None,
                    "notification_type": s.reason,
                    "channel": s.channel,
                    "recipient_type": "team",
                    "recipients": [{"name": s.contact_name, "address": s.masked}],
                    "title": s.title,
                    "content": s.text,
                    "status": s.status,
                    "created_at": at(s.queued_at),
                    "sent_at": at(s.sent_at),
                    "delivery_confirmed": s.status in ("sent", "delivered", "read"),
                }
            )
    return {name: sorted(rows, key=lambda r: int(r["id"])) for name, rows in tables.items()}


def shown(place: HubPlace) -> dict[str, list[dict[str, Any]]]:
    with psycopg.connect(place.admin_dsn, row_factory=dict_row) as admin:
        admin.execute("SET TIME ZONE 'Asia/Tokyo'")
        return {
            table: admin.execute(f"SELECT * FROM {table} ORDER BY id".encode()).fetchall()
            for table in expected([])
        }


def links(place: HubPlace, table: str, one: str, other: str) -> set[tuple[int, int]]:
    with psycopg.connect(place.admin_dsn) as admin:
        return set(admin.execute(f"SELECT {one}, {other} FROM {table}".encode()).fetchall())


def assert_parity(place: HubPlace, post: Post) -> None:
    states = post.states.after("", 1_000_000)
    assert shown(place) == expected(states)
    incidents = [p.state for p in states if isinstance(p.state, Incident)]
    assert links(place, "crisis_incident_alerts", "incident_id", "crisisalert_id") == {
        (number_of(i.incident_id), number_of(a)) for i in incidents for a in i.alerts
    }
    assert links(place, "crisis_incident_response_team", "incident_id", "user_id") == {
        (number_of(i.incident_id), number_of(who)) for i in incidents for who in i.response_team
    }
    names = {i.commander for i in incidents} | {i.communication_lead for i in incidents}
    names |= {p.state.author for p in states if isinstance(p.state, IncidentUpdate)}
    names |= {rule.created_by for rule in rules_in(states)}
    names |= {who for i in incidents for who in i.response_team}
    known = links(place, "crisis_person", "id", "username")
    assert {(number_of(name) if name else 0, name) for name in names} <= known


HIGH: dict[str, Any] = {
    "rule_type": "threshold",
    "description": "Ünïcode 'quote'",
    "conditions": {"metric": "load", "where": 'host="a"', "op": ">", "value": 0.5, "for": "5m"},
    "notification_channels": ["sms", "voice"],
    "escalation_policy": "database",
}


PROCEDURE: dict[str, Any] = {
    "kind": "procedure",
    "description": "Ünïcode 'quote'",
    "estimated_time": "15m",
    "prerequisites": ["A backup is there"],
    "steps": [{"id": "freeze", "title": "Freeze writes"}],
    "success_criteria": ["Orders can be placed"],
}


def declare(post: Post, name: str, rule_id: str = "", **fields: Any) -> str:
    """Declare or change an alert rule; returns its id."""
    written = {**({} if rule_id else HIGH), **fields}
    command = DeclareRule(name=name, written=written, rule_id=rule_id)
    made: str = post.station.do(command, actor="Ann Rule")[0]
    return made


def rules_of_all_kinds(post: Post) -> list[str]:
    """Rules as declared, changed, switched off, of another, and taken away; the ids of the rest."""
    mark = post.origin[:6]
    plain, changed, off, gone = (declare(post, f"{n} {mark}") for n in ("load", "b", "c", "d"))
    of = {"mode": "any", "of": [{"rule": plain}, {"rule": changed}]}
    whole = declare(post, f"e {mark}", rule_type="composite", conditions=of, escalation_policy="")
    declare(post, f"renamed {mark}", changed, severity="emergency", notification_channels=[])
    declare(post, "", off, is_active=False)
    post.station.do(RemoveRule(rule_id=gone))
    return [plain, changed, off, whole]


def busy(post: Post, steps: int = 15) -> None:
    """Work of every kind, with what the random workload leaves out."""
    station = post.station
    station.add_contact(method=f"m-{post.origin[:4]}")
    rules_of_all_kinds(post)
    station.do(PublishProcedure(name=f"Fail over {post.origin[:4]}", content=PROCEDURE))
    station.work_at_random(steps)
    incident = station.do(
        c.OpenIncident(
            title="Ünïcode \\u0000 'quote' \U0001f525",
            severity="critical",
            commander="Klára Langová",
            response_team=["Jonas Weber", "Ana Sá"],
            alerts=station.fire(3, first=50),
        )
    )[0]
    changes = {
        "communication_lead": "Ana Sá",
        "financial_impact_cents": 123_456_789,
        "user_impact_count": 40_000,
        "lessons_learned": "line\nline",
    }
    station.do(c.EditIncident(incident_id=incident, changes=changes))
    update = station.do(c.PostUpdate(incident_id=incident, title="seen", is_public=True))[0]
    hidden = station.do(c.PostUpdate(incident_id=incident, title="wrong", is_public=True))[0]
    station.do(c.EditUpdate(update_id=update, changes={"title": "seen again"}))
    station.do(c.EditUpdate(update_id=hidden, changes={"hidden": True}))
    station.do(c.EditIncident(incident_id=incident, changes={"response_team": ["Ana Sá"]}))

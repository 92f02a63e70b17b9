"""Writes events of one believable incident, as an engine would, without an engine."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.context.catalogue import Catalogue
from crisisdesk.domain.event import Event
from crisisdesk.domain.fold import State, fold
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.update import IncidentUpdate

ORIGIN = "0" * 31 + "1"
INCIDENT = "INC-7K3QX2M9"
MINUTE = 60_000
# 2026-02-12 02:05:02 UTC.
START = 1_770_861_902_000


class LogBook:
    """Numbers events and keeps them; ``at`` is in milliseconds after ``START``."""

    def __init__(self, origin: str = ORIGIN) -> None:
        self.origin = origin
        self.events: list[Event] = []
        self.catalogue = Catalogue()

    def write(
        self,
        aggregate: str,
        kind: str,
        body: dict[str, Any],
        *,
        at: int,
        actor: str = "Klára Langová",
    ) -> Event:
        """Append one event."""
        seq = len(self.events) + 1
        wall = START + at
        event = Event(
            origin=self.origin,
            seq=seq,
            hlc=(wall << 16) + seq,
            id=f"{self.origin[-4:]}{seq:08x}",
            agg=aggregate,
            kind=kind,
            actor=actor,
            wall_ms=wall,
            body=body,
        )
        self.events.append(event)
        return event

    def fire(
        self,
        alert: str,
        *,
        at: int,
        service: str,
        title: str,
        severity: str = "critical",
        no: int = 1,
    ) -> None:
        """An alert's epoch ``no`` begins."""
        body = {
            "source": "prometheus",
            "key": alert,
            "epoch": f"{alert}/{no}",
            "severity": severity,
            "title": title,
            "service": service,
            "place": "fra1",
            "sla_deadline": START + at + 5 * MINUTE,
            "sla_prealarm_at": START + at + 4 * MINUTE,
        }
        self.write(alert, "alert.fired", body, at=at, actor="prometheus")

    def of(self, aggregate: str) -> list[Event]:
        """The events of one aggregate."""
        return [event for event in self.events if event.agg == aggregate]

    def state(self, aggregate: str) -> State:
        """What those events amount to."""
        state = fold(self.of(aggregate))
        assert state is not None
        return state

    def incident(self) -> Incident:
        """The incident."""
        state = self.state(INCIDENT)
        assert isinstance(state, Incident)
        return state

    def updates(self) -> list[IncidentUpdate]:
        """Its updates."""
        ids = dict.fromkeys(e.agg for e in self.events if e.kind.startswith("update."))
        states = [self.state(i) for i in ids]
        return [s for s in states if isinstance(s, IncidentUpdate)]


def split_brain() -> LogBook:
    """An hour of an orders database that lost its standby: alerts, notes, a hand-over, an end."""
    log = LogBook()
    write = log.write
    log.fire("A-DBPRIMARY0001", at=-90 * MINUTE, service="db-primary", title="Disk 80 % full")
    write(
        "A-DBPRIMARY0001",
        "alert.resolved",
        {"epoch": "A-DBPRIMARY0001/1", "reason": "space freed"},
        at=-80 * MINUTE,
    )
    log.fire(
        "A-DBPRIMARY0001",
        at=0,
        service="db-primary",
        title="Replication to db-standby-fra2 stopped",
        no=2,
    )
    write(
        "A-DBPRIMARY0001",
        "alert.repeated",
        {"epoch": "A-DBPRIMARY0001/2", "n": 36},
        at=MINUTE,
        actor="prometheus",
    )
    write(
        "A-DBPRIMARY0001",
        "alert.acknowledged",
        {"epoch": "A-DBPRIMARY0001/2"},
        at=58_000,
    )
    log.fire(
        "A-ORDERSDB00001",
        at=2 * MINUTE,
        service="orders-db",
        title="Write latency p99 8.4 s, limit 2 s",
    )
    write(
        INCIDENT,
        "incident.opened",
        {
            "title": "Orders database split after link loss",
            "description": "fra2 stopped following at 02:04:31 when the link to fra1 broke.",
            "severity": "critical",
            "category": "availability",
            "priority": "p2",
            "impact": "high",
            "commander": "Klára Langová",
            "response_team": ["Mateo Ruiz", "Priya Nair"],
            "alerts": ["A-DBPRIMARY0001"],
        },
        at=5 * MINUTE + 38_000,
    )
    write(INCIDENT, "incident.alert_linked", {"alert_id": "A-ORDERSDB00001"}, at=6 * MINUTE)
    _notes(log)
    return log


def _notes(log: LogBook) -> None:
    write = log.write
    note: dict[str, Any] = {"incident_id": INCIDENT, "update_type": "note"}
    write(
        "U-0000000000000001",
        "update.posted",
        {
            **note,
            "title": "Lag on fra2 holds at 41 s, no new loss since writes were frozen.",
            "happened_at": START + 9 * MINUTE,
        },
        at=9 * MINUTE + 30_000,
        actor="Priya Nair",
    )
    write(
        INCIDENT, "incident.responded", {"update_id": "U-0000000000000001"}, at=9 * MINUTE + 30_000
    )
    status = {"life": 1}
    write(
        INCIDENT, "incident.status_changed", {"status": "investigating", **status}, at=10 * MINUTE
    )
    edit = {"field": "user_impact_count", "value": 18_400, "base": ""}
    write(INCIDENT, "incident.edited", edit, at=12 * MINUTE)
    edit = {"field": "financial_impact_cents", "value": 4_020_000, "base": ""}
    write(INCIDENT, "incident.edited", edit, at=12 * MINUTE + 4_000)
    write(
        "U-0000000000000002",
        "update.posted",
        {
            "incident_id": INCIDENT,
            "update_type": "communication",
            "title": "“Orders may fail. We are moving to a second site.”",
            "description": "In en, cs, de and es on both status pages; SMS to affected customers.",
            "happened_at": START + 15 * MINUTE,
            "is_public": True,
        },
        at=15 * MINUTE,
        actor="Aiko Tanaka",
    )
    write(
        "U-0000000000000003",
        "update.posted",
        {
            "incident_id": INCIDENT,
            "update_type": "decision",
            "title": "promote fra2 and lose up to 41 s, rather than wait for fra1.",
            "happened_at": START + 17 * MINUTE,
            "is_pinned": True,
        },
        at=17 * MINUTE,
    )
    write(
        "U-0000000000000003",
        "update.edited",
        {"title": "promote fra2 and lose up to 41 s of orders, rather than wait for fra1."},
        at=18 * MINUTE,
    )
    write(INCIDENT, "incident.status_changed", {"status": "identified", **status}, at=20 * MINUTE)
    write(
        INCIDENT,
        "incident.commander_named",
        {"commander": "Mateo Ruiz", "generation": 2},
        at=24 * MINUTE,
    )
    log.fire(
        "A-CHECKOUT00001",
        at=25 * MINUTE,
        service="checkout-api",
        title="Error rate 12.4 %, limit 2 %",
        severity="high",
    )
    write(INCIDENT, "incident.alert_linked", {"alert_id": "A-CHECKOUT00001"}, at=26 * MINUTE)
    write(
        "A-ORDERSDB00001",
        "alert.resolved",
        {"epoch": "A-ORDERSDB00001/1", "reason": "latency back to 0.2 s"},
        at=28 * MINUTE,
        actor="prometheus",
    )
    write(
        "A-CHECKOUT00001",
        "alert.sla_breached",
        {"epoch": "A-CHECKOUT00001/1", "life": 1, "deadline": START + 30 * MINUTE},
        at=30 * MINUTE,
        actor="engine",
    )

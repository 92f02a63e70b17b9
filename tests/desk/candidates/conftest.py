"""Candidates at a desk whose engine and reader answer within the call."""

from __future__ import annotations

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.room import IncidentsRoom
from crisisdesk.desk.look.theme import Look
from crisisdesk.domain.event import Event

from tests.desk.incidents.desk_stand_in import NOW_AFTER, StandInDesk, change_of
from tests.domain.incident_log import MINUTE, START, LogBook, split_brain

DB, HALL = "CAN-DB", "CAN-HALL"


def fire(log: LogBook, name: str, severity: str, service: str, at: int) -> Event:
    body = {
        "source": "alertmanager",
        "key": name,
        "epoch": "n1",
        "severity": severity,
        "title": f"Trouble {name[-1]}",
        "service": service,
        "place": "fra1",
        "sla_deadline": START + 99 * MINUTE,
        "sla_prealarm_at": START + 90 * MINUTE,
    }
    return log.write(name, "alert.fired", body, at=at)


def propose(log: LogBook, name: str, *alerts: str, at: int, **more: Any) -> Event:
    body = {
        "rule": "same service",
        "group": {"service": "db-main"},
        "why": "3 alerts or more with the same service, begun within 5 min",
        "name": "{count} related alerts on {service}",
        "opened_at": START + at - 2 * MINUTE,
        "alerts": list(alerts),
        "services": ["db-main"],
        "worst": "critical",
        "rest_ms": 35 * MINUTE,
        **more,
    }
    return log.write(name, "candidate.proposed", body, at=at)


@pytest.fixture
def log() -> LogBook:
    """The believable hour, and three alerts that are proposed as an incident."""
    log = split_brain()
    fire(log, "A-X1", "critical", "db-main", 30 * MINUTE)
    fire(log, "A-X2", "high", "db-main", 31 * MINUTE)
    fire(log, "A-X3", "medium", "db-main", 32 * MINUTE)
    propose(log, DB, "A-X1", "A-X2", "A-X3", at=32 * MINUTE)
    return log


@pytest.fixture
def desk(log: LogBook) -> StandInDesk:
    return StandInDesk(log, START + NOW_AFTER)


@pytest.fixture
def room(look: Look, desk: StandInDesk, log: LogBook, qtbot: QtBot) -> IncidentsRoom:
    """The incidents room, shown."""
    room = IncidentsRoom(desk)
    qtbot.addWidget(room)
    room.resize(1228, 674)
    room.show()
    room.on_snapshot(change_of(log))
    return room

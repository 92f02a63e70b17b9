"""Signs of life: who is in charge, what each of their deeds renews, and by how much."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.alert import Alert
from crisisdesk.engine import commands as c
from crisisdesk.engine.hold_commands import MindHolds

from tests.engine.handlers.test_escalating import MINUTE, fire
from tests.store.workload import Station

SAM, PRIYA = "Sam", "Priya"


def alert_of(station: Station, alert_id: str) -> Alert:
    return station.bench.need(Alert, alert_id, "alert_id")


def ack(station: Station, alert_id: str, who: str = SAM) -> Any:
    return station.do(c.AcknowledgeAlerts(alert_ids=[alert_id]), actor=who)[0]


def hold_left(station: Station, alert_id: str) -> int:
    """Whole minutes that it still holds, from the last command on."""
    until = alert_of(station, alert_id).hold_until
    assert until is not None
    return (until - station.now_ms) // MINUTE


@pytest.mark.parametrize(
    ("severity", "minutes"), [("high", 120), ("critical", 30), ("emergency", 15)]
)
def test_an_acknowledgement_holds_by_severity(
    station: Station, severity: str, minutes: int
) -> None:
    alert_id = fire(station, severity=severity)
    assert ack(station, alert_id) == [alert_id]
    assert hold_left(station, alert_id) == minutes


def test_what_pages_nobody_holds_without_end(station: Station) -> None:
    alert_id = fire(station, severity="medium")
    ack(station, alert_id)
    assert alert_of(station, alert_id).hold_until is None


@pytest.mark.parametrize(
    "deed",
    [
        lambda a: c.NoteAlert(alert_id=a, text="restarting"),
        lambda a: c.InvestigateAlert(alert_id=a),
        lambda a: c.EditAlert(alert_id=a, changes={"title": "worse than it looked"}),
        lambda a: c.AcknowledgeAlerts(alert_ids=[a]),
    ],
)
def test_whatever_its_owner_does_to_it_renews_it(station: Station, deed: Any) -> None:
    alert_id = fire(station)
    ack(station, alert_id)
    station.now_ms += 20 * MINUTE
    station.do(deed(alert_id), actor=SAM)
    assert hold_left(station, alert_id) == 30


def test_acknowledging_again_is_no_change_to_be_undone(station: Station) -> None:
    alert_id = fire(station)
    ack(station, alert_id)
    assert ack(station, alert_id) == []


def test_a_note_of_somebody_else_renews_nothing(station: Station) -> None:
    alert_id = fire(station)
    ack(station, alert_id)
    station.now_ms += 20 * MINUTE
    station.do(c.NoteAlert(alert_id=alert_id, text="saw it"), actor=PRIYA)
    assert hold_left(station, alert_id) == 9


@pytest.mark.parametrize("who", [SAM, PRIYA])
def test_work_on_its_incident_renews_it(station: Station, who: str) -> None:
    alert_id = fire(station)
    ack(station, alert_id)
    order = c.EscalateAlert(alert_id=alert_id, commander=PRIYA)
    incident_id = station.do(order, actor=SAM)[0]
    station.now_ms += 20 * MINUTE
    station.do(c.PostUpdate(incident_id=incident_id, title="Failover"), actor=who)
    assert hold_left(station, alert_id) == 30
    station.now_ms += 20 * MINUTE
    changes = {"root_cause": "a full disk"}
    station.do(c.EditIncident(incident_id=incident_id, changes=changes), actor=who)
    assert hold_left(station, alert_id) == 30


def test_a_busy_timeline_does_not_fill_the_logs_of_its_alerts(station: Station) -> None:
    alert_id = fire(station)
    incident_id = station.do(c.EscalateAlert(alert_id=alert_id), actor=SAM)[0]
    before = len(station.journal.story(alert_id)[1])
    for _ in range(60):
        station.now_ms += MINUTE
        station.do(c.PostUpdate(incident_id=incident_id, title="Still at it"), actor=SAM)
        station.do(MindHolds(), actor="engine")
        assert hold_left(station, alert_id) >= 19
    # One for each third of its time.
    assert len(station.journal.story(alert_id)[1]) - before <= 6


def test_a_passer_by_or_a_closed_incident_renews_nothing(station: Station) -> None:
    alert_id = fire(station)
    incident_id = station.do(c.EscalateAlert(alert_id=alert_id), actor=SAM)[0]
    station.now_ms += 20 * MINUTE
    station.do(c.PostUpdate(incident_id=incident_id, title="hello"), actor="Zoë")
    station.do(c.ChangeIncidentStatus(incident_id=incident_id, status="closed"), actor=SAM)
    assert hold_left(station, alert_id) == 9


@pytest.mark.parametrize("by", ["operator", "source"])
def test_what_becomes_worse_holds_no_longer_than_the_worse_may(station: Station, by: str) -> None:
    alert_id = fire(station, severity="high")
    ack(station, alert_id)
    if by == "operator":
        edit = c.EditAlert(alert_id=alert_id, changes={"severity": "emergency"})
        station.do(edit, actor=PRIYA)
    else:
        fire(station, severity="emergency")
    assert hold_left(station, alert_id) == 15


def test_what_begins_to_page_while_somebody_has_it_gets_an_end(station: Station) -> None:
    alert_id = fire(station, severity="low")
    ack(station, alert_id)
    fire(station, severity="critical")
    assert hold_left(station, alert_id) == 30


def test_a_sources_own_acknowledgement_has_an_end_too(station: Station) -> None:
    alert_id = fire(station)
    from crisisdesk.domain.signal import SignalAction

    fire(station, action=SignalAction.ACKNOWLEDGE)
    assert alert_of(station, alert_id).owner == "source:test"
    assert hold_left(station, alert_id) == 30

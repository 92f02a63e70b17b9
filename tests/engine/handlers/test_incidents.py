"""Incidents: declaring, climbing the ladder, editing, the timeline, and every refusal."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.errors import Conflict, Malformed, NotFound
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.update import IncidentUpdate
from crisisdesk.engine import commands as c

from tests.store.workload import Station


def incident(station: Station, incident_id: str) -> Incident:
    state = station.bench.get(incident_id)
    assert isinstance(state, Incident)
    return state


def only(results: list[Any]) -> Any:
    return results[0]


@pytest.fixture
def opened(station: Station) -> str:
    """One open incident."""
    made: str = only(station.do(c.OpenIncident(title="Orders split", severity="critical")))
    return made


def test_declaring_takes_the_declarer_as_commander(station: Station, opened: str) -> None:
    one = incident(station, opened)
    assert (one.commander, one.priority, one.impact, one.status) == (
        "Klára Langová",
        "p2",
        "high",
        "open",
    )


def test_escalating_acknowledges_and_attaches(station: Station) -> None:
    alert_id = station.fire(1, first=3)[0]
    made = only(station.do(c.EscalateAlert(alert_id=alert_id, commander="Mateo Ruiz")))
    one, alert = incident(station, made), station.bench.get(alert_id)
    assert isinstance(alert, Alert)
    assert (one.alerts, one.commander, one.severity) == ([alert_id], "Mateo Ruiz", "critical")
    assert (alert.incident_id, alert.status) == (made, "acknowledged")


def test_escalating_twice_answers_with_the_same_incident(station: Station) -> None:
    alert_id = station.fire(1)[0]
    first = only(station.do(c.EscalateAlert(alert_id=alert_id)))
    assert only(station.do(c.EscalateAlert(alert_id=alert_id))) == first


def test_the_ladder_goes_up_and_only_a_reopening_goes_back(station: Station, opened: str) -> None:
    station.do(c.ChangeIncidentStatus(incident_id=opened, status="identified"))
    back = only(station.do(c.ChangeIncidentStatus(incident_id=opened, status="open")))
    assert isinstance(back, Conflict)
    station.do(
        c.ChangeIncidentStatus(incident_id=opened, status="resolved", resolution_summary="promoted")
    )
    one = incident(station, opened)
    assert (one.status, one.resolution_summary) == ("resolved", "promoted")
    assert one.resolved_at is not None
    station.do(c.ReopenIncident(incident_id=opened, reason="came back"))
    assert (incident(station, opened).status, incident(station, opened).life) == (
        "investigating",
        2,
    )
    assert isinstance(only(station.do(c.ReopenIncident(incident_id=opened))), Conflict)


def test_closing_at_once_counts_as_resolved_too(station: Station, opened: str) -> None:
    station.do(c.ChangeIncidentStatus(incident_id=opened, status="closed"))
    one = incident(station, opened)
    assert one.resolved_at == one.closed_at is not None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"severity": "huge"}, "severity"),
        ({"category": "weather"}, "category"),
        ({"user_impact_count": -1}, "user_impact_count"),
        ({"user_impact_count": True}, "user_impact_count"),
        ({"financial_impact_cents": "much"}, "financial_impact_cents"),
        ({"response_team": "me"}, "response_team"),
        ({"response_team": [""]}, "response_team[0]"),
        ({"created_at": 5}, "created_at"),
        ({"title": ""}, "title"),
    ],
)
def test_a_bad_edit_names_the_field_and_changes_nothing(
    station: Station, opened: str, changes: dict[str, Any], field: str
) -> None:
    before = incident(station, opened)
    order = c.EditIncident(incident_id=opened, changes={"root_cause": "x", **changes})
    refused = only(station.do(order))
    assert isinstance(refused, Malformed)
    assert refused.field == field
    assert incident(station, opened) == before


def test_edits_reach_fields_commander_and_team(station: Station, opened: str) -> None:
    changes = {
        "user_impact_count": 18_400,
        "financial_impact_cents": 4_020_000,
        "commander": "Aiko Tanaka",
        "response_team": ["Priya Nair", "Mateo Ruiz"],
    }
    station.do(c.EditIncident(incident_id=opened, changes=changes))
    station.do(c.EditIncident(incident_id=opened, changes={"response_team": ["Priya Nair"]}))
    one = incident(station, opened)
    assert (one.user_impact_count, one.financial_impact_cents) == (18_400, 4_020_000)
    assert (one.commander, one.commander_generation) == ("Aiko Tanaka", 2)
    assert one.response_team == ["Priya Nair"]
    station.do(c.EditIncident(incident_id=opened, changes={"financial_impact_cents": None}))
    assert incident(station, opened).financial_impact_cents is None


def test_alerts_are_attached_and_taken_off(station: Station, opened: str) -> None:
    alert_id = station.fire(1)[0]
    station.do(c.LinkAlert(incident_id=opened, alert_id=alert_id))
    station.do(c.LinkAlert(incident_id=opened, alert_id=alert_id))
    assert incident(station, opened).alerts == [alert_id]
    station.do(c.LinkAlert(incident_id=opened, alert_id=alert_id, linked=False))
    assert incident(station, opened).alerts == []


def test_the_first_update_is_the_first_response(station: Station, opened: str) -> None:
    happened = station.now_ms - 60_000
    order = c.PostUpdate(incident_id=opened, title="Lag holds", happened_at=happened)
    update_id = only(station.do(order, actor="Priya Nair"))
    update = station.bench.get(update_id)
    assert isinstance(update, IncidentUpdate)
    assert (update.author, update.happened_at) == ("Priya Nair", happened)
    assert update.logged_at > update.happened_at
    assert incident(station, opened).first_response_at == update.logged_at


def test_an_update_is_edited_with_its_history_kept(station: Station, opened: str) -> None:
    update_id = only(station.do(c.PostUpdate(incident_id=opened, title="Lag 41 s")))
    changes = {"title": "Lag 44 s", "is_public": True}
    station.do(c.EditUpdate(update_id=update_id, changes=changes))
    update = station.bench.get(update_id)
    assert isinstance(update, IncidentUpdate)
    assert (update.title, update.is_public, update.edits) == ("Lag 44 s", True, 1)
    bad = only(station.do(c.EditUpdate(update_id=update_id, changes={"author": "me"})))
    assert isinstance(bad, Malformed)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"update_type": "gossip"}, "update_type"),
        ({"title": ""}, "title"),
        ({"happened_at": 2**62}, "happened_at"),
    ],
)
def test_a_bad_update_names_the_field(
    station: Station, opened: str, given: dict[str, Any], field: str
) -> None:
    refused = only(station.do(c.PostUpdate(**({"incident_id": opened, "title": "x"} | given))))
    assert isinstance(refused, Malformed)
    assert refused.field == field


def test_unknown_things_are_not_found(station: Station, opened: str) -> None:
    for order in (
        c.OpenIncident(title="x", severity="major", alerts=["A-NONE"]),
        c.EscalateAlert(alert_id="A-NONE"),
        c.ChangeIncidentStatus(incident_id="INC-NONE", status="closed"),
        c.LinkAlert(incident_id=opened, alert_id="A-NONE"),
        c.EditUpdate(update_id="U-NONE", changes={"title": "x"}),
    ):
        assert isinstance(only(station.do(order)), NotFound)
    unknown = c.ChangeIncidentStatus(incident_id=opened, status="finished")
    assert isinstance(only(station.do(unknown)), Malformed)

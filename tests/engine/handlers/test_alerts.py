"""The life of an alert: every order, its refusals, and what the clocks decide."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.errors import Conflict, Malformed, NotFound
from crisisdesk.domain.signal import SignalAction
from crisisdesk.engine import commands as c

from tests.store.workload import Station, signal

MINUTE = 60_000


def alert(station: Station, alert_id: str) -> Alert:
    state = station.bench.get(alert_id)
    assert isinstance(state, Alert)
    return state


def only(results: list[Any]) -> Any:
    return results[0]


@pytest.fixture
def firing(station: Station) -> str:
    """One firing high alert."""
    ids: list[str] = only(station.do(c.TakeIn(signals=[signal(2, severity="high")])))
    return ids[0]


def test_acknowledging_names_the_owner_and_the_response_time(station: Station, firing: str) -> None:
    station.now_ms += 90_000
    assert only(station.do(c.AcknowledgeAlerts(alert_ids=[firing], note="on it"))) == [firing]
    one = alert(station, firing)
    assert (one.owner, one.status) == ("Klára Langová", "acknowledged")
    assert one.response_ms is not None
    assert 90_000 <= one.response_ms < 90_100


def test_a_second_acknowledgement_is_remembered_beside_the_first(
    station: Station, firing: str
) -> None:
    station.do(c.AcknowledgeAlerts(alert_ids=[firing]))
    assert only(station.do(c.AcknowledgeAlerts(alert_ids=[firing]), actor="Mateo Ruiz")) == [firing]
    assert only(station.do(c.AcknowledgeAlerts(alert_ids=[firing]), actor="Mateo Ruiz")) == []
    one = alert(station, firing)
    assert (one.owner, one.also_acknowledged_by) == ("Klára Langová", ["Mateo Ruiz"])


def test_acknowledging_several_is_all_or_nothing(station: Station, firing: str) -> None:
    other = only(station.do(c.TakeIn(signals=[signal(3)])))[0]
    station.do(c.ResolveAlert(alert_id=other))
    refused = only(station.do(c.AcknowledgeAlerts(alert_ids=[firing, other])))
    assert isinstance(refused, Conflict)
    assert alert(station, firing).status == "active"


def test_acknowledging_an_epoch_that_is_over_is_refused(station: Station, firing: str) -> None:
    refused = only(station.do(c.AcknowledgeAlerts(alert_ids=[firing], epochs=["n7"])))
    assert isinstance(refused, Conflict)
    assert refused.field == "epoch"
    wrong = only(station.do(c.AcknowledgeAlerts(alert_ids=[firing], epochs=["n1", "n1"])))
    assert isinstance(wrong, Malformed)


def test_an_unknown_alert_is_not_found(station: Station) -> None:
    refused = only(station.do(c.AcknowledgeAlerts(alert_ids=["A-000000000000"])))
    assert isinstance(refused, NotFound)
    assert refused.field == "alert_id"


def test_taking_back_brings_the_alert_back_to_nobody(station: Station, firing: str) -> None:
    station.do(c.InvestigateAlert(alert_id=firing))
    assert only(station.do(c.UnacknowledgeAlerts(alert_ids=[firing]))) == [firing]
    one = alert(station, firing)
    assert (one.status, one.owner, one.response_ms) == ("active", "", None)
    assert only(station.do(c.UnacknowledgeAlerts(alert_ids=[firing]))) == []


def test_the_whole_ladder_and_back(station: Station, firing: str) -> None:
    for order, status in (
        (c.AcknowledgeAlerts(alert_ids=[firing]), "acknowledged"),
        (c.InvestigateAlert(alert_id=firing), "investigating"),
        (c.ResolveAlert(alert_id=firing, reason="restarted"), "resolved"),
        (c.CloseAlert(alert_id=firing), "closed"),
        (c.ReopenAlert(alert_id=firing, reason="back"), "active"),
    ):
        station.do(order)
        assert alert(station, firing).status == status
    one = alert(station, firing)
    assert (one.life, one.owner, one.resolved_at) == (2, "", None)
    assert one.sla_deadline == one.detected_at + 15 * MINUTE


def test_orders_out_of_place_are_refused_in_words(station: Station, firing: str) -> None:
    assert isinstance(only(station.do(c.ReopenAlert(alert_id=firing))), Conflict)
    station.do(c.CloseAlert(alert_id=firing))
    assert isinstance(only(station.do(c.ResolveAlert(alert_id=firing))), Conflict)
    assert isinstance(only(station.do(c.InvestigateAlert(alert_id=firing))), Conflict)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"severity": "terrible"}, "severity"),
        ({"alert_type": "weather"}, "alert_type"),
        ({"title": " "}, "title"),
        ({"title": 7}, "title"),
        ({"status": "closed"}, "status"),
        ({"description": "x" * 20_001}, "description"),
        ({"impact_scope": {"a": "\0"}}, "impact_scope.a"),
    ],
)
def test_a_bad_edit_names_the_field_and_changes_nothing(
    station: Station, firing: str, changes: dict[str, Any], field: str
) -> None:
    before = alert(station, firing)
    refused = only(station.do(c.EditAlert(alert_id=firing, changes={"title": "New", **changes})))
    assert isinstance(refused, Malformed)
    assert refused.field == field
    assert alert(station, firing) == before


def test_an_edited_severity_moves_the_deadline_of_an_unowned_alert(
    station: Station, firing: str
) -> None:
    station.do(c.EditAlert(alert_id=firing, changes={"severity": "emergency"}))
    one = alert(station, firing)
    assert (one.severity, one.sla_deadline) == ("emergency", one.detected_at + 2 * MINUTE)


def test_a_note_needs_words(station: Station, firing: str) -> None:
    assert isinstance(only(station.do(c.NoteAlert(alert_id=firing, text="  "))), Malformed)
    assert only(station.do(c.NoteAlert(alert_id=firing, text="rang them"))) is None


def test_the_clock_warns_then_records_the_breach_once(station: Station, firing: str) -> None:
    station.now_ms = alert(station, firing).sla_prealarm_at
    assert only(station.do(c.MindDueAlerts())) == 1
    assert alert(station, firing).sla_prealarmed
    station.now_ms = alert(station, firing).sla_deadline
    assert only(station.do(c.MindDueAlerts())) == 1
    assert only(station.do(c.MindDueAlerts())) == 0
    assert alert(station, firing).sla_breached_at == alert(station, firing).sla_deadline


def test_an_acknowledged_alert_breaches_nothing(station: Station, firing: str) -> None:
    station.do(c.AcknowledgeAlerts(alert_ids=[firing]))
    station.now_ms += 24 * 60 * MINUTE
    assert only(station.do(c.MindDueAlerts())) == 0


def test_a_source_that_falls_silent_resolves_its_alert(station: Station) -> None:
    ends = station.now_ms + 5 * MINUTE
    alert_id = only(station.do(c.TakeIn(signals=[signal(9, severity="low", ends_at=ends)])))[0]
    station.now_ms = ends
    station.do(c.MindDueAlerts(), actor="engine")
    one = alert(station, alert_id)
    assert (one.status, one.resolved_by) == ("resolved", "engine")
    assert "stopped" in one.resolution


def test_a_source_may_resolve_what_somebody_holds(station: Station, firing: str) -> None:
    station.do(c.AcknowledgeAlerts(alert_ids=[firing]))
    over = signal(2, severity="high", action=SignalAction.RESOLVE)
    station.do(c.TakeIn(signals=[over]), actor="source:test")
    assert alert(station, firing).resolved_by == "source:test"

"""What incidents name follows the bench; what is suspected is measured once in a while."""

from __future__ import annotations

from crisisdesk.engine import commands as c
from crisisdesk.engine.channels_at_hand import MEASURED_FOR_MS, ChannelsAtHand

from tests.engine.handlers.test_reaching import _named
from tests.store.workload import Station


def named(station: Station) -> list[str]:
    return [name for one in station.bench.at_hand.channels.named() for name in one.names]


def test_an_incident_names_its_category_and_what_its_alerts_are_about(station: Station) -> None:
    alert_id = _named(station, "dns")
    assert named(station) == []
    incident_id = station.do(c.EscalateAlert(alert_id=alert_id))[0]
    assert named(station) == ["availability", "dns", "frankfurt"]
    edit = c.EditIncident(incident_id=incident_id, changes={"category": "physical"})
    station.do(edit)
    assert named(station)[0] == "physical"
    station.do(c.ChangeIncidentStatus(incident_id=incident_id, status="closed"))
    assert named(station) == []


def test_what_is_taken_back_never_was(station: Station) -> None:
    alert_id = _named(station, "dns")
    station.bench.begin("Ann", station.now_ms)
    station.bench.emit("INC-1", "incident.opened", {"title": "t", "severity": "minor"})
    station.bench.emit(alert_id, "alert.escalated", {"incident_id": "INC-1"})
    assert named(station) == ["availability"]
    station.bench.take_back()
    assert named(station) == []


def test_a_measure_holds_for_a_while_and_not_when_the_clock_went_back(station: Station) -> None:
    hand, asked = ChannelsAtHand(station.journal), []

    def measure() -> frozenset[str]:
        asked.append(1)
        return frozenset({"dns"})

    for at in (0, 1, MEASURED_FOR_MS - 1):
        assert hand.suspected(at, measure) == {"dns"}
    assert len(asked) == 1
    hand.suspected(MEASURED_FOR_MS, measure)
    hand.suspected(MEASURED_FOR_MS - 1, measure)
    assert len(asked) == 3

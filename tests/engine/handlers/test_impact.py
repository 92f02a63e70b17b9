"""What an incident's impact is when it is declared."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.incident import Incident
from crisisdesk.engine.commands import EditIncident, EscalateAlert, OpenIncident, TakeIn
from crisisdesk.engine.escalation_commands import PublishPolicy, WithdrawPolicy

from tests.store.workload import Station, signal

CATALOGUE: dict[str, Any] = {
    "kind": "catalogue",
    "services": {
        "db": {},
        "shop": {"depends_on": ["db"], "users": 9_000, "money_per_minute": "120.50"},
    },
}


def incident(station: Station, incident_id: str) -> Incident:
    state = station.bench.get(incident_id)
    assert isinstance(state, Incident)
    return state


def fire(station: Station, service: str, number: int = 1) -> str:
    alert_id: str = station.do(TakeIn(signals=[signal(number, service=service)]))[0][0]
    return alert_id


def test_declared_of_an_alert_it_has_what_the_catalogue_says_and_the_reason(
    station: Station,
) -> None:
    station.do(PublishPolicy(name="Shop", content=CATALOGUE))
    alert_id = fire(station, "db")
    station.now_ms += 4 * 60_000
    declared = incident(station, station.do(EscalateAlert(alert_id=alert_id))[0])
    assert declared.user_impact_count == 9_000
    assert declared.financial_impact_cents == 4 * 12_050 + 12_050 * 7 // 60_000
    assert "while db is out" in declared.business_impact
    assert "shop, because it depends on db" in declared.business_impact


def test_whoever_knows_better_says_so_and_it_stands(station: Station) -> None:
    station.do(PublishPolicy(name="Shop", content=CATALOGUE))
    made = station.do(EscalateAlert(alert_id=fire(station, "db")))[0]
    changes = {"user_impact_count": 12, "financial_impact_cents": None, "business_impact": "Few"}
    station.do(EditIncident(incident_id=made, changes=changes))
    edited = incident(station, made)
    assert (edited.user_impact_count, edited.financial_impact_cents) == (12, None)
    assert (edited.business_impact, edited.overwritten) == ("Few", [])


def test_without_a_word_in_the_catalogue_the_fields_stay_empty(station: Station) -> None:
    def fields(incident_id: str) -> tuple[int, str, int | None]:
        found = incident(station, incident_id)
        return (found.user_impact_count, found.business_impact, found.financial_impact_cents)

    empty = (0, "", None)
    assert fields(station.do(EscalateAlert(alert_id=fire(station, "db")))[0]) == empty
    version = station.do(PublishPolicy(name="Shop", content=CATALOGUE))[0]
    assert fields(station.do(EscalateAlert(alert_id=fire(station, "mail", 2)))[0]) == empty
    assert fields(station.do(OpenIncident(title="X", severity="major"))[0]) == empty
    station.do(WithdrawPolicy(version_id=version))
    assert fields(station.do(EscalateAlert(alert_id=fire(station, "db", 3)))[0]) == empty


def test_several_alerts_count_each_service_once_from_the_first_on(station: Station) -> None:
    station.do(PublishPolicy(name="Shop", content=CATALOGUE))
    alerts = [fire(station, "db"), fire(station, "shop", 2)]
    station.now_ms += 60_000
    order = OpenIncident(title="Shop is down", severity="major", alerts=alerts)
    declared = incident(station, station.do(order)[0])
    assert declared.user_impact_count == 9_000
    assert declared.financial_impact_cents is not None
    assert 12_050 <= declared.financial_impact_cents < 12_100

"""The impact of an incident out of the station's file: this one, and what others spent before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crisisdesk.engine import commands as c
from crisisdesk.engine.escalation_commands import PublishPolicy
from crisisdesk.store.queries import StationReader
from crisisdesk.store.queries.incident_impact import read_impact

from tests.store.workload import START, Station, signal

MINUTE_MS = 60_000
CATALOGUE: dict[str, Any] = {
    "kind": "catalogue",
    "services": {
        "db": {"availability": "99.9"},
        "shop": {"depends_on": ["db"], "users": 900, "money_per_minute": "2.00"},
    },
}


@pytest.fixture
def station(tmp_path: Path) -> Any:
    station = Station(tmp_path / "data", now_ms=START)
    station.do(PublishPolicy(name="Ctx", content=CATALOGUE), actor="Ann")
    yield station
    station.close()


def incident(station: Station, number: int, service: str = "db") -> str:
    (alert_id,) = station.do(c.TakeIn(signals=[signal(number, service=service)]))[0]
    made: Any = station.do(
        c.OpenIncident(title="Out", severity="major", alerts=[alert_id]), actor="Ann"
    )
    return str(made[0])


def test_this_one_and_those_before_it_spend_the_budget(station: Station) -> None:
    first = incident(station, 1)
    station.now_ms = START + 10 * MINUTE_MS
    station.do(c.ChangeIncidentStatus(incident_id=first, status="resolved"), actor="Ann")
    station.now_ms = START + 60 * MINUTE_MS
    second = incident(station, 2)
    station.now_ms = START + 65 * MINUTE_MS
    reader = StationReader(station.path)
    try:
        found = read_impact(reader, second, station.now_ms)
        assert found is not None
        [promise] = found.promises
        assert promise.service == "db"
        assert round(promise.before_ms / MINUTE_MS) == 10
        assert round(promise.by_this_ms / MINUTE_MS) == 5
        assert promise.is_out
        assert promise.breaches_at is not None
        assert round((promise.breaches_at - station.now_ms) / MINUTE_MS) == 28
        assert [a.service for a in found.impact.services] == ["db", "shop"]
        assert found.impact.users == 900
        # Each order of the workload takes a millisecond of its own.
        assert found.impact.money_cents == pytest.approx(1_000, abs=2)
        over = read_impact(reader, first, station.now_ms)
        assert over is not None
        assert not over.promises[0].is_out
        assert over.promises[0].breaches_at is None
        assert read_impact(reader, "INC-NONE", station.now_ms) is None
    finally:
        reader.close()


def test_a_service_that_nobody_described_has_no_promise(station: Station) -> None:
    unknown = incident(station, 1, "wiki")
    reader = StationReader(station.path)
    try:
        found = read_impact(reader, unknown, station.now_ms)
        assert found is not None
        assert found.promises == ()
    finally:
        reader.close()

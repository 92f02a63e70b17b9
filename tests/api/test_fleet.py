"""What the door tells of hub, duty and the other stations."""

from __future__ import annotations

from crisisdesk.api.fleet import fleet_out
from crisisdesk.engine.fleet import (
    Durability,
    DutyStatus,
    FleetStatus,
    HubStatus,
    StationStatus,
)

from tests.api.station import INTAKE, Station

SINCE = 1_770_861_600_000
STATUS = FleetStatus(
    hub=HubStatus(
        state="away", where="hub.example:5432", since_ms=SINCE, words="no route", to_push=3
    ),
    duty=DutyStatus(kind="follows", holder="S-2", holder_name="BRNO-2", token=9, since_ms=SINCE),
    stations=(
        StationStatus(
            station_id="S-2",
            origin="ab" * 16,
            name="BRNO-2",
            version="1.2",
            is_self=False,
            seen_ms=SINCE,
            behind=4,
            duty_rank=1,
            digest_agrees=False,
        ),
    ),
    durability=Durability(disk=30, hub=28, other=27),
    held_back=("BRNO-3 cannot be exchanged: its chain is broken",),
    quarantined=2,
)


def test_a_station_without_a_hub_pages_alone(station: Station) -> None:
    told = station.ask("GET", "/api/v1/fleet").json()
    assert told["hub"]["state"] == "none"
    assert told["hub"]["since"] is None
    assert told["duty"]["kind"] == "alone"
    assert told["stations"] == []
    assert told["origin"] == station.engine.health().origin
    assert told["problems"] == []


def test_everything_the_engine_knows_is_told(station: Station) -> None:
    told = fleet_out(SINCE, STATUS, station.engine.health()).model_dump()
    assert told["hub"] == {
        "state": "away",
        "where": "hub.example:5432",
        "since": "2026-02-12T02:00:00.000Z",
        "words": "no route",
        "to_push": 3,
        "to_pull": 0,
        "offset_ms": 0,
        "clock_suspect": False,
    }
    assert (told["duty"]["holder_name"], told["duty"]["token"]) == ("BRNO-2", 9)
    [other] = told["stations"]
    assert (other["behind"], other["duty_rank"], other["digest_agrees"]) == (4, 1, False)
    assert told["durability"] == {"disk": 30, "hub": 28, "other": 27}
    assert told["held_back"] == list(STATUS.held_back)
    assert told["quarantined"] == 2


def test_an_intake_token_does_not_open_it(station: Station) -> None:
    assert station.bare("GET", "/api/v1/fleet").status_code == 401
    headers = {"authorization": f"Bearer {INTAKE}"}
    assert station.bare("GET", "/api/v1/fleet", headers=headers).status_code == 403


def test_the_document_describes_it(station: Station) -> None:
    document = station.ask("GET", "/openapi.json").json()
    answer = document["paths"]["/api/v1/fleet"]["get"]["responses"]["200"]["content"]
    assert answer["application/json"]["schema"]["$ref"] == "#/components/schemas/FleetOut"
    kinds = document["components"]["schemas"]["DutyOut"]["properties"]["kind"]["enum"]
    assert set(kinds) == {"alone", "holds", "follows", "waiting", "acting", "not_paging"}

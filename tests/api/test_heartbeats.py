"""Heartbeats at the door: declared, listed, changed, removed."""

from __future__ import annotations

import pytest

from tests.api.station import OPERATOR, Station
from tests.api.test_beats import declare, outside

HEARTBEATS = "/crisis/heartbeats/"


def test_the_address_is_told_once_and_kept_nowhere(station: Station) -> None:
    made = declare(station, grace_s=30, severity="high")
    secret = made["path"].split("/")[3]
    assert len(secret) == 43
    assert (made["every_s"], made["grace_s"], made["severity"]) == (300, 30, "high")
    assert secret not in station.ask("GET", HEARTBEATS).text
    assert secret.encode() not in station.path.read_bytes()
    wal = station.path.with_name(station.path.name + "-wal")
    assert secret.encode() not in wal.read_bytes()


def test_one_is_changed_paused_and_removed(station: Station) -> None:
    made = declare(station)
    path = f"{HEARTBEATS}{made['heartbeat_id']}/"
    told = station.ask("PATCH", path, json={"every_s": 60, "paused": True}, headers=OPERATOR)
    assert told.status_code == 200
    assert (told.json()["every_s"], told.json()["state"]) == (60, "paused")
    assert told.json()["changed_by"] == "Zoë Ng"
    assert outside(station, "GET", made["path"]).status_code == 200
    told = station.ask("PATCH", path, json={"paused": False}, headers=OPERATOR)
    assert told.json()["state"] == "well"
    assert station.ask("DELETE", path, headers=OPERATOR).status_code == 204
    assert station.ask("GET", HEARTBEATS).json() == {"results": []}
    assert outside(station, "GET", made["path"]).status_code == 404
    assert station.ask("DELETE", path, headers=OPERATOR).status_code == 404


@pytest.mark.parametrize(
    ("order", "field"),
    [
        ({"name": "x", "every_s": 29}, "every_s"),
        ({"name": "x", "every_s": 9_000 * 3_600 + 1}, "every_s"),
        ({"name": "x", "every_s": 60, "grace_s": 9}, "grace_s"),
        ({"name": "", "every_s": 60}, "name"),
        ({"name": "x", "every_s": 60, "severity": "bad"}, "severity"),
        ({"name": "x"}, "every_s"),
    ],
)
def test_what_cannot_be_declared_is_refused(
    station: Station, order: dict[str, object], field: str
) -> None:
    answer = station.ask("POST", HEARTBEATS, json=order, headers=OPERATOR)
    assert answer.status_code == 400
    assert answer.json()["error"]["field"] == field
    assert station.ask("GET", HEARTBEATS).json() == {"results": []}


def test_a_name_stands_for_one_alone(station: Station) -> None:
    declare(station)
    order = {"name": "backup", "every_s": 60}
    assert station.ask("POST", HEARTBEATS, json=order, headers=OPERATOR).status_code == 409


def test_they_are_no_policies(station: Station) -> None:
    declare(station)
    assert station.ask("GET", "/crisis/policies/").json()["results"] == []

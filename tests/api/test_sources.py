"""Sources at the door: declared, listed, changed, tried, removed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.station import OPERATOR, Station
from tests.comms.receivers import answer, raw_server, receiving

SOURCES = "/crisis/sources/"
# Its first look may be over already.
BEGUN = ("new", "failing")
TCP = {"host": "127.0.0.1", "port": 9}


def declare(station: Station, name: str = "shop", **fields: Any) -> dict[str, Any]:
    order = {"name": name, "type": "tcp", "settings": TCP, **fields}
    made = station.ask("POST", SOURCES, json=order, headers=OPERATOR)
    assert made.status_code == 201, made.text
    told: dict[str, Any] = made.json()
    return told


def test_one_is_declared_with_what_was_left_out(station: Station) -> None:
    made = declare(station)
    assert (made["every_s"], made["timeout_ms"], made["failures"]) == (10, 5_000, 2)
    assert (made["severity"], made["where"]) == ("critical", "duty")
    assert made["state"] in BEGUN
    assert made["settings"] == {
        **TCP,
        "tls": False,
        "send": "",
        "expect": "",
        "verify": True,
        "ca_file": "",
        "tls_days": 0,
    }
    assert made["freshness"] == "fresh"
    assert made["changed_by"] == "Zoë Ng"
    listed = station.ask("GET", SOURCES).json()["results"]
    assert [one["source_id"] for one in listed] == [made["source_id"]]


def test_one_is_changed_paused_and_removed(station: Station) -> None:
    made = declare(station)
    path = f"{SOURCES}{made['source_id']}/"
    change = {"every_s": 60, "settings": {"host": "127.0.0.1", "port": 10}, "paused": True}
    told = station.ask("PATCH", path, json=change, headers=OPERATOR)
    assert told.status_code == 200, told.text
    assert (told.json()["every_s"], told.json()["state"]) == (60, "paused")
    assert told.json()["settings"]["port"] == 10
    assert told.json()["freshness"] is None
    told = station.ask("PATCH", path, json={"paused": False}, headers=OPERATOR)
    assert told.json()["state"] in BEGUN
    assert told.json()["name"] == "shop"
    assert station.ask("DELETE", path, headers=OPERATOR).status_code == 204
    assert station.ask("GET", SOURCES).json() == {"results": []}
    for method in ("DELETE", "PATCH"):
        body = {"json": {"every_s": 5}} if method == "PATCH" else {}
        assert station.ask(method, path, headers=OPERATOR, **body).status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"every_s": 0}, "every_s"),
        ({"every_s": 86_401}, "every_s"),
        ({"timeout_ms": 10_001}, "timeout_ms"),
        ({"failures": 0}, "failures"),
        ({"severity": "bad"}, "severity"),
        ({"where": "moon"}, "where"),
        ({"name": ""}, "name"),
        ({"type": "strange"}, "type"),
        ({"settings": {"port": 9}}, "settings.host"),
        ({"settings": {"host": "a", "port": 1.5}}, "settings.port"),
        ({"settings": {"host": "a", "port": 1, "send": "x" * 20_000}}, "settings"),
        ({"stranger": 1}, "stranger"),
    ],
)
def test_what_cannot_be_declared_is_refused(
    station: Station, change: dict[str, Any], field: str
) -> None:
    order = {"name": "x", "type": "tcp", "settings": TCP, **change}
    answer = station.ask("POST", SOURCES, json=order, headers=OPERATOR)
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["field"] == field
    assert station.ask("GET", SOURCES).json() == {"results": []}


def test_a_change_that_cannot_be_is_refused_and_changes_nothing(station: Station) -> None:
    made = declare(station)
    path = f"{SOURCES}{made['source_id']}/"
    for change, status in (
        ({"settings": {"host": "a"}}, 400),
        ({"every_s": 2}, 400),
        ({"name": None}, 400),
    ):
        assert station.ask("PATCH", path, json=change, headers=OPERATOR).status_code == status
    (one,) = station.ask("GET", SOURCES).json()["results"]
    assert {k: one[k] for k in ("settings", "every_s", "name")} == {
        k: made[k] for k in ("settings", "every_s", "name")
    }


def test_a_name_stands_for_one_alone(station: Station) -> None:
    declare(station)
    order = {"name": "shop", "type": "tcp", "settings": TCP}
    assert station.ask("POST", SOURCES, json=order, headers=OPERATOR).status_code == 409


def test_they_are_no_policies(station: Station) -> None:
    declare(station)
    assert station.ask("GET", "/crisis/policies/").json()["results"] == []


def test_one_look_is_tried_and_leaves_nothing(station: Station) -> None:
    head = station.head()
    with receiving(lambda _request: answer(200, '{"depth": 3}')) as server:
        settings = {"url": f"http://{server.host}/", "json_path": "depth"}
        told = station.ask(
            "POST", f"{SOURCES}test/", json={"type": "http", "settings": settings}
        ).json()
    assert (told["verdict"], told["words"]) == ("up", "HTTP 200, 12 bytes")
    measured = {one["series"]: one["value"] for one in told["samples"]}
    assert (measured["up"], measured["http_status"], measured["json_value"]) == ("1", "200", "3")
    assert station.head() == head
    assert station.ask("GET", SOURCES).json() == {"results": []}


def test_a_look_that_is_tried_needs_settings_that_can_be(station: Station) -> None:
    for order, field in (
        ({"type": "http", "settings": {}}, "settings.url"),
        ({"type": "strange", "settings": {}}, "type"),
        ({"type": "tcp", "settings": TCP, "timeout_ms": 8_001}, "timeout_ms"),
    ):
        told = station.ask("POST", f"{SOURCES}test/", json=order)
        assert (told.status_code, told.json()["error"]["field"]) == (400, field)


def test_a_secret_is_named_and_never_told(station: Station) -> None:
    settings = {"url": "http://127.0.0.1:9/", "bearer": "shop-token"}
    order = {"type": "http", "settings": settings}
    told = station.ask("POST", f"{SOURCES}test/", json=order).json()
    assert told["verdict"] == "not sure"
    assert "crisisdesk source secret shop-token" in told["words"]
    # Not every entry of the station's secrets is for sources.
    station.secrets.set("shop-token", "of something else")
    told = station.ask("POST", f"{SOURCES}test/", json=order).json()
    assert told["verdict"] == "not sure"
    with raw_server(lambda peer: peer.sendall(b"HTTP/1.1 500 " + peer.recv(9_000))) as port:
        station.secrets.set("source:shop-token", "t0k3n-0f-the-shop")
        order["settings"] = {**settings, "url": f"http://127.0.0.1:{port}/"}
        answer = station.ask("POST", f"{SOURCES}test/", json=order)
    assert answer.json()["verdict"] == "down"
    assert "t0k3n-0f-the-shop" not in answer.text

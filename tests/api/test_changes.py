"""The routes of changes, and the ways in for them."""

from __future__ import annotations

from typing import Any

from tests.api.station import BEARER, INTAKE, Station

EVENT: dict[str, Any] = {
    "routing_key": INTAKE,
    "payload": {"summary": "ctx deployed", "custom_details": {"service": "ctx-db"}},
}


def test_a_change_event_is_answered_as_documented_and_repeats_are_one(station: Station) -> None:
    event = {"routing_key": INTAKE, "payload": {"summary": "twice", "source": "ci"}}
    for _ in range(2):
        answer = station.bare("POST", "/v2/change/enqueue", json=event)
        assert answer.status_code == 202
        assert answer.json() == {"message": "Change event processed", "status": "success"}
    listed = station.ask("GET", "/crisis/changes/").json()["results"]
    assert [one["summary"] for one in listed].count("twice") == 1


def test_a_change_event_needs_a_key_and_a_wrong_one_keeps_nothing(station: Station) -> None:
    before = station.head()
    stranger = station.bare("POST", "/v2/change/enqueue", json=EVENT | {"routing_key": "no"})
    assert stranger.status_code == 401
    nobody = station.bare("POST", "/v2/change/enqueue", json={"payload": {"summary": "x"}})
    assert nobody.status_code == 401
    empty = station.bare("POST", "/v2/change/enqueue", json={"routing_key": INTAKE}, headers=BEARER)
    assert empty.status_code == 400
    assert empty.json()["status"] == "invalid event"
    for path in ("generic", "github", "gitlab"):
        answer = station.bare("POST", f"/intake/changes/{path}", json={"summary": "x"})
        assert answer.status_code == 401
    assert station.head() == before


def test_deploy_webhooks_are_taken_by_token(station: Station) -> None:
    header = {"authorization": f"Bearer {INTAKE}"}
    body = {"summary": "hook deployed", "service": "hook"}
    answer = station.bare("POST", "/intake/changes/generic", json=body, headers=header)
    assert answer.status_code == 200
    ping = station.bare("POST", "/intake/changes/github", json={"zen": "x"}, headers=header)
    assert ping.status_code == 200
    [one] = station.ask("GET", "/crisis/changes/?service=hook").json()["results"]
    assert (one["summary"], one["recorded_by"]) == ("hook deployed", "source:deploys")


def test_a_person_records_a_change_and_bad_input_changes_nothing(station: Station) -> None:
    body = {
        "summary": "cable moved",
        "service": "rack",
        "at": "2026-03-01T12:30:00Z",
        "links": [{"url": "https://x.example"}],
        "details": {"rack": "4"},
    }
    made = station.ask("POST", "/crisis/changes/", json=body)
    assert made.status_code == 201
    told = made.json()
    assert (told["author"], told["at"]) == ("Zoë Ng", "2026-03-01T12:30:00.000Z")
    assert told["details"] == {"rack": "4"}
    before = station.head()
    for wrong, field in (
        ({"summary": ""}, "summary"),
        ({"summary": "x", "at": "now"}, "at"),
        ({"summary": "x", "links": [{"url": "file:///x"}]}, "links[0].url"),
        ({"summary": "x", "colour": "red"}, "colour"),
    ):
        answer = station.ask("POST", "/crisis/changes/", json=wrong)
        assert (answer.status_code, answer.json()["error"]["field"]) == (400, field)
    assert station.head() == before

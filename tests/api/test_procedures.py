"""Procedures at the door: published, checked, matched, withdrawn."""

from __future__ import annotations

from typing import Any

from tests.api.station import OPERATOR, Station

RECOVERY = "/crisis/recovery/"
STEPS = [{"id": "freeze", "title": "Freeze writes"}]


def publish(station: Station, name: str, **content: Any) -> dict[str, Any]:
    told = {"name": name, "content": {"steps": STEPS, **content}}
    answer = station.ask("POST", RECOVERY, json=told)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_a_procedure_has_every_field(station: Station) -> None:
    made = publish(
        station,
        "Fail over: Postgres",
        description="To the standby",
        incident_type="data",
        severity_level="critical",
        prerequisites=["A backup is there"],
        estimated_time="15m",
        success_criteria=["Orders can be placed"],
        rollback_procedure="Call the DBA",
    )
    assert made["estimated_s"] == 900
    assert (made["is_automated"], made["requires_approval"], made["rollback"]) == (
        False,
        True,
        "never",
    )
    assert (made["created_by"], made["updated_by"]) == ("Zoë Ng", "Zoë Ng")
    path = f"{RECOVERY}Fail%20over%3A%20Postgres/"
    assert station.ask("GET", path).json() == made
    publish(station, "Fail over: Postgres", note="second")
    versions = station.ask("GET", f"{path}history/").json()["results"]
    assert [one["withdrawn_at"] is None for one in versions] == [True, False]
    assert station.ask("DELETE", path, headers=OPERATOR).status_code == 204
    assert station.ask("GET", path).status_code == 404
    assert station.ask("GET", f"{path}history/").status_code == 200
    assert station.ask("GET", f"{RECOVERY}Nothing/history/").status_code == 404


def test_blanks_around_a_name_are_no_part_of_it(station: Station) -> None:
    assert publish(station, "  Fail over ")["name"] == "Fail over"


def test_those_that_fit_an_incident(station: Station) -> None:
    publish(station, "any")
    publish(station, "data", incident_type="data")
    publish(station, "worse", incident_type="data", severity_level="emergency")
    incident = station.ask(
        "POST",
        "/crisis/incidents/",
        json={"title": "Rows are gone", "severity": "critical", "category": "data"},
    ).json()["incident_id"]
    found = station.ask("GET", f"{RECOVERY}?incident={incident}").json()["results"]
    assert [one["name"] for one in found] == ["data", "any"]
    assert len(station.ask("GET", RECOVERY).json()["results"]) == 3
    assert station.ask("GET", f"{RECOVERY}?incident=INC-NONE").status_code == 404


def test_drafts_are_looked_at_without_being_published(station: Station) -> None:
    draft = {"name": "P", "content": {"steps": STEPS, "parameters": {"x": {"type": "text"}}}}
    told = station.ask("POST", f"{RECOVERY}check/", json=draft).json()["flaws"]
    assert [(one["level"], one["field"]) for one in told] == [
        ("warning", "parameters.x"),
        ("warning", "success_criteria"),
    ]
    bad = station.ask("POST", f"{RECOVERY}check/", json={"name": "P", "content": {"steps": []}})
    assert (bad.status_code, bad.json()["error"]["field"]) == (400, "steps")
    assert station.ask("GET", RECOVERY).json()["results"] == []


def test_a_look_ahead_says_what_this_station_could_not_do(station: Station) -> None:
    publish(
        station,
        "P",
        steps=[
            *STEPS,
            {"id": "go", "kind": "command", "title": "Go", "command": "/bin/x"},
        ],
    )
    head = station.head()
    told = station.ask("POST", f"{RECOVERY}P/dry-run/", json={}).json()
    assert told["ok"] is False
    assert {one["step_id"]: one["ok"] for one in told["steps"]} == {
        "approve": True,
        "freeze": True,
        "go": False,
    }
    extra = station.ask("POST", f"{RECOVERY}P/dry-run/", json={"arguments": {"x": "1"}})
    assert extra.status_code == 400
    assert station.ask("POST", f"{RECOVERY}Q/dry-run/", json={}).status_code == 404
    assert station.head() == head

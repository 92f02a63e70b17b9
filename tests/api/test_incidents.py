"""The routes of incidents and timelines, against a real engine and store."""

from __future__ import annotations

from typing import Any

from tests.api.station import Station


def opened(station: Station, **fields: Any) -> dict[str, Any]:
    body = {"title": "Checkout down", "severity": "critical", **fields}
    answer = station.ask("POST", "/crisis/incidents/", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_an_incident_is_led_to_its_end_and_back(station: Station) -> None:
    alert = station.raised()
    made = opened(station, alerts=[alert["id"]], response_team=["Bo", "Ana"])
    path = f"/crisis/incidents/{made['id']}/"
    assert made["incident_commander"] == "Zoë Ng"
    assert (made["priority"], made["impact"]) == ("p2", "high")
    changes = {
        "incident_commander": "Ana",
        "response_team": ["Ana"],
        "user_impact_count": 12_000,
        "financial_impact": "1200.5",
        "root_cause": "a full disk",
    }
    changed = station.ask("PATCH", path, json=changes).json()
    assert changed["financial_impact"] == "1200.50"
    assert (changed["incident_commander"], changed["response_team"]) == ("Ana", ["Ana"])
    assert (
        station.ask("PATCH", path, json={"financial_impact": None}).json()["financial_impact"]
        is None
    )
    for status in ("investigating", "identified", "monitoring"):
        assert station.ask("PATCH", path, json={"status": status}).json()["status"] == status
    done = {"status": "resolved", "resolution_summary": "grew the disk"}
    resolved = station.ask("PATCH", path, json=done).json()
    assert (resolved["status"], resolved["resolution_summary"]) == ("resolved", "grew the disk")
    back = station.ask("PATCH", path, json={"status": "investigating", "reason": "again"}).json()
    assert (back["status"], back["resolved_at"]) == ("investigating", None)
    kinds = [e["kind"] for e in station.ask("GET", f"{path}history/").json()["results"]]
    assert kinds[0] == "incident.opened"
    assert kinds[-1] == "incident.reopened"


def test_refusals_name_the_field_and_change_nothing(station: Station) -> None:
    made = opened(station)
    path = f"/crisis/incidents/{made['id']}/"
    station.ask("PATCH", path, json={"status": "monitoring"})
    before = station.head()
    for body, status, field in [
        ({"status": "open"}, 409, "status"),
        ({"status": "angry"}, 400, "status"),
        ({"status": "closed", "title": "x"}, 400, "title"),
        ({"reason": "x"}, 400, "reason"),
        ({"title": None}, 400, "title"),
        ({"commander": "x"}, 400, "commander"),
        ({"financial_impact": "12,5"}, 400, "financial_impact"),
        ({"user_impact_count": -1}, 400, "user_impact_count"),
        ({"user_impact_count": True}, 400, "user_impact_count"),
        ({"title": "ok", "response_team": [" "]}, 400, "response_team[0]"),
    ]:
        answer = station.ask("PATCH", path, json=body)
        assert answer.status_code == status, (body, answer.text)
        assert answer.json()["error"]["field"] == field
    assert station.ask("GET", "/crisis/incidents/INC-NONE/").status_code == 404
    unknown = {"title": "x", "severity": "minor", "alerts": ["A-NONE"]}
    assert station.ask("POST", "/crisis/incidents/", json=unknown).status_code == 404
    assert station.head() == before


def test_the_timeline_keeps_when_it_happened(station: Station) -> None:
    made = opened(station)
    path = f"/crisis/incidents/{made['id']}/updates/"
    late = station.ask("POST", path, json={"title": "now", "update_type": "action"})
    assert late.status_code == 201
    early = station.ask(
        "POST", path, json={"title": "before", "happened_at": "2026-01-01T10:00:00+02:00"}
    ).json()
    assert early["happened_at"] == "2026-01-01T08:00:00.000Z"
    assert early["created_at"] > early["happened_at"]
    first = station.ask("GET", f"{path}?limit=1").json()
    assert [u["title"] for u in first["results"]] == ["before"]
    rest = station.ask("GET", f"{path}?limit=1&after={first['next']}").json()
    assert [u["title"] for u in rest["results"]] == ["now"]
    edited = station.ask("PATCH", f"{path}{early['id']}/", json={"is_pinned": True}).json()
    assert (edited["is_pinned"], edited["edits"]) == (True, 1)
    other = opened(station)
    stray = f"/crisis/incidents/{other['id']}/updates/{early['id']}/"
    assert station.ask("PATCH", stray, json={"title": "x"}).status_code == 404
    for bad in ("yesterday", "2026-02-31T00:00:00Z", "2026-01-01T00:00:00"):
        answer = station.ask("POST", path, json={"title": "x", "happened_at": bad})
        assert (answer.status_code, answer.json()["error"]["field"]) == (400, "happened_at")
    assert station.ask("GET", f"/crisis/incidents/{made['id']}/").json()["first_response_at"]


def test_alerts_are_attached_and_taken_off(station: Station) -> None:
    made, alert = opened(station), station.raised()
    path = f"/crisis/incidents/{made['id']}/alerts/{alert['id']}/"
    assert station.ask("POST", path).json()["alerts"] == [alert["id"]]
    assert station.ask("DELETE", path).json()["alerts"] == []
    assert station.ask("POST", f"/crisis/incidents/{made['id']}/alerts/A-0/").status_code == 404


def test_the_list_filters_sorts_and_pages(station: Station) -> None:
    names = [
        opened(station, title=f"i{n}", severity=s)["id"]
        for n, s in enumerate(("minor", "critical", "emergency"))
    ]
    listed = station.ask("GET", "/crisis/incidents/?sort=-severity&limit=2").json()
    assert [i["id"] for i in listed["results"]] == [names[2], names[1]]
    rest = station.ask(
        "GET", f"/crisis/incidents/?sort=-severity&limit=2&after={listed['next']}"
    ).json()
    assert [i["id"] for i in rest["results"]] == [names[0]]
    found = station.ask("GET", "/crisis/incidents/?severity=minor&status=open&q=I0").json()
    assert [i["id"] for i in found["results"]] == [names[0]]
    assert station.ask("GET", "/crisis/incidents/?who=me").status_code == 400

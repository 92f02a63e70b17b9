"""The routes of alerts, against a real engine and store."""

from __future__ import annotations

import pytest

from tests.api.station import Station


def test_an_alert_lives_its_whole_life(station: Station) -> None:
    made = station.raised(severity="critical", service="billing", labels={"team": "core"})
    path = f"/crisis/alerts/{made['alert_id']}/"
    assert made["status"] == "active"
    assert made["detected_at"].endswith("Z")
    assert len(made["detected_at"]) == 24
    steps = [
        ({"status": "acknowledged", "epoch": made["epoch"]}, "acknowledged"),
        ({"status": "investigating"}, "investigating"),
        ({"status": "resolved", "reason": "restarted"}, "resolved"),
        ({"status": "closed"}, "closed"),
        ({"status": "active", "reason": "it is back"}, "active"),
    ]
    for body, status in steps:
        answer = station.ask("PATCH", path, json=body)
        assert answer.status_code == 200, answer.text
        assert answer.json()["status"] == status
    history = station.ask("GET", f"{path}history/").json()["results"]
    assert [e["kind"] for e in history] == [
        "alert.fired",
        "alert.acknowledged",
        "alert.investigating",
        "alert.resolved",
        "alert.closed",
        "alert.reopened",
    ]
    assert {e["actor"] for e in history} == {"Zoë Ng"}
    assert history[3]["body"]["reason"] == "restarted"


def test_acknowledging_and_taking_it_back(station: Station) -> None:
    made = station.raised()
    path = f"/crisis/alerts/{made['id']}/"
    acked = station.ask("POST", f"{path}acknowledge/", json={"note": "on it"}).json()
    assert (acked["status"], acked["owner"]) == ("acknowledged", "Zoë Ng")
    assert acked["response_time_ms"] >= 0
    again = station.ask("POST", f"{path}acknowledge/")
    assert again.status_code == 200
    back = station.ask("PATCH", path, json={"status": "active"}).json()
    assert (back["status"], back["owner"], back["acknowledged_at"]) == ("active", "", None)
    before = station.head()
    assert station.ask("PATCH", path, json={"status": "active"}).status_code == 200
    assert station.head() == before


def test_bulk_is_all_or_none(station: Station) -> None:
    one, two = station.raised(), station.raised()
    ids = [one["id"], two["id"]]
    epochs = [one["epoch"], two["epoch"]]
    stale = {"alert_ids": ids, "epochs": [one["epoch"], "older"]}
    refused = station.ask("POST", "/crisis/alerts/acknowledge/", json=stale)
    assert refused.status_code == 409
    assert refused.json()["error"]["field"] == "epoch"
    assert station.ask("GET", f"/crisis/alerts/{ids[0]}/").json()["status"] == "active"
    body = {"alert_ids": ids, "epochs": epochs}
    done = station.ask("POST", "/crisis/alerts/acknowledge/", json=body).json()
    assert done == {"changed": ids}
    assert station.ask("POST", "/crisis/alerts/acknowledge/", json=body).json() == {"changed": []}
    undone = station.ask("POST", "/crisis/alerts/unacknowledge/", json={"alert_ids": ids}).json()
    assert undone == {"changed": ids}


def test_fields_change_and_slips_are_named(station: Station) -> None:
    made = station.raised()
    path = f"/crisis/alerts/{made['id']}/"
    changed = station.ask(
        "PATCH", path, json={"severity": "high", "impact_scope": {"users": 12, "share": 0.5}}
    ).json()
    assert changed["severity"] == "high"
    assert changed["impact_scope"] == {"users": 12, "share": "0.5"}
    before = station.head()
    for body, field in [
        ({"sevrity": "high"}, "sevrity"),
        ({"severity": "worse"}, "severity"),
        ({"severity": None}, "severity"),
        ({"title": 5}, "title"),
        ({"title": "   "}, "title"),
        ({"status": "closed", "title": "x"}, "title"),
        ({"reason": "x"}, "reason"),
        ({"affected_systems": [1]}, "affected_systems[0]"),
    ]:
        refused = station.ask("PATCH", path, json=body)
        assert refused.status_code == 400, (body, refused.text)
        assert refused.json()["error"]["field"] == field
        assert refused.json()["detail"]
    assert station.head() == before


def test_what_is_not_there_is_404_and_a_wrong_state_409(station: Station) -> None:
    made = station.raised()
    path = f"/crisis/alerts/{made['id']}/"
    for method, way in [
        ("GET", ""),
        ("PATCH", ""),
        ("POST", "acknowledge/"),
        ("POST", "escalate/"),
        ("GET", "history/"),
        ("GET", "deliveries/"),
    ]:
        body = {"json": {"severity": "low"}} if method == "PATCH" else {}
        answer = station.ask(method, f"/crisis/alerts/A-000000000000/{way}", **body)
        assert answer.status_code == 404, (method, way, answer.text)
        assert answer.json()["error"]["field"] == "alert_id"
    station.ask("PATCH", path, json={"status": "closed"})
    refused = station.ask("PATCH", path, json={"status": "resolved"})
    assert refused.status_code == 409
    assert "reopen" in refused.json()["error"]["remedy"]


def test_the_list_pages_by_key_while_rows_are_added(station: Station) -> None:
    first = [station.raised(title=f"t{i}")["id"] for i in range(5)]
    page = station.ask("GET", "/crisis/alerts/?limit=2").json()
    seen = [a["id"] for a in page["results"]]
    late = station.raised(title="late")["id"]
    while page["next"]:
        page = station.ask("GET", f"/crisis/alerts/?limit=2&after={page['next']}").json()
        seen += [a["id"] for a in page["results"]]
    assert late not in seen
    assert sorted(seen) == sorted(first)
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("status=acknowledged", ["b"]),
        ("status=active&status=acknowledged&sort=severity", ["a", "b", "c"]),
        ("severity=critical", ["c"]),
        ("service=web", ["a"]),
        ("owner=Zo%C3%AB+Ng", ["b"]),
        ("q=WEB", ["a"]),
        ("source=probe", ["c"]),
        ("sort=-severity&limit=1", ["c"]),
    ],
)
def test_the_list_filters_and_sorts(station: Station, query: str, titles: list[str]) -> None:
    station.raised(title="a", service="web")
    acked = station.raised(title="b", severity="medium")
    station.raised(title="c", severity="critical", source_system="probe")
    station.ask("POST", f"/crisis/alerts/{acked['id']}/acknowledge/")
    found = station.ask("GET", f"/crisis/alerts/?{query}").json()["results"]
    assert [a["title"] for a in found] == titles


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("colour=red", "colour"),
        ("status=angry", "status[0]"),
        ("limit=0", "limit"),
        ("limit=many", "limit"),
        ("after=%00", "after"),
        ("after=e30", "after"),
        ("sort=title", "sort"),
    ],
)
def test_a_list_names_what_it_does_not_know(station: Station, query: str, field: str) -> None:
    answer = station.ask("GET", f"/crisis/alerts/?{query}")
    assert answer.status_code == 400
    assert answer.json()["error"]["field"] == field


def test_escalating_makes_one_incident(station: Station) -> None:
    made = station.raised(severity="critical")
    path = f"/crisis/alerts/{made['id']}/"
    incident = station.ask("POST", f"{path}escalate/", json={"incident_commander": "Ana"})
    assert incident.status_code == 201
    told = incident.json()
    assert (told["incident_commander"], told["alerts"]) == ("Ana", [made["id"]])
    again = station.ask("POST", f"{path}escalate/").json()
    assert again["id"] == told["id"]
    assert station.ask("GET", path).json()["incident"] == told["id"]
    assert station.ask("GET", f"/crisis/alerts/?incident={told['id']}").json()["results"]


def test_a_note_stands_in_the_history(station: Station) -> None:
    made = station.raised()
    path = f"/crisis/alerts/{made['id']}/"
    assert station.ask("POST", f"{path}notes/", json={"text": "looked"}).status_code == 201
    noted = station.ask("GET", f"{path}history/").json()["results"][-1]
    assert (noted["kind"], noted["body"]["text"]) == ("alert.noted", "looked")
    assert station.ask("POST", f"{path}notes/", json={"text": " "}).status_code == 400


def test_raising_twice_by_key_is_one_alert(station: Station) -> None:
    one = station.raised(key="k", source_system="cron")
    two = station.raised(key="k", source_system="cron")
    assert (one["id"], two["count"]) == (two["id"], 2)
    refused = station.ask("POST", "/crisis/alerts/", json={"title": "x", "severity": "bad"})
    assert refused.status_code == 400
    assert refused.json()["error"]["field"] == "severity"

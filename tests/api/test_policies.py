"""Policies over the door: published, tried, withdrawn; who is on call, and who is next."""

from __future__ import annotations

from typing import Any

from tests.api.station import Station

STEP = {"to": [{"everyone": True}], "wait_s": 60}
POLICY: dict[str, Any] = {"kind": "escalation", "steps": [STEP]}


def schedule(*members: str) -> dict[str, Any]:
    layer = {
        "name": "One",
        "members": list(members),
        "rotation": "day",
        "every": 1,
        "handover": {"time": "09:00"},
        "start": "2026-01-05",
        "hours": [{"days": [0, 1, 2, 3, 4], "from": "00:00", "to": "24:00"}],
    }
    return {"kind": "schedule", "zone": "Europe/Prague", "layers": [layer]}


def contact(station: Station, name: str) -> str:
    card = {"name": name, "methods": [{"url": "webhook://127.0.0.1:9/x"}]}
    answer = station.ask("POST", "/crisis/contacts/", json=card)
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["contact_id"]
    return found


def publish(station: Station, name: str, content: dict[str, Any]) -> dict[str, Any]:
    answer = station.ask("POST", "/crisis/policies/", json={"name": name, "content": content})
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_a_version_is_published_listed_replaced_and_withdrawn(station: Station) -> None:
    first = publish(station, "Night", POLICY)
    assert (first["kind"], first["is_current"], first["replaces"]) == ("escalation", True, "")
    second = publish(station, "Night", POLICY | {"repeat": 2})
    assert second["replaces"] == first["version_id"]
    listed = station.ask("GET", "/crisis/policies/").json()["results"]
    assert [one["version_id"] for one in listed] == [second["version_id"]]
    every = station.ask("GET", "/crisis/policies/?with_past=true").json()["results"]
    assert [one["is_current"] for one in every] == [True, False]
    assert station.ask("GET", "/crisis/policies/?kind=schedule").json()["results"] == []
    gone = station.ask("DELETE", f"/crisis/policies/{second['version_id']}/")
    assert gone.status_code == 204
    [back] = station.ask("GET", "/crisis/policies/").json()["results"]
    assert back["version_id"] == first["version_id"], "the one before counts again"
    one = station.ask("GET", f"/crisis/policies/{second['version_id']}/").json()
    assert (one["is_current"], one["withdrawn_by"]) == (False, "Zoë Ng")
    assert station.ask("GET", "/crisis/policies/POL-NONE/").status_code == 404
    assert station.ask("DELETE", "/crisis/policies/POL-NONE/").status_code == 404


def test_what_cannot_be_published_names_its_field(station: Station) -> None:
    for content, field in (
        ({"kind": "dance"}, "kind"),
        (POLICY | {"steps": [{"to": []}]}, "steps[0].to"),
        (POLICY | {"for": 'service=~"(a+)+"'}, "for"),
    ):
        answer = station.ask("POST", "/crisis/policies/", json={"name": "X", "content": content})
        assert answer.status_code == 400
        assert answer.json()["error"]["field"] == field
    assert station.ask("GET", "/crisis/policies/?with_past=true").json()["results"] == []


def test_a_draft_is_played_ahead(station: Station) -> None:
    ann = contact(station, "Ann")
    order = {"name": "Night", "content": POLICY, "severity": "high", "hours": 1}
    told = station.ask(
        "POST", "/crisis/policies/preview/", json=order | {"at": "2026-11-02T12:00:00Z"}
    ).json()
    first = told["plan"][0]
    assert first["at"] == "2026-11-02T12:00:15.000Z"
    assert first["contacts"] == [{"contact_id": ann, "name": "Ann"}]
    assert [one["level"] for one in told["findings"]] == ["warning", "warning"]
    assert station.ask("GET", "/crisis/policies/").json()["results"] == []


def test_a_draft_is_played_with_outages_that_are_supposed(station: Station) -> None:
    contact(station, "Ann")
    order = {"name": "Night", "content": POLICY, "without": ["Host:127.0.0.1", "dns"]}
    told = station.ask("POST", "/crisis/policies/preview/", json=order).json()
    assert (told["findings"][0]["level"], told["quiet"]) == ("error", "")
    assert told["plan"][0]["detour"].startswith("Ann has no way without ")
    wrong = station.ask("POST", "/crisis/policies/preview/", json=order | {"without": ["a,b"]})
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (400, "without")


def test_a_draft_is_played_for_an_alert_that_is_kept_quiet(station: Station) -> None:
    contact(station, "Ann")
    order = {"name": "Night", "content": POLICY}
    alert = station.ask(
        "POST", "/crisis/alerts/", json={"title": "Down", "severity": "critical", "service": "db"}
    ).json()
    hush = {"matchers": "service=db", "reason": "Works", "duration_s": 3600}
    until = station.ask("POST", "/crisis/silences/", json=hush).json()["until"]
    asked = order | {"alert_id": alert["alert_id"]}
    told = station.ask("POST", "/crisis/policies/preview/", json=asked).json()
    assert told["plan"][0]["at"] == until
    assert "silence" in told["quiet"]
    missing = station.ask("POST", "/crisis/policies/preview/", json=order | {"alert_id": "A-NO"})
    assert missing.status_code == 404


def test_who_is_on_call_and_who_comes_next(station: Station) -> None:
    ann, bob = contact(station, "Ann"), contact(station, "Bob")
    publish(station, "Database", schedule(ann, bob))
    told = station.ask("GET", "/crisis/oncall/?at=2026-11-02T12:00:00Z").json()
    [one] = told["results"]
    assert (told["at"], one["zone"]) == ("2026-11-02T12:00:00.000Z", "Europe/Prague")
    assert one["next_at"] == "2026-11-03T08:00:00.000Z"
    assert {one["contacts"][0]["name"], one["next_contacts"][0]["name"]} == {"Ann", "Bob"}
    assert one["gap_hours"] > 0, "nobody is on call at week-ends"
    assert station.ask("GET", "/crisis/oncall/?at=noon").status_code == 400


def test_an_alert_tells_whom_it_paged_and_who_is_next(station: Station) -> None:
    ann = contact(station, "Ann")
    publish(station, "Night", POLICY)
    alert = station.ask(
        "POST", "/crisis/alerts/", json={"title": "Down", "severity": "critical"}
    ).json()
    path = f"/crisis/alerts/{alert['alert_id']}/escalations/"
    [running] = station.ask("GET", path).json()["results"]
    assert running["policy"] == "Night"
    assert [step["contacts"][0]["contact_id"] for step in running["taken"]] == [ann]
    assert (running["next"]["number"], running["next"]["at"]) == (2, running["due_at"])
    assert station.ask("GET", "/crisis/alerts/A-NONE/escalations/").status_code == 404

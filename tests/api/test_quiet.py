"""The route of what is kept quiet."""

from __future__ import annotations

from typing import Any

from tests.api.station import BEARER, Station


def quiet(station: Station, way: str = "") -> list[dict[str, Any]]:
    asked = f"?way={way}" if way else ""
    answer = station.ask("GET", f"/crisis/quiet/{asked}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def test_what_a_silence_keeps_quiet_is_told_with_it(station: Station) -> None:
    assert quiet(station) == []
    alert_id = station.raised(service="db")["id"]
    body = {"matchers": "service=db", "reason": "Disk change", "duration_s": 3_600}
    made = station.ask("POST", "/crisis/silences/", json=body).json()
    [told] = quiet(station)
    assert told == {
        "alert_id": alert_id,
        "severity": told["severity"],
        "service": "db",
        "title": told["title"],
        "way": "silence",
        "by": made["id"],
        "why": "Disk change",
        "words": f"silenced by {made['id']}: Disk change",
        "until": made["until"],
    }
    assert quiet(station, "silence") == [told]
    assert quiet(station, "inhibition") == []
    assert station.ask("GET", "/crisis/quiet/?way=else").status_code == 400


def test_rules_about_causes_are_published_tried_and_listed(station: Station) -> None:
    station.raised(service="db")
    needs = {"kind": "dependencies", "services": {"shop": ["db", "cnd"]}}
    order: dict[str, Any] = {"name": "Needs", "content": needs}
    tried = station.ask("POST", "/crisis/policies/preview/", json=order).json()
    assert [f["field"] for f in tried["findings"]] == ["services.cnd", "services.shop"]
    assert tried["plan"] == []
    assert station.ask("POST", "/crisis/policies/", json=order).status_code == 201
    listed = station.ask("GET", "/crisis/policies/?kind=dependencies").json()["results"]
    assert [one["content"] for one in listed] == [needs]
    circle = {"name": "X", "content": needs | {"services": {"a": ["b"], "b": ["a"]}}}
    refused = station.ask("POST", "/crisis/policies/", json=circle)
    assert refused.status_code == 400
    assert "a needs b needs a" in refused.text


def test_alertmanagers_list_names_the_cause(station: Station) -> None:
    needs = {"kind": "dependencies", "services": {"shop": ["db"]}}
    station.ask("POST", "/crisis/policies/", json={"name": "Needs", "content": needs})
    station.ask("POST", "/crisis/contacts/", json={"name": "Ann", "methods": []})
    cause = station.raised(service="db", severity="critical")["id"]
    one = station.raised(service="shop", severity="critical", title="Shop is down")["id"]
    assert [q["by"] for q in quiet(station, "inhibition")] == [cause]
    assert quiet(station, "inhibition")[0]["alert_id"] == one
    listed = station.bare("GET", "/api/v2/alerts", headers=BEARER).json()
    by = {told["labels"]["alertname"]: told["status"] for told in listed}
    assert by["Shop is down"] == {
        "state": "suppressed",
        "silencedBy": [],
        "inhibitedBy": [cause],
    }
    rest = station.bare("GET", "/api/v2/alerts?inhibited=false", headers=BEARER).json()
    assert len(rest) == len(listed) - 1

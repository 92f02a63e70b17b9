"""Silences in Alertmanager's shape, as amtool posts, asks and expires them."""

from __future__ import annotations

from typing import Any

from crisisdesk.api.times import iso

from tests.api.station import BEARER, INTAKE, Station

MINUTE = 60_000


def posted(station: Station, **changes: Any) -> dict[str, Any]:
    """As ``amtool silence add`` sends it."""
    now = station.engine.now_ms()
    matcher = {"name": "env", "value": "prod|stage", "isRegex": True, "isEqual": True}
    body = {
        "matchers": [matcher],
        "startsAt": iso(now),
        "endsAt": iso(now + 60 * MINUTE),
        "createdBy": "Zoë",
        "comment": "Works",
    }
    return body | changes


def test_amtool_sets_lists_updates_and_expires(station: Station) -> None:
    station.raised(labels={"env": "prod"})
    body = posted(station)
    answer = station.bare("POST", "/api/v2/silences", json=body, headers=BEARER)
    assert answer.status_code == 200, answer.text
    silence_id = answer.json()["silenceID"]
    [listed] = station.bare("GET", "/api/v2/silences", headers=BEARER).json()
    assert listed["id"] == silence_id
    assert listed["status"] == {"state": "active"}
    assert (listed["createdBy"], listed["comment"]) == ("Zoë", "Works")
    assert (listed["matchers"], listed["endsAt"]) == (body["matchers"], body["endsAt"])
    [alert] = station.bare("GET", "/api/v2/alerts", headers=BEARER).json()
    assert alert["status"] == {
        "state": "suppressed",
        "silencedBy": [silence_id],
        "inhibitedBy": [],
    }
    assert station.bare("GET", "/api/v2/alerts?silenced=false", headers=BEARER).json() == []
    plain = {"name": "env", "value": "prod", "isRegex": False, "isEqual": False}
    place = {"name": "place", "value": "Brno", "isRegex": False}
    changed = posted(station, id=silence_id, matchers=[plain, place])
    other = station.bare("POST", "/api/v2/silences", json=changed, headers=BEARER).json()
    states = {
        s["id"]: s["status"]["state"]
        for s in station.bare("GET", "/api/v2/silences", headers=BEARER).json()
    }
    assert states == {silence_id: "expired", other["silenceID"]: "active"}
    path = f"/api/v2/silence/{other['silenceID']}"
    assert station.bare("DELETE", path, headers=BEARER).status_code == 200
    expired = station.bare("GET", path, headers=BEARER).json()
    assert expired["status"] == {"state": "expired"}
    assert expired["matchers"] == [place | {"isEqual": True}, plain]


def test_a_list_is_narrowed_by_matchers_that_a_silence_has(station: Station) -> None:
    now = station.engine.now_ms()
    station.bare("POST", "/api/v2/silences", json=posted(station), headers=BEARER)
    place = {"name": "place", "value": "Brno", "isRegex": False, "isEqual": True}
    ahead = posted(
        station, matchers=[place], startsAt=iso(now + MINUTE), endsAt=iso(now + 2 * MINUTE)
    )
    station.bare("POST", "/api/v2/silences", json=ahead, headers=BEARER)
    found = station.bare("GET", '/api/v2/silences?filter=place="Brno"', headers=BEARER).json()
    assert [(s["comment"], s["status"]["state"]) for s in found] == [("Works", "pending")]
    wrong = station.bare("GET", "/api/v2/silences?filter=place", headers=BEARER)
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (400, "filter")


def test_what_cannot_be_is_refused_and_an_intake_token_opens_none_of_it(station: Station) -> None:
    before = station.head()
    everything = [{"name": "env", "value": ".*", "isRegex": True, "isEqual": True}]
    for changes, field in (
        ({"matchers": everything}, "matchers"),
        ({"matchers": []}, "matchers"),
        ({"comment": ""}, "comment"),
        ({"endsAt": iso(1)}, "until"),
        ({"createdBy": "engine"}, "X-CrisisDesk-Operator"),
        ({"id": "SIL-X"}, "replaces"),
    ):
        answer = station.bare(
            "POST", "/api/v2/silences", json=posted(station, **changes), headers=BEARER
        )
        assert answer.json()["error"]["field"] == field, answer.text
    assert station.bare("GET", "/api/v2/silence/SIL-X", headers=BEARER).status_code == 404
    assert station.bare("DELETE", "/api/v2/silence/SIL-X", headers=BEARER).status_code == 404
    intake = {"authorization": f"Bearer {INTAKE}"}
    assert station.bare("GET", "/api/v2/silences", headers=intake).status_code == 403
    assert station.head() == before

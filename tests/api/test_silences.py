"""The routes of silences."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.api.times import iso

from tests.api.station import Station

HOUR = 3_600


def put(station: Station, **fields: Any) -> dict[str, Any]:
    length = {} if "until" in fields else {"duration_s": HOUR}
    body = {"matchers": "service=db", "reason": "Disk change", **length, **fields}
    answer = station.ask("POST", "/crisis/silences/", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_one_is_set_listed_and_lifted(station: Station) -> None:
    station.raised(service="db")
    station.raised(service="web", title="Slow")
    made = put(station)
    assert (made["state"], made["hides"], made["matchers"]) == ("active", 1, ['service="db"'])
    assert (made["set_by"], made["lifted_by"], made["lifted_at"]) == ("Zoë Ng", "", None)
    path = f"/crisis/silences/{made['id']}/"
    assert station.ask("GET", path).json() == made
    assert station.ask("GET", "/crisis/silences/").json() == {"results": [made]}
    assert station.ask("DELETE", path).status_code == 204
    lifted = station.ask("GET", path).json()
    assert (lifted["state"], lifted["lifted_by"]) == ("lifted", "Zoë Ng")
    assert lifted["lifted_at"] is not None
    assert station.ask("DELETE", path).status_code == 204
    assert put(station)["state"] == "active"


def test_a_window_is_planned_and_replaced(station: Station) -> None:
    now = station.engine.now_ms()
    planned = put(station, starts_at=iso(now + 7_200_000), until=iso(now + 9_000_000))
    assert (planned["state"], planned["starts_at"]) == ("planned", iso(now + 7_200_000))
    moved = put(station, starts_at=iso(now + 8_000_000), replaces=planned["id"])
    assert station.ask("GET", f"/crisis/silences/{planned['id']}/").json()["state"] == "lifted"
    assert moved["until"] == iso(now + 8_000_000 + HOUR * 1_000)


def test_a_preview_says_what_would_be_hidden_and_changes_nothing(station: Station) -> None:
    raised = [station.raised(title=f"Disk {i}", labels={"env": "prod"}) for i in range(22)]
    station.raised(title="Other")
    before = station.head()
    told = station.ask("POST", "/crisis/silences/preview/", json={"matchers": 'env=~"p.*"'}).json()
    assert (told["hides"], len(told["alerts"]), told["broad"]) == (22, 20, False)
    assert told["matchers"] == ['env=~"p.*"']
    assert told["alerts"][0]["alert_id"] in {a["alert_id"] for a in raised}
    broad = station.ask("POST", "/crisis/silences/preview/", json={}).json()
    assert (broad["hides"], broad["broad"]) == (23, True)
    assert station.head() == before


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [
        ({"reason": ""}, 400, "reason"),
        ({"reason": "  "}, 400, "reason"),
        ({"matchers": ""}, 400, "matchers"),
        ({"matchers": ["service"]}, 400, "matchers"),
        ({"matchers": 'x=~"(a+)+"'}, 400, "matchers"),
        ({"duration_s": 0}, 400, "duration_s"),
        ({"duration_s": 31 * 86_400}, 400, "duration_s"),
        ({"duration_s": None}, 400, "duration_s"),
        ({"until": "2020-01-01T00:00:00Z"}, 400, "until"),
        ({"until": "tomorrow"}, 400, "until"),
        ({"starts_at": "soon"}, 400, "starts_at"),
        ({"replaces": "SIL-X"}, 404, "replaces"),
        ({"everything": True}, 400, "everything"),
        ({"from": "now"}, 400, "from"),
    ],
)
def test_a_bad_one_is_refused_with_its_field(
    station: Station, fields: dict[str, Any], status: int, field: str
) -> None:
    before = station.head()
    body = {"matchers": "service=db", "duration_s": HOUR, "reason": "Works", **fields}
    answer = station.ask("POST", "/crisis/silences/", json=body)
    assert (answer.status_code, answer.json()["error"]["field"]) == (status, field), answer.text
    assert station.head() == before


def test_all_alerts_are_silenced_only_by_saying_so(station: Station) -> None:
    station.raised()
    made = put(station, matchers="", everything=True)
    assert (made["everything"], made["matchers"], made["hides"]) == (True, [], 1)


def test_what_is_not_there_is_told(station: Station) -> None:
    for method in ("GET", "DELETE"):
        answer = station.ask(method, "/crisis/silences/SIL-X/")
        assert (answer.status_code, answer.json()["error"]["field"]) == (404, "silence_id")

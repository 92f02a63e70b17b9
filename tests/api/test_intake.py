"""The ways in for alerts: 2xx after the commit, and nothing stored of what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crisisdesk.engine.ports import StoreFailed

from tests.api.station import BEARER, INTAKE, Station

HEADERS = {"authorization": f"Bearer {INTAKE}", "content-type": "application/json"}


def posted(name: str = "DiskFull", **more: Any) -> dict[str, Any]:
    return {"labels": {"alertname": name, "severity": "critical"}, **more}


def webhook(*alerts: dict[str, Any]) -> dict[str, Any]:
    return {"version": "4", "groupKey": "{}:{}", "status": "firing", "alerts": list(alerts)}


def trigger(**more: Any) -> dict[str, Any]:
    payload = {"summary": "db down", "source": "db1", "severity": "critical"}
    return {"event_action": "trigger", "dedup_key": "k1", "payload": payload, **more}


def test_prometheus_speaks_to_it_as_to_an_alertmanager(station: Station) -> None:
    answer = station.bare(
        "POST", "/api/v2/alerts", json=[posted("a"), posted("b")], headers=HEADERS
    )
    assert (answer.status_code, answer.content) == (200, b"")
    assert station.head() >= 2
    listed = station.bare("GET", "/api/v2/alerts?active=true&silenced=false", headers=BEARER).json()
    assert {a["labels"]["alertname"] for a in listed} == {"a", "b"}
    assert set(listed[0]) == {
        "annotations",
        "endsAt",
        "fingerprint",
        "receivers",
        "startsAt",
        "status",
        "updatedAt",
        "generatorURL",
        "labels",
    }
    assert listed[0]["status"] == {"state": "active", "silencedBy": [], "inhibitedBy": []}
    one = station.bare("GET", '/api/v2/alerts?filter=alertname="a"', headers=BEARER).json()
    assert [a["labels"]["alertname"] for a in one] == ["a"]
    none = station.bare("GET", "/api/v2/alerts?filter=alertname=c", headers=BEARER)
    assert none.content == b"[]"
    assert station.bare("GET", "/api/v2/alerts?active=false", headers=BEARER).content == b"[]"
    regex = station.bare("GET", "/api/v2/alerts?filter=alertname=~a", headers=BEARER)
    assert (regex.status_code, regex.json()["error"]["field"]) == (400, "filter")


def test_a_webhook_fires_and_resolves(station: Station) -> None:
    fire = webhook(posted(status="firing", startsAt="2026-03-01T12:00:00Z"))
    assert station.bare("POST", "/intake/alertmanager", json=fire, headers=HEADERS).is_success
    [alert] = station.ask("GET", "/crisis/alerts/").json()["results"]
    assert (alert["severity"], alert["source_system"]) == ("critical", "alertmanager")
    assert alert["starts_at"] == "2026-03-01T12:00:00.000Z"
    over = webhook(posted(status="resolved", startsAt="2026-03-01T12:00:00Z"))
    assert station.bare("POST", "/intake/alertmanager", json=over, headers=HEADERS).is_success
    gone = station.ask("GET", f"/crisis/alerts/{alert['id']}/").json()
    assert (gone["status"], gone["resolved_by"]) == ("resolved", "source:alertmanager")


def test_pagerduty_brings_its_key_in_the_body(station: Station) -> None:
    plain = {"content-type": "application/json"}
    answer = station.bare("POST", "/v2/enqueue", json=trigger(routing_key=INTAKE), headers=plain)
    assert answer.status_code == 202
    assert answer.json()["dedup_key"] == "k1"
    before = station.head()
    stranger = station.bare("POST", "/v2/enqueue", json=trigger(routing_key="no"), headers=plain)
    assert stranger.status_code == 401
    bad = trigger(routing_key=INTAKE, event_action="shout")
    told = station.bare("POST", "/v2/enqueue", json=bad, headers=plain)
    assert told.status_code == 400
    assert told.json()["status"] == "invalid event"
    assert told.json()["error"]["field"] == "event_action"
    bad["routing_key"] = "no"
    assert station.bare("POST", "/v2/enqueue", json=bad, headers=plain).status_code == 401
    assert station.bare("POST", "/v2/enqueue", content=b"{", headers=plain).status_code == 401
    assert station.bare("POST", "/v2/enqueue", content=b"{", headers=HEADERS).status_code == 400
    assert station.head() == before


def test_generic_json_comes_in_by_its_mapping(station: Station) -> None:
    body = {"title": "Queue stuck", "severity": "high"}
    assert station.bare("POST", "/intake/generic/plain", json=body, headers=HEADERS).is_success
    missing = station.bare("POST", "/intake/generic/none", json=body, headers=HEADERS)
    assert missing.status_code == 404
    wrong = station.bare("GET", "/intake/generic/plain", headers=HEADERS)
    assert wrong.status_code in (404, 405)


def test_a_large_body_is_taken_whole(station: Station) -> None:
    alerts = [posted(f"a{i}", annotations={"text": "x" * 1000}) for i in range(700)]
    raw = json.dumps(alerts).encode()
    assert len(raw) > 512 * 1024
    assert station.bare("POST", "/api/v2/alerts", content=raw, headers=HEADERS).is_success
    assert station.reader(lambda r: r.counts(0).open_alerts) == 700


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"null", 400),
        (b"{}", 400),
        (b'[{"labels":{}}]', 400),
        (b'[{"labels":{"a":1}}]', 400),
        (b'[{"labels":{"a":"\\ud800"}}]', 400),
        (b'[{"labels":{"a":"\\u0000"}}]', 400),
        (b'[{"labels":{"a":"b"},"x":' + b"[" * 40 + b"]" * 40 + b"}]", 400),
        (b"[" * 100_000, 400),
        (b'[{"labels":{"a":"b"},"startsAt":"soon"}]', 400),
        (b"\xff\xfe", 400),
    ],
)
def test_malformed_bodies_change_nothing(station: Station, body: bytes, status: int) -> None:
    before = station.head()
    answer = station.bare("POST", "/api/v2/alerts", content=body, headers=HEADERS)
    assert answer.status_code == status
    assert answer.json()["error"]["remedy"]
    assert station.head() == before


def test_one_bad_alert_refuses_the_whole_post(station: Station) -> None:
    body = [posted("good"), {"labels": {"severity": 4}}]
    answer = station.bare("POST", "/api/v2/alerts", json=body, headers=HEADERS)
    assert answer.json()["error"]["field"].startswith("[1].labels")
    assert station.head() == 0


# The engine's own clocks may share the group that fails, or not.
@pytest.mark.allow_log(
    "could not be (minded|claimed|looked|judged|asked|reported|read|written)", level="ERROR"
)
@pytest.mark.allow_log("group of", level="ERROR")
def test_a_store_that_fails_is_told_as_not_saved(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = station.engine._parts.journal

    # The disk is made to refuse where the committer hands its group over.
    def full(*_: Any) -> int:
        raise StoreFailed("the disk is full (SQLITE_FULL); free some space")

    monkeypatch.setattr(type(journal), "append", full)
    answer = station.bare("POST", "/api/v2/alerts", json=[posted()], headers=HEADERS)
    monkeypatch.undo()
    assert answer.status_code == 503
    assert "nothing was saved: the disk is full" in answer.json()["detail"]
    assert station.head() == 0
    again = station.bare("POST", "/api/v2/alerts", json=[posted()], headers=HEADERS)
    assert again.status_code == 200
    assert station.head() > 0


def test_a_stopping_engine_says_so(station: Station) -> None:
    station.run(station.engine.stop())
    answer = station.bare("POST", "/api/v2/alerts", json=[posted()], headers=HEADERS)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"


def test_its_status_is_alertmanagers(station: Station) -> None:
    status = station.bare("GET", "/api/v2/status", headers=HEADERS).json()
    assert status["cluster"]["status"] == "disabled"
    assert status["versionInfo"]["version"].startswith("CrisisDesk ")

"""Beating: by whoever knows the address, in any way, and nobody else."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from crisisdesk.api.beats import BEAT_PATH

from tests.api.station import BASE, BEARER, OPERATOR, Station


def declare(station: Station, **fields: Any) -> dict[str, Any]:
    order = {"name": "backup", "every_s": 300} | fields
    answer = station.ask("POST", "/crisis/heartbeats/", json=order, headers=OPERATOR)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def outside(station: Station, method: str, path: str, **more: Any) -> httpx.Response:
    """A request of somebody who has no token."""
    request = httpx.Request(method, f"{BASE}{path}", **more)
    answer: httpx.Response = station.run(station.http.send(request))
    return answer


def listed(station: Station) -> dict[str, Any]:
    found: list[dict[str, Any]] = station.ask("GET", "/crisis/heartbeats/").json()["results"]
    return found[0]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_a_beat_needs_the_address_alone(station: Station, method: str) -> None:
    made = declare(station)
    assert listed(station)["state"] == "new"
    for path in (made["path"], made["path"].rstrip("/")):
        answer = outside(station, method, path)
        assert answer.status_code == 200
    assert listed(station)["state"] == "well"
    assert listed(station)["last_beat_at"] is not None


def test_a_body_of_any_kind_is_taken_and_a_long_one_refused(station: Station) -> None:
    made = declare(station)
    assert outside(station, "POST", made["path"], content=b"\xff\x00 log").status_code == 200
    assert outside(station, "POST", made["path"], json={"status": "firing"}).status_code == 200
    refused = outside(station, "POST", made["path"], content=b"x" * (64 * 1024 + 1))
    assert refused.status_code == 413


def test_a_failure_is_an_alert_and_the_next_beat_ends_it(station: Station) -> None:
    made = declare(station)
    answer = outside(station, "POST", made["path"] + "fail", content=b"no space left")
    assert answer.status_code == 200
    (alert,) = station.ask("GET", "/crisis/alerts/").json()["results"]
    assert (alert["source_system"], alert["severity"]) == ("heartbeat", "critical")
    assert "no space left" in alert["description"]
    assert listed(station)["state"] == "missing"
    outside(station, "GET", made["path"])
    (alert,) = station.ask("GET", "/crisis/alerts/").json()["results"]
    assert alert["status"] == "resolved"


def test_a_start_is_told(station: Station) -> None:
    made = declare(station)
    assert outside(station, "GET", made["path"] + "start/").status_code == 200
    assert listed(station)["started_at"] is not None


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_an_address_that_nobody_has_tells_nothing(station: Station, method: str) -> None:
    declare(station)
    secret = "q" * 43
    answer = outside(station, method, f"/crisis/heartbeats/{secret}/")
    assert answer.status_code == 404
    assert secret not in answer.text


def test_other_paths_and_methods_need_a_token_as_before(station: Station) -> None:
    made = declare(station)
    assert outside(station, "GET", "/crisis/heartbeats/").status_code == 401
    assert outside(station, "DELETE", made["path"]).status_code == 401
    assert outside(station, "GET", made["path"] + "other/").status_code == 401
    # A name that is none of this station's is refused before anything is heard.
    stranger = outside(station, "GET", made["path"], headers={"host": "evil.example.org"})
    assert stranger.status_code == 400
    assert listed(station)["state"] == "new"


def test_ids_do_not_look_like_addresses(station: Station) -> None:
    made = declare(station)
    assert BEAT_PATH.fullmatch(f"/crisis/heartbeats/{made['heartbeat_id']}/") is None
    answer = station.ask("GET", f"/crisis/heartbeats/{made['heartbeat_id']}/", headers=BEARER)
    assert answer.status_code == 405

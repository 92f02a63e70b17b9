"""The routes of candidates."""

from __future__ import annotations

import asyncio
from typing import Any

from crisisdesk.engine.command import ENGINE
from crisisdesk.engine.correlation_commands import MindCandidates

from tests.api.station import Station

PATH = "/crisis/candidates/"


def mind(station: Station) -> None:
    async def look() -> None:
        await asyncio.ensure_future(station.engine.submit(MindCandidates(), ENGINE))

    station.run(look())


def proposed(station: Station, service: str = "db") -> dict[str, Any]:
    """Three alerts on one service, and the candidate that comes of them."""
    for number in range(3):
        station.raised(title=f"Slow {number}", service=service, severity="high")
    mind(station)
    (found,) = station.ask("GET", PATH).json()["results"]
    told: dict[str, Any] = found
    return told


def test_one_is_listed_and_accepted_once(station: Station) -> None:
    told = proposed(station)
    name = told["candidate_id"]
    assert (told["title"], told["severity"], told["status"]) == (
        "3 related alerts on db",
        "major",
        "open",
    )
    assert (told["rule"], told["group"], len(told["alerts"])) == (
        "same service",
        {"service": "db"},
        3,
    )
    assert station.ask("GET", f"{PATH}{name}/").json() == told
    accepted = station.ask("POST", f"{PATH}{name}/accept/", json={"title": "Payments down"})
    assert accepted.status_code == 200, accepted.text
    incident = accepted.json()
    assert (incident["title"], incident["incident_commander"]) == ("Payments down", "Zoë Ng")
    again = station.ask("POST", f"{PATH}{name}/accept/")
    assert again.json()["id"] == incident["id"]
    assert station.ask("GET", PATH).json() == {"results": []}
    (past,) = station.ask("GET", PATH, params={"with_past": True}).json()["results"]
    assert (past["status"], past["incident_id"]) == ("accepted", incident["id"])
    refused = station.ask("POST", f"{PATH}{name}/dismiss/", json={"reason": "no"})
    assert refused.status_code == 409
    assert refused.json()["error"]["field"] == "candidate_id"


def test_one_is_dismissed_and_brought_back(station: Station) -> None:
    name = proposed(station)["candidate_id"]
    dismissed = station.ask("POST", f"{PATH}{name}/dismiss/", json={"reason": "a test"}).json()
    assert (dismissed["status"], dismissed["reason"], dismissed["decided_by"]) == (
        "dismissed",
        "a test",
        "Zoë Ng",
    )
    assert dismissed["rest_until"] is not None
    reopened = station.ask("POST", f"{PATH}{name}/reopen/").json()
    assert (reopened["status"], reopened["rest_until"]) == ("open", None)


def test_what_cannot_be_is_refused_and_changes_nothing(station: Station) -> None:
    name = proposed(station)["candidate_id"]
    before = station.head()
    for path, body, status, field in (
        ("CAN-NONE/accept/", {}, 404, "candidate_id"),
        ("CAN-NONE/dismiss/", {}, 404, "candidate_id"),
        ("CAN-NONE/reopen/", {}, 404, "candidate_id"),
        (f"{name}/accept/", {"severity": "huge"}, 400, "severity"),
        (f"{name}/accept/", {"colour": "red"}, 400, "colour"),
        (f"{name}/dismiss/", {"reason": "x" * 1_001}, 400, "reason"),
    ):
        answer = station.ask("POST", PATH + path, json=body)
        assert answer.status_code == status, answer.text
        assert field in answer.json()["error"]["field"]
    assert station.ask("GET", f"{PATH}CAN-NONE/").status_code == 404
    assert station.head() == before


def test_a_rule_is_published_like_any_policy(station: Station) -> None:
    content = {"kind": "correlation", "by": ["service"], "at_least": 2, "name": "{count} {service}"}
    made = station.ask("POST", "/crisis/policies/", json={"name": "Pairs", "content": content})
    assert made.status_code == 201, made.text
    listed = station.ask("GET", "/crisis/policies/", params={"kind": "correlation"}).json()
    assert [one["name"] for one in listed["results"]] == ["Pairs"]
    content["name"] = "{nobody}"
    refused = station.ask("POST", "/crisis/policies/", json={"name": "P", "content": content})
    assert (refused.status_code, refused.json()["error"]["field"]) == (400, "name")
    assert "{service}" in refused.json()["error"]["remedy"]

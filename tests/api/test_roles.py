"""The roles of an incident at the door."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.planned import MALLORY, PlannedStation

BO = {"X-CrisisDesk-Operator": "Bo"}
BRIEF = {"to": "Bo", "known": "Two writers since 02:05", "next": "Stop the second one"}


@pytest.fixture
def station(tmp_path: Path) -> Iterator[PlannedStation]:
    made = PlannedStation(tmp_path)
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def path(station: PlannedStation) -> str:
    """Where the roles of one data breach are; Bo has a card."""
    answer = station.ask("POST", "/crisis/contacts/", json={"name": "Bo", "methods": []})
    assert answer.status_code == 201, answer.text
    return f"/crisis/incidents/{station.opened(category='security')['id']}/roles/"


def held(told: dict[str, Any]) -> dict[str, list[str]]:
    return {one["role"]: [h["who"] for h in one["holders"]] for one in told["results"]}


def test_the_roles_of_the_plan_are_there_to_be_filled(station: PlannedStation, path: str) -> None:
    told = station.ask("GET", path).json()
    assert held(told)["commander"] == ["Zoë Ng"]
    empty = {role for role, who in held(told).items() if not who}
    assert {"operations_lead", "security_lead", "liaison", "scribe"} <= empty
    assert {one["role"] for one in told["results"] if one["planned"]} >= empty - {"deputy"}
    assert [past["who"] for past in told["history"]] == ["Zoë Ng"]


def test_a_role_is_taken_given_up_and_strain_is_told(station: PlannedStation, path: str) -> None:
    told = station.ask("POST", f"{path}scribe/assume/").json()
    assert held(told)["scribe"] == ["Zoë Ng"]
    assert [(w["strain"], w["remedy"], w["role"]) for w in told["warnings"]] == [
        ("exclusive", "hand_over", "scribe")
    ]
    assert station.ask("POST", f"{path}scribe/assume/", headers=BO).status_code == 409
    told = station.ask("POST", f"{path}scribe/assume/", json={"who": "Bo", "reason": "x"}).json()
    assert held(told)["scribe"] == ["Bo"]
    told = station.ask("POST", f"{path}scribe/renounce/", json={"who": "Bo"}).json()
    assert (held(told)["scribe"], told["warnings"]) == ([], [])
    assert told["history"][-1]["until"] is not None


def test_command_passes_by_brief_and_read_back(station: PlannedStation, path: str) -> None:
    one = f"{path}commander/"
    draft = station.ask("GET", f"{one}brief/").json()
    assert draft["known"].startswith("- Checkout down: critical")
    assert "Isolate systems" in draft["next"]
    offered = station.ask("POST", f"{one}handover/", json=BRIEF)
    assert offered.status_code == 201, offered.text
    assert held(offered.json())["commander"] == ["Zoë Ng"]
    [offer] = [r["offer"] for r in offered.json()["results"] if r["offer"]]
    assert (offer["to"], offer["brief"]["known"]) == ("Bo", BRIEF["known"])
    said = {"read_back": "There are two; I stop one."}
    assert station.ask("POST", f"{one}handover/accept/", json=said).status_code == 409
    told = station.ask("POST", f"{one}handover/accept/", json=said, headers=BO).json()
    assert held(told)["commander"] == ["Bo"]
    assert told["history"][-1]["read_back"] == said["read_back"]


def test_an_offer_is_declined_and_taken_back(station: PlannedStation, path: str) -> None:
    one = f"{path}commander/handover/"
    for ending in ("decline", "withdraw"):
        station.ask("POST", one, json=BRIEF)
        body = {"reason": "on a train"} if ending == "decline" else None
        how: dict[str, Any] = {"headers": BO} if ending == "decline" else {}
        told = station.ask("POST", f"{one}{ending}/", json=body, **how).json()
        assert held(told)["commander"] == ["Zoë Ng"]
        assert not [r for r in told["results"] if r["offer"]]


def test_what_cannot_be_is_said(station: PlannedStation, path: str) -> None:
    assert station.ask("GET", f"{path}Boss/brief/").status_code == 400
    assert station.ask("POST", f"{path}Boss/assume/").status_code == 400
    assert station.ask("POST", f"{path}commander/renounce/").status_code == 400
    assert station.ask("POST", f"{path}commander/handover/", json={"to": "Bo"}).status_code == 400
    assert station.ask("GET", "/crisis/incidents/INC-NONE/roles/").status_code == 404
    incident = path.removesuffix("roles/")
    station.ask("PUT", f"{incident}restriction/", json={"readers": []})
    assert station.ask("GET", path, headers=MALLORY).status_code == 409

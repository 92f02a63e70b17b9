"""The decisions of an incident at the door."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.api.planned import MALLORY, PlannedStation

LATER = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%dT%H:%M:%S}.000Z"
FULL = {
    "title": "Fail over to fra2",
    "options": ["wait for the link"],
    "expected": "orders flow again",
    "risk": "4 s of orders",
    "objections": [{"by": "Bo", "text": "the lag is 4 s"}],
    "decider": "Klára",
    "revert_trigger": "the lag grows",
    "check_at": LATER,
}


@pytest.fixture
def station(tmp_path: Path) -> Iterator[PlannedStation]:
    made = PlannedStation(tmp_path)
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def path(station: PlannedStation) -> str:
    """Where the decisions of one incident are, which has none yet."""
    return f"/crisis/incidents/{station.opened(crisis_type='')['id']}/decisions/"


def test_a_decision_is_led_from_its_log_to_its_reverting(
    station: PlannedStation, path: str
) -> None:
    made = station.ask("POST", path, json=FULL)
    assert made.status_code == 201, made.text
    told = made.json()
    assert {name: told[name] for name in FULL if name != "objections"} == {
        name: value for name, value in FULL.items() if name != "objections"
    }
    one = f"{path}{told['decision_id']}/"
    answer = {"objection": told["objections"][0]["objection"], "answer": "taken up"}
    told = station.ask("POST", f"{one}answer/", json=answer).json()
    assert told["objections"][0]["answered_by"] == "Zoë Ng"
    more = {"text": "nobody at fra2", "by": "Cy", "answer": "Dana is"}
    told = station.ask("POST", f"{one}objections/", json=more).json()
    assert told["objections"][1]["answer"] == "Dana is"
    assert station.ask("PATCH", one, json={"risk": "none"}).json()["risk"] == "none"
    assert station.ask("PATCH", one, json={"check_at": None}).json()["check_at"] is None
    told = station.ask("POST", f"{one}check/", json={"result": "0 s", "check_at": LATER}).json()
    assert (told["checks"][0]["result"], told["check_at"], told["rings"]) == ("0 s", LATER, False)
    assert station.ask("POST", f"{one}check/").json()["check_at"] is None
    told = station.ask("POST", f"{one}revert/", json={"reason": "worse"}).json()
    assert (told["status"], told["reason"], told["reverted_by"]) == ("reverted", "worse", "Zoë Ng")
    assert [d["status"] for d in station.ask("GET", path).json()["results"]] == ["reverted"]


def test_what_cannot_be_is_said(station: PlannedStation, path: str) -> None:
    for wrong in ({}, {"title": ""}, {"title": "x", "check_at": "2020-01-01T00:00:00Z"}):
        assert station.ask("POST", path, json=wrong).status_code == 400
    assert station.ask("GET", path).json() == {"results": []}
    one = f"{path}{station.ask('POST', path, json={'title': 'x'}).json()['decision_id']}/"
    assert station.ask("PATCH", one, json={"status": "reverted"}).status_code == 400
    assert station.ask("PATCH", one, json={"title": None}).status_code == 400
    wrong = {"objection": "none", "answer": "x"}
    assert station.ask("POST", f"{one}answer/", json=wrong).status_code == 404
    assert station.ask("POST", f"{path}DEC-NONE/check/").status_code == 404
    station.ask("POST", f"{one}revert/", json={"reason": "x"})
    assert station.ask("POST", f"{one}check/").status_code == 409


def test_a_restricted_one_is_not_told(station: PlannedStation, path: str) -> None:
    station.ask("PUT", f"{path.removesuffix('decisions/')}restriction/", json={"readers": []})
    assert station.ask("GET", path, headers=MALLORY).status_code == 409
    assert station.ask("POST", path, headers=MALLORY, json={"title": "x"}).status_code == 409

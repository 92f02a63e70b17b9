"""Merging, splitting, restricting and the plan of an incident at the door."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crisisdesk.api.times import ms_of

from tests.api.planned import PlannedStation


@pytest.fixture
def station(tmp_path: Path) -> Iterator[PlannedStation]:
    made = PlannedStation(tmp_path)
    try:
        yield made
    finally:
        made.close()


def test_a_part_is_read_from_the_whole_and_split_off_again(station: PlannedStation) -> None:
    alert = station.raised()["id"]
    whole = station.opened(response_team=["Ana"])
    part = station.opened(title="Mails", alerts=[alert], response_team=["Bo"])
    paths = [f"/crisis/incidents/{one['id']}/" for one in (whole, part)]
    station.ask("POST", f"{paths[1]}updates/", json={"title": "Seen"})
    merge = station.ask("POST", f"{paths[1]}merge/", json={"into": whole["id"], "reason": "same"})
    told = merge.json()
    assert merge.status_code == 200
    assert (told["id"], told["parts"], told["alerts"]) == (whole["id"], [part["id"]], [alert])
    assert told["response_team"] == ["Ana", "Bo"]
    assert station.ask("GET", paths[1]).json()["part_of"] == whole["id"]
    titles = [u["title"] for u in station.ask("GET", f"{paths[0]}updates/").json()["results"]]
    assert titles == ["Seen"]
    refused = station.ask("PATCH", paths[1], json={"status": "resolved"})
    assert refused.status_code == 409
    assert whole["id"] in refused.json()["error"]["remedy"]
    back = station.ask("POST", f"{paths[1]}unmerge/").json()
    assert (back["part_of"], back["alerts"]) == (None, [alert])
    assert station.ask("GET", paths[0]).json()["parts"] == []


def test_alerts_are_split_off(station: PlannedStation) -> None:
    ids = [station.raised(title=title)["id"] for title in ("a", "b")]
    whole = station.opened(alerts=ids)
    path = f"/crisis/incidents/{whole['id']}/split/"
    answer = station.ask("POST", path, json={"alerts": ids[1:], "severity": "minor"})
    assert answer.status_code == 201
    made = answer.json()
    assert (made["split_from"], made["alerts"], made["severity"]) == (whole["id"], ids[1:], "minor")
    assert station.ask("POST", path, json={"alerts": ids[1:]}).json()["id"] == made["id"]
    assert station.ask("GET", f"/crisis/alerts/{ids[1]}/").json()["incident"] == made["id"]
    assert station.ask("POST", path, json={"alerts": []}).status_code == 400
    assert station.ask("POST", path, json={"alerts": ["A-NONE"]}).status_code == 400


def test_it_is_restricted_and_opened_again(station: PlannedStation) -> None:
    path = f"/crisis/incidents/{station.opened()['id']}/"
    body = {"readers": ["Bo"], "reason": "a name in it"}
    told = station.ask("PUT", f"{path}restriction/", json=body).json()
    assert (told["restricted"], told["readers"]) == (True, ["Bo", "Zoë Ng"])
    told = station.ask("DELETE", f"{path}restriction/").json()
    assert (told["restricted"], told["readers"]) == (False, [])


def test_the_plan_has_its_clocks_as_moments(station: PlannedStation) -> None:
    made = station.opened(category="security", detected_at="2025-05-13T21:48:00Z")
    path = f"/crisis/incidents/{made['id']}/plan/"
    plan = station.ask("GET", path).json()
    assert (plan["playbook"]["name"], plan["planned_for"]) == (
        "data_breach",
        ["data_breach critical"],
    )
    clocks = {clock["name"]: clock["until"] for clock in plan["clocks"]}
    assert clocks["Data protection authority"] == "2025-05-16T21:48:00.000Z"
    hour = ms_of(clocks["First word to management"], "x") - ms_of(made["created_at"], "x")
    assert hour == 3_600_000
    none = station.opened(crisis_type="")
    assert station.ask("GET", f"/crisis/incidents/{none['id']}/plan/").status_code == 404


def test_ranks_follow_and_are_set_by_hand_with_a_reason(station: PlannedStation) -> None:
    path = f"/crisis/incidents/{station.opened(severity='minor')['id']}/"
    refused = station.ask("PATCH", path, json={"priority": "p1"})
    assert (refused.status_code, refused.json()["error"]["field"]) == (400, "reason")
    told = station.ask("PATCH", path, json={"priority": "p1", "reason": "the board"}).json()
    assert (told["priority"], told["by_hand"]) == ("p1", {"priority": "the board"})
    told = station.ask("PATCH", path, json={"severity": "emergency"}).json()
    assert (told["impact"], told["priority"]) == ("critical", "p1")
    told = station.ask("PATCH", path, json={"severity": "major"}).json()
    assert (told["impact"], told["priority"]) == ("medium", "p1")
    told = station.ask("PATCH", path, json={"priority": "p3"}).json()
    assert (told["priority"], told["by_hand"]) == ("p3", {})
    refused = station.ask("PATCH", path, json={"title": "x", "reason": "y"})
    assert refused.json()["error"]["field"] == "reason"

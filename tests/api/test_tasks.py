"""The tasks of an incident at the door."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.planned import PlannedStation


@pytest.fixture
def station(tmp_path: Path) -> Iterator[PlannedStation]:
    made = PlannedStation(tmp_path)
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def path(station: PlannedStation) -> str:
    """Where the tasks of one incident are, which has none yet."""
    return f"/crisis/incidents/{station.opened(crisis_type='')['id']}/tasks/"


def added(station: PlannedStation, path: str, **fields: Any) -> dict[str, Any]:
    answer = station.ask("POST", path, json={"title": "Cut off db-3", **fields})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_a_plan_becomes_tasks_in_the_order_in_which_they_end(station: PlannedStation) -> None:
    made = station.opened(category="security")
    tasks = station.ask("GET", f"/crisis/incidents/{made['id']}/tasks/").json()["results"]
    ends = [task["ends_at"] for task in tasks]
    assert ends == sorted(ends)
    assert {"Isolate systems", "Notify legal team", "Engage PR team"} <= {
        task["title"] for task in tasks
    }
    assert all(task["source"].startswith("data_breach/") for task in tasks)


def test_a_task_is_led_to_its_end_and_back(station: PlannedStation, path: str) -> None:
    due = "2026-03-01T12:30:00.000Z"
    task = added(station, path, due_at=due, box_s=600, phase="containment", role="dba")
    one = f"{path}{task['task_id']}/"
    assert (task["due_at"], task["box_s"], task["status"]) == (due, 600, "open")
    assert station.ask("PATCH", one, json={"owner": "Bo"}).json()["owner"] == "Bo"
    assert station.ask("PATCH", one, json={"due_at": None}).json()["due_at"] is None
    assert station.ask("POST", f"{one}start/").json()["status"] == "started"
    done = station.ask("POST", f"{one}done/", json={"result": "it is off"}).json()
    assert (done["status"], done["result"], done["ended_by"]) == ("done", "it is off", "Zoë Ng")
    assert station.ask("POST", f"{one}drop/", json={"reason": "x"}).status_code == 409
    back = station.ask("POST", f"{one}reopen/", json={"reason": "again"}).json()
    assert (back["status"], back["life"]) == ("open", 2)
    dropped = station.ask("POST", f"{one}drop/", json={"reason": "not ours"}).json()
    assert dropped["status"] == "dropped"


def test_refusals_name_the_field_and_change_nothing(station: PlannedStation, path: str) -> None:
    one = f"{path}{added(station, path)['task_id']}/"
    before = station.head()
    for method, where, body, status, field in [
        ("POST", path, {"title": ""}, 400, "title"),
        ("POST", path, {"title": "x", "phase": "panic"}, 400, "phase"),
        ("POST", path, {"title": "x", "due_at": "soon"}, 400, "due_at"),
        ("POST", path, {"title": "x", "box_s": 0}, 400, "box_s"),
        ("PATCH", one, {"owner": "x", "title": "y"}, 400, "owner"),
        ("PATCH", one, {"title": None}, 400, "title"),
        ("POST", f"{one}drop/", {"reason": ""}, 400, "reason"),
        ("POST", f"{one}reopen/", {"reason": "x"}, 409, "task_id"),
        ("POST", f"{path}TSK-NONE/start/", None, 404, "task_id"),
    ]:
        answer = station.ask(method, where, json=body)
        assert (answer.status_code, answer.json()["error"]["field"]) == (status, field), body
    assert station.head() == before

"""The client's calls about tasks and response plans, against the real application."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crisisdesk.api.task_calls import PLAYBOOKS, TaskCalls

from tests.api.called import Called
from tests.api.planned import PlannedStation
from tests.domain.playbook.test_content import ACTION


class Calls(Called[PlannedStation], TaskCalls):
    """Asks a station of the tests."""


@pytest.fixture
def calls(tmp_path: Path) -> Iterator[Calls]:
    station = PlannedStation(tmp_path)
    try:
        yield Calls(station)
    finally:
        station.close()


def test_every_call_leads_somewhere(calls: Calls) -> None:
    incident = calls.station.opened(crisis_type="")["id"]
    task = calls.add_task(incident, "Cut off db-3")["task_id"]
    assert [one["task_id"] for one in calls.tasks(incident)] == [task]
    assert calls.edit_task(incident, task, owner="Bo")["owner"] == "Bo"
    assert calls.start_task(incident, task)["status"] == "started"
    assert calls.finish_task(incident, task, "off")["result"] == "off"
    assert calls.reopen_task(incident, task, "again")["life"] == 2
    assert calls.drop_task(incident, task, "not ours")["status"] == "dropped"
    assert {"ddos", "outage"} <= {one["name"] for one in calls.playbooks()}
    assert calls.playbook("ddos")["name"] == "ddos"
    assert calls.check_playbook("ddos", {"title": "x", "actions": [ACTION]})
    assert calls.reset_playbook("ddos") == {"withdrawn": 0}
    assert PLAYBOOKS.endswith("/")

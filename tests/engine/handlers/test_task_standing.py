"""Whether a page about a task is still wanted, also of what other stations wrote meanwhile."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.ids import alert_id_of
from crisisdesk.engine import commands as c
from crisisdesk.engine.command import ENGINE
from crisisdesk.engine.handlers.task_standing import SOURCE, not_wanted
from crisisdesk.engine.incident_commands import MergeIncident
from crisisdesk.engine.task_commands import AddTask, MindTasks

from tests.store.workload import Station

JONAS = "Jonas Weber"


@pytest.fixture
def paged(station: Station) -> tuple[str, str, Delivery, Alert]:
    """Incident, task, and the page that its owner got."""
    station.add_contact(JONAS)
    [incident] = station.do(c.OpenIncident(title="Orders split", severity="major"))
    due = station.now_ms + 1_000
    [task] = station.do(AddTask(incident_id=incident, title="Stop", owner=JONAS, due_at=due))
    station.now_ms = due
    station.do(MindTasks(), actor=ENGINE)
    page = next(s for s in station.bench._states.values() if isinstance(s, Delivery))
    alert = station.bench.get(alert_id_of(SOURCE, task))
    assert isinstance(alert, Alert)
    return incident, task, page, alert


@pytest.mark.parametrize(
    ("kind", "body", "why"),
    [
        ("task.done", {"life": 1}, "the task is done"),
        ("task.assigned", {"owner": "Bo", "generation": 2}, "Bo has the task now"),
        ("task.assigned", {"owner": "", "generation": 2}, "nobody has the task now"),
        ("task.edited", {"field": "due_at", "value": 9, "base": ""}, "another time"),
    ],
)
def test_what_another_station_wrote_stops_it(
    station: Station, paged: Any, kind: str, body: dict[str, Any], why: str
) -> None:
    _incident, task, page, alert = paged
    assert not_wanted(station.bench, page, alert) is None
    station.bench.emit(task, kind, body)
    assert why in (not_wanted(station.bench, page, alert) or "")


def test_the_end_of_the_incident_or_of_its_whole_stops_it(station: Station, paged: Any) -> None:
    incident, _task, page, alert = paged
    [whole] = station.do(c.OpenIncident(title="All", severity="major"))
    station.do(MergeIncident(incident_id=incident, into=whole))
    assert not_wanted(station.bench, page, alert) is None
    station.bench.emit(whole, "incident.status_changed", {"status": "resolved", "life": 1})
    assert not_wanted(station.bench, page, alert) == f"{whole} is resolved"


def test_pages_of_other_kinds_are_not_its_matter(station: Station, paged: Any) -> None:
    _incident, task, page, alert = paged
    station.bench.emit(task, "task.done", {"life": 1})
    assert not_wanted(station.bench, replace(page, reason="fired"), alert) is None

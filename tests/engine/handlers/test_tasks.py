"""Tasks through the engine: their life, their refusals, and being told as overdue once."""

from __future__ import annotations

import pytest

from crisisdesk.domain.errors import Conflict, DomainError, Malformed, NotFound
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.task import Task
from crisisdesk.engine import commands as c
from crisisdesk.engine.command import ENGINE
from crisisdesk.engine.incident_commands import MergeIncident, RestrictIncident
from crisisdesk.engine.task_commands import (
    AddTask,
    AssignTask,
    EditTask,
    EndTask,
    MindTasks,
    ReopenTask,
    StartTask,
)

from tests.reliability.bench import START, MemoryStation
from tests.store.workload import Station

KLARA = "Klára Langová"


@pytest.fixture
def opened(station: Station) -> str:
    """One open incident."""
    made: str = station.do(c.OpenIncident(title="Orders split", severity="critical"))[0]
    return made


@pytest.fixture
def added(station: Station, opened: str) -> str:
    """One task that is due in a minute."""
    order = AddTask(incident_id=opened, title="Cut off db-3", due_at=station.now_ms + 60_000)
    made: str = station.do(order)[0]
    return made


def task(station: Station, task_id: str) -> Task:
    state = station.bench.get(task_id)
    assert isinstance(state, Task)
    return state


def test_it_is_begun_done_and_brought_back(station: Station, opened: str, added: str) -> None:
    station.do(StartTask(task_id=added), StartTask(task_id=added))
    one = task(station, added)
    assert (one.status, one.owner, one.also_done) == ("started", KLARA, [])
    state = station.bench.get(opened)
    assert isinstance(state, Incident)
    assert state.first_response_at is not None
    station.do(EndTask(task_id=added, result="it is off"))
    assert (task(station, added).status, task(station, added).result) == ("done", "it is off")
    assert station.do(EndTask(task_id=added)) == [None]
    station.do(ReopenTask(task_id=added, reason="it came back"))
    assert (task(station, added).status, task(station, added).life) == ("open", 2)


def test_it_is_given_to_somebody_and_to_nobody(station: Station, added: str) -> None:
    station.do(AssignTask(task_id=added, owner="Bo"), AssignTask(task_id=added, owner="Bo"))
    assert (task(station, added).owner, task(station, added).owner_generation) == ("Bo", 1)
    station.do(AssignTask(task_id=added, owner=""))
    assert task(station, added).owner == ""


def test_refusals_name_the_field_and_change_nothing(
    station: Station, opened: str, added: str
) -> None:
    station.do(EndTask(task_id=added))
    before = task(station, added)
    cases: list[tuple[c.Command, type[DomainError], str]] = [
        (AddTask(incident_id=opened, title=""), Malformed, "title"),
        (AddTask(incident_id=opened, title="x", phase="panic"), Malformed, "phase"),
        (AddTask(incident_id=opened, title="x", due_at=0), Malformed, "due_at"),
        (AddTask(incident_id=opened, title="x", box_ms=10**15), Malformed, "box_ms"),
        (AddTask(incident_id="INC-NONE", title="x"), NotFound, "incident_id"),
        (EditTask(task_id=added, changes={"status": "open"}), Malformed, "status"),
        (EditTask(task_id=added, changes={"title": "y", "owner": "x"}), Malformed, "owner"),
        (EndTask(task_id=added, dropped=True, result="x"), Conflict, "task_id"),
        (StartTask(task_id=added), Conflict, "task_id"),
        (AssignTask(task_id=added, owner="x"), Conflict, "task_id"),
        (ReopenTask(task_id=added, reason=" "), Malformed, "reason"),
        (StartTask(task_id="TSK-NONE"), NotFound, "task_id"),
    ]
    for order, kind, field in cases:
        [refused] = station.do(order)
        assert isinstance(refused, kind), order
        assert refused.field == field
    assert task(station, added) == before


def test_dropping_needs_a_reason(station: Station, added: str) -> None:
    [refused] = station.do(EndTask(task_id=added, dropped=True))
    assert isinstance(refused, Malformed)
    assert refused.field == "reason"
    station.do(EndTask(task_id=added, dropped=True, result="not ours"))
    assert task(station, added).status == "dropped"


def test_an_ended_incident_and_a_part_take_no_new_tasks(station: Station, opened: str) -> None:
    [whole] = station.do(c.OpenIncident(title="All", severity="major"))
    station.do(MergeIncident(incident_id=opened, into=whole))
    assert isinstance(station.do(AddTask(incident_id=opened, title="x"))[0], Conflict)
    station.do(c.ChangeIncidentStatus(incident_id=whole, status="resolved"))
    assert isinstance(station.do(AddTask(incident_id=whole, title="x"))[0], Conflict)


def test_a_restricted_incident_keeps_its_tasks(station: Station, opened: str, added: str) -> None:
    station.do(RestrictIncident(incident_id=opened, restricted=True))
    [refused] = station.do(StartTask(task_id=added), actor="Mallory")
    assert isinstance(refused, Conflict)


def minded(station: Station, late_ms: int = 0) -> int:
    return int(station.do(MindTasks(late_ms=late_ms), actor=ENGINE)[0])


def test_it_is_told_as_overdue_once_when_its_time_has_come(station: Station, added: str) -> None:
    assert minded(station) == 0
    station.now_ms += 61_000
    assert minded(station, late_ms=5_000) == 0
    assert minded(station) == 1
    told = task(station, added)
    assert told.overdue_at is not None
    assert minded(station) == 0
    station.do(EditTask(task_id=added, changes={"due_at": station.now_ms + 10_000}))
    assert minded(station) == 0
    station.now_ms += 11_000
    assert minded(station) == 1


def test_a_restart_forgets_no_due_time(station: Station, added: str) -> None:
    station.recover()
    station.now_ms += 61_000
    assert minded(station) == 1


def test_two_stations_tell_of_it_once() -> None:
    here, there = MemoryStation("here", 1), MemoryStation("there", 2)
    incident_id = here.do(c.OpenIncident(title="A", severity="major"), START, KLARA)
    order = AddTask(incident_id=incident_id, title="x", due_at=START + 1_000)
    task_id = here.do(order, START + 10, KLARA)
    there.pull(here, START + 20)
    for station in (here, there):
        assert station.do(MindTasks(), START + 2_000, ENGINE) == 1
    while here.pull(there, START + 3_000) or there.pull(here, START + 3_000):
        pass
    assert here.bytes() == there.bytes()
    assert here.get(task_id).also_done == []

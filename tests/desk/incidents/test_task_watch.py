"""The clocks of tasks in the strip: one for what is late and one for what is next, an incident."""

from __future__ import annotations

from typing import Any

from crisisdesk.desk.incidents.room import IncidentsRoom
from crisisdesk.desk.incidents.task_watch import TaskWatch, task_cells
from crisisdesk.desk.snapshot import Change

from tests.desk.incidents.conftest import OTHER
from tests.desk.incidents.desk_stand_in import NOW_AFTER, StandInDesk, change_of
from tests.desk.incidents.task_bodies import CAPTURES, LIAISON, NOTICE, add_task, add_tasks, task_of
from tests.domain.incident_log import INCIDENT, MINUTE, START, LogBook

NOW = START + NOW_AFTER


def test_what_is_late_is_one_clock_and_what_is_next_another():
    log = LogBook()
    add_tasks(log)
    more = [f"TSK-{n:012d}" for n in (7, 8)]
    for name, minute in zip(more, (34, 50), strict=True):
        add_task(log, name, f"By minute {minute}", due_at=START + minute * MINUTE)
    tasks = [task_of(log, name) for name in (*more, CAPTURES, LIAISON, NOTICE)]
    cells = task_cells(tasks, NOW)
    assert [(cell.key, cell.label) for cell in cells] == [
        (NOTICE, "task: Confirm the notice +1"),
        (LIAISON, "task: Reach a liaison"),
    ]
    assert cells[1].deadline_ms == START + 40 * MINUTE
    assert cells[1].total_ms == 33 * MINUTE
    later = task_cells(tasks, START + 40 * MINUTE)
    assert [cell.label for cell in later] == ["task: Confirm the notice +2", "task: By minute 50"]
    assert task_cells([task_of(log, CAPTURES)], NOW) == []


def test_it_reads_again_when_a_task_moves_and_only_then(desk: StandInDesk, log: LogBook):
    changes: list[int] = []
    watch = TaskWatch(desk, lambda: changes.append(1), lambda _: None)
    watch.take(change_of(log))
    assert (watch.cells(), changes) == ([], [])
    add_tasks(log)
    watch.take(Change(touched=frozenset({"A-DBPRIMARY0001"})))
    assert changes == []
    watch.take(Change(touched=frozenset({NOTICE})))
    assert [cell.key for cell in watch.cells()] == [NOTICE, LIAISON]
    assert changes == [1]
    watch.tick(NOW + MINUTE)
    assert changes == [1]
    desk.now = NOW + 6 * MINUTE
    watch.tick(desk.now)
    assert changes == [1, 1]
    assert watch.incident_of(NOTICE) == INCIDENT
    assert watch.incident_of("TSK-UNKNOWN") == ""


def test_an_answer_that_never_came_is_asked_for_again(desk: StandInDesk, log: LogBook):
    add_tasks(log)
    asked: list[Any] = []
    watch = TaskWatch(desk, lambda: None, lambda _: None)
    desk.ask = lambda question, answer: asked.append((question, answer))  # type: ignore[method-assign]
    watch.take(change_of(log))
    watch.tick(desk.now + 1_000)
    assert len(asked) == 1
    desk.now += 4_000
    watch.tick(desk.now)
    assert len(asked) == 2


def test_a_clock_leads_to_its_task(room: IncidentsRoom, desk: StandInDesk, log: LogBook):
    add_tasks(log)
    room.on_snapshot(change_of(log))
    room.go_to(OTHER)
    assert room.current() == OTHER
    assert [cell.key for cell in room.clocks()] == [NOTICE, LIAISON]
    assert room.owns(LIAISON)
    assert not room.owns("TSK-UNKNOWN")
    room.activateWindow()
    room.go_to(LIAISON)
    assert room.current() == INCIDENT
    view = room.page.tasks.list
    assert view.rows.row(view.currentIndex().row()).key == LIAISON

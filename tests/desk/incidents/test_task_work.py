"""Orders about tasks: what is sent, what can be taken back, what a refusal leaves."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.room import IncidentsRoom
from crisisdesk.desk.room import Refusal

from tests.desk.incidents.conftest import OTHER
from tests.desk.incidents.desk_stand_in import StandInDesk, change_of
from tests.desk.incidents.task_bodies import CAPTURES, FREEZE, LIAISON, NOTICE, add_tasks
from tests.domain.incident_log import INCIDENT, MINUTE, START, LogBook

AWAY = Refusal(words="the engine is not running", remedy="try again", away=True)


@pytest.fixture
def tasked(room: IncidentsRoom, log: LogBook) -> IncidentsRoom:
    add_tasks(log)
    room.on_snapshot(change_of(log))
    room.activateWindow()
    return room


def choose(room: IncidentsRoom, task_id: str) -> None:
    view = room.page.tasks.list
    view.setFocus()
    view.setCurrentIndex(view.rows.index_of(task_id))
    task = room.task_work.task()
    assert task is not None
    assert task.task_id == task_id


def give(room: IncidentsRoom, **values: str) -> None:
    assert room.page.strip.question is not None
    room.page.strip.given.emit(room.page.strip.question.key, values)


def test_done_is_one_key_and_can_be_taken_back(tasked: IncidentsRoom, desk: StandInDesk):
    choose(tasked, NOTICE)
    tasked.task_work.press("toggle")
    assert desk.client.orders == [("finish_task", (INCIDENT, NOTICE), {})]
    said, undo = desk.undos[-1]
    assert said == "Done: Confirm the notice"
    undo()
    assert desk.client.orders[-1] == ("reopen_task", (INCIDENT, NOTICE, "Taken back at once"), {})


def test_an_ended_one_is_asked_back_with_a_reason(tasked: IncidentsRoom, desk: StandInDesk):
    tasked.page.tasks.list.fold()
    choose(tasked, FREEZE)
    tasked.task_work.press("toggle")
    give(tasked, reason=" ")
    assert "reason is empty" in tasked.page.strip.words.text()
    give(tasked, reason="they write again")
    assert desk.client.orders == [("reopen_task", (INCIDENT, FREEZE, "they write again"), {})]
    assert tasked.page.strip.question is None


def test_one_line_writes_a_task_into_the_phase_that_runs(tasked: IncidentsRoom, desk: StandInDesk):
    tasked.page.timeline.view.setFocus()
    tasked.task_work.press("add")
    give(tasked, title="", owner="", due="")
    assert tasked.page.strip.words.text().startswith("Not saved: title is empty")
    give(tasked, title="Ring the landlord", owner="Zoë Ng", due="soon")
    assert "no span" in tasked.page.strip.words.text()
    assert desk.client.orders == []
    desk.client.answers["add_task"] = {"task_id": "TSK-NEW"}
    give(tasked, title="Ring the landlord", owner="Zoë Ng", due="20m")
    fields = {"phase": "containment", "owner": "Zoë Ng", "due_at": "2026-02-12T03:00:02.000Z"}
    assert desk.client.orders == [("add_task", (INCIDENT, "Ring the landlord"), fields)]
    assert desk.now == START + 35 * MINUTE
    assert tasked.page.strip.question is None
    desk.undos[-1][1]()
    assert desk.client.orders[-1] == ("drop_task", (INCIDENT, "TSK-NEW", "Taken back at once"), {})


def test_the_other_orders(tasked: IncidentsRoom, desk: StandInDesk):
    def orders(*wanted: Any) -> None:
        assert [(name, args[1:], fields) for name, args, fields in desk.client.orders] == [*wanted]
        desk.client.orders.clear()

    choose(tasked, CAPTURES)
    tasked.task_work.press("start")
    orders(("start_task", (CAPTURES,), {}))
    tasked.task_work.press("assign")
    give(tasked, owner="Zoë Ng")
    orders(("edit_task", (CAPTURES,), {"owner": "Zoë Ng"}))
    desk.undos[-1][1]()
    orders(("edit_task", (CAPTURES,), {"owner": ""}))
    choose(tasked, LIAISON)
    tasked.task_work.press("due")
    give(tasked, due="")
    assert "due is empty" in tasked.page.strip.words.text()
    give(tasked, due="1h")
    orders(("edit_task", (LIAISON,), {"due_at": "2026-02-12T03:40:02.000Z"}))
    choose(tasked, LIAISON)
    tasked.task_work.press("drop")
    give(tasked, reason="she is here")
    orders(("drop_task", (LIAISON, "she is here"), {}))
    desk.undos[-1][1]()
    orders(("reopen_task", (LIAISON, "Taken back at once"), {}))


def test_away_is_said_and_what_was_typed_stays(tasked: IncidentsRoom, desk: StandInDesk):
    choose(tasked, NOTICE)
    desk.refuse_with = AWAY
    tasked.task_work.press("toggle")
    assert desk.said[-1][1] == "Not saved: the engine is not running; try again."
    assert desk.undos == []
    tasked.task_work.press("add")
    desk.refuse_with = AWAY
    give(tasked, title="x", owner="", due="")
    assert tasked.page.strip.question is not None
    assert "not running" in tasked.page.strip.words.text()


def test_a_question_about_a_task_waits_while_another_incident_is_shown(tasked: IncidentsRoom):
    choose(tasked, NOTICE)
    tasked.task_work.press("drop")
    tasked.go_to(OTHER)
    assert tasked.page.strip.question is None
    tasked.go_to(INCIDENT)
    assert tasked.page.strip.question is not None
    assert tasked.page.strip.question.key == f"task.drop {NOTICE}"


def test_the_past_shows_tasks_as_they_stood_and_changes_none(
    tasked: IncidentsRoom, desk: StandInDesk, qtbot: QtBot
):
    rows = tasked.page.tasks.list.rows
    assert rows.find(FREEZE) == -1
    tasked.past.go(START + 11 * MINUTE)
    assert rows.find(FREEZE) >= 0
    tasked.past.go(START + 5 * MINUTE)
    assert rows.rowCount() == 0
    tasked.past.go(START + 11 * MINUTE)
    view = tasked.page.tasks.list
    view.setCurrentIndex(rows.index_of(NOTICE))
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert desk.client.orders == []
    tasked.past.back()
    assert rows.find(FREEZE) == -1

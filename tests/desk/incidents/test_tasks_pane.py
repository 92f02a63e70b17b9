"""The pane of tasks: its head counts, also what becomes late while one looks."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.tasks_pane import TasksPane

from tests.desk.incidents.desk_stand_in import NOW_AFTER
from tests.desk.incidents.task_bodies import CAPTURES, FREEZE, LIAISON, NOTICE, add_tasks, task_of
from tests.domain.incident_log import MINUTE, START, LogBook

pytestmark = pytest.mark.usefixtures("look")
NOW = START + NOW_AFTER


@pytest.fixture
def pane(qtbot: QtBot) -> TasksPane:
    log = LogBook()
    add_tasks(log)
    made = TasksPane()
    qtbot.addWidget(made)
    made.show()
    names = (NOTICE, LIAISON, CAPTURES, FREEZE)
    made.show_tasks(tuple(task_of(log, name) for name in names), NOW)
    return made


def test_the_head_counts_and_says_what_is_late(pane: TasksPane):
    assert pane.head.accessibleName() == "Tasks 3 open, 1 done, 1 late"
    pane.tick(NOW + 6 * MINUTE)
    assert pane.head.accessibleName() == "Tasks 3 open, 1 done, 2 late"


def test_without_tasks_there_are_no_phases(pane: TasksPane):
    assert not pane.phases.isHidden()
    pane.show_tasks((), NOW)
    assert pane.phases.isHidden()
    assert pane.head.accessibleName() == "Tasks none"


def test_a_low_window_shows_fewer_lines(pane: TasksPane):
    pane.set_tall(True)
    tall = pane.list.height()
    pane.list.unfolded = False
    pane.list.fold()
    pane.set_tall(False)
    assert pane.list.height() <= tall

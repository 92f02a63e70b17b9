"""The list of tasks: keys, the box, the fold, and a line that keeps the keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.task_list import TaskList
from crisisdesk.desk.incidents.task_rows import FOLD
from crisisdesk.domain.task import Task

from tests.desk.incidents.desk_stand_in import NOW_AFTER
from tests.desk.incidents.task_bodies import CAPTURES, FREEZE, LIAISON, NOTICE, add_tasks, task_of
from tests.domain.incident_log import MINUTE, START, LogBook

pytestmark = pytest.mark.usefixtures("look")
NOW = START + NOW_AFTER
ALL = (NOTICE, LIAISON, CAPTURES, FREEZE)


def states(log: LogBook) -> list[Task]:
    return [task_of(log, name) for name in ALL]


@pytest.fixture
def log() -> LogBook:
    log = LogBook()
    add_tasks(log)
    return log


@pytest.fixture
def view(log: LogBook, qtbot: QtBot) -> TaskList:
    made = TaskList()
    qtbot.addWidget(made)
    made.resize(370, 200)
    made.show()
    made.show_tasks(states(log), NOW)
    return made


def wanted(view: TaskList) -> list[str]:
    found: list[str] = []
    view.wanted.connect(found.append)
    return found


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_space_and_enter_press_the_line(view: TaskList, qtbot: QtBot, key: Qt.Key):
    found = wanted(view)
    view.setCurrentIndex(view.rows.index_of(LIAISON))
    qtbot.keyClick(view, key)
    assert found == [LIAISON]


def test_a_click_on_the_box_presses_and_one_on_the_words_selects(view: TaskList, qtbot: QtBot):
    found = wanted(view)
    middle = view.visualRect(view.rows.index_of(NOTICE)).center().y()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(200, middle))
    assert found == []
    assert view.currentIndex().row() == 0
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(15, middle))
    assert found == [NOTICE]


def test_the_fold_opens_and_closes(view: TaskList, qtbot: QtBot):
    found = wanted(view)
    view.setCurrentIndex(view.rows.index_of(FOLD))
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert view.rows.find(FREEZE) == 4
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert view.rows.find(FREEZE) == -1
    assert found == []


def test_the_line_with_the_keyboard_keeps_it_when_others_end(view: TaskList, log: LogBook):
    view.setCurrentIndex(view.rows.index_of(LIAISON))
    log.write(NOTICE, "task.done", {"life": 1, "result": ""}, at=36 * MINUTE)
    view.show_tasks(states(log), NOW)
    assert view.rows.row(view.currentIndex().row()).key == LIAISON
    assert view.currentIndex().row() == 0


def test_nothing_is_pressed_in_the_past(view: TaskList, qtbot: QtBot):
    found = wanted(view)
    view.hold(True)
    view.setCurrentIndex(view.rows.index_of(LIAISON))
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert found == []


def test_it_grows_with_its_lines_up_to_the_most(view: TaskList):
    view.set_most(2)
    two = view.height()
    view.set_most(4)
    assert view.height() > two
    view.show_tasks([], NOW)
    assert 0 < view.height() < two


def test_the_screen_reader_hears_a_line_as_it_is_now(view: TaskList):
    index = view.rows.index_of(NOTICE)
    role = Qt.ItemDataRole.AccessibleTextRole
    assert "2 minutes late" in view.rows.data(index, role)
    view.tick(NOW + MINUTE)
    assert "3 minutes late" in view.rows.data(index, role)

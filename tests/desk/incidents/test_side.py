"""The side fits a low window by scrolling, and follows the keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.room import IncidentsRoom
from crisisdesk.desk.incidents.side import Side

from tests.desk.incidents.desk_stand_in import change_of
from tests.desk.incidents.task_bodies import add_tasks
from tests.domain.incident_log import LogBook


@pytest.mark.usefixtures("look")
def test_what_gets_the_keyboard_is_brought_into_view(qtbot: QtBot, settle: Callable[[], None]):
    fields = [QLineEdit() for _ in range(12)]
    for field in fields:
        field.setFixedHeight(60)
    side = Side(fields, QLineEdit())
    qtbot.addWidget(side)
    side.resize(320, 200)
    side.show()
    side.activateWindow()
    qtbot.waitUntil(side.isActiveWindow)
    fields[9].setFocus()
    settle()
    assert not fields[9].visibleRegion().isEmpty()
    assert fields[0].visibleRegion().isEmpty()
    fields[0].setFocus()
    settle()
    assert not fields[0].visibleRegion().isEmpty()


@pytest.mark.usefixtures("look")
def test_a_part_is_shown_whole_where_it_fits_and_from_its_beginning_where_not(
    qtbot: QtBot, settle: Callable[[], None]
):
    parts = [QWidget() for _ in range(3)]
    for part, tall in zip(parts, (150, 180, 400), strict=True):
        part.setFixedHeight(tall)
    side = Side(parts, QLineEdit())
    qtbot.addWidget(side)
    side.resize(320, 200)
    side.show()
    settle()
    side.reveal(parts[1], parts[1].rect())
    assert parts[1].visibleRegion().boundingRect().height() == 180
    side.reveal(parts[2], parts[2].rect())
    assert parts[2].visibleRegion().boundingRect().top() == 0
    side.reveal(parts[2], QRect(0, 380, 10, 20))
    assert parts[2].visibleRegion().boundingRect().bottom() == 399


def test_many_tasks_do_not_make_the_window_higher(
    room: IncidentsRoom, log: LogBook, settle: Callable[[], None]
):
    add_tasks(log)
    room.on_snapshot(change_of(log))
    room.task_work.press("add")
    settle()
    assert room.minimumSizeHint().height() <= 674

"""The list with its filter."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.recovery_room.reading import Board
from crisisdesk.desk.recovery_room.shelf import HEAD
from crisisdesk.desk.recovery_room.shelf_pane import ShelfPane

from tests.desk.recovery_room.scenes import NOW
from tests.desk.recovery_room.test_shelf import board


@pytest.fixture
def pane(qtbot: QtBot, look: Look) -> ShelfPane:
    made = ShelfPane()
    qtbot.addWidget(made)
    made.resize(320, 500)
    with qtbot.waitExposed(made):
        made.show()
    return made


def name(pane: ShelfPane) -> str:
    line = pane.line()
    return line.key if line is not None else ""


def test_keys_pass_over_heads_and_stay_at_the_ends(pane: ShelfPane) -> None:
    pane.show_board(board(), NOW)
    assert name(pane) == "RUN-1"
    assert pane.is_run()
    pane.list.go(1)
    assert name(pane) == "procedure Fail over"
    QTest.keyClick(pane.list, Qt.Key.Key_Down)
    assert name(pane) == "procedure Revoke"
    pane.list.go(-1)
    pane.list.go(-1)
    pane.list.go(-1)
    assert name(pane) == "RUN-1"
    QTest.keyClick(pane.list, Qt.Key.Key_Up)
    assert name(pane) == "RUN-1"


def test_what_is_wanted_before_it_is_known_is_selected_then(pane: ShelfPane) -> None:
    assert not pane.select("procedure Revoke")
    told: list[str] = []
    pane.chosen.connect(lambda line: told.append(line.key))
    pane.show_board(board(), NOW)
    assert name(pane) == "procedure Revoke"
    assert told == ["procedure Revoke"]


def test_a_new_reading_keeps_the_selection_and_tells_nothing(pane: ShelfPane) -> None:
    pane.show_board(board(), NOW)
    pane.select("procedure Fail over")
    told: list[str] = []
    pane.chosen.connect(lambda line: told.append(line.key))
    pane.show_board(board()._replace(runs=()), NOW)
    assert name(pane) == "procedure Fail over"
    assert told == []


def test_a_head_is_never_chosen_by_the_mouse(pane: ShelfPane) -> None:
    pane.show_board(board(), NOW)
    heads = [n for n, line in enumerate(pane.list.lines.rows()) if line.kind == HEAD]
    place = pane.list.visualRect(pane.list.lines.index(heads[1], 0)).center()
    QTest.mouseClick(pane.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert name(pane) == "RUN-1"


def test_the_filter_narrows_and_enter_leads_into_the_list(pane: ShelfPane) -> None:
    pane.show_board(board(), NOW)
    pane.filter.setText("revoke")
    assert name(pane) == "procedure Revoke"
    pane.filter.setFocus()
    QTest.keyClick(pane.filter, Qt.Key.Key_Return)
    assert pane.list.hasFocus()
    pane.show_board(Board(), NOW)
    assert name(pane) == ""

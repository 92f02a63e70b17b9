"""A list of lines keeps its selection while told anew, and knows clicks on painted buttons."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.frame.line_list import LineDelegate, LineList

from tests.domain.deliveries import NOW

pytestmark = pytest.mark.usefixtures("look")


class Named(NamedTuple):
    key: str
    words: str = ""


class Delegate(LineDelegate[Named]):
    """Its button is the right half."""

    def is_pressed(self, rect: QRectF, line: Named, x: float, y: float) -> bool:
        return x > rect.center().x()


def listed(qtbot: QtBot, *keys: str, picks: bool = True) -> LineList[Named]:
    made = LineList[Named](
        "Names", Delegate(), lambda line: line.key, lambda line: f"name {line.key}", picks=picks
    )
    qtbot.addWidget(made)
    made.resize(300, 200)
    with qtbot.waitExposed(made):
        made.show()
    made.show_lines([Named(key) for key in keys], NOW)
    return made


def key_of(made: LineList[Named]) -> str:
    line = made.selected()
    return line.key if line is not None else ""


def test_the_selection_stays_with_its_line(qtbot: QtBot) -> None:
    made = listed(qtbot, "a", "b", "c")
    assert key_of(made) == "a"
    made.go(1)
    made.show_lines([Named("z"), Named("c"), Named("b", "told anew")], NOW)
    assert key_of(made) == "b"
    assert made.selected() == Named("b", "told anew")
    made.show_lines([Named("z")], NOW)
    assert key_of(made) == "z"


def test_steps_end_at_the_ends_and_enter_enters(qtbot: QtBot) -> None:
    made = listed(qtbot, "a", "b")
    made.go(9)
    assert key_of(made) == "b"
    made.go(-9)
    assert key_of(made) == "a"
    with qtbot.waitSignal(made.entered):
        QTest.keyClick(made, Qt.Key.Key_Return)
    QTest.keyClick(made, Qt.Key.Key_B)
    assert key_of(made) == "a"
    empty = listed(qtbot)
    empty.go(1)
    assert key_of(empty) == ""


def test_one_that_does_not_pick_selects_nothing_by_itself(qtbot: QtBot) -> None:
    made = listed(qtbot, "a", picks=False)
    assert made.selected() is None
    made.go(1)
    assert key_of(made) == "a"


def test_a_click_on_the_painted_button_selects_and_presses(qtbot: QtBot) -> None:
    made = listed(qtbot, "a", "b")
    pressed: list[str] = []
    made.pressed_button.connect(lambda: pressed.append(key_of(made)))
    left, right = QPoint(40, 60), QPoint(280, 60)
    QTest.mouseClick(made.viewport(), Qt.MouseButton.LeftButton, pos=left)
    assert pressed == []
    QTest.mouseClick(made.viewport(), Qt.MouseButton.LeftButton, pos=right)
    assert pressed == ["b"]


def test_it_is_as_high_as_its_lines_and_reads_them_aloud(qtbot: QtBot) -> None:
    made = listed(qtbot, "a", "b")
    made.fit()
    assert made.maximumHeight() == 2 * Delegate.height
    reader = QAccessible.queryAccessibleInterface(made)
    assert reader is not None
    assert reader.child(1).text(QAccessible.Text.Name) == "name b"

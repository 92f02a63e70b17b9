"""The grid: columns by key and mouse, kept by name, always in view, drawn in every theme."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crisisdesk.desk.channel_map.grid import MapGrid
from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.look.tokens import THEMES

from tests.domain.test_survivability import BAD, DNS, NOW, mapped

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def grid(qtbot: QtBot) -> MapGrid:
    made = MapGrid()
    qtbot.addWidget(made)
    qtbot.addWidget(made.head)
    made.resize(640, 300)
    made.head.resize(640, made.head.height())
    with qtbot.waitExposed(made):
        made.show()
    made.show_map(mapped(DNS), NOW)
    return made


def chosen(grid: MapGrid) -> str:
    column = grid.column()
    return "" if column is None else column.dependency


def test_what_is_out_is_chosen_first_and_keys_go_to_both_ends(grid: MapGrid) -> None:
    names = [column.dependency for column in grid.found.columns]
    assert chosen(grid) == "dns"
    for _ in names:
        QTest.keyClick(grid, Qt.Key.Key_Right)
        shown = [index for index, _x, _wide in grid.delegate.columns.spans()]
        assert grid.delegate.chosen in shown
    assert chosen(grid) == names[-1]
    for _ in names:
        QTest.keyClick(grid, Qt.Key.Key_Left)
    assert (chosen(grid), grid.delegate.columns.first) == ("dns", 0)


def test_the_chosen_column_stays_by_its_name(grid: MapGrid, qtbot: QtBot) -> None:
    with qtbot.waitSignal(grid.column_moved):
        grid.choose(2)
    name = chosen(grid)
    grid.show_map(mapped(DNS, "fax", "carrier"), NOW)
    assert chosen(grid) == name
    grid.show_map(mapped(), NOW)
    assert chosen(grid) == name
    grid.choose(99)
    grid.choose(-1)
    assert chosen(grid) == name


def test_a_click_chooses_the_column_in_head_and_body(grid: MapGrid) -> None:
    (_i, first, _w), (_j, second, _v) = grid.delegate.columns.spans()[:2]
    QTest.mouseClick(grid.head, Qt.MouseButton.LeftButton, pos=QPoint(second + 5, 10))
    assert grid.delegate.chosen == 1
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(first + 5, 60))
    assert (grid.delegate.chosen, grid.currentIndex().row()) == (0, 1)
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    assert (grid.delegate.chosen, grid.currentIndex().row()) == (0, 0)


def test_a_wheel_turned_sideways_chooses_columns(grid: MapGrid) -> None:
    def turn(x: int, y: int) -> None:
        event = QWheelEvent(
            QPointF(50, 50),
            QPointF(50, 50),
            QPoint(),
            QPoint(x, y),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(grid.viewport(), event)

    turn(-120, 0)
    assert grid.delegate.chosen == 1
    turn(120, 0)
    turn(0, 120)
    assert grid.delegate.chosen == 0


def test_it_is_drawn_in_every_theme_and_says_more_is_beside(grid: MapGrid, look: Look) -> None:
    pictures = set()
    for name in THEMES:
        look.switch(name=name)
        for found in (mapped(DNS), mapped({}, "dns"), mapped(email=BAD, slack=BAD)):
            grid.show_map(found, NOW)
            image = grid.grab().toImage()
            pictures.add((image.width(), bytes(image.constBits()).__hash__()))
            assert not grid.head.grab().isNull()
    assert len(pictures) == 3 * len(THEMES)
    assert grid.head._more().startswith("more: ")


def test_an_empty_map_has_no_column(grid: MapGrid) -> None:
    from crisisdesk.domain.survivability import ChannelMap

    grid.show_map(ChannelMap(), NOW)
    grid.step(1)
    assert (chosen(grid), grid.delegate.chosen) == ("", -1)
    assert not grid.head.grab().isNull()

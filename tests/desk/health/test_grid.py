"""Charts stand beside one another; none is made twice."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.health.grid import across, fitting
from crisisdesk.desk.health.room import HealthRoom

from tests.desk.health.conftest import ODD, SLOW, Measured, web


@pytest.mark.parametrize(("count", "wide"), [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3), (12, 3)])
def test_how_many_stand_beside_one_another(count: int, wide: int) -> None:
    assert across(count) == wide


def test_charts_are_made_once_and_hidden_when_fewer_are_wanted(
    room: HealthRoom, measured: Measured
) -> None:
    measured.measure([web(n) for n in range(6)], looks=20)
    room.tick(measured.desk.now)
    made = list(room.grid.charts)
    room.filter.setText("web-2")
    assert [chart.isVisible() for chart in room.grid.charts] == [True] + [False] * 5
    room.filter.clear()
    assert room.grid.charts == made
    assert all(chart.isVisible() for chart in made)


def test_the_signs_that_are_drawn_are_explained_below(room: HealthRoom, measured: Measured) -> None:
    measured.measure([web(1)])
    room.tick(measured.desk.now)
    assert room.grid.readout.legend == []
    measured.rule("Slow", SLOW)
    measured.rule("Odd", ODD)
    room.read()
    assert [entry.sign for entry in room.grid.readout.legend] == ["dashed", "dotted", "band"]


def test_the_chart_under_the_pointer_speaks_before_the_one_with_the_keyboard(
    room: HealthRoom, measured: Measured
) -> None:
    measured.measure([web(1), web(2)])
    room.tick(measured.desk.now)
    first, second = room.grid.charts[:2]
    assert room.grid.readout.sentences == []
    room.grid.focus_first()
    second.hovered = True
    second.told.emit()
    assert room.grid.readout.sentences[0].startswith(str(web(2)))
    second.hovered = False
    second.told.emit()
    assert room.grid.readout.sentences == (first.sentences() if first.hasFocus() else [])


def test_another_stretch_is_shown_at_once(room: HealthRoom, measured: Measured) -> None:
    measured.measure([web(1), web(2)])
    room.tick(measured.desk.now)
    room.grid.show_stretch(5_000, 9_000)
    assert [chart.view[:2] for chart in room.grid.charts] == [(5_000, 9_000)] * 2


def test_up_and_down_go_to_the_chart_above_and_below(
    room: HealthRoom, measured: Measured, qtbot: QtBot
) -> None:
    measured.measure([web(n) for n in range(5)], looks=20)
    room.tick(measured.desk.now)
    charts = room.grid.charts
    charts[1].setFocus()
    for key, at in ((Qt.Key.Key_Up, 1), (Qt.Key.Key_Down, 4), (Qt.Key.Key_Down, 4)):
        QTest.keyClick(room.window().focusWidget(), key)
        qtbot.waitUntil(charts[at].hasFocus)
    QTest.keyClick(charts[4], Qt.Key.Key_Up)
    qtbot.waitUntil(charts[1].hasFocus)


@pytest.mark.parametrize(
    ("height", "many"), [(0, 1), (200, 1), (232, 6), (352, 9), (472, 12), (2_000, 12)]
)
def test_there_are_only_as_many_charts_as_can_be_read(height: int, many: int) -> None:
    assert fitting(height, 112, 8) == many


def test_in_a_low_window_fewer_are_shown_and_the_rest_is_counted(
    room: HealthRoom, measured: Measured, qtbot: QtBot
) -> None:
    measured.measure([web(n) for n in range(12)], looks=5)
    room.tick(measured.desk.now)
    assert len(room.found.charts) == 12
    room.resize(1228, 420)
    qtbot.waitUntil(lambda: room.pages.height() < 400)
    room.tick(measured.desk.now)
    assert len(room.found.charts) == 6
    assert room.count_words.text().startswith("6 of 12 series")
    assert [chart.isVisible() for chart in room.grid.charts] == [True] * 6 + [False] * 6

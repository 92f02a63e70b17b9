"""One chart: what it shows, and what keys, pointer and wheel do to it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.health.chart import Chart
from crisisdesk.desk.health.room import HealthRoom
from crisisdesk.desk.look.theme import Look

from tests.desk.health.conftest import Measured, web
from tests.desk.health.shown import FULL, NOW, charted, spell

SINCE = NOW - 600_000


@pytest.fixture
def chart(qtbot: QtBot, look: Look) -> Chart:
    """A chart of ten minutes in view."""
    made = Chart()
    qtbot.addWidget(made)
    made.resize(466, 160)
    with qtbot.waitExposed(made):
        made.show()
    return made


def wheel(chart: Chart, x: float, delta: int) -> QWheelEvent:
    place = QPointF(x, 60)
    return QWheelEvent(
        place,
        chart.mapToGlobal(place),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )


def test_it_draws_what_was_measured_and_says_how_it_stands(
    room: HealthRoom, measured: Measured, qtbot: QtBot
) -> None:
    measured.measure([web(1)], until=25_000)
    room.tick(measured.desk.now)
    (chart,) = room.grid.charts
    qtbot.waitUntil(lambda: chart.width() > 600)
    one = chart.picture()
    assert chart.shown is not None
    assert one is not None
    (line,) = one.line.lines
    assert (one.frame.since, one.frame.until) == room.stretch()
    last = line.toList()[-1]
    assert round(one.frame.at(last.x())) == measured.desk.now - 25_000
    low, high = chart.shown.low.min(), chart.shown.high.max()
    assert one.frame.scale.low < low < high < one.frame.scale.high
    assert chart.accessibleName().startswith('http_latency_seconds{instance="web-1"}, 0.2, late')
    assert chart.accessibleDescription() == "no rule watches it"


def test_it_is_drawn_anew_only_where_something_changed(chart: Chart) -> None:
    one = charted([0.5] * 61, FULL)
    chart.show_series(one, SINCE, NOW, NOW)
    first = chart.picture()
    chart.show_series(charted([0.5] * 61, FULL), SINCE, NOW, NOW + 1_000)
    assert chart.picture() is first
    chart.show_series(charted([0.5] * 60 + [0.6], FULL), SINCE, NOW, NOW)
    assert chart.picture() is not first
    again = chart.picture()
    chart.show_series(charted([0.5] * 60 + [0.6], FULL), SINCE + 1, NOW + 1, NOW)
    assert chart.picture() is not again


def test_another_size_or_theme_is_drawn_anew(chart: Chart, look: Look) -> None:
    chart.show_series(charted([0.5] * 61), SINCE, NOW, NOW)
    first = chart.picture()
    assert first is not None
    chart.resize(600, 200)
    wider = chart.picture()
    assert wider is not None
    assert wider.frame.box.width() > first.frame.box.width()
    dark = chart.grab().toImage()
    look.switch(name="light")
    assert chart.grab().toImage() != dark


def test_too_small_for_a_plot_it_still_paints(chart: Chart) -> None:
    chart.show_series(charted([0.5] * 61, FULL), SINCE, NOW, NOW)
    chart.resize(40, 20)
    assert chart.picture() is None
    chart.grab()


def test_keys_go_from_mark_to_mark_and_open_the_alert(chart: Chart, qtbot: QtBot) -> None:
    spells = (spell(500, 400), spell(100, None, of="A-2"))
    chart.show_series(charted([0.5] * 61, spells=spells), SINCE, NOW, NOW)
    opened: list[str] = []
    chart.opened.connect(opened.append)
    chart.setFocus()
    qtbot.waitUntil(chart.hasFocus)
    assert chart.chosen is not None
    assert (chart.chosen.spell.alert_id, chart.chosen.begins) == ("A-2", True)
    assert chart.sentences()[0].startswith("Alert began")
    assert chart.accessibleDescription().startswith("Alert began")
    QTest.keyClick(chart, Qt.Key.Key_Left)
    QTest.keyClick(chart, Qt.Key.Key_Left)
    QTest.keyClick(chart, Qt.Key.Key_Left)
    assert chart.chosen.at == NOW - 500_000
    QTest.keyClick(chart, Qt.Key.Key_Return)
    QTest.keyClick(chart, Qt.Key.Key_Right)
    QTest.keyClick(chart, Qt.Key.Key_Right)
    QTest.keyClick(chart, Qt.Key.Key_Enter)
    assert opened == ["A-1", "A-2"]
    chart.clearFocus()
    assert chart.chosen is None


def test_without_marks_keys_open_nothing(chart: Chart, qtbot: QtBot) -> None:
    chart.show_series(charted([0.5] * 61), SINCE, NOW, NOW)
    with qtbot.assertNotEmitted(chart.opened):
        for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Return):
            QTest.keyClick(chart, key)
    assert chart.chosen is None


def test_the_pointer_tells_of_a_mark_and_a_click_opens_it(chart: Chart, qtbot: QtBot) -> None:
    chart.show_series(charted([0.5] * 61, spells=(spell(300, 60),)), SINCE, NOW, NOW)
    one = chart.picture()
    assert one is not None
    place = QPoint(round(one.places[0]) + 2, round(one.frame.box.bottom()) - 4)
    QTest.mouseMove(chart, place)
    assert chart.chosen is not None
    assert chart.chosen.begins
    assert chart.cursor().shape() == Qt.CursorShape.PointingHandCursor
    with qtbot.waitSignal(chart.opened) as opened:
        QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=place)
    assert opened.args == ["A-1"]
    with qtbot.assertNotEmitted(chart.opened):
        QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=place - QPoint(0, 60))


def test_the_wheel_zooms_about_the_pointer(chart: Chart, qtbot: QtBot) -> None:
    chart.show_series(charted([0.5] * 61), SINCE, NOW, NOW)
    left, right = chart.box().left(), chart.box().right()
    with qtbot.waitSignal(chart.moved) as moved:
        chart.wheelEvent(wheel(chart, left, 120))
    assert moved.args == pytest.approx([SINCE, SINCE + 480_000])
    with qtbot.waitSignal(chart.moved) as moved:
        chart.wheelEvent(wheel(chart, right, -120))
    assert moved.args == pytest.approx([NOW - 750_000, NOW])
    with qtbot.assertNotEmitted(chart.moved):
        chart.wheelEvent(wheel(chart, right, 0))


def test_dragging_moves_the_time_and_is_no_click(chart: Chart, qtbot: QtBot) -> None:
    chart.show_series(charted([0.5] * 61, spells=(spell(300, 60),)), SINCE, NOW, NOW)
    one = chart.picture()
    assert one is not None
    start = QPoint(round(one.places[0]), round(one.frame.box.bottom()) - 4)
    QTest.mousePress(chart, Qt.MouseButton.LeftButton, pos=start)
    with qtbot.assertNotEmitted(chart.moved):
        QTest.mouseMove(chart, start + QPoint(2, 0))
    with qtbot.waitSignal(chart.moved) as moved:
        QTest.mouseMove(chart, start + QPoint(40, 0))
    by = 40 * 600_000 / chart.box().width()
    assert moved.args == pytest.approx([SINCE - by, NOW - by])
    with qtbot.assertNotEmitted(chart.opened):
        QTest.mouseRelease(chart, Qt.MouseButton.LeftButton, pos=start + QPoint(40, 0))


def test_the_wheel_holds_the_stretch_for_all_charts(
    room: HealthRoom, measured: Measured, qtbot: QtBot
) -> None:
    measured.measure([web(1), web(2)])
    room.tick(measured.desk.now)
    first, second = room.grid.charts[:2]
    since, until = room.stretch()
    first.moved.emit(since + 1_000_000.0, until - 1_000_000.0)
    assert room.held == (since + 1_000_000, until - 1_000_000)
    qtbot.waitUntil(lambda: second.picture() is not None)
    one = second.picture()
    assert one is not None
    assert (one.frame.since, one.frame.until) == room.held

"""One chart: the line it draws, its words, and what the mouse does to it."""

from __future__ import annotations

import numpy as np
from pytestqt.qtbot import QtBot

from crisisdesk.desk.health.chart import Curve
from crisisdesk.desk.health.peaks import Line
from crisisdesk.desk.health.room import HealthRoom

from tests.desk.health.conftest import Measured, web


def test_it_draws_what_was_measured_and_says_how_it_stands(
    room: HealthRoom, measured: Measured, qtbot: QtBot
) -> None:
    measured.measure([web(1)], until=25_000)
    room.tick(measured.desk.now)
    (chart,) = room.grid.charts
    qtbot.waitUntil(lambda: chart.plot.width() > 600)
    x, y = chart.plot.curve.getData()
    assert x[-1] == (measured.desk.now - 25_000) / 1000
    assert chart.shown is not None
    assert (np.nanmin(y), np.nanmax(y)) == (chart.shown.low.min(), chart.shown.high.max())
    assert chart.accessibleName().startswith('http_latency_seconds{instance="web-1"}, 0.2, late')
    (since, until), (least, most) = chart.plot.view.viewRange()
    assert least < np.nanmin(y) < np.nanmax(y) < most
    assert (round(since * 1000), round(until * 1000)) == room.stretch()


def test_the_bounds_of_a_line_leave_out_where_it_is_broken(qtbot: QtBot) -> None:
    curve = Curve()
    assert curve.dataBounds(0) == curve.dataBounds(1) == (None, None)
    curve.show_line(Line(np.array([1.0, 2.0, 2.0, 9.0]), np.array([4.0, 3.0, np.nan, 7.0])))
    assert (curve.dataBounds(0), curve.dataBounds(1)) == ((1.0, 9.0), (3.0, 7.0))
    curve.show_line(Line(np.zeros(0), np.zeros(0)))
    assert curve.dataBounds(1) == (None, None)


def test_the_wheel_holds_the_stretch_for_all_charts(room: HealthRoom, measured: Measured) -> None:
    measured.measure([web(1), web(2)])
    room.tick(measured.desk.now)
    first, second = room.grid.charts[:2]
    since, until = room.stretch()
    view = first.plot.view
    view.setXRange((since + 1_000_000) / 1000, (until - 1_000_000) / 1000, padding=0)
    view.sigRangeChangedManually.emit(view.state["mouseEnabled"])
    assert room.held == (since + 1_000_000, until - 1_000_000)
    (left, _), _ = second.plot.view.viewRange()
    assert round(left * 1000) == since + 1_000_000

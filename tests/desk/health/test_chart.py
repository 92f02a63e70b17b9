"""One chart: the line it draws, its words, and what the mouse does to it."""

from __future__ import annotations

import numpy as np
from pytestqt.qtbot import QtBot

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
    (since, until), _ = chart.plot.view.viewRange()
    assert (round(since * 1000), round(until * 1000)) == room.stretch()


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

"""The axes of a chart: as pyqtgraph draws them, and worked out once for all charts of a stretch."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from crisisdesk.desk.health import axes
from crisisdesk.desk.health.axes import TimeAxis, ValueAxis
from crisisdesk.desk.look.theme import Look, theme

SINCE, UNTIL = 1_796_026_800.0, 1_796_030_400.0


def shown(qtbot: QtBot, left: Any, bottom: Any) -> Any:
    """A plot with these axes and a grid across, as a chart has them."""
    plot = pg.PlotWidget(axisItems={"left": left, "bottom": bottom})
    qtbot.addWidget(plot)
    for axis in (left, bottom):
        axis.setTickFont(theme().font("micro", tabular=True))
        axis.setStyle(maxTickLevel=0, tickLength=-4)
    left.setGrid(32)
    left.setWidth(48)
    bottom.setHeight(20)
    plot.setRange(xRange=(SINCE, UNTIL), yRange=(0.0, 3.0), padding=0)
    plot.resize(400, 150)
    with qtbot.waitExposed(plot):
        plot.show()
    return plot


def picture(plot: Any) -> QImage:
    return plot.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)  # type: ignore[no-any-return]


def test_they_look_as_those_of_pyqtgraph(qtbot: QtBot, look: Look) -> None:
    plain = shown(qtbot, pg.AxisItem("left"), pg.DateAxisItem("bottom"))
    ours = shown(qtbot, ValueAxis("left"), TimeAxis("bottom"))
    assert picture(ours) == picture(plain)
    for plot in (plain, ours):
        plot.setRange(xRange=(SINCE, UNTIL + 600), yRange=(-1.0, 7.0), padding=0)
    assert picture(ours) == picture(plain)
    plain.setRange(yRange=(-1.0, 9.0), padding=0)
    assert picture(ours) != picture(plain)


def test_charts_of_one_stretch_and_width_work_out_their_times_once(
    qtbot: QtBot, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked_out: list[tuple[float, float]] = []
    usual = pg.DateAxisItem.generateDrawSpecs

    def counted(axis: Any, painter: Any) -> Any:
        worked_out.append(tuple(axis.range))
        return usual(axis, painter)

    monkeypatch.setattr(pg.DateAxisItem, "generateDrawSpecs", counted)
    axes._shared.clear()
    plots = [shown(qtbot, ValueAxis("left"), TimeAxis("bottom")) for _ in range(3)]
    for plot in plots:
        plot.grab()
    worked_out.clear()
    for plot in plots:
        plot.setXRange(SINCE + 60, UNTIL + 60, padding=0)
        plot.grab()
    assert worked_out == [(SINCE + 60, UNTIL + 60)]


def test_what_is_shared_stays_small(qtbot: QtBot, look: Look) -> None:
    plot = shown(qtbot, ValueAxis("left"), TimeAxis("bottom"))
    for minute in range(100):
        plot.setXRange(SINCE + 60 * minute, UNTIL + 60 * minute, padding=0)
        plot.grab()
        assert len(axes._shared) <= axes._SHARED_MOST

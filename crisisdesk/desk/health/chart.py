"""One chart: its name and newest value, the line, how fresh it is. Loads pyqtgraph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.frame.text import ink_color
from crisisdesk.desk.health.axes import TimeAxis, ValueAxis
from crisisdesk.desk.health.peaks import Line, peaks
from crisisdesk.desk.health.words import freshness, spoken, value_words
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import RIGHT, draw_box, draw_text
from crisisdesk.desk.look.theme import look, theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter, QResizeEvent

    from crisisdesk.desk.health.reading import Charted

_HEAD, _FOOT, _LEFT_AXIS = 28, 20, 48
# Above and below the line, as a share of its height.
_MARGIN = 0.11


class Curve(pg.PlotCurveItem):  # type: ignore[misc]
    """A line whose bounds are looked for once, not each time that the view moves."""

    _bounds: tuple[tuple[float | None, float | None], ...] = ((None, None), (None, None))

    def show_line(self, line: Line) -> None:
        """Become this line; it is broken where a value is no number."""
        self._bounds = ((None, None), (None, None))
        if len(line.x):
            across = float(line.x[0]), float(line.x[-1])
            self._bounds = (across, (float(np.nanmin(line.y)), float(np.nanmax(line.y))))
        self.setData(line.x, line.y, connect="finite")

    def dataBounds(self, ax: int, **_of_it: object) -> tuple[float | None, float | None]:
        """The least and greatest of its times (0) or values (1), all of them."""
        return self._bounds[ax]


class Plot(pg.GraphicsView):  # type: ignore[misc]
    """A plot of one line that is drawn with no more points than it has pixels.

    Put together from pyqtgraph's parts: its own plot brings menus and buttons that no key reaches.
    ``moved`` carries the stretch in view (UTC ms) after it was turned or dragged with the mouse.
    """

    moved = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line: tuple[Any, Any, Any] = (np.zeros(0, np.int64), np.zeros(0), np.zeros(0))
        self.view = pg.ViewBox(enableMenu=False)
        # Each line says itself what is in view: pyqtgraph would go through it twice more.
        self.view.disableAutoRange()
        self.view.setMouseEnabled(x=True, y=False)
        self.curve = Curve(antialias=False)
        self.view.addItem(self.curve)
        self.left, self.bottom = ValueAxis("left"), TimeAxis("bottom")
        layout = pg.GraphicsLayout()
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addItem(self.left, 0, 0)
        layout.addItem(self.view, 0, 1)
        layout.addItem(self.bottom, 1, 1)
        for axis in (self.left, self.bottom):
            axis.linkToView(self.view)
            axis.setZValue(-1)
        self.setCentralItem(layout)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(pg.GraphicsView.Shape.NoFrame)
        self.view.sigRangeChangedManually.connect(self._moved)
        self.dress()

    def dress(self) -> None:
        """Take colours and fonts of the theme in force."""
        dress, px = theme(), theme().px
        self.setBackground(dress.token("chart.ground"))
        self.curve.setPen(pg.mkPen(dress.series(0), width=1))
        for axis in (self.left, self.bottom):
            axis.setPen(pg.mkPen(dress.token("chart.axis")))
            axis.setTextPen(pg.mkPen(dress.token("chart.tick")))
            axis.setTickFont(dress.font("micro", tabular=True))
            axis.setStyle(maxTickLevel=0, tickLength=-px(4))
        self.left.setWidth(px(_LEFT_AXIS))
        self.left.setGrid(32)
        self.bottom.setHeight(px(20))

    def show_line(self, at: Any, low: Any, high: Any, since: int, until: int) -> None:
        """Draw these buckets over a stretch (UTC ms)."""
        finite = np.isfinite(low) & np.isfinite(high)
        self._line = (at[finite], low[finite], high[finite])
        self._draw()
        ranges = {"xRange": (since / 1000, until / 1000)}
        if finite.any():
            ranges["yRange"] = _with_margin(float(low[finite].min()), float(high[finite].max()))
        self.view.setRange(**ranges, padding=0, disableAutoRange=False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw for the new width."""
        super().resizeEvent(event)
        self._draw()

    def _draw(self) -> None:
        if not hasattr(self, "curve"):
            return
        line = peaks(*self._line, max(50, self.width()))
        self.curve.show_line(line)

    def _moved(self, *_: object) -> None:
        (since, until), _rest = self.view.viewRange()
        self.moved.emit(since * 1000, until * 1000)


def _with_margin(low: float, high: float) -> tuple[float, float]:
    """What is in view of these values; pyqtgraph keeps the scale of before where they are one."""
    margin = (high - low) * _MARGIN
    return low - margin, high + margin


class Chart(Painted):
    """The card of one series."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self.shown: Charted | None = None
        self._now_ms = 0
        self.plot = Plot(self)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(6), px(_HEAD), px(10), px(_FOOT))
        column.addWidget(self.plot)
        look().changed.connect(self.plot.dress)

    def show_series(self, charted: Charted, since: int, until: int, now_ms: int) -> None:
        """Become this series'."""
        self.shown, self._now_ms = charted, now_ms
        self.plot.show_line(charted.at, charted.low, charted.high, since, until)
        self.setAccessibleName(spoken(charted.series, self._value(), self._fresh()))
        self.setToolTip(f"{charted.series}\n{charted.series.source_id}")
        self.update()

    def _value(self) -> str:
        assert self.shown is not None
        return "" if self.shown.newest_ms is None else value_words(self.shown.value)

    def _fresh(self) -> Any:
        assert self.shown is not None
        return freshness(self.shown.newest_ms, self.shown.rhythm_ms, self._now_ms)

    def paint(self, painter: QPainter) -> None:
        """Ground, name and value above, freshness below."""
        px, color = theme().px, theme().color
        draw_box(painter, QRectF(self.rect()), fill=color.panel, line=color.hair, radius=px(6))
        if self.shown is None:
            return
        fresh, value = self._fresh(), self._value()
        width = self.width() - px(24)
        wide = theme().width(value, "lead", tabular=True, weight=600) + px(8)
        ink = color.primary if fresh.tone == "ok" else ink_color(fresh.tone)
        name = QRectF(px(12), px(4), width - wide, px(22))
        draw_text(painter, name, str(self.shown.series), color.primary, "body", weight=600)
        box = QRectF(px(12) + width - wide, px(4), wide, px(22))
        draw_text(painter, box, value, ink, "lead", align=RIGHT, tabular=True, weight=600)
        top = self.height() - px(_FOOT)
        draw_icon(painter, px(12), round(top + px(1)), fresh.icon, ink_color(fresh.tone), 14)
        foot = QRectF(px(30), top, width / 2, px(16))
        tone = color.tertiary if fresh.tone == "ok" else ink_color(fresh.tone)
        draw_text(painter, foot, fresh.words, tone, "micro")
        source = QRectF(px(12) + width / 2, top, width / 2, px(16))
        source_id = self.shown.series.source_id
        draw_text(painter, source, source_id, color.tertiary, "micro", align=RIGHT)

"""The charts of the Health room beside and below one another; made when they are first needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout

from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.health.legend import legend
from crisisdesk.desk.health.readout import Readout
from crisisdesk.desk.health.words import CHARTS
from crisisdesk.desk.look.paint import fill
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter, QResizeEvent
    from PySide6.QtWidgets import QWidget

    from crisisdesk.desk.health.chart import Chart
    from crisisdesk.desk.health.reading import Charted


_EDGE, _GAP = 12, 8
# A chart that is lower shows no line that could be read, px at 100 %.
_LEAST = 112


class ChartGrid(Painted):
    """``moved`` carries the stretch of time that one chart was moved to with the mouse, UTC ms,
    ``opened`` the id of an alert that was chosen in one. What the chart with the keyboard or under
    the pointer shows is said below them. ``resized`` says that `room_for` may answer otherwise."""

    moved = Signal(float, float)
    opened = Signal(str)
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self.charts: list[Chart] = []
        self._shown = 0
        self.readout = Readout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(px(_EDGE), px(_EDGE), px(_EDGE), px(_GAP))
        self._grid.setSpacing(px(_GAP))
        column.addLayout(self._grid, 1)
        column.addWidget(self.readout)

    def show_charts(self, charted: Sequence[Charted], since: int, until: int, now_ms: int) -> None:
        """Show these, each at its place."""
        while len(self.charts) < len(charted):
            self._add()
        if len(charted) != self._shown:
            self._place(len(charted))
        for chart, one in zip(self.charts, charted, strict=False):
            chart.show_series(one, since, until, now_ms)
        self.readout.show_legend(legend(one.over for one in charted))
        self._tell()

    def show_stretch(self, since: int, until: int) -> None:
        """Show what is there over another stretch, until it is read anew."""
        for chart in self.charts[: self._shown]:
            chart.show_stretch(since, until)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say that there may be room for more, or fewer."""
        super().resizeEvent(event)
        self.resized.emit()

    def room_for(self, height: int) -> int:
        """How many charts a height has room for, what is said below them included."""
        px = theme().px
        return fitting(height - self.readout.height() - px(_EDGE) - px(_GAP), px(_LEAST), px(_GAP))

    def focus_first(self) -> bool:
        """Give the keyboard to the first chart; False where there is none."""
        if not self._shown:
            return False
        self.charts[0].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def from_focus(self, charts: Sequence[Charted]) -> list[Charted]:
        """These, the one with the keyboard first."""
        shown = (c.shown for c in self.charts[: self._shown] if c.hasFocus())
        series = next((one.series for one in shown if one is not None), None)
        return sorted(charts, key=lambda one: one.series != series)

    def _step(self, at: int, by: int) -> None:
        """Go to the chart above or below one, where there is one."""
        other = at + by * across(self._shown)
        if 0 <= other < self._shown:
            self.charts[other].setFocus(Qt.FocusReason.TabFocusReason)

    def _tell(self) -> None:
        """What the chart tells that is under the pointer or, without one, has the keyboard."""
        shown = self.charts[: self._shown]
        asked = [c for c in shown if c.hovered] or [c for c in shown if c.hasFocus()]
        self.readout.show_sentences(asked[0].sentences() if asked else [])

    def _add(self) -> None:
        # numpy takes longer to load than the window has to come up.
        from crisisdesk.desk.health.chart import Chart

        # Without a parent it would be a window of its own for a moment.
        chart = Chart(self)
        chart.moved.connect(self.moved)
        chart.opened.connect(self.opened)
        chart.told.connect(self._tell)
        at = len(self.charts)
        chart.stepped.connect(lambda by: self._step(at, by))
        self.charts.append(chart)

    def _place(self, count: int) -> None:
        wide = across(count)
        for index, chart in enumerate(self.charts):
            self._grid.removeWidget(chart)
            chart.setVisible(index < count)
            if index < count:
                self._grid.addWidget(chart, index // wide, index % wide)
        for column in range(4):
            self._grid.setColumnStretch(column, 1 if column < wide else 0)
        for row in range(12):
            self._grid.setRowStretch(row, 1 if row <= (count - 1) // wide else 0)
        self._shown = count

    def paint(self, painter: QPainter) -> None:
        """The window's own ground."""
        fill(painter, 0, 0, self.width(), self.height(), theme().color.window)


def fitting(height: float, least: float, gap: float) -> int:
    """How many charts there is room for where none is lower than ``least``; one at least."""
    rows = int((height + gap) // (least + gap))
    return 1 if rows < 2 else min(CHARTS, 3 * rows)


def across(count: int) -> int:
    """How many charts stand beside one another."""
    if count <= 2:
        return 1
    return 2 if count <= 4 else 3

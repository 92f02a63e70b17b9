"""The chart of a trial: one series, the levels it is compared with, where the rule would fire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.health.words import value_words
from crisisdesk.desk.look.paint import CENTER, RIGHT, draw_text, fill
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.planning.alert_rules.chart_points import (
    Drawn,
    columns,
    time_ticks,
    value_range,
    value_ticks,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPainter

    Scale = Callable[[float], float]

_LEFT, _FOOT, _STRIP, _TOP = 46, 18, 10, 6


class TrialChart(Painted):
    """Shows a `Drawn`; ``said`` is what a screen reader says of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawn: Drawn | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_drawn(self, drawn: Drawn | None, said: str = "") -> None:
        """Become this one; None shows nothing."""
        self._drawn = drawn
        self.setAccessibleName(said)
        self.update()

    def sizeHint(self) -> QSize:
        """Wide and low."""
        return QSize(theme().px(320), theme().px(180))

    def minimumSizeHint(self) -> QSize:
        """Enough for the line to be told from its levels."""
        return QSize(theme().px(200), theme().px(120))

    def paint(self, painter: QPainter) -> None:
        """Spans, grid, band, line, levels; a strip below says the spans without colour."""
        dress, px = theme(), theme().px
        fill(painter, 0, 0, self.width(), self.height(), dress.token("chart.ground"))
        drawn = self._drawn
        if drawn is None:
            return
        height = self.height() - px(_TOP + _STRIP + _FOOT)
        box = QRectF(px(_LEFT), px(_TOP), self.width() - px(_LEFT + 10), height)
        low, high = value_range(drawn)

        def y(value: float) -> float:
            return box.bottom() - (value - low) / (high - low) * box.height()

        def x(at: float) -> float:
            return box.left() + (at - drawn.since) / (drawn.until - drawn.since) * box.width()

        self._paint_spans(painter, box, drawn, x)
        self._paint_axes(painter, box, drawn, (low, high), x, y)
        if drawn.band is not None:
            top, bottom = y(drawn.band[1]), y(drawn.band[0])
            fill(painter, box.left(), top, box.width(), bottom - top, dress.token("chart.band"))
        painter.save()
        painter.setClipRect(box)
        (self._paint_bars if drawn.bars else self._paint_line)(painter, box, drawn, y)
        painter.restore()
        self._paint_marks(painter, box, drawn, y)

    def _paint_spans(self, painter: QPainter, box: QRectF, drawn: Drawn, x: Scale) -> None:
        px, tone = theme().px, theme().severity("critical")
        soft = QColor(tone.fg)
        soft.setAlpha(40)
        strip = box.bottom() + px(3)
        fill(painter, box.left(), strip, box.width(), px(_STRIP - 4), theme().color.raised)
        for since, until in drawn.spans:
            left = x(since)
            # One that lasted a moment is seen too.
            width = max(float(px(2)), x(until) - left)
            left = min(left, box.right() - width)
            fill(painter, left, box.top(), width, box.height(), soft)
            fill(painter, left, strip, width, px(_STRIP - 4), tone.fg)

    def _paint_axes(
        self,
        painter: QPainter,
        box: QRectF,
        drawn: Drawn,
        values: tuple[float, float],
        x: Scale,
        y: Scale,
    ) -> None:
        px, dress = theme().px, theme()
        grid, tick = dress.token("chart.grid"), dress.token("chart.tick")
        for value in value_ticks(*values) if drawn.points or drawn.marks else ():
            at = y(value)
            fill(painter, box.left(), round(at), box.width(), 1, grid)
            label = QRectF(0, at - px(8), box.left() - px(6), px(16))
            draw_text(painter, label, value_words(value), tick, "micro", align=RIGHT)
        room = max(1, int(box.width() // px(64)))
        for moment, word in time_ticks(drawn.since, drawn.until, room):
            at = x(moment)
            fill(painter, round(at), box.top(), 1, box.height(), grid)
            label = QRectF(at - px(32), box.bottom() + px(_STRIP), px(64), px(16))
            if label.right() <= self.width() and label.left() >= 0:
                draw_text(painter, label, word, tick, "micro", align=CENTER)

    def _paint_line(self, painter: QPainter, box: QRectF, drawn: Drawn, y: Scale) -> None:
        found = columns(drawn, max(1, int(box.width())))
        painter.setPen(QPen(theme().series(0), 1.2))
        lines, before = [], None
        for one in found:
            left = box.left() + one.x
            if one.low != one.high:
                lines.append(QLineF(left, y(one.low), left, y(one.high)))
            if before is not None and one.joined:
                start = box.left() + before.x
                lines.append(QLineF(start, y(before.last), left, y(one.first)))
            elif one.low == one.high:
                middle = y(one.last)
                lines.append(QLineF(left - 1, middle, left + 1, middle))
            before = one
        painter.drawLines(lines)

    def _paint_bars(self, painter: QPainter, box: QRectF, drawn: Drawn, y: Scale) -> None:
        width = box.width() / max(1, len(drawn.points))
        for number, (_at, count) in enumerate(drawn.points):
            if count > 0:
                top = y(count)
                left = box.left() + number * width
                fill(painter, left, top, max(1.0, width - 1), box.bottom() - top, theme().series(0))

    def _paint_marks(self, painter: QPainter, box: QRectF, drawn: Drawn, y: Scale) -> None:
        px, dress = theme().px, theme()
        for number, mark in enumerate(drawn.marks):
            color = dress.token("chart.warn" if number else "chart.threshold")
            at = y(mark.value)
            style = Qt.PenStyle.DotLine if number else Qt.PenStyle.DashLine
            painter.setPen(QPen(color, 1.2, style))
            painter.drawLine(QLineF(box.left(), at, box.right(), at))
            # Above its line; below it where there is no room.
            top = at - px(16) if at - px(16) >= box.top() else at + px(1)
            wide = dress.width(mark.word, "micro", weight=600) + px(8)
            ground = dress.token("chart.ground")
            fill(painter, box.right() - wide, top, wide, px(14), ground)
            label = QRectF(box.right() - wide, top, wide - px(4), px(14))
            draw_text(painter, label, mark.word, color, "micro", align=RIGHT, weight=600)

"""The section *Context* of an alert's detail: facts in words, and a line of what was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from crisisdesk.desk.alerts.context_words import context_facts, sparks, spoken
from crisisdesk.desk.alerts.sections import Facts, Section
from crisisdesk.desk.look.paint import draw_text
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from crisisdesk.desk.alerts.context_words import Spark
    from crisisdesk.domain.context.gathered import Context

_PAD, _LABEL, _TALL, _LINE = 16, 112, 40, 26


class ContextSection(Facts):
    """What surrounds the alert; hidden until it is known."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Context", parent, tallest=220)
        self.hide()

    def show_context(self, context: Context | None, now_ms: int) -> None:
        """Show it; None hides it."""
        self.show_facts([] if context is None else context_facts(context, now_ms))


class MeasuredSection(Section):
    """The series of the last hour, a small curve each; hidden where none is known."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Last hour", parent)
        self._sparks: list[Spark] = []
        self.hide()

    def show_context(self, context: Context | None) -> None:
        """Show its series; none hides it."""
        self._sparks = [] if context is None else sparks(context)
        self.setVisible(bool(self._sparks))
        self.set_words("", spoken(self._sparks))

    def body_height(self) -> int:
        """One curve below the other."""
        return theme().px(_TALL) * len(self._sparks)

    def paint_body(self, painter: QPainter, top: int) -> None:
        """A label with the last value at the left, the curve at the right."""
        px, color = theme().px, theme().color
        left = px(_PAD)
        for spark in self._sparks:
            right = self.width() - px(_PAD)
            split = left + max(px(_LABEL), (right - left) * 2 // 5)
            words = QRectF(left, top, split - left - px(12), px(18))
            draw_text(painter, words, spark.name, color.secondary, "small")
            below = QRectF(left, top + px(17), split - left - px(12), px(18))
            draw_text(painter, below, spark.words, color.tertiary, "small", tabular=True)
            box = QRectF(split, top + px(4), right - split, px(_LINE))
            _curve(painter, box, spark)
            top += px(_TALL)


def _curve(painter: QPainter, box: QRectF, spark: Spark) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme().color.hair, 1))
    painter.drawLine(box.bottomLeft(), box.bottomRight())
    painter.setPen(QPen(theme().color.secondary, max(1.5, theme().px(2) * 0.75)))
    points = [
        QPointF(box.x() + x * box.width(), box.bottom() - y * box.height()) for x, y in spark.points
    ]
    if len(points) == 1:
        painter.drawPoint(points[0])
    painter.drawPolyline(points)
    painter.restore()

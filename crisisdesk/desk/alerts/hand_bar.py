"""The line in an alert's detail that says who has it, until when, and what is asked of whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from crisisdesk.desk.alerts.hand_words import HandLine, hand_line
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import draw_text, fill
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from crisisdesk.domain.alert import Alert

_TALL = 52


class HandBar(Painted):
    """Hidden while there is nothing to say; on the accent's ground while it asks this operator."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._alert: Alert | None = None
        self._operator = ""
        self._line: HandLine | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme().px(_TALL))
        self.hide()

    @property
    def words(self) -> str:
        """What it says; "" while it is hidden."""
        return "" if self._line is None else f"{self._line.words}. {self._line.below}"

    def show_alert(self, alert: Alert | None, operator: str, now_ms: int) -> None:
        """Say who has this alert; None puts the line away."""
        self._alert, self._operator = alert, operator
        self.tick(now_ms)

    def tick(self, now_ms: int) -> None:
        """Turn the time that is left."""
        alert = self._alert
        line = None if alert is None else hand_line(alert, self._operator, now_ms)
        if line == self._line:
            return
        self._line = line
        self.setAccessibleName(self.words)
        self.setVisible(line is not None)
        self.update()

    def retheme(self) -> None:
        """Take the new height."""
        self.setFixedHeight(theme().px(_TALL))
        super().retheme()

    def sizeHint(self) -> QSize:
        """Two lines."""
        return QSize(theme().px(300), theme().px(_TALL))

    def paint(self, painter: QPainter) -> None:
        """Glyph and words."""
        line = self._line
        if line is None:
            return
        px, color = theme().px, theme().color
        ground, edge = (
            (color.accent_soft, color.accent_line)
            if line.asks
            else (
                color.raised,
                color.hair,
            )
        )
        fill(painter, 0, 0, self.width(), self.height(), ground)
        fill(painter, 0, 0, self.width(), 1, edge)
        draw_icon(painter, px(16), px(10), line.icon, color.secondary)
        box = QRectF(px(38), px(7), self.width() - px(38 + 16), px(18))
        draw_text(painter, box, line.words, color.primary, "body", weight=500, tabular=True)
        draw_text(painter, box.translated(0, px(19)), line.below, color.secondary, "small")

"""The names of a list's columns, above them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from crisisdesk.desk.alerts.layout import COLUMN_HEAD_HEIGHT, Span
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.look.paint import RIGHT, draw_text, fill
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QAbstractItemView, QWidget

# A column, its name, and whether the name stands at its right end.
Name = tuple[Span, str, bool]


class ColumnHead(Painted):
    """26 px high. ``names_at`` gives the names at a width of the list; a name may be ``slack``
    pixels at 100 % wider than its column."""

    def __init__(
        self,
        view: QAbstractItemView,
        names_at: Callable[[int], Sequence[Name]],
        slack: int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._view, self._names_at, self._slack = view, names_at, slack
        self.setFixedHeight(theme().px(COLUMN_HEAD_HEIGHT))
        view.verticalScrollBar().rangeChanged.connect(lambda *_: self.update())

    def retheme(self) -> None:
        """Take the new height."""
        self.setFixedHeight(theme().px(COLUMN_HEAD_HEIGHT))
        super().retheme()

    def paint(self, painter: QPainter) -> None:
        """The words above their columns."""
        color, width = theme().color, self.width()
        fill(painter, 0, 0, width, self.height(), color.panel)
        fill(painter, 0, self.height() - 1, width, 1, color.hair)
        for span, word, right in self._names_at(self._view.viewport().width()):
            if span.width:
                box = QRectF(span.x, 0, span.width + theme().px(self._slack), self.height() - 1)
                if right:
                    box.setRight(span.right)
                    draw_text(painter, box, word, color.tertiary, "micro", align=RIGHT)
                else:
                    draw_text(painter, box, word, color.tertiary, "micro")

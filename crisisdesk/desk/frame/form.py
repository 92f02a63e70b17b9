"""What the forms that open inside a room have in common: Esc leaves, and the ground they lie on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal

from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.look.paint import fill
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPainter


class Form(Painted):
    """``left`` says Esc, or that its button was pressed."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves, from whatever part of it has the keyboard."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            event.accept()
        else:
            super().keyPressEvent(event)

    def paint(self, painter: QPainter) -> None:
        """Ground and lines."""
        color = theme().color
        fill(painter, 0, 0, self.width(), self.height(), color.accent_soft)
        fill(painter, 0, 0, self.width(), 1, color.accent_line)
        fill(painter, 0, self.height() - 1, self.width(), 1, color.accent_line)

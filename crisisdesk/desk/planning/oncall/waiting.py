"""What stands on the page until the station's file has been read for the first time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.paint import fill
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

_PATIENCE_MS = 1_000
WORDS = (
    "The schedules are not read yet. They come as soon as the station's file can be read; "
    "what keeps it from being read stands at the top of the window."
)


class Waiting(Painted):
    """Empty for a second, so that nothing flashes by; then it says what it waits for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._since_ms: int | None = None
        self.words = Text(WORDS, "body", "secondary", wrap=True)
        self.words.setFixedWidth(theme().px(420))
        self.words.hide()
        column = QVBoxLayout(self)
        column.addWidget(self.words, 0, Qt.AlignmentFlag.AlignCenter)

    def tick(self, now_ms: int) -> None:
        """Tell it the time (UTC ms) while nothing is read."""
        if self._since_ms is None:
            self._since_ms = now_ms
        self.words.setVisible(now_ms - self._since_ms > _PATIENCE_MS)

    def paint(self, painter: QPainter) -> None:
        """The ground of a pane."""
        fill(painter, 0, 0, self.width(), self.height(), theme().color.panel)

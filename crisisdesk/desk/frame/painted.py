"""The bases of the painted widgets: one that is looked at, one that is pressed; a pane's ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractButton, QWidget

from crisisdesk.desk.look.theme import look, theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent


class Painted(QWidget):
    """A widget that paints itself from the theme and follows its change."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        look().changed.connect(self.retheme)

    def retheme(self) -> None:
        """Take new sizes after a change of theme or zoom; extend it where children need it."""
        self.updateGeometry()
        self.update()

    def paint(self, painter: QPainter) -> None:
        """Paint the whole widget; the painter comes with antialiased text."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Hand a painter to ``paint``."""
        painter = QPainter(self)
        self.paint(painter)
        painter.end()


class PaneGround(Painted):
    """The ground of a pane."""

    def paint(self, painter: QPainter) -> None:
        """One colour."""
        painter.fillRect(self.rect(), theme().color.panel)


class PaintedButton(QAbstractButton):
    """A button that paints itself; Enter presses it as Space does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        look().changed.connect(self.retheme)

    def retheme(self) -> None:
        """Take new sizes after a change of theme or zoom."""
        self.updateGeometry()
        self.update()

    def paint(self, painter: QPainter) -> None:
        """Paint the whole button."""

    def event(self, event: QEvent) -> bool:
        """Press on Enter."""
        if event.type() == QEvent.Type.KeyPress:
            key = getattr(event, "key", lambda: 0)()
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.click()
                return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Hand a painter to ``paint``."""
        painter = QPainter(self)
        self.paint(painter)
        painter.end()

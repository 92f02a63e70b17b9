"""What lies over the whole window: a scrim with one popup on it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QGraphicsDropShadowEffect, QWidget

from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.look.paint import draw_box
from crisisdesk.desk.look.theme import theme


def add_shadow(widget: QWidget) -> None:
    """The one shadow a popup may throw: 8 px down, 24 px soft."""
    shadow = QGraphicsDropShadowEffect(widget)
    shadow.setOffset(0, theme().px(8))
    shadow.setBlurRadius(theme().px(24))
    shadow.setColor(QColor(0, 0, 0, 0x80))
    widget.setGraphicsEffect(shadow)


class PopupFrame(QWidget):
    """The body of a popup: popup ground, one strong line, radius 6."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        add_shadow(self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Keep a press on the popup from closing it."""
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground and line."""
        painter = QPainter(self)
        color = theme().color
        draw_box(
            painter, QRectF(self.rect()), fill=color.popup, line=color.strong, radius=theme().px(6)
        )
        painter.end()


class Overlay(Painted):
    """A scrim over its parent window; a press beside the popup or Esc closes it.

    The focus goes back to where it was before.
    """

    closed = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._before: QWidget | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        window.installEventFilter(self)
        self.hide()

    def place(self) -> None:
        """Put the popup where it belongs; called at opening and at every change of size."""

    def open_over(self) -> None:
        """Cover the window and take the keyboard."""
        focus = QApplication.focusWidget()
        self._before = focus if focus is not None and not self.isAncestorOf(focus) else None
        self.setGeometry(self._window.rect())
        self.place()
        self.show()
        self.raise_()

    def dismiss(self) -> None:
        """Uncover the window and give the keyboard back."""
        if not self.isVisible():
            return
        before, self._before = self._before, None
        self.hide()
        if before is not None:
            before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()

    def retheme(self) -> None:
        """Take new sizes."""
        if self.isVisible():
            self.place()
        super().retheme()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Grow and shrink with the window."""
        if watched is self._window and event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._window.rect())
            self.place()
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press beside the popup closes it."""
        self.dismiss()

    def paint(self, painter: QPainter) -> None:
        """The scrim."""
        painter.fillRect(self.rect(), theme().color.scrim)

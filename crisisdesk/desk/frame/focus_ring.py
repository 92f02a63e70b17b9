"""The ring around whatever has the keyboard, drawn over the window so that nothing clips it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QTextEdit,
    QWidget,
)
from shiboken6 import isValid

from crisisdesk.desk.look.paint import draw_ring
from crisisdesk.desk.look.theme import theme

_RINGED = (
    QAbstractButton,
    QLineEdit,
    QTextEdit,
    QPlainTextEdit,
    QComboBox,
    QAbstractSpinBox,
    QAbstractSlider,
)
_WATCHED = frozenset(
    {QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Destroy}
)
# A widget with this property set to False is left alone (the palette's input, a note field).
RING_PROPERTY = "ring"


class FocusRing(QWidget):
    """Follows the focus inside one window; 2 px wide, 1 px away, radius one more.

    A ring has to lie outside its control, where neither the control nor its style may paint.
    Lists draw their own ring inside the selected row and are left alone.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        self.hide()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)

    def _follow(self, old: QWidget | None, new: QWidget | None) -> None:
        if self._target is not None:
            self._target.destroyed.disconnect(self._forget)
            self._target = None
        self._unwatch()
        wanted = (
            new is not None
            and new.window() is self.window()
            and isinstance(new, _RINGED)
            and not isinstance(new, QScrollBar)
            and new.property(RING_PROPERTY) is not False
        )
        if wanted and new is not None:
            self._target = new
            self._watch(new)
            new.destroyed.connect(self._forget)
        self.place()

    def _watch(self, target: QWidget) -> None:
        """A control moves with every pane it lies in, so those are watched too."""
        widget: QWidget | None = target
        while widget is not None and widget is not self.window():
            widget.installEventFilter(self)
            self._watched.append(widget)
            widget = widget.parentWidget()

    def _unwatch(self) -> None:
        for widget in self._watched:
            if isValid(widget):
                widget.removeEventFilter(self)
        self._watched.clear()

    def _forget(self) -> None:
        self._target = None
        self._unwatch()
        self.hide()

    def place(self) -> None:
        """Lie around the control that has the keyboard, or hide."""
        target = self._target
        if target is None or not target.isVisible():
            self.hide()
            return
        gap = theme().px(2) + 1
        origin = target.mapTo(self.window(), target.rect().topLeft())
        self.setGeometry(QRect(origin, target.size()).adjusted(-gap, -gap, gap, gap))
        self.show()
        self.raise_()
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move with the control."""
        if self._target is not None and event.type() in _WATCHED:
            self.place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ring and nothing else."""
        painter = QPainter(self)
        draw_ring(painter, QRectF(self.rect()), theme().px(4) + 2)
        painter.end()

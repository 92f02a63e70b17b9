"""Panes side by side: a line of 1 px between them that can be gripped over 7 px."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QSplitter, QSplitterHandle, QWidget

from crisisdesk.desk.look.theme import look, theme

_GRIP = 7
_STEP = 16


class _Handle(QSplitterHandle):
    """A handle whose margins take the mouse while its mask shows only the line."""

    def __init__(self, orientation: Qt.Orientation, pane: SplitPane) -> None:
        super().__init__(orientation, pane)
        self._pane = pane
        self._gripped = QPoint()
        self.setAccessibleName("Divider, move with the arrow keys")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_MouseNoMask)
        self.widen()

    def widen(self) -> None:
        """Take the grip's width at this zoom."""
        margin = (theme().px(_GRIP) - 1) // 2
        if self.orientation() == Qt.Orientation.Horizontal:
            self.setContentsMargins(margin, 0, margin, 0)
        else:
            self.setContentsMargins(0, margin, 0, margin)
        self.setMask(QRegion(self.contentsRect()))

    def sizeHint(self) -> QSize:
        """The line alone is laid out."""
        return QSize(1, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep our margins: Qt would set its own, 5 px wide."""
        self.widen()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line; blue while it has the keyboard."""
        painter = QPainter(self)
        color = theme().color
        painter.fillRect(self.contentsRect(), color.accent if self.hasFocus() else color.hair)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where the line was gripped."""
        self._gripped = event.position().toPoint() - self.contentsRect().topLeft()
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the line; Qt's own way would make it jump by the margin."""
        at = self.mapToParent(event.position().toPoint()) - self._gripped
        level = self.orientation() == Qt.Orientation.Horizontal
        self._pane.move_line(at.x() if level else at.y(), self._pane.indexOf(self))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the drag."""
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the line by 16 px."""
        level = self.orientation() == Qt.Orientation.Horizontal
        less = Qt.Key.Key_Left if level else Qt.Key.Key_Up
        more = Qt.Key.Key_Right if level else Qt.Key.Key_Down
        if event.key() not in (less, more):
            super().keyPressEvent(event)
            return
        self._pane.push_line(self, theme().px(_STEP) * (1 if event.key() == more else -1))


class SplitPane(QSplitter):
    """A splitter in the look of the desk; panes cannot be closed by dragging."""

    def __init__(
        self,
        orientation: Qt.Orientation = Qt.Orientation.Horizontal,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(orientation, parent)
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)
        look().changed.connect(self._widen)

    def createHandle(self) -> QSplitterHandle:
        """Our own handle."""
        return _Handle(self.orientation(), self)

    def add_pane(self, widget: QWidget, size: int = 0, *, stretch: int = 0) -> None:
        """Add a pane at the right (or foot); ``size`` in pixels at 100 %, 0 leaves it free."""
        self.addWidget(widget)
        index = self.count() - 1
        self.setStretchFactor(index, stretch)
        if size:
            sizes = self.sizes()
            sizes[index] = theme().px(size)
            self.setSizes(sizes)

    def move_line(self, position: int, index: int) -> None:
        """Put the line before pane ``index`` at a pixel; kept within what the panes allow."""
        self.moveSplitter(position, index)

    def push_line(self, handle: QSplitterHandle, step: int) -> None:
        """Move a line by some pixels."""
        level = self.orientation() == Qt.Orientation.Horizontal
        index = self.indexOf(handle)
        inner = handle.contentsRect().topLeft() + handle.pos()
        self.move_line((inner.x() if level else inner.y()) + step, index)

    def _widen(self) -> None:
        for index in range(1, self.count()):
            handle = self.handle(index)
            if isinstance(handle, _Handle):
                handle.widen()
        self.refresh()

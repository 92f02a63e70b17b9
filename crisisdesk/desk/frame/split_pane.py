"""Panes side by side: a line of 1 px between them that can be gripped over 7 px."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QSplitter, QSplitterHandle, QWidget

from crisisdesk.desk.look.theme import look, theme

_GRIP = 7
_STEP = 16


class _Grip(QWidget):
    """The invisible 7 px over a handle; drags with the mouse, moves with the arrow keys."""

    def __init__(self, pane: SplitPane, handle: QSplitterHandle, index: int) -> None:
        super().__init__(pane)
        self._pane, self._handle, self._index = pane, handle, index
        level = pane.orientation() == Qt.Orientation.Horizontal
        self.setCursor(Qt.CursorShape.SplitHCursor if level else Qt.CursorShape.SplitVCursor)
        self.setAccessibleName("Divider, move with the arrow keys")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        handle.installEventFilter(self)
        self.follow()

    def follow(self) -> None:
        """Lie over the handle."""
        grip = theme().px(_GRIP)
        box = self._handle.geometry()
        if self._pane.orientation() == Qt.Orientation.Horizontal:
            self.setGeometry(box.center().x() - grip // 2, box.y(), grip, box.height())
        else:
            self.setGeometry(box.x(), box.center().y() - grip // 2, box.width(), grip)
        self.setVisible(self._handle.isVisibleTo(self._pane))
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go where the handle goes."""
        if event.type() in (
            QEvent.Type.Move,
            QEvent.Type.Resize,
            QEvent.Type.Show,
            QEvent.Type.Hide,
        ):
            self.follow()
        return False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the line."""
        at = self.mapToParent(event.position().toPoint())
        level = self._pane.orientation() == Qt.Orientation.Horizontal
        self._pane.move_line(at.x() if level else at.y(), self._index)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to drag."""
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the line by 16 px."""
        level = self._pane.orientation() == Qt.Orientation.Horizontal
        less = Qt.Key.Key_Left if level else Qt.Key.Key_Up
        more = Qt.Key.Key_Right if level else Qt.Key.Key_Down
        if event.key() not in (less, more):
            super().keyPressEvent(event)
            return
        box = self._handle.geometry()
        step = theme().px(_STEP) * (1 if event.key() == more else -1)
        self._pane.move_line((box.x() if level else box.y()) + step, self._index)


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
        self._grips: list[_Grip] = []
        look().changed.connect(self._follow)

    def add_pane(self, widget: QWidget, size: int = 0, *, stretch: int = 0) -> None:
        """Add a pane at the right (or foot); ``size`` in pixels at 100 %, 0 leaves it free."""
        self.addWidget(widget)
        index = self.count() - 1
        self.setStretchFactor(index, stretch)
        if index > 0:
            self._grips.append(_Grip(self, self.handle(index), index))
        if size:
            sizes = self.sizes()
            sizes[index] = theme().px(size)
            self.setSizes(sizes)

    def move_line(self, position: int, index: int) -> None:
        """Put the line before pane ``index`` at a pixel; kept within what the panes allow."""
        self.moveSplitter(position, index)

    def grips(self) -> list[QWidget]:
        """The grips, in the order of their lines."""
        return list(self._grips)

    def _follow(self) -> None:
        for grip in self._grips:
            grip.follow()

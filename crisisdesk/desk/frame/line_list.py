"""A list of painted lines that keeps its selection while the lines are told anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from crisisdesk.desk.frame.painted_lines import dress, line_ground
from crisisdesk.desk.frame.patched_list import PatchedList
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
    from PySide6.QtWidgets import QWidget

    from crisisdesk.desk.frame.patched_list import Index

T = TypeVar("T")


class LineDelegate(QStyledItemDelegate, Generic[T]):
    """Ground, hair line and ring of a line; those who extend it paint what stands in it.

    ``height`` is in pixels at 100 %; ``now_ms`` is set by whoever shows the lines.
    """

    height = 44
    now_ms = 0

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One line of its height."""
        return QSize(theme().px(100), theme().px(self.height))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The ground, then the line."""
        model, rect = index.model(), QRectF(option.rect)
        assert isinstance(model, PatchedList)
        with line_ground(painter, rect, option.state):
            self.paint_line(painter, rect, model.row(index.row()))

    def paint_line(self, painter: QPainter, rect: QRectF, line: T) -> None:
        """What stands in a line."""

    def is_pressed(self, rect: QRectF, line: T, x: float, y: float) -> bool:
        """Whether a click at a place of the viewport is on a button painted into the line."""
        return False


class LineList(QListView, Generic[T]):
    """``moved`` says that another line is selected, ``entered`` is Enter or a double click,
    ``pressed_button`` a click on the button painted into the selected line."""

    entered = Signal()
    moved = Signal()
    pressed_button = Signal()

    def __init__(
        self,
        name: str,
        delegate: LineDelegate[T],
        key_of: Callable[[T], str],
        spoken: Callable[[T], str],
        parent: QWidget | None = None,
        *,
        picks: bool = True,
    ) -> None:
        """``picks`` selects the first line where none is selected."""
        super().__init__(parent)
        self._picks = picks
        self.painter_of_lines = delegate
        delegate.setParent(self)
        self.lines: PatchedList[T] = PatchedList(key_of, spoken, self)
        self._key_of = key_of
        self.setItemDelegate(delegate)
        self.setModel(self.lines)
        self.setUniformItemSizes(True)
        dress(self, name)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.selectionModel().selectionChanged.connect(lambda *_: self.moved.emit())
        self.doubleClicked.connect(lambda _: self.entered.emit())

    def show_lines(self, lines: Sequence[T], now_ms: int) -> None:
        """Become these; the selected one stays selected, else the first is."""
        self.painter_of_lines.now_ms = now_ms
        before = self.selected()
        self.lines.show_rows(lines)
        self.viewport().update()
        gone = before is None or self.lines.find(self._key_of(before)) < 0
        if gone and lines and self._picks:
            self.setCurrentIndex(self.lines.index(0, 0))

    def fit(self) -> None:
        """Be no higher than the lines that are there."""
        self.setMaximumHeight(self.lines.rowCount() * theme().px(self.painter_of_lines.height))

    def selected(self) -> T | None:
        """The line with the selection."""
        indexes = self.selectionModel().selectedIndexes()
        return self.lines.row(indexes[0].row()) if indexes else None

    def go(self, step: int) -> None:
        """Go ``step`` lines down (negative: up), not past the ends."""
        count = self.lines.rowCount()
        if not count:
            return
        at = self.currentIndex().row()
        row = max(0, min(count - 1, at + step)) if at >= 0 else 0
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.setCurrentIndex(self.lines.index(row, 0))

    def begin(self) -> None:
        """Take the keyboard, on the first line unless it was on one before."""
        if self.selected() is None and self.lines.rowCount():
            self.setCurrentIndex(self.lines.index(0, 0))
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.moved.emit()

    def keyboardSearch(self, search: str) -> None:
        """Letters are the desk's keys here, not a search."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
            event.accept()
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a painted button presses it."""
        super().mouseReleaseEvent(event)
        place = event.position()
        index = self.indexAt(place.toPoint())
        if not index.isValid() or event.button() != Qt.MouseButton.LeftButton:
            return
        rect = QRectF(self.visualRect(index))
        line = self.lines.row(index.row())
        if self.painter_of_lines.is_pressed(rect, line, place.x(), place.y()):
            self.pressed_button.emit()

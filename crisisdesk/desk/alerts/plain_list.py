"""A list whose rows stand where arithmetic says: rows of one height, heads of another.

Qt's own lists lay out every row again after each insert; this one costs the same for 100,000 rows
as for 40. It is a QListView only in name, so that screen readers know it for a list.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QMouseEvent, QRegion
from PySide6.QtWidgets import QAbstractItemView, QListView, QSizePolicy

from crisisdesk.desk.alerts.layout import HEAD_HEIGHT, ROW_HEIGHT
from crisisdesk.desk.look.theme import look, theme
from crisisdesk.domain.queue_rows import Head

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QItemSelection
    from PySide6.QtGui import QFocusEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget

    from crisisdesk.desk.alerts.model import Index, QueueModel


class PlainList(QListView):
    """Geometry, scrolling and cursor; what is painted is for those who extend it."""

    def __init__(self, model: QueueModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queue = model
        # True while a patch is carried in: the picture is not moved then but compared afterwards.
        self._still = False
        self._hovered = -1
        self.setModel(model)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        look().changed.connect(self._resize_bars)

    # -- where rows stand ------------------------------------------------------------------

    def _heights(self) -> tuple[int, int]:
        px = theme().px
        return px(ROW_HEIGHT), px(HEAD_HEIGHT)

    def top_of(self, row: int) -> int:
        """The y of a row's top edge in the whole list, pixels."""
        tall, head = self._heights()
        return row * tall - bisect_left(self._queue.head_rows, row) * (tall - head)

    def row_at(self, y: int) -> int:
        """The row at a y of the whole list; beyond the end it is the row count."""
        tall, head = self._heights()
        less = tall - head
        low, high = max(0, y // tall), y // tall + len(self._queue.head_rows) + 1
        rows = range(low, min(high, self._queue.rowCount()) + 1)
        found = low
        for row in rows:
            if row * tall - bisect_left(self._queue.head_rows, row) * less <= y:
                found = row
        return min(found, self._queue.rowCount())

    def total_height(self) -> int:
        """The height of the whole list."""
        return self.top_of(self._queue.rowCount())

    def row_rect(self, row: int) -> QRect:
        """A row's rectangle in the viewport."""
        tall, head = self._heights()
        height = head if isinstance(self._queue.item(row), Head) else tall
        y = self.top_of(row) - self.verticalOffset()
        return QRect(0, y, self.viewport().width(), height)

    def visible_rows(self) -> range:
        """The rows that are at least partly in view."""
        offset = self.verticalOffset()
        last = self.row_at(offset + self.viewport().height())
        return range(self.row_at(offset), min(last + 1, self._queue.rowCount()))

    def doItemsLayout(self) -> None:
        """There is nothing to lay out."""
        QAbstractItemView.doItemsLayout(self)

    def rowsInserted(self, parent: Index, start: int, end: int) -> None:
        """Without QListView's layout."""
        QAbstractItemView.rowsInserted(self, parent, start, end)

    def rowsAboutToBeRemoved(self, parent: Index, start: int, end: int) -> None:
        """Without QListView's layout."""
        QAbstractItemView.rowsAboutToBeRemoved(self, parent, start, end)

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] | None = None) -> None:
        """Without QListView's layout; ``settle`` repaints."""

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Move the picture; while a patch is carried in, ``settle`` repaints instead."""
        if not self._still:
            self.viewport().scroll(0, dy)

    # -- what Qt asks ----------------------------------------------------------------------

    def visualRect(self, index: Index) -> QRect:
        """Where an index is painted."""
        return self.row_rect(index.row()) if index.isValid() else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:
        """The index at a point of the viewport."""
        row = self.row_at(point.y() + self.verticalOffset())
        return self._queue.index(row) if row < self._queue.rowCount() else QModelIndex()

    def scrollTo(
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Bring a row into view, moving as little as possible unless it is to be centred."""
        if not index.isValid():
            return
        rect, bar = self.row_rect(index.row()), self.verticalScrollBar()
        if hint == QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(bar.value() + rect.center().y() - self.viewport().height() // 2)
        elif rect.top() < 0:
            bar.setValue(bar.value() + rect.top())
        elif rect.bottom() >= self.viewport().height():
            bar.setValue(bar.value() + rect.bottom() - self.viewport().height() + 1)

    def horizontalOffset(self) -> int:
        """Never scrolled sideways."""
        return 0

    def verticalOffset(self) -> int:
        """How far the list is scrolled, pixels."""
        return self.verticalScrollBar().value()

    def isIndexHidden(self, index: Index) -> bool:
        """No row is hidden."""
        return False

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Where a cursor key leads; heads are passed over."""
        actions = QAbstractItemView.CursorAction
        count = self._queue.rowCount()
        page = max(1, self.viewport().height() // self._heights()[0] - 1)
        at = self.currentIndex().row()
        start, step = {
            actions.MoveUp: (at - 1, -1),
            actions.MovePrevious: (at - 1, -1),
            actions.MovePageUp: (max(0, at - page), 1),
            actions.MovePageDown: (min(count - 1, at + page), -1),
            actions.MoveHome: (0, 1),
            actions.MoveEnd: (count - 1, -1),
        }.get(action, (at + 1, 1))
        row = self.selectable(start, step)
        return self._queue.index(row) if row >= 0 else self.currentIndex()

    def selectable(self, row: int, step: int) -> int:
        """The first row that can be selected from ``row`` on in steps; -1 when there is none."""
        while 0 <= row < self._queue.rowCount():
            if not isinstance(self._queue.items[row], Head):
                return row
            row += step
        return -1

    def setSelection(self, rect: QRect, command: object) -> None:
        """Select what lies in a rectangle: one row, the list being single."""
        index = self.indexAt(rect.center())
        if index.isValid() and self._queue.flags(index) & Qt.ItemFlag.ItemIsSelectable:
            self.selectionModel().select(index, command)  # type: ignore[call-overload]

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """What must be repainted when a selection changes."""
        region = QRegion()
        for part in selection.toList():
            for row in range(part.top(), part.bottom() + 1):
                region += QRegion(self.row_rect(row))
        return region

    def keyboardSearch(self, search: str) -> None:
        """Letters are the desk's keys here, not a search."""

    def _resize_bars(self) -> None:
        bar, height = self.verticalScrollBar(), self.viewport().height()
        bar.setSingleStep(self._heights()[0])
        bar.setPageStep(height)
        bar.setRange(0, max(0, self.total_height() - height))

    def updateGeometries(self) -> None:
        """Follow a change of size."""
        self._resize_bars()
        QAbstractItemView.updateGeometries(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the bar's range true."""
        self._resize_bars()
        QAbstractItemView.resizeEvent(self, event)

    # -- the pointer and the keyboard --------------------------------------------------------

    def viewportEvent(self, event: QEvent) -> bool:
        """Follow the pointer."""
        kind = event.type()
        if isinstance(event, QMouseEvent) and kind == QEvent.Type.MouseMove:
            self._hover(self.indexAt(event.position().toPoint()).row())
        elif kind == QEvent.Type.Leave:
            self._hover(-1)
        return super().viewportEvent(event)

    def _hover(self, row: int) -> None:
        before, self._hovered = self._hovered, row
        if before != row:
            self.hover(row)
            for at in (before, row):
                if 0 <= at < self._queue.rowCount():
                    self.viewport().update(self.row_rect(at))

    def hover(self, row: int) -> None:
        """This row is under the pointer now; -1 for none."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring; a Tab into the list selects nothing by itself."""
        self.viewport().update()
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        self.viewport().update()
        event.accept()

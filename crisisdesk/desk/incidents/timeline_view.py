"""The timeline as a list that stays still under the reader: rows are patched, never reset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView

from crisisdesk.desk.frame.patched_list import PatchedList
from crisisdesk.desk.incidents.timeline_delegate import TimelineDelegate, spoken
from crisisdesk.desk.look.paint import draw_text
from crisisdesk.desk.look.theme import look, theme
from crisisdesk.domain.timeline import TimelineEntry, TimelineFilter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget

    from crisisdesk.domain.image import NoteImage

# A list view measures every row at each insertion; more than this at once would be felt.
BATCH = 150
_EMPTY = {
    TimelineFilter.ALL: "Nothing has happened yet. N writes the first note.",
    TimelineFilter.NOTES: "Nobody has written a note yet. N writes the first.",
    TimelineFilter.STATUS: "No status yet.",
    TimelineFilter.TASKS: "Nobody has worked on a task yet.",
    TimelineFilter.PUBLIC: "Nothing was said in public yet. P posts an update.",
    TimelineFilter.PINNED: "Nothing is pinned. Select an entry and press I.",
}


class TimelineView(QListView):
    """Newest entry on top. Enter opens an entry's first image, else what stood there before.

    ``image_wanted`` carries an entry and which of its images.
    """

    picked = Signal()
    image_wanted = Signal(object, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.filter = TimelineFilter.ALL
        self._entries: tuple[TimelineEntry, ...] = ()
        self._batches = 1
        self._growing = False
        self.rows: PatchedList[TimelineEntry] = PatchedList(lambda e: e.key, spoken, self)
        self.delegate = TimelineDelegate(self)
        self.setModel(self.rows)
        self.setItemDelegate(self.delegate)
        self.setAccessibleName("Timeline")
        self.setMouseTracking(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(theme().px(320))
        look().changed.connect(self._measure_again)
        self.doubleClicked.connect(self._toggle)
        self.selectionModel().currentChanged.connect(self._changed)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    def show_entries(
        self,
        entries: tuple[TimelineEntry, ...],
        now_ms: int,
        images: Mapping[str, NoteImage] | None = None,
    ) -> None:
        """Take the record as it is now; what the reader looks at stays where it is."""
        self.delegate.now_ms = now_ms
        self._entries = entries
        anchor = self._anchor()
        if self.delegate.show_images(images or {}):
            self.doItemsLayout()
        self._patch(anchor)

    def set_filter(self, chosen: TimelineFilter) -> None:
        """Show another view of the same record."""
        self.filter = chosen
        self.start_over()
        self._patch()

    def start_over(self) -> None:
        """Go to the newest entry and forget how far back was read."""
        self._batches = 1
        self.scrollToTop()

    def current_entry(self) -> TimelineEntry | None:
        """The entry the keyboard is on."""
        index = self.currentIndex()
        return self.rows.row(index.row()) if index.isValid() else None

    def _patch(self, anchor: tuple[str, int] | None = None) -> None:
        wanted = self._wanted()
        anchor = anchor or self._anchor()
        self.rows.show_rows(wanted[: self._reach(wanted)])
        if anchor is not None:
            key, top = anchor
            index = self.rows.index_of(key)
            if index.isValid():
                moved = self.visualRect(index).top() - top
                bar = self.verticalScrollBar()
                bar.setValue(bar.value() + moved)
        self.viewport().update()

    def _wanted(self) -> list[TimelineEntry]:
        return [entry for entry in self._entries if entry.passes(self.filter)]

    def _reach(self, wanted: list[TimelineEntry]) -> int:
        """How many entries to show: so many batches, and never fewer than are shown already."""
        reach, shown = self._batches * BATCH, self.rows.rowCount()
        if self._batches > 1 and shown:
            last = self.rows.row(shown - 1).key
            reach = max(reach, next((i + 1 for i, e in enumerate(wanted) if e.key == last), 0))
        return reach

    def _scrolled(self, value: int) -> None:
        bar = self.verticalScrollBar()
        near_end = value > bar.maximum() - self.viewport().height()
        if value and near_end and not self._growing and self.rows.rowCount() < len(self._wanted()):
            self._growing = True
            self._batches += 1
            self._patch()
            self._growing = False

    def _anchor(self) -> tuple[str, int] | None:
        """The entry at the top of the view and its place, unless the reader is at the newest."""
        if self.verticalScrollBar().value() == 0:
            return None
        index = self.indexAt(self.viewport().rect().topLeft())
        if not index.isValid():
            return None
        return self.rows.row(index.row()).key, self.visualRect(index).top()

    def _changed(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self.picked.emit()

    def _toggle(self, index: QModelIndex) -> None:
        entry = self.rows.row(index.row())
        if entry.revisions:
            self.delegate.expanded ^= {entry.key}
            self.rows.dataChanged.emit(index, index)
            self.doItemsLayout()

    def _measure_again(self) -> None:
        self.setMinimumWidth(theme().px(320))
        self.doItemsLayout()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Measure for the new width."""
        self.delegate.width = self.viewport().width()
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens its image, or unfolds what stood there before; with Shift always that."""
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            entry = self.rows.row(index.row())
            if entry.images and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.image_wanted.emit(entry, 0)
            else:
                self._toggle(index)
            event.accept()
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press on an image opens it."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or not index.isValid():
            return
        rect = QRectF(self.visualRect(index))
        found = self.delegate.image_at(rect, QPointF(event.position()), index)
        if found is not None:
            self.image_wanted.emit(self.rows.row(index.row()), found)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, or what an empty view means."""
        super().paintEvent(event)
        if self.rows.rowCount() == 0:
            painter = QPainter(self.viewport())
            px = theme().px
            box = QRectF(px(16), px(14), self.viewport().width() - px(32), px(18))
            draw_text(painter, box, _EMPTY[self.filter], theme().color.tertiary, "body")
            painter.end()

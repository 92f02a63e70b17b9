"""The list of a split: J and K move, Enter opens or unfolds, letters and the mouse choose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListView

from crisisdesk.desk.frame.painted_lines import dress
from crisisdesk.desk.frame.patched_list import PatchedList
from crisisdesk.desk.splits.delegate import SplitDelegate
from crisisdesk.desk.splits.lines import Line, spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget

    from crisisdesk.desk.frame.patched_list import Index

# How many lines of a band come into view when it is unfolded.
_REVEALED = 3


class _Model(PatchedList[Line]):
    """Lines of which band heads that do not fold cannot be selected."""

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid():
            line = self.row(index.row())
            if line.item is None and line.folded is None:
                return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class SplitList(QListView):
    """``entered`` is Enter or a double click, ``pressed_key`` a painted button's key,
    ``widened`` the width that lines have now."""

    entered = Signal()
    pressed_key = Signal(str)
    moved = Signal()
    widened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = _Model(lambda line: line.key, spoken, self)
        self.painter_of_lines = SplitDelegate(self)
        self.setItemDelegate(self.painter_of_lines)
        self.setModel(self.lines)
        dress(self, "What changed on both sides")
        self.selectionModel().selectionChanged.connect(lambda *_: self.moved.emit())
        self.doubleClicked.connect(lambda _: self.entered.emit())

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Become these lines; the selected one stays, else the next to decide is selected."""
        before = self.selected()
        self.lines.show_rows(lines)
        self.doItemsLayout()
        if before is None or self.lines.find(before.key) < 0:
            self._select_instead(before)

    def _select_instead(self, before: Line | None) -> None:
        """What wants a decision; else the same thing, which has gone to another band."""
        subject = before.item.subject if before is not None and before.item is not None else ""
        rows = self.lines.rows()
        same = (i for i, line in enumerate(rows) if line.item and line.item.subject == subject)
        decide = (i for i, line in enumerate(rows) if line.wants_decision)
        at = next(decide, next(same, -1))
        if at < 0:
            self.go(0)
            return
        self.setCurrentIndex(self.lines.index(at, 0))
        self.scrollTo(self.currentIndex())

    def selected(self) -> Line | None:
        """The line with the selection."""
        indexes = self.selectionModel().selectedIndexes()
        return self.lines.row(indexes[0].row()) if indexes else None

    def go(self, step: int) -> None:
        """Go ``step`` lines down (negative: up), passing heads that cannot be selected."""
        rows = self.lines.rows()
        places = [i for i, line in enumerate(rows) if line.item or line.folded is not None]
        if not places:
            return
        line = self.selected()
        at = places.index(self.lines.find(line.key)) + step if line is not None else 0
        index = self.lines.index(places[max(0, min(len(places) - 1, at))], 0)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def reveal_below(self) -> None:
        """Show the first lines of the band that is selected, and the band itself."""
        band = self.currentIndex()
        below = min(band.row() + _REVEALED, self.lines.rowCount() - 1)
        self.scrollTo(self.lines.index(below, 0))
        self.scrollTo(band)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the words out for the new width."""
        super().resizeEvent(event)
        if self._take_width():
            self.doItemsLayout()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A scroll bar that came or went during the layout changes the width as well."""
        if self._take_width():
            self.scheduleDelayedItemsLayout()
        super().paintEvent(event)

    def _take_width(self) -> bool:
        """Whether lines have another width than before."""
        width = self.viewport().width()
        if self.painter_of_lines.width == width:
            return False
        self.painter_of_lines.width = width
        self.widened.emit(width)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
            event.accept()
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a painted button presses it; one on a band folds it."""
        super().mouseReleaseEvent(event)
        place = event.position()
        index = self.indexAt(place.toPoint())
        if not index.isValid() or event.button() != Qt.MouseButton.LeftButton:
            return
        line, box = self.lines.row(index.row()), self.visualRect(index)
        key = self.painter_of_lines.button_at(line, place.x() - box.x(), place.y() - box.y())
        if key:
            self.pressed_key.emit(key)
        elif line.folded is not None:
            self.entered.emit()

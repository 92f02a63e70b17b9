"""The lists of the page: rows that are painted, patched in place and walked by the keyboard."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from crisisdesk.desk.frame.painted_lines import dress, line_ground
from crisisdesk.desk.frame.patched_list import Index, PatchedList
from crisisdesk.desk.look.paint import draw_text
from crisisdesk.desk.look.theme import Role, theme

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QColor, QKeyEvent, QPainter, QResizeEvent
    from PySide6.QtWidgets import QWidget

T = TypeVar("T")
BAND = 26


class RowPainter(QStyledItemDelegate, Generic[T]):
    """Paints rows of one kind; ``width`` is that of the list, in pixels as painted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.width = theme().px(300)

    def is_band(self, row: T) -> bool:
        """Whether it heads others and cannot be selected."""
        return False

    def height(self, row: T) -> int:
        """Its height at 100 % as painted: pixels with the zoom in them."""
        return theme().px(BAND)

    def draw(self, painter: QPainter, rect: QRectF, row: T) -> None:
        """Paint what is in it; ground, line and ring are there already."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The list's width and the row's own height."""
        return QSize(theme().px(100), self.height(self._row(index)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The ground by its state, then the row."""
        row, rect = self._row(index), QRectF(option.rect)
        is_band = self.is_band(row)
        if is_band:
            painter.fillRect(rect, theme().color.raised)
        rest = partial(self.ground, painter, rect, row)
        with line_ground(painter, rect, option.state, hovers=not is_band, rest=rest):
            self.draw(painter, rect, row)

    def ground(self, painter: QPainter, rect: QRectF, row: T) -> None:
        """Another ground for a row that is neither selected nor under the mouse."""

    @staticmethod
    def _row(index: Index) -> Any:
        model = index.model()
        assert isinstance(model, PatchedList)
        return model.row(index.row())


def draw_band(painter: QPainter, rect: QRectF, word: str, quiet: str) -> None:
    """The head of a band: its word, and a quieter one."""
    px, color = theme().px, theme().color
    box = rect.adjusted(px(12), 0, -px(12), -1)
    used = draw_text(painter, box, word, color.primary, "small", weight=600)
    box.setLeft(box.left() + used + px(8))
    draw_text(painter, box, quiet, color.tertiary, "small", weight=500)


def wrapped_height(text: str, width: float, role: Role = "small") -> float:
    """How high a text is when it is broken at this width, in pixels as painted."""
    box = QRectF(0, 0, max(1.0, width), 10_000)
    flags = Qt.TextFlag.TextWordWrap
    return theme().metrics(role).boundingRect(box, int(flags), text).height()


def draw_wrapped(
    painter: QPainter, box: QRectF, text: str, color: QColor, role: Role = "small"
) -> None:
    """Write a text broken at the box's width."""
    painter.setFont(theme().font(role))
    painter.setPen(color)
    painter.drawText(box, int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop), text)


class _Rows(PatchedList[T]):
    """Rows of which bands cannot be selected."""

    is_band: Callable[[T], bool]

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and self.is_band(self.row(index.row())):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class RowList(QListView, Generic[T]):
    """``entered`` is Enter or a double click, ``moved`` that another row is selected by hand."""

    entered = Signal()
    moved = Signal()

    def __init__(
        self,
        name: str,
        painter: RowPainter[T],
        key_of: Callable[[T], str],
        spoken: Callable[[T], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.rows: _Rows[T] = _Rows(key_of, spoken, self)
        self.rows.is_band = painter.is_band
        self._painter, self._key_of, self._showing = painter, key_of, False
        painter.setParent(self)
        self.setItemDelegate(painter)
        self.setModel(self.rows)
        dress(self, name)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.selectionModel().selectionChanged.connect(self._selection_changed)
        self.doubleClicked.connect(lambda _: self.entered.emit())

    def show_rows(self, rows: Sequence[T]) -> None:
        """Become these rows; what is selected stays selected, and stays where it is."""
        if list(rows) == list(self.rows.rows()):
            return
        self._showing = True
        chosen = self.selected()
        self.rows.show_rows(rows)
        self.doItemsLayout()
        if chosen is not None and self.rows.find(self._key_of(chosen)) < 0:
            self.selectionModel().clear()
        self._showing = False

    def selected(self) -> T | None:
        """The row that is selected."""
        indexes = self.selectionModel().selectedIndexes()
        return self.rows.row(indexes[0].row()) if indexes else None

    def select(self, key: str) -> bool:
        """Select a row without saying so, and bring it into view; False when it is not there."""
        index = self.rows.index_of(key)
        if not index.isValid():
            return False
        self._showing = True
        self.setCurrentIndex(index)
        self.scrollTo(index)
        self._showing = False
        return True

    def go(self, step: int) -> None:
        """Go ``step`` rows down (negative: up), passing over bands."""
        places = [i for i, row in enumerate(self.rows.rows()) if not self._painter.is_band(row)]
        if not places:
            return
        chosen = self.selected()
        at = 0
        if chosen is not None:
            at = places.index(self.rows.find(self._key_of(chosen))) + step
        index = self.rows.index(places[max(0, min(len(places) - 1, at))], 0)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def _selection_changed(self) -> None:
        if not self._showing:
            self.moved.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the words out for the new width."""
        super().resizeEvent(event)
        if self._painter.width != self.viewport().width():
            self._painter.width = self.viewport().width()
            self.doItemsLayout()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; letters are the desk's keys here, not a search."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.entered.emit()
            event.accept()
        elif event.text().strip() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focus_row(self) -> None:
        """Take the keyboard, on a row."""
        if self.selected() is None:
            self.go(0)
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

"""The list of help pages: titles, and while searching the words around what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from crisisdesk.desk.help.pages import Hit
from crisisdesk.desk.look.paint import draw_ring, draw_text, fill
from crisisdesk.desk.look.theme import look, theme

if TYPE_CHECKING:
    from collections.abc import Sequence

Index = QModelIndex | QPersistentModelIndex
_HIT_ROLE = int(Qt.ItemDataRole.UserRole)
_ROW, _ROW_WITH_EXCERPT = 32, 48


class _Hits(QAbstractListModel):
    """The pages found."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.hits: tuple[Hit, ...] = ()

    def show_hits(self, hits: Sequence[Hit]) -> None:
        self.beginResetModel()
        self.hits = tuple(hits)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.hits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        hit = self.hits[index.row()]
        if role == _HIT_ROLE:
            return hit
        if role == Qt.ItemDataRole.DisplayRole:
            return hit.page.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{hit.page.title}: {hit.excerpt}" if hit.excerpt else hit.page.title
        return None


class _Delegate(QStyledItemDelegate):
    """Paints a title and what was found below it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        hit: Hit = index.data(_HIT_ROLE)
        return QSize(100, theme().px(_ROW_WITH_EXCERPT if hit.excerpt else _ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        px, color = theme().px, theme().color
        hit: Hit = index.data(_HIT_ROLE)
        area: QRect = getattr(option, "rect")  # noqa: B009  absent from PySide6's stubs
        state: QStyle.StateFlag = getattr(option, "state")  # noqa: B009  absent from PySide6's stubs
        view = self.parent()
        focused = isinstance(view, QWidget) and view.hasFocus()
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        rect = QRectF(area)
        if chosen or hovered:
            ground = color.hover
            if chosen:
                ground = color.selected if focused else color.selected_idle
            fill(painter, rect.x(), rect.y(), rect.width(), rect.height(), ground)
        fill(painter, rect.x(), rect.bottom() - 1, rect.width(), 1, color.hair)
        box = rect.adjusted(px(16), 0, -px(12), 0)
        if hit.excerpt:
            box.setHeight(px(20))
            box.translate(0, px(5))
        weight = 600 if chosen else 500
        draw_text(painter, box, hit.page.title, color.primary, "body", weight=weight)
        if hit.excerpt:
            box.translate(0, px(19))
            draw_text(painter, box, hit.excerpt, color.tertiary, "micro", weight=400)
        if chosen and focused:
            draw_ring(painter, rect)


class PageList(QListView):
    """Emits the name of the page that is selected by hand or key."""

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Help pages")
        self._model = _Hits(self)
        self.setModel(self._model)
        self.setItemDelegate(_Delegate(self))
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.selectionModel().currentChanged.connect(self._current_changed)
        self._quiet = False
        look().changed.connect(self.doItemsLayout)

    def hits(self) -> tuple[Hit, ...]:
        """What is listed."""
        return self._model.hits

    def show_hits(self, hits: Sequence[Hit], current: str = "") -> None:
        """List these, with one selected when it is among them; emits nothing."""
        self._quiet = True
        self._model.show_hits(hits)
        self._quiet = False
        self.select(current)

    def select(self, name: str) -> None:
        """Select a page when it is listed, else none; emits nothing."""
        self._quiet = True
        names = [hit.page.name for hit in self._model.hits]
        if name in names:
            self.setCurrentIndex(self._model.index(names.index(name), 0))
        else:
            self.setCurrentIndex(QModelIndex())
        self._quiet = False

    def step(self, by: int) -> None:
        """Go down or up by pages; stops at the ends."""
        row = self.currentIndex().row()
        at = min(max(0, row + by), len(self._model.hits) - 1)
        if at >= 0:
            self.setCurrentIndex(self._model.index(at, 0))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the ring."""
        super().focusOutEvent(event)
        self.viewport().update()

    def _current_changed(self, index: QModelIndex) -> None:
        if index.isValid() and not self._quiet:
            self.picked.emit(self._model.hits[index.row()].page.name)

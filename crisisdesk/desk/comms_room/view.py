"""The list of the delivery board on the screen: keeps its place while rows come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter

from crisisdesk.desk.alerts.column_head import ColumnHead, Name
from crisisdesk.desk.alerts.plain_list import PlainList
from crisisdesk.desk.comms_room.delegate import BoardDelegate
from crisisdesk.desk.comms_room.layout import board_columns
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QPaintEvent
    from PySide6.QtWidgets import QWidget

    from crisisdesk.desk.alerts.model import Index
    from crisisdesk.desk.comms_room.model import BoardModel
    from crisisdesk.domain.queue_rows import Edit

# Older rows are asked for when fewer than this many are left below the view.
_AHEAD = 40


class BoardView(PlainList):
    """``selected`` carries the delivery's id ("" for none), ``opened`` is Enter or a double click,
    ``near_end`` says that older rows will soon be needed."""

    selected = Signal(str)
    opened = Signal()
    near_end = Signal()

    def __init__(self, model: BoardModel, parent: QWidget | None = None) -> None:
        self._still_at = ""
        super().__init__(model, parent)
        self.board = model
        self.painter_of_rows = BoardDelegate(model)
        self.painter_of_rows.setParent(self)
        self.setItemDelegate(self.painter_of_rows)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Deliveries, the newest first")
        self.verticalScrollBar().valueChanged.connect(self._look_ahead)

    @property
    def selected_id(self) -> str:
        """The delivery under the selection, or ""."""
        return self._still_at

    @property
    def is_read(self) -> bool:
        """Whether somebody reads: something is selected, or the list is scrolled."""
        return bool(self._still_at) or self.verticalScrollBar().value() > 0

    # -- rows --------------------------------------------------------------------------------

    def carry(self, edits: Sequence[Edit]) -> None:
        """Follow the rows; what is selected, else what is on top, stays where it was."""
        if not edits:
            return
        bar = self.verticalScrollBar()
        anchor = self.currentIndex().row()
        if anchor < 0 and bar.value() > 0:
            anchor = next(iter(self.visible_rows()), -1)
        one = self.board.delivery(anchor)
        before = self.row_rect(anchor).y() if one is not None else 0
        self._still = True
        self.board.carry(edits)
        self._still = False
        self._resize_bars()
        if one is not None:
            self._keep(one.delivery_id, before)
        self.viewport().update()
        self._look_ahead()

    def _keep(self, delivery_id: str, y: int) -> None:
        rows = self.board.items
        now = next((i for i, d in enumerate(rows) if d.delivery_id == delivery_id), -1)
        if now < 0:
            self.select_row(-1)
            self._tell("")
            return
        if self._still_at == delivery_id and self.currentIndex().row() != now:
            self.setCurrentIndex(self.board.index(now))
        if 0 <= y < self.viewport().height():
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self.row_rect(now).y() - y)

    def select_row(self, row: int) -> None:
        """Select a row and bring it into view; -1 selects nothing."""
        if row < 0:
            self.setCurrentIndex(QModelIndex())
            self.clearSelection()
            return
        index = self.board.index(row)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def step(self, by: int) -> None:
        """Select the next (1) or previous (-1) row; the first when nothing is selected."""
        at = self.currentIndex().row()
        row = self.selectable(at + by if at >= 0 else 0, by if at >= 0 else 1)
        if row >= 0:
            self.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.select_row(row)

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell what is selected now."""
        super().currentChanged(current, previous)
        one = self.board.delivery(current.row()) if current.isValid() else None
        name = one.delivery_id if one is not None else ""
        for index in (current, previous):
            if index.isValid():
                self.viewport().update(self.row_rect(index.row()))
        if not self._still:
            self._tell(name)

    def _tell(self, delivery_id: str) -> None:
        if delivery_id != self._still_at:
            self._still_at = delivery_id
            self.selected.emit(delivery_id)

    def _look_ahead(self) -> None:
        below = self.board.rowCount() - self.visible_rows().stop
        if below < _AHEAD:
            self.near_end.emit()

    # -- painting ----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows that meet the region asked for."""
        region, delegate = event.region(), self.painter_of_rows
        delegate.focused = self.hasFocus()
        painter = QPainter(self.viewport())
        current, bottom = self.currentIndex().row(), 0
        for row in self.visible_rows():
            rect = self.row_rect(row)
            bottom = rect.bottom() + 1
            if region.intersects(rect):
                delegate.paint_row(painter, rect, self.board.items[row], row == current, row)
        if bottom <= region.boundingRect().bottom():
            rest = QRect(0, bottom, self.viewport().width(), self.viewport().height() - bottom)
            painter.fillRect(rest, theme().color.panel)
        painter.end()

    # -- hands -------------------------------------------------------------------------------

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Go to the alert."""
        self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; the rest is Qt's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def hover(self, row: int) -> None:
        """Light the row under the pointer."""
        self.painter_of_rows.hovered = row


def board_head(view: BoardView) -> ColumnHead:
    """The names of the board's columns."""
    return ColumnHead(view, _names, slack=60)


def _names(width: int) -> tuple[Name, ...]:
    at = board_columns(width)
    return (
        (at.time, "Queued, UTC" if at.dated else "Queued", False),
        (at.mark, "Severity", False),
        (at.what, "What", False),
        (at.contact, "Contact", False),
        (at.way, "By", False),
        (at.state, "State", False),
        (at.tries, "Tries", True),
        (at.station, "Station", False),
    )

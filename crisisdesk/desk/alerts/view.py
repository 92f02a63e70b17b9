"""The list of the queue: draws only what is in view, keeps its place while rows come and go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QRegion

from crisisdesk.desk.alerts.delegate import RowDelegate
from crisisdesk.desk.alerts.faces import alert_of, live
from crisisdesk.desk.alerts.plain_list import PlainList
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.queue_rows import GroupItem, Head

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QKeyEvent, QPaintEvent
    from PySide6.QtWidgets import QWidget

    from crisisdesk.desk.alerts.faces import Quieter
    from crisisdesk.desk.alerts.model import Index, QueueModel

_CHEVRON = 16


class QueueView(PlainList):
    """The queue on the screen.

    ``selected`` tells the alert id under the selection ("" for none), ``toggled`` the group that
    was opened or closed, ``opened`` that Enter or a double click asked for the detail.
    """

    selected = Signal(str)
    toggled = Signal(str)
    opened = Signal()

    def __init__(
        self, model: QueueModel, delegate: RowDelegate, parent: QWidget | None = None
    ) -> None:
        self._patching = False
        self._selected_id = self._selected_block = ""
        self._selected_row = -1
        super().__init__(model, parent)
        self._delegate = delegate
        self._faces: dict[int, object] = {}
        self._pictures: dict[int, tuple[object, int, bool]] = {}
        self._selected_y = 0
        self._top_id = ""
        self._top_y = 0
        delegate.setParent(self)
        self.setItemDelegate(delegate)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Alerts, next to expire first")
        model.patching.connect(self._before_patch)
        model.patched.connect(self._after_patch)

    # -- selection -------------------------------------------------------------------------

    @property
    def selected_id(self) -> str:
        """The alert under the selection, or ""."""
        return self._selected_id

    @property
    def selected_block(self) -> str:
        """The group whose own row is selected, or ""."""
        return self._selected_block

    def select_row(self, row: int) -> None:
        """Select a row and bring it into view; -1 selects nothing."""
        if row < 0:
            self.setCurrentIndex(QModelIndex())
            self.clearSelection()
            return
        index = self._queue.index(row)
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
        """Tell what is selected now, unless rows are only moving."""
        super().currentChanged(current, previous)
        if not self._patching:
            self._tell(current.row())
        for index in (current, previous):
            if index.isValid():
                self.viewport().update(self.row_rect(index.row()))

    def _tell(self, row: int) -> None:
        alert = alert_of(self._queue.item(row))
        name = alert.alert_id if alert is not None else ""
        item = self._queue.item(row)
        block = item.block if isinstance(item, GroupItem) else ""
        self._selected_row = row
        if (name, block) != (self._selected_id, self._selected_block):
            self._selected_id, self._selected_block = name, block
            self.selected.emit(name)

    # -- patches ---------------------------------------------------------------------------

    def _before_patch(self) -> None:
        self._patching = self._still = True
        self._pictures = self._what_shows()
        row = self.currentIndex().row()
        self._selected_row = row
        self._selected_y = self.row_rect(row).y() if row >= 0 else 0
        self._top_id, self._top_y = "", 0
        bar = self.verticalScrollBar()
        if row < 0 and bar.value() > 0:
            top = next((r for r in self.visible_rows() if alert_of(self._queue.item(r))), -1)
            alert = alert_of(self._queue.item(top))
            if alert is not None:
                self._top_id, self._top_y = alert.alert_id, self.row_rect(top).y()

    def restore(self, row: int) -> None:
        """After a patch: select this row (-1 for none) and keep it where it was on the screen."""
        self._patching = False
        bar = self.verticalScrollBar()
        if row >= 0:
            index = self._queue.index(row)
            if row != self.currentIndex().row() or not self.selectionModel().isSelected(index):
                self._patching = True
                self.setCurrentIndex(index)
                self._patching = False
            moved = self.row_rect(row).y() - self._selected_y
            if moved and 0 <= self._selected_y < self.viewport().height():
                bar.setValue(bar.value() + moved)
        self._tell(row)

    def keep_top(self, row: int) -> None:
        """After a patch without a selection: keep the topmost row where it was."""
        if row >= 0:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self.row_rect(row).y() - self._top_y)

    @property
    def top_id(self) -> str:
        """The alert that stood topmost before the patch, when the list was scrolled; else ""."""
        return self._top_id

    @property
    def last_row(self) -> int:
        """The row that was selected before the patch; -1 for none."""
        return self._selected_row

    def _after_patch(self) -> None:
        self._resize_bars()

    def settle(self) -> None:
        """After a patch and ``restore``: repaint the rows whose picture is another now."""
        self._still = False
        before, self._pictures = self._pictures, self._what_shows()
        region = QRegion()
        for y, (item, height, current) in self._pictures.items():
            known = before.get(y)
            if known is None or known[0] is not item or known[1:] != (height, current):
                region += QRegion(0, y, self.viewport().width(), height)
        end = max((y + shown[1] for y, shown in self._pictures.items()), default=0)
        if max((y + shown[1] for y, shown in before.items()), default=0) > end:
            region += QRegion(0, end, self.viewport().width(), self.viewport().height())
        if not region.isEmpty():
            self.viewport().update(region)

    def _what_shows(self) -> dict[int, tuple[object, int, bool]]:
        """Per y of the viewport the item painted there, its height, whether it is selected."""
        current, items = self.currentIndex().row(), self._queue.items
        return {
            rect.y(): (items[row], rect.height(), row == current)
            for row in self.visible_rows()
            for rect in (self.row_rect(row),)
        }

    # -- painting --------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows that meet the region asked for."""
        region, delegate = event.region(), self._delegate
        bounds = region.boundingRect()
        delegate.focused = self.hasFocus()
        delegate.clip_left = bounds.left()
        painter = QPainter(self.viewport())
        current = self.currentIndex().row()
        bottom = 0
        for row in self.visible_rows():
            rect = self.row_rect(row)
            bottom = rect.bottom() + 1
            if region.intersects(rect):
                delegate.paint_item(painter, rect, self._queue.items[row], row == current, row)
        if bottom <= bounds.bottom():
            rest = QRect(0, bottom, self.viewport().width(), self.viewport().height() - bottom)
            painter.fillRect(rest, theme().color.panel)
        painter.end()

    def tick(self, now_ms: int) -> None:
        """Turn ages and clocks: only rows in view whose words change are repainted, and of those
        only the part that moves."""
        self._delegate.now_ms = self._queue.now_ms = now_ms
        columns = self._delegate.columns(self.viewport().width())
        faces: dict[int, object] = {}
        for row in self.visible_rows():
            alert = alert_of(self._queue.items[row])
            if alert is None:
                continue
            silence = self._delegate.silenced.get(alert.alert_id)
            face = live(alert, now_ms, columns.initials, silence)
            faces[row] = face._replace(clock=face.clock and face.clock._replace(share=0.0))
            if self._faces.get(row) != faces[row]:
                rect = self.row_rect(row)
                rect.setLeft(columns.live_x)
                self.viewport().update(rect)
        self._faces = faces

    def show_silenced(self, silenced: Mapping[str, Quieter], causes: Mapping[str, int]) -> None:
        """Paint these alerts as kept quiet, and how many each of their causes keeps so."""
        self._delegate.silenced = self._queue.silenced = silenced
        self._delegate.causes = causes
        self.viewport().update()

    # -- hands -----------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select; a press on a group's chevron opens or closes it."""
        index = self.indexAt(event.position().toPoint())
        item = self._queue.item(index.row()) if index.isValid() else None
        if isinstance(item, Head) or item is None:
            event.accept()
            return
        if isinstance(item, GroupItem) and event.button() == Qt.MouseButton.LeftButton:
            x = self._delegate.columns(self.viewport().width()).service.x
            if x - theme().px(4) <= event.position().x() <= x + theme().px(_CHEVRON):
                self.toggled.emit(item.block)
                return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open or close a group, or ask for the detail."""
        self._enter()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; left and right close and open groups; the rest is Qt's."""
        item = self._queue.item(self.currentIndex().row())
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif isinstance(item, GroupItem) and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            if item.open == (key == Qt.Key.Key_Left):
                self.toggled.emit(item.block)
        else:
            super().keyPressEvent(event)

    def _enter(self) -> None:
        item = self._queue.item(self.currentIndex().row())
        if isinstance(item, GroupItem):
            self.toggled.emit(item.block)
        elif item is not None:
            self.opened.emit()

    def hover(self, row: int) -> None:
        """Light the row under the pointer."""
        self._delegate.hovered = row

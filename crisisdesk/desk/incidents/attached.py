"""The alerts attached to an incident, each with its mark and how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from crisisdesk.desk.frame.patched_list import Index, PatchedList
from crisisdesk.desk.incidents.faces import alert_mark_state, alert_words
from crisisdesk.desk.look.marks import draw_mark
from crisisdesk.desk.look.paint import RIGHT, draw_ring, draw_text
from crisisdesk.desk.look.theme import look, theme
from crisisdesk.domain.alert import Alert
from crisisdesk.domain.severity import SEVERITY_RANK

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QKeyEvent, QPaintEvent

_ROW, _SERVICE, _NARROW = 28, 132, 460
MOST_ROWS = 7


def arrange_alerts(alerts: Iterable[Alert]) -> list[Alert]:
    """Nobody has it, in hand, ended; the worst first in each."""

    def rank(alert: Alert) -> tuple[int, int, str]:
        place = 2 if not alert.is_open else int(bool(alert.owner))
        return (place, -SEVERITY_RANK[alert.severity], alert.service or alert.title)

    return sorted(alerts, key=rank)


def spoken_alert(alert: Alert) -> str:
    """An alert for the screen reader."""
    return f"{alert.severity}, {alert_words(alert)}, {alert.service}, {alert.title}"


class _Delegate(QStyledItemDelegate):
    """Mark, service, what is wrong, state."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(theme().px(100), theme().px(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, PatchedList)
        alert, rect = model.row(index.row()), QRectF(option.rect)
        assert isinstance(alert, Alert)
        look = theme()
        px, color = look.px, look.color
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.save()
        if selected:
            active = option.widget.hasFocus()
            painter.fillRect(rect, color.selected if active else color.selected_idle)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, color.hover)
        middle = rect.center().y()
        state = alert_mark_state(alert)
        mark_color = color.tertiary if state == "outline" else None
        draw_mark(painter, rect.x() + px(12), round(middle - px(7)), alert.severity, state, 14,
                  mark_color)  # fmt: skip
        unowned = state == "filled"
        line = rect.adjusted(px(36), 0, -px(12), 0)
        words = alert_words(alert, short=rect.width() < px(_NARROW))
        ink = color.primary if unowned else color.tertiary
        used = draw_text(painter, line, words, ink, "small", align=RIGHT, weight=500 * unowned)
        line.setRight(line.right() - used - px(12))
        ink = color.primary if unowned else color.secondary
        name = QRectF(line)
        narrow = rect.width() < px(_NARROW)
        name.setWidth(min(line.width(), px(96 if narrow else _SERVICE)))
        if alert.service:
            draw_text(painter, name, alert.service, ink, "small", weight=600)
            line.setLeft(name.right() + px(8))
        draw_text(painter, line, alert.title, ink, "small")
        if focused:
            draw_ring(painter, rect)
        painter.restore()


class AttachedAlerts(QListView):
    """As high as its rows up to seven; Enter goes to the alert."""

    opened = Signal(str)
    picked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: PatchedList[Alert] = PatchedList(lambda a: a.alert_id, spoken_alert, self)
        self.setModel(self.rows)
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName("Attached alerts")
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Several can be split off together: Shift and Ctrl choose more than one.
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.selectionModel().selectionChanged.connect(lambda *_: self.picked.emit())
        self.activated.connect(self._open)
        look().changed.connect(self._fit)
        self._fit()

    def show_alerts(self, alerts: Iterable[Alert]) -> None:
        """Take how they stand now."""
        self.rows.show_rows(arrange_alerts(alerts))
        self._fit()

    def current_alert(self) -> Alert | None:
        """The alert the keyboard is on."""
        index = self.currentIndex()
        return self.rows.row(index.row()) if index.isValid() and self.hasFocus() else None

    def chosen(self) -> list[Alert]:
        """The alerts that are selected, in the order of the list."""
        return [self.rows.row(at) for at in sorted(i.row() for i in self.selectedIndexes())]

    def _fit(self) -> None:
        shown = max(1, min(MOST_ROWS, self.rows.rowCount()))
        self.setFixedHeight(theme().px(_ROW * shown + 8))

    def _open(self, index: Index) -> None:
        self.opened.emit(self.rows.row(index.row()).alert_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the alert, whatever the platform calls activation."""
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            self._open(index)
            event.accept()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, or how to attach one."""
        super().paintEvent(event)
        if self.rows.rowCount() == 0:
            painter = QPainter(self.viewport())
            px = theme().px
            box = QRectF(px(12), px(4), self.viewport().width() - px(24), px(_ROW))
            words = "None. In the alerts room, E escalates one."
            draw_text(painter, box, words, theme().color.tertiary, "small")
            painter.end()

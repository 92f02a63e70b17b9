"""The alerts of a candidate, each with when it began, its mark and how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from crisisdesk.desk.frame.painted_lines import dress, line_ground
from crisisdesk.desk.incidents.faces import alert_mark_state, alert_words
from crisisdesk.desk.incidents.patched_list import Index, PatchedList
from crisisdesk.desk.incidents.times import utc_clock
from crisisdesk.desk.look.marks import draw_mark
from crisisdesk.desk.look.paint import RIGHT, draw_text
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.alert import Alert

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QKeyEvent, QPainter
    from PySide6.QtWidgets import QWidget

_ROW, _SERVICE = 32, 150


def in_time(alerts: Iterable[Alert]) -> list[Alert]:
    """In the order in which they began."""
    return sorted(alerts, key=lambda alert: (alert.detected_at, alert.alert_id))


def spoken_member(alert: Alert) -> str:
    """One of them for the screen reader."""
    began = utc_clock(alert.detected_at)
    return f"{began} UTC, {alert.severity}, {alert_words(alert)}, {alert.service}, {alert.title}"


class _Delegate(QStyledItemDelegate):
    """Time, mark, service, what is wrong, state."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(theme().px(100), theme().px(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, PatchedList)
        alert, rect = model.row(index.row()), QRectF(option.rect)
        assert isinstance(alert, Alert)
        px, color = theme().px, theme().color
        with line_ground(painter, rect, option.state):
            line = rect.adjusted(px(16), 0, -px(16), -1)
            when = utc_clock(alert.detected_at)
            draw_text(painter, line, when, color.tertiary, "small", tabular=True)
            line.setLeft(line.left() + px(66))
            state = alert_mark_state(alert)
            grey = color.tertiary if state == "outline" else None
            top = round(rect.center().y() - px(7))
            draw_mark(painter, line.x(), top, alert.severity, state, 14, grey)
            line.setLeft(line.left() + px(24))
            unowned = state == "filled"
            ink = color.primary if unowned else color.secondary
            words = alert_words(alert)
            used = draw_text(painter, line, words, ink, "small", align=RIGHT)
            line.setRight(line.right() - used - px(12))
            if alert.service:
                name = QRectF(line)
                name.setWidth(min(line.width(), px(_SERVICE)))
                draw_text(painter, name, alert.service, ink, "body", weight=600)
                line.setLeft(name.right() + px(8))
            draw_text(painter, line, alert.title, ink, "body")


class MemberList(QListView):
    """Enter goes to the alert."""

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: PatchedList[Alert] = PatchedList(lambda a: a.alert_id, spoken_member, self)
        self.setModel(self.rows)
        self.setItemDelegate(_Delegate(self))
        dress(self, "Alerts of the candidate")
        self.doubleClicked.connect(self._open)

    def show_alerts(self, alerts: Iterable[Alert]) -> None:
        """Take how they stand now."""
        self.rows.show_rows(in_time(alerts))

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

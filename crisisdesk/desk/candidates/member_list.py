"""The alerts of a candidate, each with when it began, its mark and how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Signal

from crisisdesk.desk.frame.line_list import LineDelegate, LineList
from crisisdesk.desk.incidents.faces import alert_mark_state, alert_words
from crisisdesk.desk.incidents.times import utc_clock
from crisisdesk.desk.look.marks import draw_mark
from crisisdesk.desk.look.paint import RIGHT, draw_text
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.alert import Alert

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

_SERVICE = 150


def in_time(alerts: Iterable[Alert]) -> list[Alert]:
    """In the order in which they began."""
    return sorted(alerts, key=lambda alert: (alert.detected_at, alert.alert_id))


def spoken_member(alert: Alert) -> str:
    """One of them for the screen reader."""
    began = utc_clock(alert.detected_at)
    return f"{began} UTC, {alert.severity}, {alert_words(alert)}, {alert.service}, {alert.title}"


class _Delegate(LineDelegate[Alert]):
    """Time, mark, service, what is wrong, state."""

    height = 32

    def paint_line(self, painter: QPainter, rect: QRectF, line: Alert) -> None:
        """One alert."""
        px, color = theme().px, theme().color
        box = rect.adjusted(px(16), 0, -px(16), -1)
        draw_text(painter, box, utc_clock(line.detected_at), color.tertiary, "small", tabular=True)
        box.setLeft(box.left() + px(66))
        state = alert_mark_state(line)
        grey = color.tertiary if state == "outline" else None
        top = round(rect.center().y() - px(7))
        draw_mark(painter, box.x(), top, line.severity, state, 14, grey)
        box.setLeft(box.left() + px(24))
        ink = color.primary if state == "filled" else color.secondary
        used = draw_text(painter, box, alert_words(line), ink, "small", align=RIGHT)
        box.setRight(box.right() - used - px(12))
        if line.service:
            name = QRectF(box)
            name.setWidth(min(box.width(), px(_SERVICE)))
            draw_text(painter, name, line.service, ink, "body", weight=600)
            box.setLeft(name.right() + px(8))
        draw_text(painter, box, line.title, ink, "body")


class MemberList(LineList[Alert]):
    """``opened`` carries the id of the alert that Enter or a double click goes to."""

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            "Alerts of the candidate",
            _Delegate(),
            lambda alert: alert.alert_id,
            spoken_member,
            parent,
            picks=False,
        )
        self.entered.connect(self._open)

    def show_alerts(self, alerts: Iterable[Alert], now_ms: int) -> None:
        """Take how they stand now."""
        self.show_lines(in_time(alerts), now_ms)

    def _open(self) -> None:
        alert = self.selected()
        if alert is not None:
            self.opened.emit(alert.alert_id)

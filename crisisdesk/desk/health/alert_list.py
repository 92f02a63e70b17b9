"""How the open alerts of one service are painted, a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from crisisdesk.desk.frame.line_list import LineDelegate
from crisisdesk.desk.look.marks import MarkState, draw_mark
from crisisdesk.desk.look.paint import RIGHT, draw_text
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.queue_order import SEVERITY_NAME

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from crisisdesk.store.queries import AlertRow

_OWNER, _AGE = 120, 76


def spoken_alert(row: AlertRow, now_ms: int) -> str:
    """An alert for a screen reader."""
    age = span_words(max(0, now_ms - row.detected_at))
    return f"{SEVERITY_NAME[row.severity]}, {row.title}, {age}, {row.owner or 'nobody has it'}"


class ServiceAlertDelegate(LineDelegate["AlertRow"]):
    """Mark, what is wrong, who has it, how long it lasts."""

    height = 28

    def paint_line(self, painter: QPainter, rect: QRectF, line: AlertRow) -> None:
        """Paint one alert at ``now_ms``."""
        px, color = theme().px, theme().color
        top = round(rect.center().y() - px(8))
        state: MarkState = "acked" if line.owner else "filled"
        draw_mark(painter, rect.x() + px(12), top, SEVERITY_NAME[line.severity], state)
        right = rect.right() - px(12)
        age = QRectF(right - px(_AGE), rect.y(), px(_AGE), rect.height() - 1)
        words = span_words(max(0, self.now_ms - line.detected_at))
        draw_text(painter, age, words, color.tertiary, "small", align=RIGHT, tabular=True)
        wide = min(px(_OWNER), rect.width() * 0.22)
        owner = QRectF(age.x() - px(8) - wide, rect.y(), wide, rect.height() - 1)
        ink = color.secondary if line.owner else color.primary
        draw_text(
            painter, owner, line.owner or "nobody", ink, "small", weight=400 if line.owner else 500
        )
        title = QRectF(rect.x() + px(36), rect.y(), 0, rect.height() - 1)
        title.setRight(owner.x() - px(8))
        ink = color.secondary if line.owner else color.primary
        draw_text(painter, title, line.title, ink, "body")

"""What a run must meet and waits for, as it stands now, each with a small chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QVBoxLayout

from crisisdesk.desk.frame.heads import PaneHead
from crisisdesk.desk.frame.painted import PaneGround
from crisisdesk.desk.health.sparkline import draw_spark
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.recovery_room.health_words import HealthLine, spoken
from crisisdesk.desk.recovery_room.lines import TwoRows, ink, reading_list

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

# So many are in view at most; the rest is scrolled to.
_ROWS = 4
_CHART, _ROW = 64, 44


class HealthPainter(TwoRows[HealthLine]):
    """Verdict, title, value against its limit, and the last minutes at the right."""

    def paint_line(self, painter: QPainter, rect: QRectF, line: HealthLine) -> None:
        """A line."""
        px = theme().px
        chart = px(_CHART) if len(line.spark.points) > 1 else 0
        words = rect.adjusted(0, 0, -chart, 0)
        self.rows(painter, words, line.title, line.second, icon=line.icon, tone=line.tone)
        if chart:
            box = QRectF(rect.right() - chart - px(6), rect.y() + px(11), chart - px(6), px(20))
            draw_spark(painter, box, line.spark, ink(line.tone))


class HealthPane(PaneGround):
    """Hidden while there is nothing to be looked at."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.head = PaneHead("Health now")
        self.list = reading_list(
            "What must hold and is waited for, now", HealthPainter(), lambda line: line.key, spoken
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.list)
        self.hide()

    def show_health(self, lines: list[HealthLine], quiet: str, now_ms: int) -> None:
        """Show these; ``quiet`` stands beside the head."""
        self.head.show_words("Health now", quiet)
        self.list.show_lines(lines, now_ms)
        self.list.setFixedHeight(min(len(lines), _ROWS) * theme().px(_ROW))
        self.setVisible(bool(lines))

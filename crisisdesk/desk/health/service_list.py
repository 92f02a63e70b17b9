"""How the lines of services are painted: mark, name, state, and below what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from crisisdesk.desk.frame.line_list import LineDelegate
from crisisdesk.desk.frame.text import ink_color
from crisisdesk.desk.health.board_words import SERVICE_FACES, since_words
from crisisdesk.desk.health.sparkline import Spark, draw_spark
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import RIGHT, draw_text, fill
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.service_board.judging import ServiceLine, ServiceState
from crisisdesk.domain.service_board.words import why_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QPainter

_LEFT, _SPARK, _SPARK_HIGH = 34, 64, 16
# Narrower than this a line has no room for its small line.
_SPARK_FROM = 260


def beside_words(line: ServiceLine) -> list[str]:
    """What stands beside the name: owner and tier, or where that is too long one of them."""
    tier = f"tier {line.tier}" if line.tier else ""
    both = f"{line.owner} · {tier}" if line.owner and tier else ""
    return [words for words in (both, line.owner, tier) if words]


class ServiceDelegate(LineDelegate[ServiceLine]):
    """Two rows: name and state; reasons and the small line of the main series."""

    height = 48

    def __init__(self) -> None:
        super().__init__()
        self.sparks: Mapping[str, Spark] = {}

    def paint_line(self, painter: QPainter, rect: QRectF, line: ServiceLine) -> None:
        """Paint one service as it stands at ``now_ms``."""
        px, color = theme().px, theme().color
        face = SERVICE_FACES[line.state]
        quiet = line.is_quiet
        ink = ink_color(face.tone) if face.tone and not quiet else color.secondary
        if line.state is ServiceState.DOWN and not quiet:
            fill(painter, rect.x(), rect.y(), px(3), rect.height() - 1, ink)
        draw_icon(painter, rect.x() + px(12), round(rect.y() + px(7)), face.icon, ink, 16)
        right = rect.right() - px(12)
        first = QRectF(rect.x() + px(_LEFT), rect.y() + px(4), right - rect.x() - px(_LEFT), px(22))
        since = since_words(line, self.now_ms)
        words = f"{face.word} {since}".strip()
        weight = 600 if face.is_loud and not quiet else 500
        used = theme().width(words, "small", tabular=True, weight=weight)
        draw_text(painter, first, words, ink, "small", align=RIGHT, tabular=True, weight=weight)
        first.setWidth(max(0.0, first.width() - used - px(10)))
        x = first.x()
        if quiet:
            draw_icon(painter, x, round(first.center().y() - px(7)), "bell-off", color.tertiary, 14)
            x += px(14 + 6)
        first.setLeft(x)
        tone = color.secondary if quiet or line.state is ServiceState.NO_DATA else color.primary
        x += draw_text(painter, first, line.name, tone, "body", weight=600) + px(8)
        beside = QRectF(x, first.y(), max(0.0, first.right() - x), first.height())
        for owner in beside_words(line):
            if theme().width(owner, "micro") <= beside.width():
                draw_text(painter, beside, owner, color.tertiary, "micro")
                break
        self._paint_reasons(painter, rect, line, right)

    def _paint_reasons(
        self, painter: QPainter, rect: QRectF, line: ServiceLine, right: float
    ) -> None:
        px, color = theme().px, theme().color
        left, top = rect.x() + px(_LEFT), rect.y() + px(25)
        spark = self.sparks.get(line.name)
        if spark is not None and rect.width() >= px(_SPARK_FROM):
            box = QRectF(right - px(_SPARK), top, px(_SPARK), px(_SPARK_HIGH))
            draw_spark(painter, box, spark, theme().series(0))
            right -= px(_SPARK + 10)
        words = why_words(line, self.now_ms)
        box = QRectF(left, top, max(0.0, right - left), px(17))
        loud = line.state in (ServiceState.DOWN, ServiceState.DEGRADED) and not line.is_quiet
        draw_text(painter, box, words, color.secondary if loud else color.tertiary, "small")

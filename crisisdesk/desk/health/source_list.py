"""How the lines of sources are painted: mark, name, and how long ago the last look was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from crisisdesk.desk.frame.line_list import LineDelegate
from crisisdesk.desk.frame.painted_lines import line_ground
from crisisdesk.desk.frame.patched_list import PatchedList
from crisisdesk.desk.frame.text import ink_color
from crisisdesk.desk.health.board_words import source_face
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import RIGHT, draw_mono, draw_text
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.detection.source import Freshness
from crisisdesk.domain.service_board.watching import SourceLine
from crisisdesk.domain.service_board.words import look_words

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionViewItem

    from crisisdesk.desk.frame.patched_list import Index

_LEFT = 34


class SourceDelegate(LineDelegate[SourceLine]):
    """Two rows: name and type; the last look against the interval, and how fresh that is."""

    height = 44

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The ground of what wants somebody stands out; then the line."""
        model, rect = index.model(), QRectF(option.rect)
        assert isinstance(model, PatchedList)
        line: SourceLine = model.row(index.row())

        def rest() -> None:
            if source_face(line, self.now_ms).is_loud:
                painter.fillRect(rect, theme().state("stale").soft)

        with line_ground(painter, rect, option.state, rest=rest):
            self.paint_line(painter, rect, line)

    def paint_line(self, painter: QPainter, rect: QRectF, line: SourceLine) -> None:
        """Paint one source as it stands at ``now_ms``: its age is counted here."""
        px, color = theme().px, theme().color
        face = source_face(line, self.now_ms)
        ink = ink_color(face.tone) if face.tone else color.secondary
        draw_icon(painter, rect.x() + px(12), round(rect.y() + px(6)), face.icon, ink, 14)
        left, right = rect.x() + px(_LEFT), rect.right() - px(12)
        first = QRectF(left, rect.y() + px(3), right - left, px(20))
        weight = 600 if face.is_loud else 500
        used = draw_text(painter, first, face.word, ink, "small", align=RIGHT, weight=weight)
        first.setWidth(max(0.0, first.width() - used - px(10)))
        draw_mono(painter, first, line.source.name, color.primary)
        second = QRectF(left, rect.y() + px(22), right - left, px(17))
        words = look_words(line, self.now_ms)
        is_old = line.freshness(self.now_ms) in (Freshness.LATE, Freshness.STALE)
        tone = ink if is_old else color.tertiary
        used = draw_text(painter, second, words, tone, "micro", align=RIGHT, tabular=True)
        second.setWidth(max(0.0, second.width() - used - px(10)))
        about = f"{line.source.type} · {line.source.service}" if line.source.service else ""
        draw_text(painter, second, about or line.source.type, color.tertiary, "micro")

"""How the rows of the page look: policies, versions, steps of the plan, findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.marks import draw_mark
from crisisdesk.desk.look.paint import (
    RIGHT,
    chip_width,
    draw_chip,
    draw_mono,
    draw_text,
    fill,
)
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.planning.policies.row_list import (
    RowPainter,
    draw_band,
    draw_wrapped,
    wrapped_height,
)
from crisisdesk.desk.planning.policies.shelf import EVERY_ALERT

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QPainter

    from crisisdesk.desk.planning.policies.history import HistoryRow
    from crisisdesk.desk.planning.policies.plan_rows import FindingRow, PlanRow
    from crisisdesk.desk.planning.policies.shelf import ShelfLine

_ICONS = {
    "missing": "circle-dashed",
    "refused": "circle-x",
    "error": "circle-x",
    "warning": "triangle-alert",
}


def level_color(level: str) -> QColor:
    """The colour of a finding; its icon and its word say the same."""
    if level == "missing":
        return theme().color.secondary
    return theme().state("stale").fg if level == "warning" else theme().severity("critical").fg


class ShelfPainter(RowPainter["ShelfLine"]):
    """A policy in four lines: name, what it matches, its size and verdict, since when."""

    def is_band(self, row: ShelfLine) -> bool:
        """Drafts, Published, Withdrawn, Built in."""
        return not row.name

    def height(self, row: ShelfLine) -> int:
        """Four lines."""
        return theme().px(26 if self.is_band(row) else 84)

    def draw(self, painter: QPainter, rect: QRectF, row: ShelfLine) -> None:
        """The band or the four lines."""
        if self.is_band(row):
            draw_band(painter, rect, row.word, row.quiet)
            return
        px, color = theme().px, theme().color
        box = QRectF(rect.x() + px(12), rect.y() + px(8), rect.width() - px(24), px(18))
        middle = box.center().y()
        if row.draft:
            width = chip_width("draft")
            draw_chip(painter, box.right() - width, middle, "draft", color=color.primary)
            box.setRight(box.right() - width - px(8))
        if row.mark:
            y = box.y() + px(2)
            draw_mark(painter, box.x(), y, row.mark, "outline" if row.faded else "filled", size=13)
            box.setLeft(box.left() + px(20))
        ink = color.secondary if row.faded else color.primary
        draw_text(painter, box, row.name, ink, "body", weight=600)
        box.setLeft(rect.x() + px(12))
        box = box.translated(0, px(19))
        box.setRight(rect.right() - px(12))
        if row.matching == EVERY_ALERT or not row.code:
            draw_text(painter, box, row.matching, color.secondary, "small")
        else:
            draw_mono(painter, box, row.matching, color.secondary, 11)
        box = box.translated(0, px(17))
        if row.level:
            tone = level_color(row.level)
            used = draw_text(painter, box, row.verdict, tone, "micro", align=RIGHT, weight=600)
            draw_icon(painter, box.right() - used - px(17), box.y() + px(2), _ICONS[row.level],
                      tone, 13)  # fmt: skip
            box.setRight(box.right() - used - px(26))
        draw_text(painter, box, row.size, color.secondary, "micro")
        box = QRectF(rect.x() + px(12), box.y() + px(16), rect.width() - px(24), px(18))
        draw_text(painter, box, row.facts, color.tertiary, "micro")


class HistoryPainter(RowPainter["HistoryRow"]):
    """A version: its number and standing, when and by whom, and what it changed."""

    def height(self, row: HistoryRow) -> int:
        """Two lines and its changes, each broken at the width."""
        px = theme().px
        return px(56) + round(sum(self._heights(row)))

    def _heights(self, row: HistoryRow) -> list[float]:
        px = theme().px
        width = self.width - px(16 + 14 + 16)
        return [wrapped_height(words, width) + px(3) for words in row.changes]

    def draw(self, painter: QPainter, rect: QRectF, row: HistoryRow) -> None:
        """Line by line."""
        px, color = theme().px, theme().color
        left, width = rect.x() + px(16), rect.width() - px(32)
        box = QRectF(left, rect.y() + px(9), width, px(18))
        counts = row.standing == "counts now"
        used = draw_text(painter, box, row.title, color.primary, "body", weight=600)
        tone = theme().state("ok").fg if counts else color.tertiary
        draw_chip(painter, left + used + px(10), box.center().y(), row.standing, color=tone,
                  line=tone if counts else None, icon="check" if counts else "")  # fmt: skip
        box = QRectF(left, rect.y() + px(28), width, px(16))
        draw_text(painter, box, row.facts, color.tertiary, "small")
        top = rect.y() + px(47)
        for words, tall in zip(row.changes, self._heights(row), strict=True):
            fill(painter, left + px(2), top + px(7), px(4), 1, color.secondary)
            draw_wrapped(painter, QRectF(left + px(14), top, width - px(14), tall), words,
                         color.secondary)  # fmt: skip
            top += tall


class PlanPainter(RowPainter["PlanRow"]):
    """A step: when since the start and by the clock, which, who by what, and why so."""

    _AFTER, _CLOCK = 76, 88

    def is_band(self, row: PlanRow) -> bool:
        """The head of a round."""
        return not row.after

    def height(self, row: PlanRow) -> int:
        """Two lines at least; names, methods and reason are broken at the width, never cut."""
        px = theme().px
        if self.is_band(row):
            return px(26)
        who, ways, why = self._heights(row)
        return max(px(46), round(px(12) + who + ways)) + (round(why) + px(2) if row.why else 0)

    def _who_left(self, row: PlanRow) -> int:
        """Where the names begin: a day before the clock needs more room."""
        px = theme().px
        clock = theme().width(row.utc, "body", tabular=True)
        return px(12 + self._AFTER) + max(px(self._CLOCK), round(clock) + px(14))

    def _heights(self, row: PlanRow) -> tuple[float, float, float]:
        """Those of the names, the methods and the reason."""
        px = theme().px
        width = self.width - self._who_left(row) - px(12)
        who = wrapped_height(row.who, width, "strong") if row.who else px(18)
        ways = wrapped_height(row.ways, width) if row.ways else 0
        why = wrapped_height(row.why, self.width - px(12 + self._AFTER) - px(12))
        return who, ways, why

    def ground(self, painter: QPainter, rect: QRectF, row: PlanRow) -> None:
        """A step that reaches nobody stands out, by its edge where grounds do not differ."""
        if row.is_nobody:
            tone = theme().severity("critical")
            painter.fillRect(rect, tone.soft)
            fill(painter, rect.x(), rect.y(), theme().px(3), rect.height() - 1, tone.fg)

    def draw(self, painter: QPainter, rect: QRectF, row: PlanRow) -> None:
        """The band or the columns."""
        if self.is_band(row):
            draw_band(painter, rect, row.word, row.quiet)
            return
        px, color = theme().px, theme().color
        who, ways, why = self._heights(row)
        first, second = rect.y() + px(6), rect.y() + px(24)
        x = rect.x() + px(12)
        box = QRectF(x, first, px(self._AFTER) - px(8), px(18))
        draw_text(painter, box, row.after, color.primary, "body", tabular=True, weight=600)
        draw_text(painter, box.translated(0, second - first), row.step, color.tertiary, "small")
        x += px(self._AFTER)
        box = QRectF(x, first, self._who_left(row) - x, px(18))
        draw_text(painter, box, row.utc, color.secondary, "body", tabular=True)
        draw_text(painter, box.translated(0, second - first), row.local, color.tertiary, "small",
                  tabular=True)  # fmt: skip
        left = rect.x() + self._who_left(row)
        box = QRectF(left, first, rect.right() - px(12) - left, px(18))
        if row.is_nobody:
            tone = theme().severity("critical").fg
            draw_icon(painter, left, first + px(2), "phone-off", tone, 14)
            box.setLeft(left + px(20))
            draw_text(painter, box, "NOBODY", tone, "body", weight=600)
        else:
            box.setHeight(who)
            draw_wrapped(painter, box, row.who, color.primary, "strong")
            box = QRectF(left, first + who + px(1), box.width(), ways)
            draw_wrapped(painter, box, row.ways, color.secondary)
        if row.why:
            ink = theme().severity("critical").fg if row.is_nobody else theme().state("stale").fg
            top = rect.y() + max(px(43), px(9) + who + ways)
            box = QRectF(x, top, rect.right() - px(12) - x, why)
            draw_wrapped(painter, box, row.why, ink)


class FindingPainter(RowPainter["FindingRow"]):
    """A finding: its level in mark and word, where, and what, broken at the width."""

    def height(self, row: FindingRow) -> int:
        """A line and the words."""
        px = theme().px
        return px(34) + round(wrapped_height(row.words, self.width - px(36 + 12)))

    def draw(self, painter: QPainter, rect: QRectF, row: FindingRow) -> None:
        """Mark, word, place; below it the words."""
        px, color = theme().px, theme().color
        tone = level_color(row.level)
        draw_icon(painter, rect.x() + px(12), rect.y() + px(8), _ICONS[row.level], tone, 16)
        box = QRectF(rect.x() + px(36), rect.y() + px(7), rect.width() - px(48), px(18))
        used = draw_text(painter, box, row.level.upper(), tone, "micro", weight=600)
        box.setLeft(box.left() + used + px(8))
        draw_text(painter, box, row.where, color.primary, "small", weight=600)
        tall = wrapped_height(row.words, self.width - px(48))
        box = QRectF(rect.x() + px(36), rect.y() + px(26), rect.width() - px(48), tall)
        draw_wrapped(painter, box, row.words, color.secondary)

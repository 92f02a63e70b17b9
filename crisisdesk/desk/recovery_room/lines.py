"""How the lines of the Recovery room are painted: the list, the path, and what stands beside."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QRectF, QSize, Qt

from crisisdesk.desk.frame.line_list import LineDelegate, LineList
from crisisdesk.desk.frame.patched_list import PatchedList
from crisisdesk.desk.frame.text import ink_color
from crisisdesk.desk.look.countdown import countdown
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import RIGHT, draw_text, fill
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.recovery_room.procedure_words import PlanLine
from crisisdesk.desk.recovery_room.shelf import HEAD, ShelfLine
from crisisdesk.desk.recovery_room.side_words import SideLine
from crisisdesk.desk.recovery_room.step_words import PathLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QColor, QPainter
    from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

    from crisisdesk.desk.frame.patched_list import Index

T = TypeVar("T")
_LEFT, _HEAD = 40, 30


def ink(tone: str) -> QColor:
    """The colour of a tone; "" is that of quiet words."""
    return ink_color(tone) if tone else theme().color.secondary


class TwoRows(LineDelegate[T]):
    """An icon, a title with a word at its right, and a quieter row below; heads in small type."""

    height = 44

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Heads are lower than lines."""
        model = index.model()
        assert isinstance(model, PatchedList)
        low = self.head_of(model.row(index.row())) is not None
        return QSize(theme().px(100), theme().px(_HEAD if low else self.height))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Heads have a ground of their own and are never selected."""
        model, rect = index.model(), QRectF(option.rect)
        assert isinstance(model, PatchedList)
        head = self.head_of(model.row(index.row()))
        if head is None:
            super().paint(painter, option, index)
            return
        px, color = theme().px, theme().color
        fill(painter, rect.x(), rect.bottom() - 1, rect.width(), 1, color.hair)
        words, quiet = head
        box = QRectF(rect.x() + px(12), rect.bottom() - px(24), rect.width() - px(24), px(22))
        used = draw_text(painter, box, words, color.secondary, "small", weight=600)
        box.setLeft(box.left() + used + px(6))
        draw_text(painter, box, quiet, color.tertiary, "small", tabular=True)

    def head_of(self, line: T) -> tuple[str, str] | None:
        """Words and count of a head; None for a line."""
        return None

    def rows(
        self,
        painter: QPainter,
        rect: QRectF,
        title: str,
        second: str,
        *,
        icon: str = "",
        tone: str = "",
        aside: str = "",
        aside_tone: str = "",
        is_quiet: bool = False,
        is_strong: bool = False,
    ) -> None:
        """Paint the two rows of a line."""
        px, color = theme().px, theme().color
        if icon:
            draw_icon(painter, rect.x() + px(14), round(rect.y() + px(7)), icon, ink(tone), 16)
        left, right = rect.x() + px(_LEFT), rect.right() - px(12)
        box = QRectF(left, rect.y() + px(4), right - left, px(19))
        if aside:
            side = ink(aside_tone) if aside_tone else color.tertiary
            used = draw_text(painter, box, aside, side, "small", align=RIGHT, tabular=True)
            box.setWidth(max(0.0, box.width() - used - px(8)))
        paper = color.tertiary if is_quiet else color.primary
        draw_text(painter, box, title, paper, "body", weight=600 if is_strong else 500)
        box = QRectF(left, rect.y() + px(23), right - left, px(16))
        words = ink(tone) if tone in ("down", "high", "link") else color.tertiary
        draw_text(painter, box, second, words, "micro")


def clock_words(due_at: int | None, now_ms: int) -> tuple[str, str]:
    """(words, tone) of a running clock; "" without one."""
    if due_at is None:
        return "", ""
    clock = countdown(deadline_ms=due_at, now_ms=now_ms, total_ms=1)
    return clock.text, "down" if clock.state == "late" else "high"


class ShelfPainter(TwoRows[ShelfLine]):
    """The lines of the room's list."""

    def head_of(self, line: ShelfLine) -> tuple[str, str] | None:
        """Its words and how many lines it has."""
        return (line.title, line.quiet) if line.kind == HEAD else None

    def paint_line(self, painter: QPainter, rect: QRectF, line: ShelfLine) -> None:
        """A run with its clock, or a procedure."""
        clock, tone = clock_words(line.due_at, self.now_ms)
        self.rows(
            painter, rect, line.title, line.quiet, icon=line.icon, tone=line.tone,
            aside=clock or line.aside, aside_tone=tone, is_strong=line.tone in ("high", "down"),
        )  # fmt: skip


class PathPainter(TwoRows[PathLine]):
    """The steps of a path; the current one has a bar at its left."""

    def paint_line(self, painter: QPainter, rect: QRectF, line: PathLine) -> None:
        """A step, its clock while one runs, else its number."""
        px, color = theme().px, theme().color
        middle = round(rect.x() + px(14) + px(8))
        fill(painter, middle, rect.y(), 1, px(6), color.strong)
        fill(painter, middle, rect.y() + px(25), 1, rect.height() - px(25), color.strong)
        if line.is_current:
            fill(painter, rect.x(), rect.y(), px(3), rect.height() - 1, color.accent)
        clock, tone = clock_words(line.due_at, self.now_ms)
        self.rows(
            painter, rect, line.title, line.second, icon=line.icon, tone=line.tone,
            aside=clock or str(line.number), aside_tone=tone, is_quiet=line.is_quiet,
            is_strong=line.is_current,
        )  # fmt: skip


class SidePainter(TwoRows[SideLine]):
    """What stands beside a step."""

    def head_of(self, line: SideLine) -> tuple[str, str] | None:
        """Its words."""
        return (line.words, "") if line.is_head else None

    def paint_line(self, painter: QPainter, rect: QRectF, line: SideLine) -> None:
        """A line."""
        self.rows(painter, rect, line.words, line.second, icon=line.icon, tone=line.tone)


class PlanPainter(TwoRows[PlanLine]):
    """The lines of a procedure."""

    def head_of(self, line: PlanLine) -> tuple[str, str] | None:
        """Its words."""
        return (line.words, "") if line.is_head else None

    def paint_line(self, painter: QPainter, rect: QRectF, line: PlanLine) -> None:
        """A step with its number, or what is asked."""
        self.rows(painter, rect, line.words, line.second, icon=line.icon, tone=line.tone)
        if line.number:
            px = theme().px
            box = QRectF(rect.x() + px(8), rect.y() + px(4), px(24), px(19))
            tertiary = theme().color.tertiary
            draw_text(painter, box, str(line.number), tertiary, "body", align=RIGHT, tabular=True)


def reading_list(
    name: str,
    painter: TwoRows[T],
    key_of: Callable[[T], str],
    spoken: Callable[[T], str],
    parent: QWidget | None = None,
) -> LineList[T]:
    """A list that is read, not chosen from: the keyboard walks through it, nothing follows."""
    made: LineList[T] = LineList(name, painter, key_of, spoken, parent, picks=False)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setUniformItemSizes(False)
    return made

"""The head of the page of a split: who was cut off, from when to when, what each side wrote."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize

from crisisdesk.desk.frame.banner import clock_face
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import draw_chip, draw_text, fill
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.splits.delegate import columns
from crisisdesk.desk.splits.lines import fact_words, title_words
from crisisdesk.domain.amounts import count_words

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

    from crisisdesk.desk.splits.reading import Page

_HEIGHT, _COLUMNS = 72, 26


def span_of_day(since_ms: int, until_ms: int) -> str:
    """``Thu 12 Feb 02:05:14 to 02:18:32 UTC``; the second day is named when it is another."""
    first, last = clock_face(since_ms, UTC), clock_face(until_ms, UTC)
    day = "" if first.date == last.date else f"{last.date} "
    year = datetime.fromtimestamp(since_ms / 1000, UTC).year
    return f"{first.date} {year}, {first.utc} to {day}{last.utc} UTC"


class SplitHead(Painted):
    """Two lines and what waits for a decision."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = self._span = self._facts = ""
        self._decisions = self._both = 0
        self.setFixedHeight(theme().px(_HEIGHT))

    def show_page(self, page: Page) -> None:
        """Show the head of this one."""
        split = page.cut.split
        self._title = f"{title_words(page.cut)}."
        self._span = span_of_day(split.since_ms, split.until_ms)
        self._facts = fact_words(page)
        self._decisions, self._both = page.decisions(), len(page.view.both)
        self.setAccessibleName(f"{self._title} {self._span}. {self._facts}. {self._chip()}")
        self.update()

    def _chip(self) -> str:
        if self._decisions:
            return f"{count_words(self._decisions)} to decide"
        return "nothing to decide"

    def retheme(self) -> None:
        """Take the new height."""
        self.setFixedHeight(theme().px(_HEIGHT))
        super().retheme()

    def sizeHint(self) -> QSize:
        """Two lines."""
        return QSize(theme().px(640), theme().px(_HEIGHT))

    def paint(self, painter: QPainter) -> None:
        """Icon, title, chip; span and counts below."""
        look = theme()
        px, color = look.px, look.color
        fill(painter, 0, 0, self.width(), self.height(), color.panel)
        fill(painter, 0, self.height() - 1, self.width(), 1, color.hair)
        tone = look.state("stale" if self._decisions else "ok")
        draw_icon(painter, px(16), px(14), "git-merge", tone.fg, 20)
        x, right = float(px(48)), float(self.width() - px(16))
        box = QRectF(x, px(12), right - x - px(160), px(22))
        x += draw_text(painter, box, self._title, color.primary, "lead", weight=600) + px(12)
        draw_chip(painter, x, px(23), self._chip(), color=tone.fg, line=tone.fg)
        box = QRectF(px(48), px(38), right - px(48), px(20))
        used = draw_text(painter, box, self._span, color.primary, "body", tabular=True)
        box.setLeft(box.left() + used + px(16))
        draw_text(painter, box, self._facts, color.secondary, "body")


class ColumnHead(Painted):
    """The names of the columns; ``show_width`` is that of the list without its scroll bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._width = 0
        self._names = ("Thing", "Here", "Elsewhere", "What stands now")
        self.setFixedHeight(theme().px(_COLUMNS))

    def show_width(self, width: int) -> None:
        """Stand where the columns of a list this wide do."""
        if width != self._width:
            self._width = width
            self.update()

    def show_sides(self, sides: tuple[str, str]) -> None:
        """Name the side that was cut off, then the other one."""
        here, there = (side[:1].upper() + side[1:] for side in sides)
        self._names = ("Thing", here, there, "What stands now")
        self.setAccessibleName(f"Columns: {', '.join(self._names)}")
        self.update()

    def retheme(self) -> None:
        """Take the new height."""
        self.setFixedHeight(theme().px(_COLUMNS))
        super().retheme()

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(theme().px(640), theme().px(_COLUMNS))

    def paint(self, painter: QPainter) -> None:
        """The names where their columns stand."""
        px, color = theme().px, theme().color
        fill(painter, 0, 0, self.width(), self.height(), color.panel)
        fill(painter, 0, self.height() - 1, self.width(), 1, color.hair)
        at = columns(self._width or self.width())
        for name, x, end in zip(self._names, at[:4], at[1:], strict=True):
            box = QRectF(x, 0, end - x - px(8), self.height() - 1)
            draw_text(painter, box, name, color.tertiary, "micro", weight=500)

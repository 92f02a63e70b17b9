"""The seven phases of the response in one line: how much of each is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize

from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.incidents.task_rows import SHORT_PHASE, PhaseCount
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import draw_text, fill
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.task import PHASE_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

_HEIGHT = 38


def phase_words(count: PhaseCount) -> str:
    """How much of a phase is done, as its cell says it: ``1/3``, or a dash for no task."""
    total = count.open + count.done
    return f"{count.done}/{total}" if total else "–"


def spoken_phases(counts: Sequence[PhaseCount]) -> str:
    """The phases for the screen reader: those that have tasks."""
    told = [
        f"{PHASE_WORDS[c.phase]} {c.done} of {c.open + c.done} done" + (", now" if c.is_now else "")
        for c in counts
        if c.open + c.done
    ]
    return "Phases: " + ("; ".join(told) or "no tasks")


class PhaseBar(Painted):
    """Seven cells; the one in which the response is stands out by line and weight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: list[PhaseCount] = []
        self.setFixedHeight(theme().px(_HEIGHT))

    def show_counts(self, counts: list[PhaseCount]) -> None:
        """Take how much is done."""
        if counts != self._counts:
            self._counts = counts
            words = spoken_phases(counts)
            self.setAccessibleName(words)
            self.setToolTip(words)
            self.update()

    def retheme(self) -> None:
        """Take the new height."""
        self.setFixedHeight(theme().px(_HEIGHT))
        super().retheme()

    def sizeHint(self) -> QSize:
        """One line of cells."""
        return QSize(theme().px(300), theme().px(_HEIGHT))

    def paint(self, painter: QPainter) -> None:
        """The cells."""
        color = theme().color
        fill(painter, 0, 0, self.width(), self.height(), color.panel)
        wide = self.width() / max(1, len(self._counts))
        for at, count in enumerate(self._counts):
            left = round(at * wide)
            box = QRectF(left, 0, round((at + 1) * wide) - left, self.height() - 1)
            self._cell(painter, box, count, last=at == len(self._counts) - 1)
        fill(painter, 0, self.height() - 1, self.width(), 1, color.hair)

    @staticmethod
    def _cell(painter: QPainter, box: QRectF, count: PhaseCount, *, last: bool) -> None:
        look = theme()
        px, color = look.px, look.color
        finished = not count.open and count.done
        if count.is_now:
            fill(painter, box.x(), 0, box.width(), box.height(), color.selected)
            fill(painter, box.x(), box.height() - px(2), box.width(), px(2), color.accent)
        if not last:
            fill(painter, box.right() - 1, 0, 1, box.height(), color.hair)
        ink = color.primary if count.is_now else color.secondary
        ink = ink if count.open + count.done else color.tertiary
        line = QRectF(box.x() + px(4), px(4), box.width() - px(5), px(14))
        weight = 600 if count.is_now else 500
        draw_text(painter, line, SHORT_PHASE[count.phase], ink, "micro", weight=weight)
        under = line.translated(0, px(15))
        if finished:
            draw_icon(painter, under.x(), under.y() + px(1), "check", look.state("ok").fg, 12)
            under.setLeft(under.left() + px(15))
        draw_text(painter, under, phase_words(count), color.tertiary, "micro", tabular=True)

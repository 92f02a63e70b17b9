"""The strip below the charts: what the one that is looked at shows and why; what signs mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize

from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.health.labels import DASHED, DOTTED
from crisisdesk.desk.health.lettering import dashed
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.marks import draw_mark
from crisisdesk.desk.look.paint import draw_text, fill
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

    from crisisdesk.desk.health.legend import Entry

_LINE, _LINES, _PAD = 18, 3, 6
WHAT_TO_DO = (
    "Tab goes from chart to chart, ← → to the alerts of one. "
    "Point at a chart, or go to it, to read what watches it."
)


class Readout(Painted):
    """Two lines of words and one of signs; its height never changes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentences: list[str] = []
        self.legend: list[Entry] = []
        self.retheme()

    def retheme(self) -> None:
        """Take the height of the zoom in force."""
        self.setFixedHeight(self.sizeHint().height())
        super().retheme()

    def sizeHint(self) -> QSize:
        """Three lines."""
        px = theme().px
        return QSize(0, px(_LINE) * _LINES + 2 * px(_PAD))

    def show_sentences(self, sentences: Sequence[str]) -> None:
        """Say these, or what can be done where there is none."""
        if list(sentences) != self.sentences:
            self.sentences = list(sentences)
            self.setToolTip("\n".join(self.sentences))
            self.setAccessibleName(" ".join(self.sentences))
            self.update()

    def show_legend(self, entries: Sequence[Entry]) -> None:
        """Say what these signs mean."""
        if list(entries) != self.legend:
            self.legend = list(entries)
            self.update()

    def paint(self, painter: QPainter) -> None:
        """The words, then the signs."""
        px, color = theme().px, theme().color
        fill(painter, 0, 0, self.width(), self.height(), color.panel)
        fill(painter, 0, 0, self.width(), 1, color.hair)
        top, wide = px(_PAD), self.width() - px(32)
        lines = wrapped(self.sentences, lambda text: theme().width(text, "small") <= wide)
        ink = color.primary if lines else color.tertiary
        for words in lines or [WHAT_TO_DO]:
            draw_text(painter, QRectF(px(16), top, wide, px(_LINE)), words, ink, "small")
            top += px(_LINE)
        self._paint_legend(painter, px(_PAD) + px(_LINE) * (_LINES - 1))

    def _paint_legend(self, painter: QPainter, top: int) -> None:
        px, color = theme().px, theme().color
        left, middle = px(16), top + px(_LINE) / 2
        for entry in self.legend:
            self._paint_sign(painter, entry.sign, left, middle)
            left += px(26)
            wide = theme().width(entry.words, "micro") + px(2)
            box = QRectF(left, top, min(wide, self.width() - px(16) - left), px(_LINE))
            draw_text(painter, box, entry.words, color.secondary, "micro")
            left += round(wide) + px(18)

    def _paint_sign(self, painter: QPainter, sign: str, left: int, middle: float) -> None:
        px, dress = theme().px, theme()
        if sign in ("dashed", "dotted"):
            dashes = DASHED if sign == "dashed" else DOTTED
            color = dress.token("chart.tick")
            dashed(painter, left, left + px(20), round(middle), dashes, color)
        elif sign == "band":
            box = QRectF(left, middle - px(5), px(20), px(10))
            painter.fillRect(box, dress.token("chart.band"))
            painter.fillRect(QRectF(left, box.top(), px(20), 1), dress.token("chart.bandLine"))
            painter.fillRect(
                QRectF(left, box.bottom() - 1, px(20), 1), dress.token("chart.bandLine")
            )
        elif sign == "begins":
            draw_mark(painter, left + px(4), middle - px(6), "high", "filled", 12)
        else:
            draw_icon(
                painter, left + px(4), middle - px(6), "check", dress.token("chart.event"), 12
            )


def wrapped(sentences: Sequence[str], fits: Callable[[str], bool]) -> list[str]:
    """Sentences in no more than two lines, the first in full where it can be; ``fits`` says whether
    a line is short enough. What is too much ends in dots when it is drawn."""
    lines: list[str] = []
    for sentence in sentences:
        joined = f"{lines[-1]} {sentence}" if lines else sentence
        if lines and (fits(joined) or len(lines) == _LINES - 1):
            lines[-1] = joined
        else:
            lines.append(sentence)
    return lines

"""The story of a delivery in the detail pane: every sentence whole, wrapped, with its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from crisisdesk.desk.alerts.sections import Section
from crisisdesk.desk.comms_room.layout import short_clock
from crisisdesk.desk.frame.text import ink_color
from crisisdesk.desk.incidents.prose import lay_text
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import draw_text, fill
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

    from crisisdesk.desk.incidents.prose import Prose
    from crisisdesk.domain.delivery_story import Passage

_PAD, _TIME, _ICON, _STEP = 16, 74, 22, 8


class StorySection(Section):
    """Passages from the oldest to the newest, joined by a line as a timeline is."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._passages: tuple[Passage, ...] = ()
        self._now_ms = 0
        self._laid: tuple[int, int, list[Prose]] | None = None

    def show_passages(self, passages: Sequence[Passage], now_ms: int) -> None:
        """Show these."""
        self._passages, self._now_ms, self._laid = tuple(passages), now_ms, None
        self.set_words("UTC", "; ".join(passage.words for passage in self._passages))

    def shown(self) -> list[str]:
        """The sentences that are shown."""
        return [passage.words for passage in self._passages]

    def retheme(self) -> None:
        """Lay the words out anew."""
        self._laid = None
        super().retheme()

    def _proses(self) -> list[Prose]:
        """Every sentence laid out for this width."""
        px, zoom = theme().px, theme().zoom
        width = max(px(80), self.width() - px(2 * _PAD + _TIME + _ICON))
        if self._laid is None or self._laid[:2] != (width, zoom):
            laid = [lay_text(passage.words, "body", width) for passage in self._passages]
            self._laid = (width, zoom, laid)
        return self._laid[2]

    def body_height(self) -> int:
        """The sum of its sentences."""
        gap = theme().px(_STEP)
        return round(sum(prose.height + gap for prose in self._proses()))

    def paint_body(self, painter: QPainter, top: int) -> None:
        """Time, mark and sentence; the marks stand on one line."""
        px, color = theme().px, theme().color
        y, proses = float(top), self._proses()
        spine = px(_PAD + _TIME) + px(7)
        for number, (passage, prose) in enumerate(zip(self._passages, proses, strict=True)):
            if passage.at_ms:
                box = QRectF(px(_PAD), y, px(_TIME - 8), px(18))
                when = short_clock(passage.at_ms, self._now_ms, dated=False)
                draw_text(painter, box, when, color.tertiary, "small", tabular=True)
            if number + 1 < len(proses):
                fill(painter, spine, y + px(18), 1, prose.height + px(_STEP) - px(18), color.strong)
            ink = ink_color(passage.tone) if passage.tone else color.secondary
            draw_icon(painter, px(_PAD + _TIME), round(y + px(2)), passage.mark, ink, 14)
            words = color.primary if passage.tone in ("critical", "stale") else color.secondary
            prose.draw(painter, px(_PAD + _TIME + _ICON), y, words)
            y += prose.height + px(_STEP)

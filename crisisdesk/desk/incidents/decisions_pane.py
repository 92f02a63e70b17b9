"""The decisions of the incident in view: how many, and each in its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crisisdesk.desk.frame.heads import PaneHead
from crisisdesk.desk.frame.line_list import LineDelegate, LineList
from crisisdesk.desk.incidents.decision_rows import (
    arrange_decisions,
    below,
    clock_of,
    head_words,
    is_due,
    spoken_decision,
)
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import draw_countdown, draw_text
from crisisdesk.desk.look.theme import look, theme
from crisisdesk.domain.decision import Decision

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QKeyEvent, QPaintEvent

_ROW, _EMPTY, _MOST_TALL, _MOST = 40, 28, 5, 3


class _Delegate(LineDelegate[Decision]):
    """Two lines for a decision."""

    height = _ROW

    def paint_line(self, painter: QPainter, rect: QRectF, line: Decision) -> None:
        """Glyph, what was decided, when it is looked at again; who and what else below."""
        look = theme()
        px, color = look.px, look.color
        due = is_due(line, self.now_ms)
        glyph = "undo-2" if not line.stands else "clock-alert" if due else "gavel"
        ink = look.severity("critical").fg if due else color.secondary
        middle = round(rect.center().y() - px(7))
        draw_icon(
            painter, rect.x() + px(12), middle, glyph, ink if line.stands else color.tertiary, 14
        )
        text = QRectF(rect.x() + px(36), rect.y() + px(4), 0, px(18))
        text.setRight(rect.right() - px(12))
        clock = clock_of(line, self.now_ms)
        if clock is not None:
            chip = draw_countdown(painter, text.right(), rect.center().y(), clock)
            text.setRight(chip.left() - px(8))
        ink = color.primary if line.stands else color.tertiary
        draw_text(painter, text, line.title, ink, "body", weight=500)
        under = text.translated(0, px(17))
        under.setHeight(px(14))
        draw_text(painter, under, below(line), color.tertiary, "micro")


class DecisionList(LineList[Decision]):
    """``entered`` is Enter, ``looked`` Space on the selected decision."""

    looked = Signal()

    def __init__(self) -> None:
        delegate = _Delegate()
        super().__init__(
            "Decisions",
            delegate,
            lambda decision: decision.decision_id,
            lambda decision: spoken_decision(decision, delegate.now_ms),
            picks=False,
        )
        self._most = _MOST
        self.setProperty("ring", False)
        look().changed.connect(self._fit)
        self._fit()

    def show_decisions(self, decisions: Iterable[Decision], now_ms: int) -> None:
        """Take how they stand; the selected one stays selected wherever it goes."""
        self.show_lines(arrange_decisions(decisions), now_ms)
        self._fit()

    def tick(self, now_ms: int) -> None:
        """Turn the clocks."""
        if self.painter_of_lines.now_ms // 1000 != now_ms // 1000:
            self.painter_of_lines.now_ms = now_ms
            self.viewport().update()

    def set_most(self, most: int) -> None:
        """How many lines stand without scrolling."""
        self._most = most
        self._fit()

    def current_decision(self) -> Decision | None:
        """The decision the keyboard is on."""
        return self.selected() if self.hasFocus() else None

    def _fit(self) -> None:
        px, many = theme().px, min(self._most, self.lines.rowCount())
        self.setFixedHeight(px(_ROW) * many or px(_EMPTY))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space looks again."""
        if event.key() == Qt.Key.Key_Space and self.selected() is not None:
            self.looked.emit()
            event.accept()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The lines, or how to write the first."""
        super().paintEvent(event)
        if self.lines.rowCount() == 0:
            painter = QPainter(self.viewport())
            px = theme().px
            box = QRectF(px(12), 0, self.viewport().width() - px(24), px(_EMPTY))
            words = "None. D writes one down."
            draw_text(painter, box, words, theme().color.tertiary, "small")
            painter.end()


class DecisionsPane(QWidget):
    """Head and list."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._decisions: tuple[Decision, ...] = ()
        self.head = PaneHead("Decisions")
        self.list = DecisionList()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        layout.addWidget(self.list)
        self.set_tall(True)

    def show_decisions(self, decisions: tuple[Decision, ...], now_ms: int) -> None:
        """Take them as they stand at that time (UTC ms)."""
        self._decisions = decisions
        self._say(now_ms)
        self.list.show_decisions(decisions, now_ms)

    def tick(self, now_ms: int) -> None:
        """Turn the clocks; what becomes due is counted."""
        if self.list.painter_of_lines.now_ms // 1000 != now_ms // 1000:
            self._say(now_ms)
        self.list.tick(now_ms)

    def set_tall(self, tall: bool) -> None:
        """Whether there is room for many lines."""
        self.list.set_most(_MOST_TALL if tall else _MOST)

    def _say(self, now_ms: int) -> None:
        words = head_words(self._decisions, now_ms)
        self.head.show_words("Decisions", words.quiet, words.late, grave=bool(words.late))

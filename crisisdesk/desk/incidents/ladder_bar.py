"""The ladder of an incident as six segments: where it stands, when each step was reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtWidgets import QSizePolicy

from crisisdesk.desk.frame.painted import PaintedButton
from crisisdesk.desk.incidents.times import utc_minute
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import draw_ring, draw_text, fill
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.amounts import span_words

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter
    from PySide6.QtWidgets import QWidget

    from crisisdesk.domain.ladder import LadderStep

_HEIGHT = 45


class LadderBar(PaintedButton):
    """Six steps; the arrows go over those ahead and Enter asks to climb there."""

    asked = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: tuple[LadderStep, ...] = ()
        self._now_ms = 0
        self._pick = -1
        # The ring goes around the step, not around the whole bar.
        self.setProperty("ring", False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._climb)

    def show_steps(self, steps: tuple[LadderStep, ...], now_ms: int) -> None:
        """Take another ladder or another time."""
        self._steps, self._now_ms = steps, now_ms
        if self._pick >= 0 and not self._can_pick(self._pick):
            self._pick = self._first_ahead()
        self._say()

    def begin(self) -> None:
        """Take the keyboard with the next step picked."""
        self._pick = self._first_ahead()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._say()

    def _can_pick(self, at: int) -> bool:
        return 0 <= at < len(self._steps) and self._steps[at].place == "ahead"

    def _first_ahead(self) -> int:
        return next((i for i in range(len(self._steps)) if self._can_pick(i)), -1)

    def _say(self) -> None:
        now = next((s.status for s in self._steps if s.place == "current"), "")
        pick = f", Enter moves it to {self._steps[self._pick].status}" if self._pick >= 0 else ""
        self.setAccessibleName(f"Status {now}{pick}")
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows pick a step ahead, Esc leaves."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None:
            if self._can_pick(self._pick + step):
                self._pick += step
                self._say()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pick the next step when tabbed into."""
        if self._pick < 0:
            self._pick = self._first_ahead()
        super().focusInEvent(event)
        self._say()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Forget the pick."""
        self._pick = -1
        super().focusOutEvent(event)
        self._say()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on a step ahead picks it and asks to climb there."""
        at = int(event.position().x() / max(1.0, self._wide()))
        if self._can_pick(at):
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._pick = at
            self._say()
            self._climb()
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The press has asked already."""
        event.accept()

    def _climb(self) -> None:
        if self.isEnabled() and self._can_pick(self._pick):
            self.asked.emit(str(self._steps[self._pick].status))

    def sizeHint(self) -> QSize:
        """One line of segments."""
        return QSize(theme().px(600), theme().px(_HEIGHT))

    def _wide(self) -> float:
        return self.width() / max(1, len(self._steps))

    def paint(self, painter: QPainter) -> None:
        """The segments."""
        color, width = theme().color, self._wide()
        fill(painter, 0, 0, self.width(), self.height(), color.panel)
        for at, step in enumerate(self._steps):
            left = round(at * width)
            box = QRectF(left, 0, round((at + 1) * width) - left, self.height() - 1)
            self._paint_step(painter, at, step, box)
        fill(painter, 0, self.height() - 1, self.width(), 1, color.hair)

    def _paint_step(self, painter: QPainter, at: int, step: LadderStep, box: QRectF) -> None:
        look = theme()
        px, color = look.px, look.color
        current = step.place == "current"
        picked = at == self._pick and self.hasFocus()
        if current:
            fill(painter, box.x(), 0, box.width(), box.height(), color.selected)
            fill(painter, box.x(), box.height() - px(3), box.width(), px(3), color.accent)
        elif picked:
            fill(painter, box.x(), 0, box.width(), box.height(), color.hover)
        fill(painter, box.right() - 1, 0, 1, box.height(), color.hair)
        x = box.x() + px(14)
        if step.place == "done":
            draw_icon(painter, x, round(box.center().y() - px(8)), "check", look.state("ok").fg)
        else:
            ink = color.primary if current else color.tertiary
            cell = QRectF(x, 0, px(16), box.height())
            draw_text(painter, cell, str(at + 1), ink, "strong", tabular=True)
        ink = {"current": color.primary, "done": color.secondary}.get(step.place, color.tertiary)
        words = "Enter moves it here" if picked else self._words(at, step)
        top = px(5) if words else round(box.center().y() - px(9))
        line = QRectF(x + px(26), top, box.right() - x - px(30), px(18))
        name = str(step.status).capitalize()
        draw_text(painter, line, name, ink, "body", weight=600 if current else 500)
        below = line.translated(0, px(18))
        below.setHeight(px(14))
        draw_text(painter, below, words, color.tertiary, "micro", tabular=True)
        if picked:
            draw_ring(painter, box.adjusted(0, 0, -1, 0))

    def _words(self, at: int, step: LadderStep) -> str:
        if step.place == "skipped":
            return "passed over"
        if step.reached_at is None:
            return ""
        until = self._now_ms
        if step.place == "done":
            until = next(
                (s.reached_at for s in self._steps[at + 1 :] if s.reached_at is not None), until
            )
        return f"{utc_minute(step.reached_at)} UTC · {span_words(until - step.reached_at)}"

"""The new bar: what arrived while the operator reads, and the one key that lets it in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEasingCurve, QPropertyAnimation, QRectF, QSize, Signal
from PySide6.QtWidgets import QSizePolicy

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.marks import draw_mark
from crisisdesk.desk.look.paint import draw_text, fill
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter, QResizeEvent
    from PySide6.QtWidgets import QWidget

_HEIGHT = 32


class NewView(NamedTuple):
    """``total`` rows wait; ``counts`` holds (severity, rows), worst first; ``words`` says more."""

    total: int
    counts: tuple[tuple[str, int], ...] = ()
    words: str = ""


class NewBar(Painted):
    """A bar 32 px high that opens when something waits and closes when nothing does."""

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = NewView(total=0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.button = KeyButton("Show them", "U", height=24, parent=self)
        self.button.clicked.connect(self.wanted)
        self._motion = QPropertyAnimation(self, b"maximumHeight", self)
        self._motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        self.setMaximumHeight(0)
        self.hide()

    def show_view(self, view: NewView) -> None:
        """Say what waits; 0 closes the bar."""
        was, self._view = self._view.total, view
        marks = ", ".join(f"{count} {severity}" for severity, count in view.counts)
        self.setAccessibleName(f"{view.total} new: {marks}. {view.words}")
        if bool(was) != bool(view.total):
            self._open(view.total > 0)
        self.update()

    def sizeHint(self) -> QSize:
        """One line, or nothing."""
        return QSize(theme().px(400), theme().px(_HEIGHT))

    def retheme(self) -> None:
        """Take the new height."""
        if self._view.total:
            self.setMaximumHeight(theme().px(_HEIGHT))
        self._place()
        super().retheme()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the button at the right."""
        self._place()

    def _open(self, up: bool) -> None:
        self._motion.stop()
        end = theme().px(_HEIGHT) if up else 0
        span = theme().motion("newBar") if self.window().isVisible() else 0
        self.show()
        if span == 0:
            self.setMaximumHeight(end)
            self.setVisible(up)
            return
        self._motion.setDuration(span)
        self._motion.setStartValue(self.maximumHeight())
        self._motion.setEndValue(end)
        self._motion.finished.connect(self._settle)
        self._motion.start()

    def _settle(self) -> None:
        self._motion.finished.disconnect(self._settle)
        self.setVisible(self._view.total > 0)

    def _place(self) -> None:
        size = self.button.sizeHint()
        top = (theme().px(_HEIGHT) - 1 - size.height()) // 2
        self.button.setGeometry(
            self.width() - size.width() - theme().px(12), top, size.width(), size.height()
        )

    def paint(self, painter: QPainter) -> None:
        """Count, marks, words."""
        look, px, color = theme(), theme().px, theme().color
        height = px(_HEIGHT)
        fill(painter, 0, 0, self.width(), height, color.accent_soft)
        fill(painter, 0, self.height() - 1, self.width(), 1, color.accent_line)
        x, middle = float(px(12)), (height - 1) / 2
        right = self.button.x() - px(12)

        def write(text: str, ink: object, weight: int, gap: int) -> None:
            nonlocal x
            box = QRectF(x, 0, max(0.0, right - x), height - 1)
            tone = color.primary if ink is None else color.secondary
            x += draw_text(painter, box, text, tone, "body", weight=weight, tabular=True) + px(gap)

        draw_icon(painter, x, round(middle - px(16) / 2), "arrow-up-to-line", color.primary)
        x += px(16 + 10)
        write(f"{self._view.total} new", None, 600, 10)
        write("arrived while you read", "quiet", 400, 10)
        for severity, count in self._view.counts:
            tone = look.severity(severity)
            draw_mark(painter, x, round(middle - px(14) / 2), severity, size=14)
            x += px(14 + 4)
            text = f"{count} {look.tokens.shapes[severity].word}"
            box = QRectF(x, 0, max(0.0, right - x), height - 1)
            x += draw_text(painter, box, text, tone.fg, "body", weight=600, tabular=True) + px(10)
        if right - x > px(60):
            write(self._view.words, "quiet", 400, 0)

"""The bar under the timeline that moves the page to any minute of the incident, and back to now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QSizePolicy

from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.incidents.time_scale import Mark, Scale, marks_of, scale_of
from crisisdesk.desk.incidents.times import MINUTE_MS, utc_clock, when_words
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import CENTER, draw_box, draw_ring, draw_text, fill
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.amounts import span_words

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent
    from PySide6.QtWidgets import QWidget

    from crisisdesk.domain.timeline import TimelineEntry

_HEIGHT, _HEAD, _SIDE, _TICK_ROOM = 82, 28, 28, 74
_HINT = "drag, or [ and ] go from fact to fact; the page shows that moment, nothing is changed"
_PAST_HINT = "read only; L goes back to now"
_ROOM_FOR_HINT, _ROOM_FOR_PAST_HINT = 760, 500


class TimeMachine(Painted):
    """Shows when things were written. ``moved`` carries the moment wanted (UTC ms), ``left`` ends
    the look back, ``near`` says that one may come. It shows what it is told and decides nothing."""

    moved = Signal("qint64")  # type: ignore[arg-type]
    left = Signal()
    near = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.at_ms: int | None = None
        self._entries: tuple[TimelineEntry, ...] = ()
        self._declared = self._ended = self._now = 0
        self._drawn: tuple[Scale, list[Mark]] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ring", False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._say()

    def show_record(
        self, entries: tuple[TimelineEntry, ...], declared: int, ended: int | None, now_ms: int
    ) -> None:
        """Take the facts (in any order) and when it was declared and ended, UTC ms."""
        self._entries, self._declared, self._ended = entries, declared, ended or 0
        self._now, self._drawn = now_ms, None
        self._say()

    def show_moment(self, at_ms: int | None) -> None:
        """Put the handle there; None is now."""
        self.at_ms = at_ms
        self._say()

    def tick(self, now_ms: int) -> None:
        """Let the stretch grow while the incident is open."""
        grown = self.scale_now().until if self._drawn else 0
        self._now = now_ms
        # A pixel more is seen; less is not worth laying everything out again.
        if self._ends() - grown >= (self.scale_now().until - self._declared) / max(1, self.width()):
            self._drawn = None
        self._say()

    def scale_now(self) -> Scale:
        """The stretch as it is laid over the bar."""
        return self._lay()[0]

    def _ends(self) -> int:
        last = max((e.logged_at for e in self._entries), default=0)
        return max(self._ended, last) if self._ended else max(self._now, last)

    def _lay(self) -> tuple[Scale, list[Mark]]:
        if self._drawn is None:
            side = theme().px(_SIDE)
            width = self.width() - 2 * side
            scale = scale_of(self._entries, self._declared, self._ends(), side, width)
            self._drawn = scale, marks_of(self._entries, scale)
        return self._drawn

    def _say(self) -> None:
        at = "now" if self.at_ms is None else f"{utc_clock(self.at_ms)} UTC, read only"
        self.setAccessibleName(f"Time machine, {at}")
        self.update()

    # -- hands ----------------------------------------------------------------------------

    def _go(self, at_ms: int) -> None:
        scale = self.scale_now()
        held = min(max(at_ms, scale.since), scale.until)
        if held >= min(self._ends(), scale.until):
            self.left.emit()
        else:
            self.moved.emit(held)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the place pressed."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._go(self.scale_now().at(event.position().x()))
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the hand."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(self.scale_now().at(event.position().x()))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go by minutes, Home to the beginning, End and Esc to now."""
        key, here = Qt.Key(event.key()), self._ends() if self.at_ms is None else self.at_ms
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._go(here + (MINUTE_MS if key == Qt.Key.Key_Right else -MINUTE_MS))
        elif key == Qt.Key.Key_Home:
            self._go(self._declared)
        elif key == Qt.Key.Key_End or (key == Qt.Key.Key_Escape and self.at_ms is not None):
            self.left.emit()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def focusInEvent(self, event: object) -> None:
        """Show the ring."""
        super().focusInEvent(event)  # type: ignore[arg-type]
        self.near.emit()
        self.update()

    def enterEvent(self, event: object) -> None:
        """The mouse comes."""
        super().enterEvent(event)  # type: ignore[arg-type]
        self.near.emit()

    # -- painting -------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """One head and one scale."""
        return QSize(theme().px(400), theme().px(_HEIGHT))

    def retheme(self) -> None:
        """Lay out anew at the new zoom."""
        self._drawn = None
        super().retheme()

    def resizeEvent(self, event: object) -> None:
        """Lay out anew for the new width."""
        self._drawn = None
        super().resizeEvent(event)  # type: ignore[arg-type]

    def paint(self, painter: QPainter) -> None:
        """Head, marks, the stretch and the handle."""
        color, px = theme().color, theme().px
        fill(painter, 0, 0, self.width(), self.height(), color.raised)
        fill(painter, 0, 0, self.width(), 1, color.hair)
        self._paint_head(painter)
        scale, marks = self._lay()
        line = px(_HEIGHT - 26)
        self._paint_stretch(painter, scale, line)
        for mark in marks:
            self._paint_mark(painter, mark, line - px(12))
        self._paint_handle(painter, scale, line)
        if self.hasFocus():
            draw_ring(painter, QRectF(self.rect()), px(2))

    def _paint_head(self, painter: QPainter) -> None:
        color, px, look = theme().color, theme().px, theme()
        past = self.at_ms is not None
        middle = px(_HEAD) / 2 + px(2)
        draw_icon(painter, px(16), middle - px(7), "history", color.secondary, 14)
        chip_words = self._chip()
        chip_wide = look.width(chip_words, "small", tabular=True) + px(14)
        chip = QRectF(self.width() - px(16) - chip_wide, middle - px(10), chip_wide, px(20))
        tone = look.state("stale" if past else "ok")
        draw_box(painter, chip, fill=tone.soft, line=tone.line, radius=px(3))
        draw_text(painter, chip, chip_words, tone.fg, "small", align=CENTER, tabular=True)
        words = QRectF(px(36), middle - px(10), chip.left() - px(48), px(20))
        used = draw_text(painter, words, "Time machine", color.primary, "strong")
        if self.width() >= px(_ROOM_FOR_PAST_HINT if past else _ROOM_FOR_HINT):
            words.setLeft(words.left() + used + px(8))
            hint = _PAST_HINT if past else _HINT
            draw_text(painter, words, hint, color.tertiary, "small")

    def _chip(self) -> str:
        if self.at_ms is None:
            return f"live {utc_clock(self._now)} UTC" if self._now else "live"
        ago = span_words(max(0, self._now - self.at_ms))
        clock = utc_clock(self.at_ms)
        day = when_words(self.at_ms, self._now).removesuffix(" UTC").rpartition(" ")[0]
        return f"{day} {clock} UTC, {ago} ago".strip()

    def _paint_stretch(self, painter: QPainter, scale: Scale, line: int) -> None:
        color, px = theme().color, theme().px
        fill(painter, scale.left, line, scale.width, px(4), color.hover)
        at = scale.until if self.at_ms is None else self.at_ms
        begin, end = scale.x(self._declared), scale.x(at)
        fill(painter, begin, line, max(0.0, end - begin), px(4), color.accent)
        for x, word in scale.ticks(px(_TICK_ROOM)):
            fill(painter, round(x), line + px(4), 1, px(4), color.control)
            box = QRectF(x - px(40), line + px(8), px(80), px(14))
            draw_text(painter, box, word, color.tertiary, "micro", align=CENTER, tabular=True)

    def _paint_mark(self, painter: QPainter, mark: Mark, middle: float) -> None:
        color, px = theme().color, theme().px
        if mark.severity:
            ink = theme().severity(mark.severity).fg
            fill(painter, mark.x - 1, middle - px(7), px(2), px(14), ink)
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color.link if mark.is_pinned else color.secondary)
        if mark.is_status:
            painter.drawRect(QRectF(mark.x - px(2.5), middle - px(2.5), px(5), px(5)))
        else:
            painter.drawEllipse(QPointF(mark.x, middle), px(2), px(2))
        painter.restore()

    def _paint_handle(self, painter: QPainter, scale: Scale, line: int) -> None:
        color, px = theme().color, theme().px
        x = round(scale.x(scale.until if self.at_ms is None else self.at_ms))
        painter.setPen(QPen(color.primary, px(2)))
        painter.drawLine(x, line - px(22), x, line)
        knob = QRectF(x - px(5), line - px(3), px(10), px(10))
        draw_box(painter, knob, fill=color.primary, radius=px(3))

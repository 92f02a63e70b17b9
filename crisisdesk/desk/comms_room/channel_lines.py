"""How the lines of the Channels page are painted: channels, contact methods, stranded contacts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from crisisdesk.desk.comms_room.delegate import channel_icon
from crisisdesk.desk.comms_room.layout import channel_columns, short_clock
from crisisdesk.desk.frame.line_list import LineDelegate
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.frame.text import ink_color
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import RIGHT, draw_box, draw_mono, draw_text, fill
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.channel_health import (
    ChannelLine,
    MethodLine,
    Stranded,
    Use,
    Verdict,
    channel_why,
    share_words,
    wait_words,
    why_words,
)

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QPainter
    from PySide6.QtWidgets import QAbstractItemView, QWidget

# Icon and tone of each verdict; the word always stands beside them.
FACES: dict[Verdict, tuple[str, str]] = {
    Verdict.FAILING: ("circle-x", "critical"),
    Verdict.SLOW: ("clock-alert", "stale"),
    Verdict.UNUSED: ("circle-help", ""),
    Verdict.WORKS: ("circle-check", "ok"),
}
TEST_WORD = "Test"
_TEST_WIDTH = 52


def draw_verdict(painter: QPainter, box: QRectF, verdict: Verdict) -> None:
    """Mark and word of a verdict at the left of a box."""
    px = theme().px
    icon, tone = FACES[verdict]
    ink = ink_color(tone) if tone else theme().color.secondary
    draw_icon(painter, box.x(), round(box.center().y() - px(7)), icon, ink, 14)
    words = box.adjusted(px(14 + 6), 0, 0, 0)
    loud = tone in ("critical", "stale")
    draw_text(painter, words, str(verdict), ink, "body", weight=600 if loud else 500)


def spoken_channel(line: ChannelLine) -> str:
    """A channel for a screen reader."""
    return (
        f"{line.name}, {line.verdict}, {line.contacts} contacts rely on it, {line.only} have no "
        f"other channel, {line.use.waiting} waiting, {share_words(line.use)} failed in the last "
        f"hour, median wait {wait_words(line.use)}"
    )


class ChannelDelegate(LineDelegate[ChannelLine]):
    """A channel: its figures, and below what the verdict rests on."""

    height = 50

    def paint_line(self, painter: QPainter, rect: QRectF, line: ChannelLine) -> None:
        """Figures in columns, the reason below the name."""
        px, color = theme().px, theme().color
        at = channel_columns(round(rect.width()))
        if line.verdict is Verdict.FAILING:
            solid = theme().severity("critical").solid
            fill(painter, rect.x(), rect.y(), px(3), rect.height() - 1, solid)
        top, tall = rect.y() + px(6), px(20)
        draw_icon(painter, px(12), top + px(3), channel_icon(line.channel), color.secondary, 14)
        box = QRectF(at.name.x, top, at.name.width, tall)
        used = draw_text(painter, box, line.channel, color.primary, "body", weight=600) + px(8)
        box.setLeft(box.left() + used)
        draw_mono(painter, box, line.provider, color.secondary, 11)
        draw_verdict(painter, QRectF(at.verdict.x, top, at.verdict.width, tall), line.verdict)
        use, now = line.use, self.now_ms
        for span, words, ink in (
            (at.contacts, str(line.contacts), color.primary),
            (at.only, str(line.only) if line.only else "-", color.primary),
            (at.success, _when(use.last_success, now), color.secondary),
            (at.failure, _when(use.last_failure, now), color.secondary),
            (at.waiting, str(use.waiting) if use.waiting else "-", color.primary),
            (at.share, _share(use), _share_ink(use)),
            (at.wait, wait_words(use), color.secondary),
        ):
            if span.width:
                cell = QRectF(span.x, top, span.width, tall)
                draw_text(painter, cell, words, ink, "body", align=RIGHT, tabular=True)
        below = QRectF(at.name.x, top + tall - px(1), rect.right() - at.name.x - px(12), px(18))
        draw_text(painter, below, channel_why(line, now), color.tertiary, "small")


def _when(at_ms: int | None, now_ms: int) -> str:
    return "-" if at_ms is None else short_clock(at_ms, now_ms, dated=True)


def _share(use: Use) -> str:
    return "-" if use.failing_share is None else share_words(use)


def _share_ink(use: Use) -> QColor:
    failing = bool(use.failed_hour)
    return ink_color("critical") if failing else theme().color.secondary


class ChannelHead(Painted):
    """The names of the columns of channels, 26 px."""

    def __init__(self, table: QAbstractItemView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = table
        table.verticalScrollBar().rangeChanged.connect(lambda *_: self.update())
        self.setFixedHeight(theme().px(26))

    def retheme(self) -> None:
        """Take the new height."""
        self.setFixedHeight(theme().px(26))
        super().retheme()

    def paint(self, painter: QPainter) -> None:
        """The words above their columns."""
        color, width = theme().color, self.width()
        fill(painter, 0, 0, width, self.height(), color.panel)
        fill(painter, 0, self.height() - 1, width, 1, color.hair)
        at = channel_columns(self._table.viewport().width())
        for span, word, right in (
            (at.name, "Channel and provider", False),
            (at.verdict, "By what the log shows", False),
            (at.contacts, "Contacts", True),
            (at.only, "No other", True),
            (at.success, "Last success", True),
            (at.failure, "Last failure", True),
            (at.waiting, "Waiting", True),
            (at.share, "Failed in 1 h", True),
            (at.wait, "Median wait", True),
        ):
            if span.width:
                box = QRectF(span.x, 0, span.width, self.height() - 1)
                if right:
                    box.setLeft(box.left() - theme().px(8))
                    draw_text(painter, box, word, color.tertiary, "micro", align=RIGHT)
                else:
                    draw_text(painter, box, word, color.tertiary, "micro")


def spoken_method(line: MethodLine) -> str:
    """A contact method for a screen reader."""
    off = "" if line.on else ", switched off"
    return f"{line.contact_name}, {line.label or line.masked}{off}, {line.verdict}"


class MethodDelegate(LineDelegate[MethodLine]):
    """A contact method: whose, where to, how it does, and the button of its test page."""

    height = 50
    away = False

    def button_box(self, rect: QRectF) -> QRectF:
        """Where the button stands in a line."""
        px = theme().px
        wide, tall = px(_TEST_WIDTH), px(26)
        return QRectF(rect.right() - px(12) - wide, round(rect.center().y() - tall / 2), wide, tall)

    def is_pressed(self, rect: QRectF, line: MethodLine, x: float, y: float) -> bool:
        """Whether a click is on the button."""
        return not self.away and self.button_box(rect).contains(x, y)

    def paint_line(self, painter: QPainter, rect: QRectF, line: MethodLine) -> None:
        """Name and verdict, below the address and the reason, at the right the button."""
        px, color = theme().px, theme().color
        button = self.button_box(rect)
        right, top, tall = button.x() - px(12), rect.y() + px(6), px(20)
        verdict = QRectF(right - px(126), top, px(126), tall)
        draw_verdict(painter, verdict, line.verdict)
        box = QRectF(px(12), top, verdict.x() - px(24), tall)
        ink = color.primary if line.on else color.tertiary
        used = draw_text(painter, box, line.contact_name, ink, "body", weight=600) + px(8)
        box.setLeft(box.left() + used)
        off = "" if line.on else "switched off"
        draw_text(painter, box, off or line.label, color.tertiary, "small")
        below = QRectF(px(12), top + tall - px(1), right - px(12), px(18))
        used = draw_mono(painter, below, line.masked, color.secondary, 11) + px(8)
        below.setLeft(below.left() + used)
        if below.width() > px(40):
            draw_text(painter, below, why_words(line.use, self.now_ms), color.tertiary, "small")
        ink = color.disabled if self.away else color.primary
        edge = color.hair if self.away else color.strong
        draw_box(painter, button, fill=color.raised, line=edge, radius=px(4))
        inner = button.adjusted(px(12), 0, -px(4), 0)
        draw_text(painter, inner, TEST_WORD, ink, "body", weight=500)


def numbers_of(one: Stranded) -> str:
    """What people call or write to, or that nothing is written down."""
    return "  ".join((*one.phones, *one.mails)) or "no emergency number written down"


def spoken_stranded(one: Stranded) -> str:
    """A contact without a working channel for a screen reader."""
    return f"{one.name}, {one.role}, {one.why}, {numbers_of(one)}".replace(", ,", ",")


class StrandedDelegate(LineDelegate[Stranded]):
    """A contact whom no page reaches: name, reason, and the numbers to call."""

    height = 36

    def paint_line(self, painter: QPainter, rect: QRectF, line: Stranded) -> None:
        """One line, the numbers at the right."""
        px, color = theme().px, theme().color
        middle, tall = rect.center().y(), rect.height() - 1
        draw_icon(painter, px(12), round(middle - px(7)), "phone-off", ink_color("critical"), 14)
        has = bool(line.phones or line.mails)
        numbers = QRectF(rect.right() - px(12 + 260), rect.y(), px(260), tall)
        ink = color.primary if has else color.tertiary
        used = draw_text(painter, numbers, numbers_of(line), ink, "body", align=RIGHT, tabular=True)
        if has:
            draw_icon(
                painter,
                numbers.right() - used - px(22),
                round(middle - px(7)),
                "phone",
                color.secondary,
                14,
            )
        box = QRectF(px(36), rect.y(), max(0.0, numbers.right() - used - px(40 + 36)), tall)
        box.setLeft(
            box.left() + draw_text(painter, box, line.name, color.primary, "body", weight=600)
        )
        box.setLeft(box.left() + px(8))
        role = f"{line.role}, " if line.role else ""
        draw_text(painter, box, f"{role}{line.why}", color.secondary, "body")

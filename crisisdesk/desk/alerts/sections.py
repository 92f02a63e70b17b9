"""The parts of an alert's detail: its head, and sections of facts and of lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QSizePolicy

from crisisdesk.desk.alerts.faces import ack_clock, utc_time
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.frame.text import ink_color
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.marks import MarkState, draw_mark
from crisisdesk.desk.look.paint import RIGHT, draw_chip, draw_mono, draw_text, fill
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.queue_order import SEVERITY_NAME, Band, band_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter, QResizeEvent
    from PySide6.QtWidgets import QWidget

    from crisisdesk.desk.alerts.history import Line
    from crisisdesk.store.queries import AlertRow

_WRAP = int(Qt.TextFlag.TextWordWrap)
_WRAP_MONO = int(Qt.TextFlag.TextWrapAnywhere)
_PAD = 16


class Head(Painted):
    """Mark, word, id, since; the title; the time that is left, large, with its UTC."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row: AlertRow | None = None
        self._description = ""
        self._epoch = 1
        self._now_ms = 0
        self._drawn = ""
        self._silenced = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_alert(self, row: AlertRow, description: str, epoch: int, now_ms: int) -> None:
        """Show this alert; ``epoch`` is its number, from 1."""
        self._row, self._description, self._epoch, self._now_ms = row, description, epoch, now_ms
        severity = SEVERITY_NAME[row.severity]
        self.setAccessibleName(f"{severity}, {row.alert_id}, {row.title}. {description}")
        self._fit()
        self.update()

    def show_silenced(self, silenced: bool) -> None:
        """Lower the voice of what is kept quiet."""
        if silenced != self._silenced:
            self._silenced = silenced
            self.update()

    def tick(self, now_ms: int) -> None:
        """Turn the clock."""
        self._now_ms = now_ms
        if self._row is not None and self._clock_texts()[0] != self._drawn:
            self.update()

    def _clock_texts(self) -> tuple[str, str, bool]:
        """The large figures, the line below, and whether it is late."""
        row = self._row
        if row is None:
            return "", "", False
        band = band_of(row)
        if band in (Band.NOBODY, Band.WATCHING):
            clock = ack_clock(row, self._now_ms)
            due = f"ack due {utc_time(row.sla_deadline, seconds=True)} UTC"
            return clock.text.removesuffix(" late"), due, clock.state == "late"
        if band is Band.IN_HAND:
            when = utc_time(row.acknowledged_at or row.detected_at, seconds=True)
            return "", f"{row.status} {when} UTC by {row.owner}", False
        when = utc_time(row.resolved_at, seconds=True) if row.resolved_at else ""
        return "", f"{row.status} {when} UTC".strip(), False

    def _text_box(self) -> QRect:
        large = self._clock_texts()[0]
        px = theme().px
        width = self.width() - 2 * px(_PAD)
        if large:
            figures = theme().width(large, "display", tabular=True)
            width -= round(max(figures, px(112))) + px(20)
        return QRect(px(_PAD), px(38), max(px(120), width), 10_000)

    def _fit(self) -> None:
        if self._row is None:
            return
        look, px = theme(), theme().px
        box = self._text_box()
        title = look.metrics("title").boundingRect(QRectF(box), _WRAP, self._row.title)
        tall = px(38) + min(round(title.height()), px(72)) + px(8)
        if self._description:
            text = look.metrics("body").boundingRect(QRectF(box), _WRAP, self._description)
            tall += min(round(text.height()), px(54)) + px(2)
        self.setFixedHeight(max(tall, px(92)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap the title anew."""
        self._fit()

    def retheme(self) -> None:
        """Wrap the title anew."""
        self._fit()
        super().retheme()

    def paint(self, painter: QPainter) -> None:
        """Everything."""
        look, px, color = theme(), theme().px, theme().color
        fill(painter, 0, 0, self.width(), self.height(), color.panel)
        row = self._row
        if row is None:
            return
        large, below, late = self._clock_texts()
        self._drawn = large
        severity, band = SEVERITY_NAME[row.severity], band_of(row)
        state: MarkState = "filled" if band in (Band.NOBODY, Band.WATCHING) else "acked"
        quiet = self._silenced and state == "filled"
        state = "outline" if band is Band.RESOLVED or quiet else state
        x, line = float(px(_PAD)), QRectF(0, px(12), self.width(), px(18))
        draw_mark(painter, x, px(13), severity, state)
        x += px(16 + 8)
        word = look.tokens.shapes[severity].long.upper()
        loud = band is Band.NOBODY and not quiet
        ink = look.severity(severity).fg if loud else color.secondary
        room = self.width() - px(_PAD) - (px(140) if large else 0)
        box = QRectF(x, line.y(), room - x, line.height())
        x += draw_text(painter, box, word, ink, "small", weight=600) + px(8)
        box.setLeft(x)
        x += draw_mono(painter, box, row.alert_id, color.secondary) + px(8)
        words = f"since {utc_time(row.detected_at, seconds=True)} UTC, ×{row.count}"
        if not large:
            words = f"×{row.count}, {below}"
        if self._epoch > 1:
            words = f"epoch {self._epoch}  {words}"
        box.setLeft(x)
        draw_text(painter, box, words, color.tertiary, "small", tabular=True)
        self._paint_texts(painter, row)
        right = self.width() - px(_PAD)
        if large:
            figures = color.primary if not late else look.severity("critical").fg
            box = QRectF(right - px(240), px(10), px(240), px(48))
            draw_text(painter, box, large, figures, "display", align=RIGHT, tabular=True)
            small = QRectF(right - px(240), px(58), px(240), px(16))
            below = f"late, {below}" if late else below
            draw_text(painter, small, below, color.secondary, "micro", align=RIGHT, tabular=True)

    def _paint_texts(self, painter: QPainter, row: AlertRow) -> None:
        look, px, color = theme(), theme().px, theme().color
        box = self._text_box()
        title = look.metrics("title").boundingRect(QRectF(box), _WRAP, row.title)
        tall = min(round(title.height()), px(72))
        painter.setFont(look.font("title"))
        painter.setPen(color.primary)
        painter.drawText(QRectF(box.x(), box.y(), box.width(), tall), _WRAP, row.title)
        if self._description:
            painter.setFont(look.font("body"))
            painter.setPen(color.secondary)
            below = QRectF(box.x(), box.y() + tall + px(2), box.width(), px(54))
            painter.drawText(below, _WRAP, self._description)

    def sizeHint(self) -> QSize:
        """As high as its words need."""
        return QSize(theme().px(400), self.height())


class Fact(NamedTuple):
    """One fact: label at the left, value wrapped at the right."""

    label: str
    value: str
    mono: bool = False


class Section(Painted):
    """A titled part of the detail; draws a line at its foot. Subclasses paint the body."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._quiet = title, ""
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def body_height(self) -> int:
        """Pixels below the title."""
        return 0

    def set_words(self, quiet: str, spoken: str) -> None:
        """The quiet words beside the title, and all of it for a screen reader."""
        self._quiet = quiet
        self.setAccessibleName(f"{self._title} {quiet}. {spoken}".strip())
        self.fit()
        self.update()

    def fit(self) -> None:
        """Take the height the body needs."""
        self.setFixedHeight(theme().px(12 + 18 + 6) + self.body_height() + theme().px(12) + 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew."""
        self.fit()

    def retheme(self) -> None:
        """Take new sizes."""
        self.fit()
        super().retheme()

    def paint(self, painter: QPainter) -> None:
        """Title, body, line."""
        px, color = theme().px, theme().color
        fill(painter, 0, 0, self.width(), self.height(), color.panel)
        fill(painter, 0, self.height() - 1, self.width(), 1, color.hair)
        box = QRectF(px(_PAD), px(12), self.width() - 2 * px(_PAD), px(18))
        used = draw_text(painter, box, self._title, color.primary, "small", weight=600)
        box.setLeft(box.x() + used + px(8))
        draw_text(painter, box, self._quiet, color.tertiary, "small")
        self.paint_body(painter, px(36))

    def paint_body(self, painter: QPainter, top: int) -> None:
        """What stands below the title, from this y on."""


class Facts(Section):
    """Label and value, long values wrapped over at most ``tallest`` px at 100 %: six lines."""

    def __init__(self, title: str, parent: QWidget | None = None, *, tallest: int = 112) -> None:
        super().__init__(title, parent)
        self._facts: tuple[Fact, ...] = ()
        self._tallest = tallest

    def show_facts(self, facts: Sequence[Fact], quiet: str = "") -> None:
        """Show these."""
        self._facts = tuple(facts)
        self.setVisible(bool(self._facts))
        self.set_words(quiet, "; ".join(f"{fact.label}: {fact.value}" for fact in self._facts))

    def _heights(self) -> list[int]:
        px = theme().px
        label = px(112)
        width = max(px(80), self.width() - 2 * px(_PAD) - label)
        box = QRectF(0, 0, width, 10_000)
        plain, mono = theme().metrics("body"), QFontMetricsF(theme().mono(12))
        heights = []
        for fact in self._facts:
            if fact.mono:
                text = mono.boundingRect(box, _WRAP_MONO, fact.value)
            else:
                text = plain.boundingRect(box, _WRAP, fact.value)
            heights.append(max(px(22), min(px(self._tallest), round(text.height()) + 4)))
        return heights

    def body_height(self) -> int:
        """The sum of its lines."""
        return sum(self._heights())

    def paint_body(self, painter: QPainter, top: int) -> None:
        """Labels and values."""
        look, px, color = theme(), theme().px, theme().color
        label = px(112)
        width = max(px(80), self.width() - 2 * px(_PAD) - label)
        for fact, tall in zip(self._facts, self._heights(), strict=True):
            box = QRectF(px(_PAD), top + 1, label - px(8), px(18))
            draw_text(painter, box, fact.label, color.tertiary, "small")
            painter.setFont(look.mono(12) if fact.mono else look.font("body"))
            painter.setPen(color.primary if not fact.mono else color.secondary)
            wrap = _WRAP_MONO if fact.mono else _WRAP
            painter.drawText(QRectF(px(_PAD) + label, top, width, tall), wrap, fact.value)
            top += tall


class Lines(Section):
    """Lines of 24 px: UTC, icon, bold words, chip, the rest."""

    def __init__(self, title: str, empty: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._lines: tuple[Line, ...] = ()
        self._empty = empty

    def show_lines(self, lines: Sequence[Line], quiet: str = "") -> None:
        """Show these; none shows the words for that."""
        self._lines = tuple(lines)
        said = "; ".join(f"{one.strong} {one.chip} {one.text}".strip() for one in self._lines)
        self.set_words(quiet, said or self._empty)

    def body_height(self) -> int:
        """One line each."""
        return theme().px(24) * max(1, len(self._lines))

    def paint_body(self, painter: QPainter, top: int) -> None:
        """The lines."""
        look, px, color = theme(), theme().px, theme().color
        if not self._lines:
            box = QRectF(px(_PAD), top, self.width() - 2 * px(_PAD), px(24))
            draw_text(painter, box, self._empty, color.tertiary, "body")
            return
        right = self.width() - px(_PAD)
        for line in self._lines:
            x, middle = float(px(_PAD)), top + px(12)
            if line.at_ms:
                box = QRectF(x, top, px(64), px(24))
                when = utc_time(line.at_ms, seconds=True)
                x += draw_text(painter, box, when, color.tertiary, "small", tabular=True) + px(10)
            if line.icon:
                toned = line.chip_tone and not line.chip
                ink = ink_color(line.chip_tone) if toned else color.secondary
                draw_icon(painter, x, round(middle - px(7)), line.icon, ink, 14)
                x += px(14 + 8)
            if line.strong:
                box = QRectF(x, top, max(0.0, right - x), px(24))
                x += draw_text(painter, box, line.strong, color.primary, "body", weight=600) + px(8)
            if line.chip:
                ink = ink_color(line.chip_tone) if line.chip_tone else color.secondary
                edge = ink if line.chip_tone else look.color.strong
                x += draw_chip(painter, x, middle, line.chip, color=ink, line=edge) + px(8)
            box = QRectF(x, top, max(0.0, right - x), px(24))
            draw_text(painter, box, line.text, color.secondary, "body")
            top += px(24)

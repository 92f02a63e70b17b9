"""How the parts of the calendar are painted: heads of days, rows, bands and the present."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPen

from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.marks import draw_mark
from crisisdesk.desk.look.paint import CENTER, RIGHT, chip_width, draw_chip, draw_text, fill
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.planning.oncall.picking import week_of
from crisisdesk.desk.planning.oncall.tints import GROUND_SHARE, SERIES, mixed
from crisisdesk.desk.planning.oncall.weeks import length_words, today
from crisisdesk.desk.planning.oncall.words import GAP, clock_in, fitting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QPainter

    from crisisdesk.desk.planning.oncall.geometry import Sheet
    from crisisdesk.desk.planning.oncall.reading import Published
    from crisisdesk.desk.planning.oncall.weeks import Band

_EDGE = 3
_TIME_NEEDS = 96
_WIDEST_DAY = "Wed 30 Nov"
_CHIP_NEEDS, _NARROW, _WORDLESS = 104, 48, 12


class Palette(NamedTuple):
    """What the bands take their words and colours from; tints are numbers of series."""

    tints: Mapping[str, int]
    published: Published
    zone: str


def draw_head(painter: QPainter, sheet: Sheet, week: int, now_ms: int) -> None:
    """Weekday and date over each day; today stands out, a day of another length says so."""
    px, color = theme().px, theme().color
    measures, shown = sheet.measures, sheet.calendar.weeks[week]
    top, present = sheet.week_top(week), today(sheet.calendar, now_ms)
    fill(painter, 0, top, sheet.width, measures.head, color.raised)
    fill(painter, 0, top + measures.head - 1, sheet.width, 1, color.hair)
    narrow = theme().width(_WIDEST_DAY, "small", weight=600) > sheet.column - px(8)
    for number, day in enumerate(shown.days):
        x = measures.gutter + number * sheet.column
        bottom = sheet.week_height - measures.gap
        fill(painter, x, top, 1, bottom, color.hair)
        date, is_today = day.date, day.date == present
        words = f"{date:%a} {date.day} {date:%b}"
        box = QRectF(x + px(6), top, sheet.column - px(8), measures.head - 1)
        length = length_words(day)
        if length:
            box.setRight(_draw_length(painter, length, box))
        if narrow or theme().width(words, "small", weight=600) > box.width():
            words = f"{date:%a} {date.day}"
        ink = color.primary if is_today else color.secondary
        draw_text(painter, box, words, ink, "small", weight=600 if is_today else 500, tabular=True)
        if is_today:
            fill(painter, x + 1, top + measures.head - px(3), sheet.column - 1, px(2), ink)


def _draw_length(painter: QPainter, length: str, box: QRectF) -> float:
    """How long a day with a change of the clock is, at its right; returns where it begins."""
    px, tone = theme().px, theme().state("stale")
    if box.width() < px(_CHIP_NEEDS):
        used = draw_text(painter, box.adjusted(0, 0, -px(2), 0), length, tone.fg, "micro",
                         align=RIGHT, weight=600)  # fmt: skip
        return box.right() - used - px(4)
    left = box.right() - chip_width(length)
    draw_chip(painter, left, box.center().y(), length, color=tone.fg, line=tone.fg,
              fill_color=tone.soft, weight=600)  # fmt: skip
    return left - px(4)


def draw_row(painter: QPainter, sheet: Sheet, week: int, row: int) -> None:
    """The row's name and its line; the row that counts stands out."""
    px, color = theme().px, theme().color
    shown, box = sheet.calendar.weeks[week].rows[row], QRectF(*sheet.row_box(week, row))
    final = shown.kind == "final"
    if final:
        fill(painter, box.x(), box.y(), box.width(), box.height(), color.raised)
        fill(painter, box.x(), box.y() - 1, box.width(), 1, color.strong)
        for number in range(7):
            x = sheet.measures.gutter + number * sheet.column
            fill(painter, x, box.y(), 1, box.height(), color.hair)
    fill(painter, box.x(), box.bottom() - 1, box.width(), 1, color.hair)
    name = QRectF(px(12), box.y(), sheet.measures.gutter - px(16), box.height())
    before = sheet.calendar.weeks[week].rows[row - 1] if row else None
    if before is not None and before.kind == shown.kind == "override":
        return
    ink = color.primary if final else color.tertiary
    draw_text(painter, name, shown.name, ink, "small", weight=600 if final else 500)


def draw_band(
    painter: QPainter, sheet: Sheet, week: int, row: int, band: Band, palette: Palette
) -> None:
    """One shift, override or gap."""
    box = QRectF(*sheet.band_box(week, row, band))
    if band.end_ms > band.start_ms and not band.hold.contact:
        _draw_gap(painter, box, band, palette)
        return
    kind = sheet.calendar.weeks[week].rows[row].kind
    look = theme()
    px, color = look.px, look.color
    tint = look.series(SERIES[palette.tints.get(band.hold.contact, 0)])
    ground = QColor(mixed(tint.rgb() & 0xFFFFFF, color.panel.rgb() & 0xFFFFFF, GROUND_SHARE))
    inner = box.adjusted(1, 0, -1, 0) if box.width() > px(8) else box
    painter.fillRect(inner, ground)
    edge = px(_EDGE) if band.begins else px(1)
    fill(painter, inner.x(), inner.y(), min(edge, inner.width()), inner.height(), tint)
    if inner.width() < px(_WORDLESS):
        # Shifts of an hour in a month: there is room for their tint, the mouse reads the rest.
        return
    override = band.hold.override is not None
    if override:
        pen = QPen(tint, 1, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(inner.adjusted(0.5, 0.5, -0.5, -0.5))
    if not band.ends:
        # It goes on in the next week.
        draw_icon(painter, inner.right() - px(13), inner.center().y() - px(6), "chevron-right",
                  color.tertiary, 12)  # fmt: skip
        inner = inner.adjusted(0, 0, -px(14), 0)
    pad = px(5) if inner.width() > px(_NARROW) else px(3)
    words = inner.adjusted(edge + pad, 0, -px(2), 0)
    if override and words.width() > px(16):
        draw_icon(painter, words.x(), words.center().y() - px(6), "arrow-left-right", tint, 12)
        words.setLeft(words.left() + px(16))
    _draw_words(painter, words, band, palette, strong=kind == "final")


def _draw_words(
    painter: QPainter, box: QRectF, band: Band, palette: Palette, *, strong: bool
) -> None:
    """The hand-over time where there is room for it, and the name."""
    look = theme()
    px, color = look.px, look.color
    weight = 600 if strong else 500
    name = palette.published.name_of(band.hold.contact)
    time = clock_in(band.start_ms, palette.zone) if band.begins else ""
    wide = look.width(time, "micro", tabular=True) + px(6) if time else 0

    def measure(text: str) -> float:
        return look.width(text, "small", weight=weight)

    if time and (box.width() >= px(_TIME_NEEDS) or measure(name) + wide <= box.width()):
        draw_text(painter, box, time, color.secondary, "micro", tabular=True)
        box = box.adjusted(wide, 0, 0, 0)
    shown = fitting(name, box.width(), measure)
    if shown:
        draw_text(painter, box, shown, color.primary, "small", weight=weight)


def _draw_gap(painter: QPainter, box: QRectF, band: Band, palette: Palette) -> None:
    """Nobody is on call: hatched, with its mark and its word."""
    look = theme()
    px, down = look.px, look.state("down")
    inner = box.adjusted(1, 0, -1, 0) if box.width() > px(8) else box
    painter.save()
    painter.fillRect(inner, down.soft)
    hatch = QColor(down.fg)
    hatch.setAlpha(0x48)
    painter.fillRect(inner, QBrush(hatch, Qt.BrushStyle.BDiagPattern))
    painter.setPen(QPen(down.fg, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(inner.adjusted(0.5, 0.5, -0.5, -0.5))
    painter.restore()
    words = inner.adjusted(px(5), 0, -px(3), 0)
    time = clock_in(band.start_ms, palette.zone) if band.begins else ""
    said = f"{time} {GAP}".strip()
    wide = look.width(GAP, "small", weight=600)
    if words.width() < wide:
        narrow = look.width(GAP, "micro", weight=600)
        if inner.width() >= narrow + 2:
            plain = QRectF(inner.center().x() - narrow / 2 - 1, inner.y() + 2, narrow + 2,
                           inner.height() - 4)  # fmt: skip
            painter.fillRect(plain, down.soft)
            draw_text(painter, inner, GAP, down.fg, "micro", align=CENTER, weight=600)
        return
    whole = look.width(said, "small", weight=600) + px(18) + px(4)
    marked = words.width() >= wide + px(18)
    said = said if words.width() >= whole else GAP
    used = look.width(said, "small", weight=600) + (px(18) if marked else 0)
    # The words stand on plain ground, not on the hatching.
    plain = QRectF(words.x() - px(2), inner.y() + 2, used + px(6), inner.height() - 4)
    painter.fillRect(plain, down.soft)
    if marked:
        draw_mark(painter, words.x(), words.center().y() - px(6), "critical", size=12)
        words.setLeft(words.left() + px(18))
    draw_text(painter, words, said, down.fg, "small", weight=600, tabular=True)


def draw_now(painter: QPainter, sheet: Sheet, now_ms: int) -> None:
    """The line of the present with its flag, over everything else."""
    week = week_of(sheet.calendar, now_ms)
    if week < 0:
        return
    look = theme()
    px, color = look.px, look.color
    x = round(sheet.x_of(sheet.calendar.weeks[week], now_ms))
    top = sheet.week_top(week) + sheet.measures.head
    tall = sheet.week_height - sheet.measures.head - sheet.measures.gap
    fill(painter, x - 1, top - px(4), 2, tall + px(4), color.primary)
    wide = look.width("now", "micro", weight=600) + px(8)
    left = min(max(sheet.measures.gutter, x - wide / 2), sheet.width - wide)
    flag = QRectF(left, top + tall, wide, px(14))
    painter.fillRect(flag, color.primary)
    draw_text(painter, flag, "now", color.window, "micro", align=CENTER, weight=600)

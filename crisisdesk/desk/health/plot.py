"""The plot of one series: worked out when its data, its place or the theme change, then painted.

Painted by hand, in Qt's plainest strokes: twelve of these are drawn anew within one frame.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen

from crisisdesk.desk.health.labels import Label, labels_of
from crisisdesk.desk.health.lettering import dashed, kept, letter
from crisisdesk.desk.health.peaks import peaks
from crisisdesk.desk.health.raised import marks_of
from crisisdesk.desk.health.scale import scale_of
from crisisdesk.desk.health.strokes import Frame, Strokes, band_shapes, strokes
from crisisdesk.desk.health.ticks import time_ticks, value_ticks
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.marks import draw_mark
from crisisdesk.desk.look.paint import CENTER, RIGHT
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.amounts import span_words

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter, QPolygonF

    from crisisdesk.desk.health.over import Stretch
    from crisisdesk.desk.health.raised import Mark
    from crisisdesk.desk.health.reading import Charted
    from crisisdesk.desk.health.ticks import Tick

# Lines across and along, as far apart as this at least, px at 100 %.
_APART_Y, _APART_X = 18, 74
_LINES_MOST, _TIMES_MOST = 7, 12
_LABEL, _MARK, _BAR = 14, 12, 3


class Drawn(NamedTuple):
    """Everything of one picture; coordinates in px."""

    frame: Frame
    line: Strokes
    band: tuple[QPolygonF, ...]
    silent: QRectF | None
    silent_words: str
    values: tuple[Tick, ...]
    times: tuple[Tick, ...]
    labels: tuple[Label, ...]
    marks: tuple[Mark, ...]
    places: tuple[float, ...]
    bars: tuple[tuple[QRectF, str], ...]
    gap_words: tuple[str, ...]


def drawn(charted: Charted, view: Stretch, box: QRectF, ratio: float, *, silent: bool) -> Drawn:
    """Work out the picture of a series over a stretch in a box (px); ``ratio`` is that of the
    screen's pixels to these, ``silent`` says that nothing was heard for too long."""
    px = theme().px
    at, low, high = charted.at, charted.low, charted.high
    least, greatest = (float(low.min()), float(high.max())) if len(at) else (math.nan, math.nan)
    limits = charted.over.watchers.limits
    scale = scale_of(least, greatest, (one.value for one in limits))
    frame = Frame(box, view.since, view.until, scale)
    line = peaks(at, low, high, frame.column_ms(ratio), charted.usual_ms)
    found = strokes(line, frame)
    band = charted.over.band
    marks = tuple(marks_of(charted.over.spells, view.since, view.until))
    lines = _how_many(box.height(), px(_APART_Y), _LINES_MOST)
    times = _how_many(box.width(), px(_APART_X), _TIMES_MOST)
    quiet, quiet_words = _silent(charted, view, frame) if silent else (None, "")
    return Drawn(
        frame=frame,
        line=found,
        band=() if band is None else band_shapes(band, frame, ratio),
        silent=quiet,
        silent_words=quiet_words,
        values=value_ticks(scale.low, scale.high, lines),
        times=time_ticks(view.since, view.until, times),
        labels=tuple(labels_of(limits, charted, frame, px(_LABEL))),
        marks=marks,
        places=tuple(float(frame.x(mark.at)) for mark in marks),
        bars=tuple(_bars(charted, view, frame, px(_BAR))),
        gap_words=tuple(
            span_words(int(frame.at(gap.right()) - frame.at(gap.left()))) for gap in found.gaps
        ),
    )


def _how_many(length: float, apart: int, most: int) -> int:
    return max(2, min(most, int(length // apart)))


def _silent(charted: Charted, view: Stretch, frame: Frame) -> tuple[QRectF | None, str]:
    """From the newest sample to now, where nothing came any more."""
    newest = charted.newest_ms
    if newest is None or newest >= view.until or view.now <= view.since:
        return None, ""
    left = float(frame.x(max(newest, view.since)))
    right = float(frame.x(min(view.now, view.until)))
    box = QRectF(left, frame.box.top(), max(0.0, right - left), frame.box.height())
    return box, span_words(view.now - newest)


def _bars(charted: Charted, view: Stretch, frame: Frame, tall: int) -> list[tuple[QRectF, str]]:
    found = []
    for spell in charted.over.spells:
        begin = view.since if spell.since is None else max(spell.since, view.since)
        end = min(view.until, view.now if spell.until is None else spell.until)
        if end >= begin:
            left, right = float(frame.x(begin)), float(frame.x(end))
            box = QRectF(left, frame.box.top(), max(2.0, right - left), tall)
            found.append((box, spell.severity))
    return found


class Inks(NamedTuple):
    """The colours and pens of one theme, mixed once."""

    grid: QColor
    axis: QColor
    tick: QColor
    band: QColor
    band_line: QColor
    ground: QColor
    gap: QColor
    gap_line: QColor
    gap_words: QColor
    line: QColor
    limit: QColor
    event: QColor


def inks() -> Inks:
    """Those of the theme in force."""
    dress = theme()
    ground = dress.color.panel
    return Inks(
        grid=dress.token("chart.grid"),
        axis=dress.token("chart.axis"),
        tick=dress.token("chart.tick"),
        # Mixed here: Qt fills what is translucent pixel by pixel.
        band=mixed(dress.token("chart.band"), ground),
        band_line=mixed(dress.token("chart.bandLine"), ground),
        ground=ground,
        gap=mixed(dress.state("stale").soft, ground),
        gap_line=dress.state("stale").line,
        gap_words=dress.state("stale").fg,
        line=dress.series(0),
        limit=dress.token("chart.tick"),
        event=dress.token("chart.event"),
    )


def mixed(color: QColor, ground: QColor) -> QColor:
    """A translucent colour as it looks on a ground."""
    share = color.alphaF()
    parts = (
        round(over * share + under * (1 - share))
        for over, under in zip(color.getRgb()[:3], ground.getRgb()[:3], strict=True)  # type: ignore[index]
    )
    return QColor(*parts)


def paint_plot(painter: QPainter, one: Drawn, ink: Inks, chosen: int | None) -> None:
    """Paint a picture; ``chosen`` is the number of the mark that is told of."""
    if one.band:
        painter.setPen(QPen(ink.band_line, 0))
        painter.setBrush(ink.band)
        for shape in one.band:
            painter.drawPolygon(shape)
        painter.setBrush(Qt.BrushStyle.NoBrush)
    gaps = list(zip(one.line.gaps, one.gap_words, strict=True))
    if one.silent is not None:
        gaps.append((one.silent, one.silent_words))
    for gap, _words in gaps:
        _paint_gap(painter, gap, ink)
    _paint_axes(painter, one, ink)
    _paint_limits(painter, one, ink)
    for gap, words in gaps:
        _letter_gap(painter, gap, words, ink)
    _paint_line(painter, one, ink)
    _paint_alerts(painter, one, ink, chosen)


def _paint_gap(painter: QPainter, box: QRectF, ink: Inks) -> None:
    painter.fillRect(box, ink.gap)
    for x in (box.left(), box.right() - 1):
        painter.fillRect(QRectF(round(x), box.top(), 1, box.height()), ink.gap_line)


def _letter_gap(painter: QPainter, box: QRectF, words: str, ink: Inks) -> None:
    px = theme().px
    room = box.width() - px(8)
    for said in (f"no data {words}", words):
        if theme().width(said, "micro") <= room:
            place = QRectF(box.left() + px(4), box.top() + px(4), room, px(_LABEL))
            letter(painter, place, said, ink.gap_words, align=RIGHT, ground=ink.gap)
            break


def _paint_axes(painter: QPainter, one: Drawn, ink: Inks) -> None:
    px, frame = theme().px, one.frame
    box = frame.box
    left, wide, words = box.left(), box.width(), px(44)
    half, tall, start = px(8), px(16), left - px(50)
    for tick in one.values:
        y = round(frame.y(tick.at))
        painter.fillRect(QRectF(left, y, wide, 1), ink.grid)
        place = QRectF(start, y - half, words, tall)
        letter(painter, place, tick.words, ink.tick, align=RIGHT, tabular=True)

    def times(inner: QPainter) -> None:
        inner.fillRect(QRectF(half, 0, wide, 1), ink.axis)
        for tick in one.times:
            x = half + round(float(frame.x(tick.at)) - left)
            inner.fillRect(QRectF(x, 0, 1, px(4)), ink.axis)
            place = QRectF(x - px(30), px(4), px(60), px(14))
            if place.right() <= wide + px(24):
                letter(inner, place, tick.words, ink.tick, align=CENTER, tabular=True)

    # All charts of one size show the same time.
    key = ("times", frame.since, frame.until, wide)
    picture = kept(painter, key, round(wide) + half + px(24), px(20), times)
    painter.drawPixmap(QPointF(left - half, box.bottom()), picture)


def _paint_limits(painter: QPainter, one: Drawn, ink: Inks) -> None:
    px, box = theme().px, one.frame.box
    for label in one.labels:
        if label.line is not None:
            color = _label_color(label, ink)
            dashed(painter, box.left(), box.right(), label.line, label.dashes, color)
    for label in one.labels:
        if label.top is not None:
            place = QRectF(box.left() + px(4), label.top, box.width() - px(8), px(_LABEL))
            color = _label_color(label, ink)
            # Words are read, whatever line goes through them.
            letter(painter, place, label.words, color, ground=ink.ground)


def _label_color(label: Label, ink: Inks) -> QColor:
    return theme().severity(label.severity).fg if label.severity else ink.limit


def _paint_line(painter: QPainter, one: Drawn, ink: Inks) -> None:
    ratio = painter.device().devicePixelRatioF()
    # Without width Qt draws the thinnest line there is, many times as fast as a wide one. Where the
    # screen's pixels are small it is drawn once more beside itself.
    painter.setPen(QPen(ink.line, 0))
    times = max(1, round(ratio))
    for number in range(times):
        if number:
            painter.translate(1 / ratio, 1 / ratio)
        for shape in one.line.lines:
            painter.drawPolyline(shape)
    if times > 1:
        painter.translate((1 - times) / ratio, (1 - times) / ratio)
    for dot in one.line.dots:
        painter.fillRect(QRectF(dot.x() - 1, dot.y() - 1, 3, 3), ink.line)


def _paint_alerts(painter: QPainter, one: Drawn, ink: Inks, chosen: int | None) -> None:
    px, box = theme().px, one.frame.box
    size = px(_MARK)
    for bar, severity in one.bars:
        painter.fillRect(bar, theme().severity(severity).fg)
    top = round(box.bottom()) - size - 1
    placed = list(enumerate(zip(one.marks, one.places, strict=True)))
    # Ends first: where one lies on a beginning, the beginning is seen.
    for number, (mark, x) in sorted(placed, key=lambda one: one[1][0].begins):
        left = round(x - size / 2)
        if number == chosen:
            painter.fillRect(QRectF(round(x), box.top(), 1, box.height()), ink.event)
        if mark.begins:
            draw_mark(painter, left, top, mark.spell.severity, "filled", _MARK)
        else:
            # The line may run below it.
            painter.fillRect(QRectF(left, top, size, size), ink.ground)
            draw_icon(painter, left, top, "check", ink.event, _MARK)

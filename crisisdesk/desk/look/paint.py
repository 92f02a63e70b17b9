"""The painter's small tools: text, chips, key caps, countdown chips, bars, dots and rings.

Every size passed in is in pixels as painted; constants in here are at 100 % and follow the zoom.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.theme import Role, theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QFont, QFontMetricsF

    from crisisdesk.desk.look.countdown import Countdown

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTER = Qt.AlignmentFlag.AlignCenter


def draw_text(
    painter: QPainter,
    rect: QRectF,
    text: str,
    color: QColor,
    role: Role = "body",
    *,
    align: Qt.AlignmentFlag = LEFT,
    tabular: bool = False,
    weight: int = 0,
) -> float:
    """Write one line into a box, elided at its end; returns the width used."""
    look = theme()
    font = look.font(role, tabular=tabular, weight=weight)
    metrics = look.metrics(role, tabular=tabular, weight=weight)
    return write(painter, rect, text, color, font, metrics, align)


def draw_mono(
    painter: QPainter, rect: QRectF, text: str, color: QColor, px: int = 12, weight: int = 400
) -> float:
    """Write one line of ids or places, elided at its end; returns the width used."""
    from PySide6.QtGui import QFontMetricsF

    font = theme().mono(px, weight)
    return write(painter, rect, text, color, font, QFontMetricsF(font), LEFT)


def write(
    painter: QPainter,
    rect: QRectF,
    text: str,
    color: QColor,
    font: QFont,
    metrics: QFontMetricsF,
    align: Qt.AlignmentFlag,
) -> float:
    """Write with a given font and its metrics, elided at the end; returns the width used."""
    width = metrics.horizontalAdvance(text)
    if width > rect.width() + 0.5:
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        width = metrics.horizontalAdvance(text)
    painter.setFont(font)
    painter.setPen(color)
    painter.drawText(rect, int(align | Qt.TextFlag.TextSingleLine), text)
    return width


def draw_box(
    painter: QPainter,
    rect: QRectF,
    *,
    fill: QColor | None = None,
    line: QColor | None = None,
    radius: float = 0.0,
    width: float = 1.0,
) -> None:
    """A crisp box whose line lies inside its rectangle."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, radius > 0)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    if line is None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(rect, radius, radius)
    else:
        inset = width / 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(line, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap,
                            Qt.PenJoinStyle.MiterJoin))  # fmt: skip
        box = rect.adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(box, max(0.0, radius - inset), max(0.0, radius - inset))
    painter.restore()


def draw_ring(painter: QPainter, rect: QRectF, radius: float = 0.0) -> None:
    """The 2 px focus ring, inside ``rect``."""
    draw_box(painter, rect, line=theme().color.ring, radius=radius, width=theme().px(2))


def fill(painter: QPainter, x: float, y: float, width: float, height: float, color: QColor) -> None:
    """A flat rectangle without edges."""
    painter.fillRect(QRectF(x, y, width, height), color)


def key_width(text: str) -> float:
    """How wide a key cap is."""
    look = theme()
    return max(look.px(18), look.width(text, "micro") + look.px(10))


def draw_key(
    painter: QPainter,
    x: float,
    middle: float,
    text: str,
    *,
    color: QColor | None = None,
    fill_color: QColor | None = None,
    line: QColor | None = None,
) -> float:
    """A key cap at x, centred on a height; returns its width. Transparent colours paint nothing."""
    look = theme()
    width, height = key_width(text), look.px(18)
    rect = QRectF(x, round(middle - height / 2), width, height)
    draw_box(
        painter,
        rect,
        fill=fill_color if fill_color is not None else look.color.field,
        line=line if line is not None else look.color.strong,
        radius=look.px(3),
    )
    draw_text(painter, rect, text, color or look.color.secondary, "micro", align=CENTER)
    return width


def keys_width(keys: str) -> float:
    """How wide a row of key caps is; keys are parted by blanks."""
    parts = keys.split()
    return sum(key_width(part) for part in parts) + theme().px(6) * max(0, len(parts) - 1)


def draw_keys(painter: QPainter, right: float, middle: float, keys: str) -> None:
    """Key caps side by side, ending at ``right``; keys are parted by blanks."""
    x = right - keys_width(keys)
    for part in keys.split():
        x += draw_key(painter, x, middle, part) + theme().px(6)


def chip_width(text: str, *, icon: bool = False, height: int = 18) -> float:
    """How wide a chip is."""
    look = theme()
    extra = look.px(14 + 5) if icon else 0
    return look.width(text, "micro") + look.px(14 if height <= 18 else 16) + extra


def draw_chip(
    painter: QPainter,
    x: float,
    middle: float,
    text: str,
    *,
    color: QColor | None = None,
    line: QColor | None = None,
    fill_color: QColor | None = None,
    icon: str = "",
    height: int = 18,
    weight: int = 0,
) -> float:
    """A bordered chip at x, centred on a height; ``height`` at 100 %; returns its width."""
    look = theme()
    color = color or look.color.secondary
    width, tall = chip_width(text, icon=bool(icon), height=height), look.px(height)
    rect = QRectF(x, round(middle - tall / 2), width, tall)
    draw_box(painter, rect, fill=fill_color, line=line or look.color.strong, radius=look.px(3))
    inner = rect.adjusted(look.px(7), 0, -look.px(6), 0)
    if icon:
        draw_icon(painter, inner.x(), middle - look.px(14) / 2, icon, color, 14)
        inner.setLeft(inner.left() + look.px(14 + 5))
    draw_text(painter, inner, text, color, "micro", weight=weight)
    return width


def countdown_width(clock: Countdown, *, glyph: bool = False) -> float:
    """How wide a countdown chip is; 62 px at least."""
    look = theme()
    weight = 500 if clock.state == "paused" else 600
    text = look.width(clock.text, "body", tabular=True, weight=weight)
    return max(look.px(62), text + look.px(12) + (look.px(14 + 4) if glyph else 0))


def draw_countdown(
    painter: QPainter,
    right: float,
    middle: float,
    clock: Countdown,
    *,
    glyph: str = "",
    solid_late: bool = False,
    plain: bool = False,
) -> QRectF:
    """A countdown chip ending at ``right``; returns its rectangle.

    ``glyph`` is the icon of the reason a clock is paused. ``solid_late`` is for a late ack or page.
    ``plain`` takes the chip away and keeps the figures, as on an open group.
    """
    look = theme()
    color, px = look.color, look.px
    width, height = countdown_width(clock, glyph=bool(glyph)), px(20)
    rect = QRectF(right - width, round(middle - height / 2), width, height)
    ink, weight = color.secondary, 600
    if plain:
        ink = color.primary
    elif clock.state == "calm":
        fill(painter, rect.x(), rect.bottom() - 1, width, 1, color.strong)
    elif clock.state == "soon":
        ink = color.primary
        fill(painter, rect.x(), rect.bottom() - px(2), width, px(2), color.primary)
    elif clock.state == "urgent":
        ink = color.window
        draw_box(painter, rect, fill=color.primary, radius=px(3))
    elif clock.state == "late":
        tone = look.severity("critical")
        ink = tone.on if solid_late else tone.fg
        ground = tone.solid if solid_late else tone.soft
        draw_box(painter, rect, fill=ground, line=tone.line, radius=px(3))
    else:
        ink, weight = color.tertiary, 500
    text = look.width(clock.text, "body", tabular=True, weight=weight)
    start = rect.center().x() - (text + (px(14 + 4) if glyph else 0)) / 2
    if clock.state == "paused" and not plain:
        start = rect.right() - px(6) - text - (px(14 + 4) if glyph else 0)
    if glyph:
        draw_icon(painter, round(start), middle - px(14) / 2, glyph, ink, 14)
        start += px(14 + 4)
    box = QRectF(start, rect.y(), text + 2, height)
    draw_text(painter, box, clock.text, ink, "body", tabular=True, weight=weight)
    return rect


def draw_sparkbars(painter: QPainter, rect: QRectF, values: Sequence[float], color: QColor) -> None:
    """Bars of a rate over time, oldest left; the tallest fills the box, none is under 1 px."""
    if not values:
        return
    top, step = max(*values, 1e-9), rect.width() / len(values)
    for index, value in enumerate(values):
        tall = max(1.0, value / top * rect.height())
        painter.fillRect(
            QRectF(rect.x() + index * step, rect.bottom() - tall, step - 1, tall), color
        )


def draw_dots(painter: QPainter, x: float, middle: float, done: Sequence[bool]) -> float:
    """The durability dots (disk, hub, peer): filled once safe there; returns the width."""
    look = theme()
    size, gap = look.px(6), look.px(3)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for index, safe in enumerate(done):
        left = x + index * (size + gap)
        painter.setBrush(look.state("ok").fg if safe else Qt.BrushStyle.NoBrush)
        painter.setPen(Qt.PenStyle.NoPen if safe else QPen(look.color.tertiary, 1))
        inset = 0.0 if safe else 0.5
        box = QRectF(left, middle - size / 2, size, size).adjusted(inset, inset, -inset, -inset)
        painter.drawEllipse(box)
    painter.restore()
    return len(done) * (size + gap) - gap


def draw_word(painter: QPainter, x: float, middle: float, severity: str, color: QColor) -> float:
    """The severity's short word; EMER sits in a solid block; returns the width."""
    look = theme()
    word = look.tokens.shapes[severity].word
    width = look.width(word, "micro", weight=600)
    rect = QRectF(x, middle - look.px(9), width + 1, look.px(18))
    if severity == "emergency" and color == look.severity(severity).fg:
        tone = look.severity(severity)
        block = QRectF(x, round(middle - look.px(7)), width + look.px(6), look.px(14))
        draw_box(painter, block, fill=tone.solid, radius=look.px(2))
        draw_text(painter, rect.translated(look.px(3), 0), word, tone.on, "micro", weight=600)
        return width + look.px(6)
    draw_text(painter, rect, word, color, "micro", weight=600)
    return width


def line_point(x: float, y: float) -> QPointF:
    """A point on the pixel grid, for crisp 1 px lines."""
    return QPointF(round(x) + 0.5, round(y) + 0.5)

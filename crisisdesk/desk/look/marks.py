"""Severity marks: one shape each, filled while nobody has it, then an outline with a check."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap

from crisisdesk.desk.look.paths import painter_path
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintDevice

MarkState = Literal["filled", "acked", "outline"]

_CHECK = "M7.6 12.3l2.4 2.4 5-5.4"
_pixmaps: dict[tuple[str, MarkState, int, str, float, int], QPixmap] = {}


@cache
def shape_path(severity: str) -> QPainterPath:
    """The mark's outline in a 16 px box, its cut taken out."""
    shape = theme().tokens.shapes[severity]
    return painter_path(shape.path + shape.cut)


@cache
def _outline_path(severity: str) -> QPainterPath:
    return painter_path(theme().tokens.shapes[severity].path)


def _pen(color: QColor, width: float) -> QPen:
    return QPen(
        color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.MiterJoin
    )


def paint_mark(
    painter: QPainter, severity: str, state: MarkState, color: QColor, check: QColor
) -> None:
    """Paint a mark into a 16 x 16 box at the painter's origin, antialiased.

    The acked mark clears a rim around its check, so paint it on a transparent layer.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if state == "filled":
        if severity == "low":
            painter.strokePath(_outline_path(severity), _pen(color, 2))
        else:
            painter.fillPath(shape_path(severity), color)
        return
    painter.save()
    if state == "acked":
        painter.translate(1.2, 0.6)
        painter.scale(0.8, 0.8)
    else:
        painter.translate(1.2, 1.2)
        painter.scale(0.85, 0.85)
    painter.strokePath(_outline_path(severity), _pen(color, 1.8))
    painter.restore()
    if state == "acked":
        path = painter_path(_CHECK)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
        painter.strokePath(path, _pen(color, 4))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.strokePath(path, _pen(check, 2))


def mark_pixmap(
    severity: str,
    state: MarkState = "filled",
    size: int = 16,
    dpr: float = 1.0,
    color: QColor | None = None,
) -> QPixmap:
    """A mark ``size`` pixels square as painted; ``color`` overrides the severity's own."""
    look = theme()
    color = color or look.severity(severity).fg
    key = (severity, state, size, look.name, dpr, color.rgba())
    pixmap = _pixmaps.get(key)
    if pixmap is None:
        pixmap = QPixmap(round(size * dpr), round(size * dpr))
        pixmap.setDevicePixelRatio(dpr)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.scale(size / 16, size / 16)
        paint_mark(painter, severity, state, color, look.state("acked").fg)
        painter.end()
        _pixmaps[key] = pixmap
    return pixmap


def draw_mark(
    painter: QPainter,
    x: float,
    y: float,
    severity: str,
    state: MarkState = "filled",
    size: int = 16,
    color: QColor | None = None,
) -> None:
    """Paint a mark with its top left corner at x, y; ``size`` at 100 %."""
    device: QPaintDevice = painter.device()
    pixels = theme().px(size)
    pixmap = mark_pixmap(severity, state, pixels, device.devicePixelRatioF(), color)
    painter.drawPixmap(QPointF(x, y), pixmap)


def clear_cache() -> None:
    """Forget the pixmaps, after a change of theme or zoom."""
    _pixmaps.clear()

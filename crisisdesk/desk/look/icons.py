"""Lucide icons, drawn from their SVG files in one colour and kept per name, colour and size."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from crisisdesk.desk.look.theme import theme
from crisisdesk.settings.places import resource_path

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintDevice

_pixmaps: dict[tuple[str, int, int, float], QPixmap] = {}


class IconError(LookupError):
    """No icon of that name is shipped."""


@cache
def _svg(name: str) -> str:
    path = resource_path("icons", f"{name}.svg")
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise IconError(f"No icon “{name}” in {path.parent}; add its SVG there.") from error
    return text.replace('stroke-width="2"', 'stroke-width="1.75"')


def icon_pixmap(name: str, color: QColor, size: int = 16, dpr: float = 1.0) -> QPixmap:
    """An icon in one colour; ``size`` in pixels as painted (zoom included). Raises IconError."""
    key = (name, color.rgba(), size, dpr)
    pixmap = _pixmaps.get(key)
    if pixmap is None:
        from PySide6.QtSvg import QSvgRenderer

        svg = _svg(name).replace("currentColor", color.name())
        pixmap = QPixmap(round(size * dpr), round(size * dpr))
        pixmap.setDevicePixelRatio(dpr)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, size, size))
        painter.end()
        _pixmaps[key] = pixmap
    return pixmap


def draw_icon(
    painter: QPainter, x: float, y: float, name: str, color: QColor, size: int = 16
) -> None:
    """Paint an icon with its top left corner at x, y; ``size`` at 100 %."""
    device: QPaintDevice = painter.device()
    pixels = theme().px(size)
    painter.drawPixmap(QPointF(x, y), icon_pixmap(name, color, pixels, device.devicePixelRatioF()))


def icon(name: str, color: QColor | None = None, size: int = 16) -> QIcon:
    """The same for widgets that want a QIcon; plain and disabled."""
    look = theme()
    pixels, result = look.px(size), QIcon()
    for dpr in (1.0, 2.0):
        result.addPixmap(icon_pixmap(name, color or look.color.secondary, pixels, dpr))
        result.addPixmap(icon_pixmap(name, look.color.disabled, pixels, dpr), QIcon.Mode.Disabled)
    return result


def clear_cache() -> None:
    """Forget the pixmaps, after a change of theme or zoom."""
    _pixmaps.clear()

"""The axes of a chart, drawn straight onto it. Loads pyqtgraph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

# Twelve charts of one stretch have at most as many widths, and mostly one or two.
_SHARED_MOST = 24
_shared: dict[tuple[Any, ...], Any] = {}


class _Straight(pg.AxisItem):  # type: ignore[misc]
    """pyqtgraph records an axis as a picture and plays it, which costs more than drawing it."""

    picture: Any
    _drawn: Any = None

    def paint(self, painter: QPainter, _option: object, _widget: object) -> None:
        """Draw what pyqtgraph would, worked out anew only where something of it changed."""
        painter.save()
        # pyqtgraph sets it to None where the axis has to be worked out again.
        if self.picture is None:
            self._drawn = self.generateDrawSpecs(painter)
            self.picture = self._drawn is not None or None
        if self._drawn is not None:
            self.drawPicture(painter, *self._drawn)
        painter.restore()


class ValueAxis(_Straight):
    """Values, bottom to top, with lines across the view."""

    def drawPicture(self, painter: QPainter, axis: Any, ticks: Any, words: Any) -> None:
        """Draw the axis and its words as pyqtgraph does, the lines across as what they cover.

        Qt draws a translucent line pixel by pixel and hands those to other threads: many times as
        slow as filling the same pixels, and at worst as late as these threads come to run.
        """
        thin = 1 / painter.device().devicePixelRatioF()
        for pen, start, stop in ticks:
            left, right = sorted((start.x(), stop.x()))
            top = start.y() - 0.5
            painter.fillRect(QRectF(left, top, right - left, thin), pen.color())
        super().drawPicture(painter, axis, [], words)


class TimeAxis(_Straight, pg.DateAxisItem):  # type: ignore[misc]
    """Local time, left to right. All charts of one stretch and width share what is worked out."""

    def generateDrawSpecs(self, painter: QPainter) -> Any:
        """Lines and words, as pyqtgraph has them."""
        device = painter.device()
        key = (
            *self.range,
            *self.geometry().getRect(),
            *(pen.color().rgba() for pen in (self.pen(), self.tickPen(), self.textPen())),
            self.style["tickFont"].key() if self.style["tickFont"] else "",
            device.devicePixelRatioF(),
            device.logicalDpiX(),
        )
        found = _shared.get(key)
        if found is None:
            found = super().generateDrawSpecs(painter)
            if len(_shared) >= _SHARED_MOST:
                _shared.clear()
            _shared[key] = found
        return found

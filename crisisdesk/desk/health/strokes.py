"""Columns of a line or a band as shapes that Qt draws. Loads pyqtgraph."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from pyqtgraph.functions import arrayToQPolygonF
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPolygonF

from crisisdesk.desk.health.peaks import peaks

if TYPE_CHECKING:
    from crisisdesk.desk.health.over import Band
    from crisisdesk.desk.health.peaks import Line
    from crisisdesk.desk.health.scale import Scale

# Qt's numbers of pixels stay below this, however far outside the view a point lies.
_FAR = 32_000.0


class Frame(NamedTuple):
    """Where a stretch of time (UTC ms) and a scale of values lie, px."""

    box: QRectF
    since: int
    until: int
    scale: Scale

    def x(self, at: Any) -> Any:
        """How far right a moment lies, or a column of them."""
        return self.box.left() + (at - self.since) * (
            self.box.width() / max(1, self.until - self.since)
        )

    def at(self, x: float) -> float:
        """The moment at a place."""
        share = (x - self.box.left()) / max(1.0, self.box.width())
        return self.since + share * (self.until - self.since)

    def y(self, value: float) -> float:
        """How far down a value lies."""
        down = (self.scale.high - value) * (self.box.height() / self._height)
        return self.box.top() + min(_FAR, max(-_FAR, down))

    def ys(self, values: Any) -> Any:
        """How far down the values of a column lie."""
        down = (self.scale.high - values) * (self.box.height() / self._height)
        return self.box.top() + np.minimum(_FAR, np.maximum(-_FAR, down))

    @property
    def _height(self) -> float:
        return self.scale.high - self.scale.low

    def column_ms(self, device_ratio: float) -> int:
        """How much time one of the screen's pixels shows, ms."""
        columns = max(1.0, self.box.width() * device_ratio)
        return max(1, int(-(-(self.until - self.since) // columns)))


class Strokes(NamedTuple):
    """A line: where it runs, where a value stands alone, and where nothing was measured."""

    lines: tuple[QPolygonF, ...] = ()
    dots: tuple[QPointF, ...] = ()
    gaps: tuple[QRectF, ...] = ()


def strokes(line: Line, frame: Frame) -> Strokes:
    """The line of these columns in a frame."""
    if not len(line.at):
        return Strokes()
    x, low, high = frame.x(line.at), frame.ys(line.low), frame.ys(line.high)
    bounds = [0, *line.breaks, len(x)]
    lines, dots = [], []
    for first, end in itertools.pairwise(bounds):
        if end - first == 1 and low[first] == high[first]:
            dots.append(QPointF(x[first], low[first]))
        elif end > first:
            lines.append(_line(x[first:end], low[first:end], high[first:end]))
    box = frame.box
    gaps = [
        QRectF(x[n - 1], box.top(), x[n] - x[n - 1], box.height()) for n in line.breaks if n > 0
    ]
    return Strokes(tuple(lines), tuple(dots), tuple(gaps))


def band_shapes(band: Band, frame: Frame, device_ratio: float) -> tuple[QPolygonF, ...]:
    """The expected band in a frame, open where nothing was measured or nothing was expected."""
    if not len(band.at):
        return ()
    # Both are known or neither.
    known = np.isfinite(band.low)
    # A band has no spikes to be kept: two pixels are fine enough.
    width = 2 * frame.column_ms(device_ratio)
    line = peaks(band.at[known], band.low[known], band.high[known], width, band.usual_ms)
    found = []
    for part in line.parts():
        x, low, high = frame.x(part.at), frame.ys(part.low), frame.ys(part.high)
        whole = arrayToQPolygonF(np.concatenate((x, x[::-1])), np.concatenate((high, low[::-1])))
        found.append(whole)
    return tuple(found)


def _line(x: Any, low: Any, high: Any) -> QPolygonF:
    """Through the least and greatest of each column; through each value where they are one."""
    if np.array_equal(low, high):
        return _through(x, low)
    return _through(np.repeat(x, 2), np.column_stack((low, high)).ravel())


def _through(x: Any, y: Any) -> QPolygonF:
    """Points in order; pyqtgraph writes them straight into Qt's own memory."""
    found: QPolygonF = arrayToQPolygonF(x, y)
    return found

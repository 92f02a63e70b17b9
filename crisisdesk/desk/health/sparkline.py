"""A line of a few pixels: how a service's main series went in the last hour."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen, QPolygonF

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

# Two points that are farther apart than this many usual steps are not joined.
GAP_TIMES = 3


class Spark(NamedTuple):
    """Points (UTC ms, value), oldest first, and the stretch that they are drawn over."""

    points: tuple[tuple[int, float], ...] = ()
    since: int = 0
    until: int = 0


def strokes(spark: Spark, width: float, height: float) -> list[list[tuple[float, float]]]:
    """The lines in a box of this size, from its left upper corner; parted where points miss.

    Values that are no numbers are left out. A flat line stands in the middle.
    """
    points = [(at, value) for at, value in spark.points if math.isfinite(value)]
    span = spark.until - spark.since
    if len(points) < 2 or span <= 0:
        return []
    low = min(value for _, value in points)
    reach = max(value for _, value in points) - low
    steps = sorted(b[0] - a[0] for a, b in itertools.pairwise(points))
    gap = GAP_TIMES * steps[len(steps) // 2]
    found: list[list[tuple[float, float]]] = []
    last = None
    for at, value in points:
        if last is None or at - last > gap:
            found.append([])
        share = (value - low) / reach if reach > 0 and math.isfinite(reach) else 0.5
        found[-1].append(((at - spark.since) / span * width, (1 - share) * height))
        last = at
    return found


def draw_spark(painter: QPainter, rect: QRectF, spark: Spark, color: QColor) -> None:
    """Draw it into a box."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color, 1.2))
    for stroke in strokes(spark, rect.width(), rect.height()):
        line = [QPointF(rect.x() + x, rect.y() + y) for x, y in stroke]
        if len(line) == 1:
            painter.drawPoint(line[0])
        else:
            painter.drawPolyline(QPolygonF(line))
    painter.restore()

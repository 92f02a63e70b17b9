"""A small line stays in its box, is parted where points miss, and survives strange values."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from crisisdesk.desk.health.sparkline import Spark, draw_spark, strokes

MINUTE = 60_000
POINTS = st.lists(
    st.tuples(st.integers(0, 3_600_000), st.floats(allow_nan=True, allow_infinity=True)),
    unique_by=lambda point: point[0],
)


@given(POINTS)
def test_it_stays_in_its_box(points: list[tuple[int, float]]) -> None:
    drawn = strokes(Spark(tuple(sorted(points)), 0, 3_600_000), 64, 16)
    for x, y in (point for stroke in drawn for point in stroke):
        assert 0 <= x <= 64
        assert 0 <= y <= 16
    number = sum(math.isfinite(value) for _, value in points)
    assert sum(map(len, drawn)) == (number if number > 1 else 0)


def test_it_is_parted_where_points_miss() -> None:
    at = [0, 1, 2, 3, 30, 31]
    of = Spark(tuple((n * MINUTE, float(n)) for n in at), 0, 60 * MINUTE)
    assert [len(stroke) for stroke in strokes(of, 60, 10)] == [4, 2]


def test_a_flat_line_stands_in_the_middle_and_the_greatest_at_the_top() -> None:
    flat = strokes(Spark(((0, 5.0), (10, 5.0)), 0, 10), 64, 16)
    assert flat == [[(0.0, 8.0), (64.0, 8.0)]]
    rise = strokes(Spark(((0, 1.0), (10, 2.0)), 0, 10), 64, 16)
    assert rise == [[(0.0, 16.0), (64.0, 0.0)]]


def test_nothing_is_drawn_of_nothing() -> None:
    assert strokes(Spark(), 64, 16) == []
    assert strokes(Spark(((0, 1.0),), 0, 10), 64, 16) == []


def test_it_is_drawn() -> None:
    image = QImage(64, 16, QImage.Format.Format_RGB32)
    image.fill(0)
    empty = image.copy()
    painter = QPainter(image)
    lonely = tuple((n * MINUTE, float(n)) for n in (0, 1, 2, 50))
    draw_spark(painter, QRectF(0, 0, 64, 16), Spark(lonely, 0, 60 * MINUTE), QColor("white"))
    painter.end()
    assert image != empty

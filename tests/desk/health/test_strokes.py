"""Columns as shapes: where they lie, parted where nothing was measured."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from crisisdesk.desk.health.over import Band
from crisisdesk.desk.health.peaks import Line
from crisisdesk.desk.health.scale import Scale
from crisisdesk.desk.health.strokes import Frame, Strokes, band_shapes, strokes

from tests.desk.health.shown import EVERY, NOW, ODD, band_of

FRAME = Frame(QRectF(50, 10, 100, 100), 0, 1_000, Scale(0.0, 10.0))
NONE = np.zeros(0)


def line(at: list[int], low: list[float], high: list[float], *breaks: int) -> Line:
    return Line(np.array(at), np.array(low), np.array(high), breaks)


def points(shape: object) -> list[tuple[float, float]]:
    return [(point.x(), point.y()) for point in shape]  # type: ignore[attr-defined]


def test_time_and_value_have_their_place() -> None:
    assert (FRAME.x(0), FRAME.x(1_000), FRAME.y(0.0), FRAME.y(10.0)) == (50, 150, 110, 10)
    assert FRAME.at(FRAME.x(250)) == 250
    assert (FRAME.column_ms(1.0), FRAME.column_ms(2.0)) == (10, 5)
    assert FRAME.y(1e300) >= -33_000


def test_a_line_goes_through_its_values() -> None:
    (one,) = strokes(line([0, 500, 1_000], [0.0, 5.0, 10.0], [0.0, 5.0, 10.0]), FRAME).lines
    assert points(one) == [(50, 110), (100, 60), (150, 10)]
    (both,) = strokes(line([0, 500], [0.0, 5.0], [1.0, 5.0]), FRAME).lines
    assert points(both) == [(50, 110), (50, 100), (100, 60), (100, 60)]


def test_a_gap_is_never_drawn_over() -> None:
    found = strokes(line([0, 100, 600, 700, 900], [5.0] * 5, [5.0] * 5, 2, 4), FRAME)
    assert [points(one) for one in found.lines] == [[(50, 60), (60, 60)], [(110, 60), (120, 60)]]
    assert found.dots == (QPointF(140, 60),)
    assert found.gaps == (QRectF(60, 10, 50, 100), QRectF(120, 10, 20, 100))
    assert strokes(Line(NONE, NONE, NONE), FRAME) == Strokes()


def test_a_band_is_closed_and_open_at_gaps_and_where_it_is_not_known() -> None:
    frame = Frame(QRectF(0, 0, 100, 100), NOW - 9 * EVERY, NOW, Scale(0.0, 10.0))
    (one,) = band_shapes(band_of([5.0] * 10, 4.0, 6.0), frame, 1.0)
    assert {y for _x, y in points(one)} == {40.0, 60.0}
    assert len(points(one)) == 20
    known = band_of([5.0] * 10, 4.0, 6.0)
    known.low[3:6] = np.nan
    # Four intervals without a band are a gap.
    assert len(band_shapes(known, frame, 1.0)) == 2
    assert band_shapes(band_of([5.0] * 4, np.nan, np.nan), frame, 1.0) == ()
    assert band_shapes(Band(ODD), frame, 1.0) == ()

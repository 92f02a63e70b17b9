"""The picture of a chart: what is worked out, and that it is painted."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from crisisdesk.desk.health.over import Stretch
from crisisdesk.desk.health.plot import drawn, inks, mixed, paint_plot
from crisisdesk.desk.health.reading import Charted
from crisisdesk.desk.look.theme import Look, theme

from tests.desk.health.shown import FULL, IDLE, NOW, band_of, charted, spell

BOX = QRectF(50, 10, 300, 100)
VIEW = Stretch(NOW - 600_000, NOW, NOW)


def picture(one: Charted, *, silent: bool = False, chosen: int | None = None) -> QImage:
    image = QImage(380, 140, QImage.Format.Format_RGB32)
    image.fill(theme().color.panel)
    painter = QPainter(image)
    paint_plot(painter, drawn(one, VIEW, BOX, 1.0, silent=silent), inks(), chosen)
    painter.end()
    return image


def count(image: QImage, color: QColor) -> int:
    wanted = color.rgb()
    return sum(
        image.pixel(x, y) == wanted for x in range(image.width()) for y in range(image.height())
    )


def test_everything_of_it_is_worked_out(look: Look) -> None:
    one = charted(
        [0.5] * 61, FULL, IDLE, band=band_of([0.5] * 61, 0.4, 0.6), spells=(spell(300, 120),)
    )
    found = drawn(one, VIEW, BOX, 1.0, silent=False)
    assert len(found.line.lines) == len(found.band) == 1
    assert [mark.begins for mark in found.marks] == [True, False]
    assert found.places == (200.0, 290.0)
    assert found.bars == ((QRectF(200, 10, 90, 3), "high"),)
    assert len(found.labels) == 3
    assert found.silent is None
    assert {tick.words for tick in found.values} >= {"0.5", "0.9"}


def test_an_open_alert_goes_on_to_now_and_an_old_one_comes_in_from_the_left(look: Look) -> None:
    one = charted([0.5] * 61, spells=(spell(300, None, "low"), spell(None, 400)))
    found = drawn(one, VIEW, BOX, 1.0, silent=False)
    assert found.bars == ((QRectF(200, 10, 150, 3), "low"), (QRectF(50, 10, 100, 3), "high"))


@pytest.mark.parametrize("values", [[], [float("nan")], [float("inf")], [0.5]])
def test_few_or_no_numbers_are_drawn_without_a_fault(look: Look, values: list[float]) -> None:
    one = charted(values, FULL)
    found = drawn(one, VIEW, BOX, 1.0, silent=True)
    assert not found.line.lines
    assert len(found.line.dots) == (1 if values == [0.5] else 0)
    picture(one, silent=True)


def test_a_gap_is_filled_and_not_drawn_over(look: Look) -> None:
    one = charted([0.5] * 61, band=band_of([0.5] * 61, 0.4, 0.6))
    keep = (one.at < NOW - 400_000) | (one.at > NOW - 200_000)
    assert one.over.band is not None
    columns = {name: getattr(one.over.band, name)[keep] for name in ("at", "value", "low", "high")}
    parted = one._replace(
        at=one.at[keep],
        low=one.low[keep],
        high=one.high[keep],
        over=one.over._replace(band=one.over.band._replace(**columns)),
    )
    found = drawn(parted, VIEW, BOX, 1.0, silent=False)
    (gap,) = found.line.gaps
    assert found.gap_words == ("3 min",)
    inside = gap.adjusted(2, 2, -2, -2)
    image, ink = picture(parted), inks()
    forbidden = {ink.line.rgb(), ink.band.rgb()}
    for x in range(int(inside.left()), int(inside.right())):
        for y in range(int(inside.top()), int(inside.bottom())):
            assert image.pixel(x, y) not in forbidden
    assert count(image, ink.line) > 50
    assert count(image, ink.gap) > 1_000


def test_silence_is_filled_up_to_now(look: Look) -> None:
    one = charted([0.5] * 31, ago=300_000)
    found = drawn(one, VIEW, BOX, 1.0, silent=True)
    assert found.silent == QRectF(200, 10, 150, 100)
    assert found.silent_words == "5 min"
    assert drawn(one, VIEW, BOX, 1.0, silent=False).silent is None
    earlier = VIEW._replace(since=NOW - 900_000, until=NOW - 400_000)
    assert drawn(one, earlier, BOX, 1.0, silent=True).silent is None


@pytest.mark.parametrize("theme_name", ["dark", "light", "contrast"])
def test_line_band_limit_and_marks_are_seen_in_every_theme(look: Look, theme_name: str) -> None:
    look.switch(name=theme_name)  # type: ignore[arg-type]
    bare, ink = charted([0.5] * 61), inks()
    banded = charted([0.5] * 61, band=band_of([0.5] * 61, 0.4, 0.6))
    assert count(picture(bare), ink.line) >= 250
    assert count(picture(banded), ink.band) > 1_000 > count(picture(bare), ink.band)
    crossed = charted([0.5] * 30 + [0.95] * 31, FULL)
    severity = theme().severity("critical").fg
    assert count(picture(crossed), severity) > 100 > count(picture(bare), severity)
    marked = charted([0.5] * 61, spells=(spell(300, 120),))
    assert picture(marked) != picture(bare)
    assert picture(marked, chosen=0) != picture(marked)


def test_a_mixed_colour_is_the_one_that_is_seen() -> None:
    half = QColor(255, 255, 255, 128)
    assert mixed(half, QColor(0, 0, 0)).getRgb() == (128, 128, 128, 255)
    assert mixed(QColor(1, 2, 3), QColor(9, 9, 9)).getRgb() == (1, 2, 3, 255)

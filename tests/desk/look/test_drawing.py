"""Marks, icons and the painter's tools put the right ink in the right place."""

from __future__ import annotations

import math

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from crisisdesk.desk.look import icons
from crisisdesk.desk.look.countdown import countdown
from crisisdesk.desk.look.marks import MarkState, mark_pixmap
from crisisdesk.desk.look.paint import (
    countdown_width,
    draw_countdown,
    draw_dots,
    draw_key,
    draw_sparkbars,
    draw_text,
    key_width,
)
from crisisdesk.desk.look.paths import painter_path
from crisisdesk.desk.look.theme import Look, theme
from crisisdesk.domain.severity import Severity

pytestmark = pytest.mark.usefixtures("look")


def sheet(width: int = 200, height: int = 40) -> tuple[QImage, QPainter]:
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(theme().color.panel)
    return image, QPainter(image)


def ink(pixmap: QPixmap) -> int:
    image = pixmap.toImage()
    return sum(
        image.pixelColor(x, y).alpha() > 127
        for x in range(image.width())
        for y in range(image.height())
    )


def test_paths_follow_relative_lines_and_arcs() -> None:
    diamond = painter_path("M8 1l7 7-7 7-7-7z")
    assert diamond.boundingRect() == QRectF(1, 1, 14, 14)
    ring = painter_path("M8 2.75a5.25 5.25 0 1 0 0 10.5a5.25 5.25 0 1 0 0-10.5z")
    box = ring.boundingRect()
    assert box.width() == pytest.approx(10.5, abs=0.05)
    assert box.height() == pytest.approx(10.5, abs=0.05)
    assert ring.contains(QPointF(8, 8))
    assert not ring.contains(QPointF(2.7, 2.9))
    assert math.isclose(box.center().x(), 8, abs_tol=0.05)


def test_shapes_differ_without_colour() -> None:
    black = QColor("black")
    pictures = [
        mark_pixmap(severity.value, "filled", 16, 2.0, black).toImage() for severity in Severity
    ]
    assert all(a != b for i, a in enumerate(pictures) for b in pictures[i + 1 :])


@pytest.mark.parametrize("severity", ["medium", "high", "critical", "emergency"])
def test_taken_is_an_outline_and_nobody_is_filled(severity: str) -> None:
    filled = ink(mark_pixmap(severity, "filled", 32))
    acked = ink(mark_pixmap(severity, "acked", 32))
    outline = ink(mark_pixmap(severity, "outline", 32))
    assert outline < filled * 0.75
    assert acked < filled * 0.8
    pictures = [mark_pixmap(severity, state, 32).toImage() for state in ("acked", "outline")]
    assert pictures[0] != pictures[1]


def test_the_bar_of_critical_is_cut_out() -> None:
    image = mark_pixmap("critical", "filled", 16).toImage()
    assert image.pixelColor(8, 8).alpha() == 0
    assert image.pixelColor(8, 4) == theme().severity("critical").fg


@pytest.mark.parametrize("dpr", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("state", ["filled", "acked", "outline"])
def test_marks_are_sharp_at_any_ratio_and_made_once(dpr: float, state: MarkState) -> None:
    first = mark_pixmap("high", state, 16, dpr)
    assert first.width() == round(16 * dpr)
    assert mark_pixmap("high", state, 16, dpr).cacheKey() == first.cacheKey()


def test_an_icon_is_tinted_and_made_once() -> None:
    red = QColor("#FF0000")
    pixmap = icons.icon_pixmap("check", red, 16, 2.0)
    image = pixmap.toImage()
    colors = {
        image.pixelColor(x, y).name()
        for x in range(32)
        for y in range(32)
        if image.pixelColor(x, y).alpha() == 255
    }
    assert colors == {"#ff0000"}
    assert icons.icon_pixmap("check", red, 16, 2.0).cacheKey() == pixmap.cacheKey()


def test_an_unknown_icon_is_named() -> None:
    with pytest.raises(icons.IconError, match="no-such-icon"):
        icons.icon_pixmap("no-such-icon", QColor("red"))


def test_text_is_elided_to_its_box() -> None:
    image, painter = sheet()
    used = draw_text(
        painter, QRectF(0, 0, 80, 40), "Replication to standby stopped", QColor("white")
    )
    painter.end()
    assert 40 < used <= 80.5
    ground = theme().color.panel.name()
    assert all(image.pixelColor(x, y).name() == ground for x in range(84, 200) for y in range(40))


@pytest.mark.parametrize(
    ("left_s", "total_s", "paused", "ground"),
    [
        (41, 300, False, "text.primary"),
        (-80, 1, False, "severity.critical.soft"),
        (600, 700, False, "surface.panel"),
        (600, 700, True, "surface.panel"),
    ],
)
def test_the_clock_chip_takes_the_ground_of_its_state(
    left_s: int, total_s: int, paused: bool, ground: str
) -> None:
    clock = countdown(deadline_ms=left_s * 1000, now_ms=0, total_ms=total_s * 1000, paused=paused)
    image, painter = sheet()
    rect = draw_countdown(painter, 180, 20, clock)
    painter.end()
    assert rect.right() == 180
    assert rect.width() == countdown_width(clock) >= 62
    probe = image.pixelColor(round(rect.x()) + 3, round(rect.y()) + 4)
    assert probe.name() == theme().token(ground).name()


def test_key_caps_are_at_least_square(look: Look) -> None:
    assert key_width("A") == 18
    assert key_width("Ctrl K") > 30
    image, painter = sheet()
    assert draw_key(painter, 4, 20, "A") == 18
    painter.end()
    assert image.pixelColor(8, 13).name() == look.theme.color.field.name()


def test_bars_stand_on_the_foot_and_zero_is_a_hair() -> None:
    image, painter = sheet()
    draw_sparkbars(painter, QRectF(0, 10, 40, 20), [0, 10], QColor("white"))
    draw_sparkbars(painter, QRectF(100, 10, 40, 20), [], QColor("white"))
    painter.end()
    assert image.pixelColor(5, 29).name() == "#ffffff"
    assert image.pixelColor(5, 27).name() != "#ffffff"
    assert image.pixelColor(25, 11).name() == "#ffffff"


def test_dots_fill_as_copies_are_safe() -> None:
    image, painter = sheet()
    assert draw_dots(painter, 0, 20, (True, False, False)) == 24
    painter.end()
    ok = theme().state("ok").fg.name()
    assert image.pixelColor(3, 20).name() == ok
    assert image.pixelColor(12, 20).name() != ok

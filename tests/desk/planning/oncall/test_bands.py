"""What bands, heads and the present look like in every theme, zoom and width."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look, theme
from crisisdesk.desk.look.tokens import THEMES, ThemeName
from crisisdesk.desk.planning.oncall.bands import (
    Palette,
    draw_band,
    draw_head,
    draw_now,
    draw_row,
)
from crisisdesk.desk.planning.oncall.geometry import Measures, Sheet, spread
from crisisdesk.desk.planning.oncall.weeks import lay_out, monday_of

from tests.desk.planning.oncall.published import DATABASE, DAY, HOUR, NOW, ZONE, published, swap
from tests.desk.planning.oncall.published import version as made

FOUND = published(made("Database", DATABASE), made("Swap", swap(NOW + DAY, NOW + 2 * DAY), 1))
PALETTE = Palette({"C-ANN": 0, "C-BO": 1, "C-CY": 2, "C-DEE": 3}, FOUND, ZONE)


def sheet(width: float) -> Sheet:
    plan = FOUND.rota.schedules["Database"]
    calendar = lay_out(plan, FOUND.rota.overrides("Database"), monday_of(ZONE, NOW), "weeks")
    return spread(calendar, width, 400, Measures(84, 30, 26, 52, 10))


def painted(width: int, now_ms: int = NOW) -> QImage:
    page = sheet(width)
    image = QImage(width, int(page.height), QImage.Format.Format_RGB32)
    image.fill(theme().color.panel)
    painter = QPainter(image)
    for number, week in enumerate(page.calendar.weeks):
        draw_head(painter, page, number, now_ms)
        for at, row in enumerate(week.rows):
            draw_row(painter, page, number, at)
            for band in row.bands:
                draw_band(painter, page, number, at, band, PALETTE)
    draw_now(painter, page, now_ms)
    painter.end()
    return image


def colors(image: QImage, x: int, y: int, width: int, height: int) -> set[int]:
    return {image.pixel(x + dx, y + dy) & 0xFFFFFF for dx in range(width) for dy in range(height)}


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("width", [300, 700, 1200])
def test_every_theme_and_width_is_painted_within_the_sheet(
    look: Look, qtbot: QtBot, name: ThemeName, width: int
) -> None:
    look.switch(name=name)
    image = painted(width)
    ink = theme().color.primary.rgb() & 0xFFFFFF
    assert ink in colors(image, 84, 30, width - 84, image.height() - 30)


def test_the_day_of_25_hours_is_marked_and_others_are_not(look: Look, qtbot: QtBot) -> None:
    page, image = sheet(1200), painted(1200)
    stale = theme().state("stale").fg.rgb() & 0xFFFFFF

    def head(day: int) -> set[int]:
        left = int(page.measures.gutter + day * page.column)
        return colors(image, left + 1, 0, int(page.column) - 2, 28)

    assert stale in head(6), "Sunday 25 October"
    assert all(stale not in head(day) for day in range(6))


def test_the_present_is_a_line_in_its_week_only(look: Look, qtbot: QtBot) -> None:
    page, image = sheet(1200), painted(1200)
    ink = theme().color.primary.rgb() & 0xFFFFFF
    week = page.calendar.weeks[0]
    x = round(page.x_of(week, NOW))
    tall = int(page.week_height - page.measures.head - page.measures.gap)
    assert colors(image, x - 1, 30, 2, tall) == {ink}
    below = int(page.week_top(1)) + 30
    assert colors(image, x - 1, below, 2, tall) != {ink}
    away = painted(1200, NOW + 60 * DAY)
    assert colors(away, x - 1, 30, 2, tall) != {ink}


def test_an_override_stands_out_by_its_dashes(look: Look, qtbot: QtBot) -> None:
    page, image = sheet(1200), painted(1200)
    [band] = page.calendar.weeks[0].rows[1].bands
    assert band.end_ms - band.start_ms == 24 * HOUR
    box = page.band_box(0, 1, band)
    top = [image.pixel(int(box.x) + dx, int(box.y)) & 0xFFFFFF for dx in range(8, 100)]
    assert len(set(top)) >= 2, "dashes and gaps between them"
    first, second = sorted(set(top), key=top.count, reverse=True)[:2]
    assert min(top.count(first), top.count(second)) > 10

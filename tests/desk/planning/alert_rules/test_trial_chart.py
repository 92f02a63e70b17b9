"""The chart shows line, levels and spans, in every theme."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look, theme
from crisisdesk.desk.planning.alert_rules.chart_points import Drawn, Mark
from crisisdesk.desk.planning.alert_rules.trial_chart import TrialChart

HOUR = 3_600_000
POINTS = tuple((n * 60_000, 0.5 + 0.4 * (n % 2)) for n in range(60))
DRAWN = Drawn(0, HOUR, POINTS, (Mark(0.8, "> 0.8"), Mark(0.6, "over 0.6")), (0.6, 0.8))


def picture(chart: TrialChart) -> QImage:
    return chart.grab().toImage()


def count(image: QImage, color: QColor) -> int:
    wanted = color.rgb()
    return sum(
        image.pixel(x, y) == wanted for x in range(image.width()) for y in range(image.height())
    )


@pytest.fixture
def chart(look: Look, qtbot: QtBot) -> TrialChart:
    made = TrialChart()
    qtbot.addWidget(made)
    made.resize(360, 180)
    return made


def test_without_anything_it_is_bare_ground(chart: TrialChart) -> None:
    image = picture(chart)
    assert count(image, theme().token("chart.ground")) == image.width() * image.height()


@pytest.mark.parametrize("name", ["dark", "light", "contrast"])
def test_a_span_is_told_by_a_strip_below_as_well(chart: TrialChart, look: Look, name: str) -> None:
    look.switch(name=name)  # type: ignore[arg-type]
    chart.show_drawn(DRAWN, "disk, would have fired 0 times")
    strip = theme().severity("critical").fg
    before = count(picture(chart), strip)
    chart.show_drawn(DRAWN._replace(spans=((HOUR // 4, HOUR // 2),)))
    quarter = count(picture(chart), strip) - before
    assert quarter > 200
    # A moment is no less seen.
    chart.show_drawn(DRAWN._replace(spans=((HOUR, HOUR),)))
    assert 0 < count(picture(chart), strip) - before < quarter


def test_the_line_and_bars_are_drawn(chart: TrialChart) -> None:
    chart.show_drawn(DRAWN._replace(points=()))
    bare = picture(chart)
    chart.show_drawn(DRAWN)
    assert picture(chart) != bare
    bars = Drawn(0, HOUR, tuple((n * 600_000, float(n)) for n in range(6)), bars=True)
    chart.show_drawn(bars)
    assert count(picture(chart), theme().series(0)) > 1_000
    chart.resize(40, 30)
    assert not picture(chart).isNull()


def test_it_says_what_it_shows(chart: TrialChart) -> None:
    chart.show_drawn(DRAWN, "disk, host=a, would have fired 2 times")
    assert chart.accessibleName() == "disk, host=a, would have fired 2 times"

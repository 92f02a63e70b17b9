"""The painted calendar: keys, mouse, what it says, and what it paints."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.planning.oncall.grid import CalendarGrid
from crisisdesk.desk.planning.oncall.picking import Spot
from crisisdesk.desk.planning.oncall.reading import Published
from crisisdesk.desk.planning.oncall.weeks import lay_out, monday_of

from tests.desk.planning.oncall.published import (
    DATABASE,
    DAY,
    HOUR,
    NOW,
    ZONE,
    published,
    swap,
    version,
)
from tests.domain.oncall.rosters import ms

pytestmark = pytest.mark.usefixtures("look")


def shown(qtbot: QtBot, found: Published, name: str = "Database") -> CalendarGrid:
    grid = CalendarGrid()
    qtbot.addWidget(grid)
    grid.resize(784, 400)
    grid.fit_page(400)
    show(grid, found, name, NOW)
    with qtbot.waitExposed(grid):
        grid.show()
    return grid


def show(grid: CalendarGrid, found: Published, name: str, at_ms: int) -> None:
    plan, overrides = found.rota.schedules[name], found.rota.overrides(name)
    calendar = lay_out(plan, overrides, monday_of(ZONE, at_ms), "weeks")
    grid.show_calendar(calendar, found, "weeks", NOW)


def who(grid: CalendarGrid) -> str:
    band = grid.band()
    assert band is not None
    return band.hold.contact


def test_it_begins_with_who_is_on_call_now_and_says_so(qtbot: QtBot) -> None:
    grid = shown(qtbot, published())
    assert who(grid) == "C-CY"
    assert grid.accessibleName() == "Calendar of Database, 19 Oct to 1 Nov 2026"
    assert grid.accessibleDescription().startswith("On call: Cy Cole, Mon 19 Oct 09:00")


def test_steps_go_along_the_row_and_ask_for_a_week_at_its_end(qtbot: QtBot) -> None:
    grid = shown(qtbot, published())
    turned: list[int] = []
    grid.turned.connect(turned.append)
    grid.step(1)
    assert (who(grid), turned) == ("C-ANN", [])
    grid.step(1)
    assert (who(grid), turned) == ("C-ANN", [1])
    show(grid, published(), "Database", NOW + 7 * DAY)
    assert who(grid) == "C-BO", "the step that was asked for is done once the week has come"


def test_keys_cross_rows_and_turn_weeks(qtbot: QtBot) -> None:
    grid = shown(qtbot, published())
    turned: list[int] = []
    grid.turned.connect(turned.append)
    QTest.keyClick(grid, Qt.Key.Key_Up)
    assert grid.accessibleDescription().startswith("Primary: ")
    QTest.keyClick(grid, Qt.Key.Key_Right)
    QTest.keyClick(grid, Qt.Key.Key_Left)
    assert turned == [1, -1]
    with qtbot.waitSignal(grid.entered):
        QTest.keyClick(grid, Qt.Key.Key_Return)


def test_the_mouse_selects_what_lies_under_it(qtbot: QtBot) -> None:
    grid = shown(qtbot, published())
    sheet = grid.sheet()
    assert sheet is not None
    band = sheet.calendar.weeks[1].rows[0].bands[1]
    box = sheet.band_box(1, 0, band)
    middle = QPoint(int(box.x + box.width / 2), int(box.y + box.height / 2))
    QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=middle)
    assert grid.band() == band
    QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert grid.band() == band, "a click beside the shifts selects nothing else"


def test_the_selected_shift_stays_when_something_is_published(qtbot: QtBot) -> None:
    grid = shown(qtbot, published())
    grid.show_moment(ms("2026-10-28T12:00Z"))
    before = grid.spot
    more = published(
        version("Database", DATABASE),
        version("Swap", swap(ms("2026-10-28T11:00Z"), ms("2026-10-28T13:00Z")), 1),
    )
    show(grid, more, "Database", NOW)
    assert before is not None
    assert grid.spot is not None
    assert grid.spot.at_ms == before.at_ms
    show(grid, published(), "Office", NOW)
    assert grid.calendar is not None
    assert grid.spot == Spot(len(grid.calendar.weeks[0].rows) - 1, NOW)


def pixels(grid: CalendarGrid, week: int, row: int, at_ms: int) -> set[int]:
    """The colours painted within two hours after a moment of a row."""
    sheet = grid.sheet()
    assert sheet is not None
    image = grid.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    shown_week, box = sheet.calendar.weeks[week], sheet.row_box(week, row)
    left = int(sheet.x_of(shown_week, at_ms)) + 2
    right = int(sheet.x_of(shown_week, at_ms + 2 * HOUR))
    top, bottom = int(box.y) + 3, int(box.y + box.height) - 3
    ratio = image.devicePixelRatio()
    return {
        image.pixel(int(x * ratio), int(y * ratio)) & 0xFFFFFF
        for x in range(left, right)
        for y in range(top, bottom)
    }


def test_a_gap_is_painted_in_the_failing_style_and_a_shift_in_none_of_it(qtbot: QtBot) -> None:
    grid = shown(qtbot, published(), "Office")
    soft = theme().state("down").soft.rgb() & 0xFFFFFF
    last = 1
    assert soft in pixels(grid, 0, last, ms("2026-10-24T10:00Z"))
    assert soft not in pixels(grid, 0, last, ms("2026-10-21T14:00Z"))


def test_two_people_are_painted_in_two_tints(qtbot: QtBot) -> None:
    grid = shown(qtbot, published())
    one = pixels(grid, 0, 0, ms("2026-10-24T10:00Z"))
    other = pixels(grid, 1, 0, ms("2026-10-31T10:00Z"))
    assert one.isdisjoint(other)


def test_without_a_calendar_it_takes_no_key(qtbot: QtBot) -> None:
    grid = CalendarGrid()
    qtbot.addWidget(grid)
    grid.step(1)
    grid.cross(1)
    grid.grab()
    assert (grid.band(), grid.sheet()) == (None, None)

"""Where the keys lead from the selected shift."""

from __future__ import annotations

from datetime import date

import pytest

from crisisdesk.desk.planning.oncall.picking import (
    Spot,
    across,
    along,
    band_at,
    kept,
    last_row,
    week_of,
)
from crisisdesk.desk.planning.oncall.weeks import Calendar, lay_out

from tests.domain.oncall.rosters import layer, ms, schedule, weekly

MONDAY = date(2026, 1, 5).toordinal() - date(1970, 1, 1).toordinal()
START, HOUR, DAY = ms("2026-01-05T08:00Z"), 3_600_000, 86_400_000


@pytest.fixture
def calendar() -> Calendar:
    """Weekly turns from Monday 09:00 on, and office hours of Wednesday over them."""
    office = layer(name="Office", hours=[{"days": [2], "from": "10:00", "to": "12:00"}])
    return lay_out(schedule(weekly(), office), [], MONDAY, "weeks")


def test_a_spot_holds_the_band_around_it(calendar: Calendar) -> None:
    band = band_at(calendar, Spot(0, START + DAY))
    assert band is not None
    assert (band.hold.contact, band.start_ms) == ("C-ANN", START)
    assert band_at(calendar, Spot(0, START - 1)) is None, "before the layer begins"
    assert band_at(calendar, Spot(9, START)) is None
    assert band_at(calendar, None) is None
    assert week_of(calendar, calendar.end_ms) == -1


def test_along_a_row_a_shift_that_goes_on_in_the_next_week_is_one(calendar: Calendar) -> None:
    first = Spot(0, START)
    second = along(calendar, first, 1)
    assert second == Spot(0, START + 7 * DAY)
    assert along(calendar, second, 1) is None
    assert along(calendar, Spot(0, START + 9 * DAY), -1) == first
    assert along(calendar, first, -1) is None


def test_across_rows_the_nearest_shift_of_the_row_is_taken(calendar: Calendar) -> None:
    wednesday = START + 2 * DAY + HOUR
    assert across(calendar, Spot(0, START + HOUR), 1) == Spot(1, wednesday)
    assert across(calendar, Spot(1, wednesday), 1) == Spot(2, wednesday)
    below = across(calendar, Spot(2, START + HOUR), 1)
    assert below == Spot(0, START + HOUR + 7 * DAY), "the first row of the next week"
    assert across(calendar, below, -1) == Spot(2, START + HOUR)
    assert across(calendar, Spot(0, START + HOUR), -1) == Spot(0, START + HOUR)


def test_a_spot_is_kept_else_the_same_moment_else_now_else_the_first(calendar: Calendar) -> None:
    last, now = last_row(calendar), START + 8 * DAY
    assert kept(calendar, Spot(0, START), now) == Spot(0, START)
    assert kept(calendar, Spot(7, START), now) == Spot(last, START), "a row that went"
    assert kept(calendar, None, now) == Spot(last, now)
    assert kept(calendar, Spot(0, 5), now) == Spot(last, now)
    assert kept(calendar, Spot(0, 5), 5) == Spot(last, calendar.start_ms)

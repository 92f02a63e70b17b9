"""Where a calendar stands on the screen, and which shift lies under a point."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.desk.planning.oncall.geometry import Measures, Sheet, spread
from crisisdesk.desk.planning.oncall.picking import Spot
from crisisdesk.desk.planning.oncall.weeks import lay_out

from tests.domain.oncall.rosters import layer, ms, override, schedule, weekly

MEASURES = Measures(gutter=100, head=30, row_least=20, row_most=40, gap=10)
MONDAY = date(2026, 10, 19).toordinal() - date(1970, 1, 1).toordinal()
HOUR = 3_600_000
PLAN = schedule(weekly(), layer(name="Daily", members=["C-BO", "C-CY"]))


def sheet(height: float = 400.0, width: float = 800.0) -> Sheet:
    return spread(lay_out(PLAN, [], MONDAY, "weeks"), width, height, MEASURES)


def test_rows_share_the_height_within_their_bounds() -> None:
    assert sheet(300).row == 36
    assert sheet(100).row == 20
    assert sheet(2_000).row == 40
    assert sheet(300).height == 2 * (30 + 3 * 36 + 10)


def test_days_are_equally_wide_and_a_band_ends_where_the_next_begins() -> None:
    found = sheet()
    assert found.column == 100
    daily = found.calendar.weeks[0].rows[1].bands
    boxes = [found.band_box(0, 1, band) for band in daily]
    assert boxes[0].x == 100
    assert boxes[0].x + boxes[0].width == pytest.approx(137.5), "Monday 09:00"
    for one, after in pairwise(boxes):
        assert one.x + one.width == pytest.approx(after.x)
    sunday = boxes[-1]
    assert sunday.x == pytest.approx(700 + 100 * 10 / 25), "09:00 is the tenth of 25 hours"


def test_a_shift_of_a_minute_can_still_be_seen() -> None:
    at = ms("2026-10-20T10:00Z")
    calendar = lay_out(PLAN, [override("C-DEE", at, at + 60_000)], MONDAY, "weeks")
    found = spread(calendar, 800, 400, MEASURES)
    [band] = calendar.weeks[0].rows[2].bands
    assert found.band_box(0, 2, band).width == 3


def test_nothing_lies_under_a_head_the_names_or_what_is_outside() -> None:
    found = sheet()
    middle = found.row_box(0, 0).y + 5
    assert found.spot_at(50, middle) is None
    assert found.spot_at(300, 15) is None
    assert found.spot_at(300, found.height + 40) is None
    assert found.spot_at(300, -5) is None
    spot = found.spot_at(300, middle)
    assert spot == Spot(0, found.calendar.weeks[0].days[2].start_ms)


@given(st.integers(0, 1), st.integers(0, 2), st.floats(0.01, 0.99), st.data())
def test_the_point_inside_a_band_leads_to_it(
    week: int, row: int, share: float, data: st.DataObject
) -> None:
    found = sheet()
    band = data.draw(st.sampled_from(found.calendar.weeks[week].rows[row].bands))
    box = found.band_box(week, row, band)
    spot = found.spot_at(box.x + box.width * share, box.y + box.height / 2)
    assert spot is not None
    assert spot.row == row
    assert band.start_ms <= spot.at_ms < band.end_ms

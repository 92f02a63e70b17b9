"""The calendar in weeks: real days, rows for layers and overrides, and who is on call."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.desk.planning.oncall.weeks import (
    FINAL_WORD,
    FIRST_DAY,
    Calendar,
    Row,
    day_of,
    lanes,
    lay_out,
    length_words,
    moment_at,
    monday_of,
    month_monday,
    place,
    title_words,
    today,
    week_count,
    within_reach,
)
from crisisdesk.domain.oncall.reading import read_schedule
from crisisdesk.domain.oncall.shifts import on_call
from crisisdesk.domain.oncall.wall import DAY_MS, LAST_MS

from tests.domain.oncall.rosters import (
    PEOPLE,
    layer,
    layers_near,
    ms,
    override,
    schedule,
    weekly,
)
from tests.domain.oncall.rosters import content as roster

HOUR = 3_600_000
EPOCH = date(1970, 1, 1).toordinal()


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal() - EPOCH


def rows(calendar: Calendar, week: int = 0) -> dict[str, Row]:
    return {row.name: row for row in calendar.weeks[week].rows}


@pytest.mark.parametrize(
    ("zone", "on", "words"),
    [
        ("Europe/Prague", "2026-10-25", "25 h"),
        ("Europe/Prague", "2026-03-29", "23 h"),
        ("Europe/Prague", "2026-10-26", ""),
        ("Australia/Lord_Howe", "2026-04-05", "24.5 h"),
        ("Australia/Lord_Howe", "2026-10-04", "23.5 h"),
        ("UTC", "2026-10-25", ""),
    ],
)
def test_a_day_on_which_the_clock_changes_says_its_length(zone: str, on: str, words: str) -> None:
    assert length_words(day_of(zone, day(on))) == words


def test_two_weeks_begin_on_the_monday_of_today() -> None:
    found = lay_out(schedule(weekly()), [], monday_of("Europe/Prague", ms("2026-10-22T12:00Z")),
                    "weeks")  # fmt: skip
    assert title_words(found) == "19 Oct to 1 Nov 2026"
    assert [len(week.days) for week in found.weeks] == [7, 7]
    assert today(found, ms("2026-10-22T23:30Z")) == date(2026, 10, 23), "in the schedule's zone"
    assert found.weeks[0].days[6].hours == 25


def test_a_month_shows_all_of_its_weeks_and_five_once_moved() -> None:
    assert month_monday(day("2026-10-22")) == day("2026-09-28")
    for on, weeks in (("2026-10-22", 5), ("2026-02-10", 5), ("2027-02-10", 4), ("2026-08-31", 6)):
        monday = month_monday(day(on))
        assert week_count(monday, "month") == weeks, on
        last = date.fromordinal(monday + 7 * weeks - 1 + EPOCH)
        assert (last.toordinal() + 1 - EPOCH) > day(on)
    assert week_count(month_monday(day("2026-10-22")) + 14, "month") == 5
    assert week_count(0, "weeks") == 2


def test_there_is_a_row_for_each_layer_for_overrides_and_for_who_is_on_call() -> None:
    office = layer(name="Office", hours=[{"days": [0], "from": "10:00", "to": "12:00"}])
    monday, start = day("2026-01-05"), ms("2026-01-05T08:00Z")
    plan = schedule(weekly(), office)
    assert list(rows(lay_out(plan, [], monday, "weeks"))) == ["Primary", "Office", "On call"]
    swap = override("C-DEE", start + HOUR, start + 3 * HOUR)
    shown = rows(lay_out(plan, [swap], monday, "weeks"))
    [band] = shown["Overrides"].bands
    assert (band.hold.override, band.begins, band.ends) == (swap, True, True)
    assert [b.hold.contact for b in shown["Office"].bands] == ["C-ANN"]
    final = shown[FINAL_WORD].bands
    assert [b.hold.contact for b in final] == ["", "C-ANN", "C-DEE", "C-ANN"]
    assert final[0].hold.longer_before, "before the schedule begins there is nobody"
    assert rows(lay_out(plan, [swap], monday, "weeks"), 1)["Overrides"].bands == ()


def test_overrides_that_overlap_have_a_row_each() -> None:
    one, two = override("C-ANN", 0, 10), override("C-BO", 5, 20)
    three = override("C-CY", 10, 12)
    found = [[hold.override for hold in lane] for lane in lanes([two, three, one])]
    assert found == [[one, three], [two]]


def test_a_shift_over_midnight_of_sunday_is_cut_and_says_so() -> None:
    plan = schedule(weekly(handover={"time": "09:00", "weekday": 2}))
    calendar = lay_out(plan, [], day("2026-01-12"), "weeks")
    first = rows(calendar)["Primary"].bands[-1]
    second = rows(calendar, 1)["Primary"].bands[0]
    assert first.hold == second.hold
    assert (first.begins, first.ends, second.begins, second.ends) == (True, False, False, True)


def test_places_and_moments_go_both_ways_over_a_day_of_25_hours() -> None:
    week = lay_out(schedule(weekly()), [], day("2026-10-19"), "weeks").weeks[0]
    sunday = week.days[6]
    assert place(week, sunday.start_ms) == 6.0
    assert place(week, sunday.start_ms + 25 * HOUR // 2) == 6.5
    assert place(week, sunday.end_ms) == 7.0
    assert place(week, week.start_ms - 1) == 0.0
    assert moment_at(week, 6.5) == sunday.start_ms + 25 * HOUR // 2


def test_a_day_that_a_zone_left_out_is_of_no_length() -> None:
    gone = day_of("Pacific/Apia", day("2011-12-30"))
    assert gone.hours == 0
    assert length_words(gone) == "0 h"
    plan = schedule(weekly(start="2011-01-03"), zone="Pacific/Apia")
    week = lay_out(plan, [], day("2011-12-26"), "weeks").weeks[0]
    assert place(week, gone.start_ms) == 5.0


def test_no_calendar_goes_beyond_what_can_be_planned() -> None:
    for wanted in (-10_000, 10_000_000):
        monday = within_reach(wanted)
        assert monday >= FIRST_DAY
        for zone in ("Pacific/Kiritimati", "America/Adak"):
            calendar = lay_out(schedule(weekly(), zone=zone), [], monday, "month")
            assert calendar.start_ms >= 0
            assert calendar.end_ms <= LAST_MS


@st.composite
def calendars(draw: Any) -> tuple[Any, list[Any], Calendar]:
    zone, on = draw(
        st.sampled_from(
            [
                ("Europe/Prague", date(2026, 3, 29)),
                ("America/New_York", date(2026, 11, 1)),
                ("Australia/Lord_Howe", date(2026, 10, 4)),
                ("Africa/Casablanca", date(2026, 2, 15)),
                ("Asia/Kathmandu", date(2026, 3, 29)),
            ]
        )
    )
    layers = draw(st.lists(layers_near(on, 5), min_size=1, max_size=3))
    plan = read_schedule("Database", roster(*layers, zone=zone))
    at = on.toordinal() - EPOCH
    found = []
    for _ in range(draw(st.integers(0, 3))):
        low = at * DAY_MS + draw(st.integers(-6, 6)) * DAY_MS // 2
        contact = draw(st.sampled_from(PEOPLE))
        others = [p for p in PEOPLE if p != contact]
        found.append(
            override(
                contact,
                low,
                low + draw(st.integers(1, 3 * DAY_MS)),
                draw(st.sampled_from(["", *others])),
            )
        )
    return plan, found, lay_out(plan, found, monday_of(zone, at * DAY_MS), "weeks")


@given(calendars(), st.data())
def test_the_last_row_is_whole_and_agrees_with_who_is_on_call(case: Any, data: Any) -> None:
    plan, overrides, calendar = case
    for week in calendar.weeks:
        final = week.rows[-1]
        assert (final.kind, final.bands[0].start_ms) == ("final", week.start_ms)
        assert final.bands[-1].end_ms == week.end_ms
        assert all(one.end_ms == after.start_ms for one, after in pairwise(final.bands))
        for row in week.rows:
            assert all(one.end_ms <= after.start_ms for one, after in pairwise(row.bands))
        at = data.draw(st.integers(week.start_ms, week.end_ms - 1))
        [band] = [b for b in final.bands if b.start_ms <= at < b.end_ms]
        assert on_call(plan, overrides, at) == ((band.hold.contact,) if band.hold.contact else ())
        assert 0 <= place(week, band.start_ms) < place(week, band.end_ms) <= 7

"""Who is on call: against a slow model, across clock changes, with overrides."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.oncall.reading import read_schedule
from crisisdesk.domain.oncall.schedule import Override, Schedule, Shift
from crisisdesk.domain.oncall.shifts import gaps, next_handover, on_call, shifts, whole_shifts

from tests.domain.oncall.rosters import (
    CHANGES,
    PEOPLE,
    Model,
    layer,
    local_ms,
    ms,
    override,
    rosters,
    schedule,
    weekly,
)

HOUR, DAY = 3_600_000, 86_400_000
MONDAY = ms("2026-01-05T08:00Z")  # 09:00 in Prague


@st.composite
def overrides_within(draw: Any, start: int, end: int) -> list[Override]:
    """Up to five overrides that touch a range, some of another schedule."""
    found = []
    for _ in range(draw(st.integers(0, 5))):
        low = draw(st.integers(start - HOUR, end - 1))
        contact = draw(st.sampled_from(PEOPLE))
        others = [p for p in PEOPLE if p != contact]
        found.append(
            override(
                contact,
                low,
                draw(st.integers(low + 1, end + HOUR)),
                draw(st.sampled_from(["", *others])),
            )
        )
    return found


@given(rosters())
def test_it_agrees_with_a_model_that_walks_the_clock(roster: tuple[dict[str, Any], int, int]):
    of, start, end = roster
    plan = read_schedule("Database", of)
    for at, who in Model(of, start, end, timedelta(minutes=5)).steps.items():
        assert on_call(plan, [], at) == ((who,) if who else ())


@settings(max_examples=15)
@given(rosters(grain=1))
def test_it_agrees_to_the_minute(roster: tuple[dict[str, Any], int, int]):
    of, start, end = roster
    steps = Model(of, start, end, timedelta(minutes=1)).steps
    for shift in shifts(read_schedule("Database", of), [], start, end):
        inside = {steps[at] for at in range(shift.start_ms, shift.end_ms, 60_000)}
        assert inside == {shift.contacts[0] if shift.contacts else ""}


@given(rosters(), st.data())
def test_shifts_cover_the_range_once_and_agree_with_each_moment(
    roster: tuple[dict[str, Any], int, int], data: st.DataObject
):
    of, start, end = roster
    plan = read_schedule("Database", of)
    end = data.draw(st.integers(start + 1, end))
    changed = data.draw(overrides_within(start, end))
    found = shifts(plan, changed, start, end)
    assert (found[0].start_ms, found[-1].end_ms) == (start, end)
    for one, after in pairwise(found):
        assert one.end_ms == after.start_ms
        assert one.contacts != after.contacts
    for shift in found:
        assert shift.length_ms > 0
        inside = data.draw(st.integers(shift.start_ms, shift.end_ms - 1))
        for at in (shift.start_ms, inside, shift.end_ms - 1):
            assert on_call(plan, changed, at) == shift.contacts
    assert gaps(plan, changed, start, end) == [s for s in found if not s.contacts]


@given(rosters(), st.data())
def test_the_next_handover_is_where_the_shift_ends(
    roster: tuple[dict[str, Any], int, int], data: st.DataObject
):
    of, start, end = roster
    plan = read_schedule("Database", of)
    changed = data.draw(overrides_within(start, end))
    found = shifts(plan, changed, start, end + 40 * DAY)
    handover = next_handover(plan, changed, start)
    if len(found) == 1:
        assert handover is None or handover.at_ms >= found[0].end_ms
    else:
        assert handover is not None
        assert (handover.at_ms, handover.off) == (found[0].end_ms, found[0].contacts)
        assert handover.on == found[1].contacts


@pytest.mark.parametrize(("zone", "day"), CHANGES)
def test_a_handover_at_nine_stays_at_nine(zone: str, day: Any):
    first = day - timedelta(days=10)
    plan = schedule(layer(start=first.isoformat()), zone=zone)
    nines = [local_ms(first + timedelta(days=n), zone, 9) for n in range(20)]
    found = shifts(plan, [], nines[0], nines[-1])
    assert [s.start_ms for s in found] == nines[:-1]
    lengths = {shift.length_ms / HOUR for shift in found}
    jumps = {"Australia/Lord_Howe": 0.5, "Asia/Kathmandu": 0}
    assert lengths - {24} in ({24 - jumps.get(zone, 1)}, {24 + jumps.get(zone, 1)}, set())
    assert (lengths == {24}) == (zone == "Asia/Kathmandu")


def test_a_time_that_is_leapt_over_is_handed_over_at_the_leap():
    plan = schedule(layer(handover={"time": "02:30"}, start="2026-03-28"))
    found = shifts(plan, [], ms("2026-03-28T12:00Z"), ms("2026-03-30T12:00Z"))
    assert [s.start_ms for s in found[1:]] == [ms("2026-03-29T01:00Z"), ms("2026-03-30T00:30Z")]


def test_a_time_that_comes_twice_is_handed_over_at_the_first():
    plan = schedule(layer(handover={"time": "02:30"}, start="2026-10-24"))
    found = shifts(plan, [], ms("2026-10-24T12:00Z"), ms("2026-10-26T12:00Z"))
    assert [s.start_ms for s in found[1:]] == [ms("2026-10-25T00:30Z"), ms("2026-10-26T01:30Z")]


def test_hours_are_real_hours_across_a_change():
    plan = schedule(layer(rotation="hour", every=12, start="2026-03-28"))
    found = shifts(plan, [], ms("2026-03-28T08:00Z"), ms("2026-03-31T08:00Z"))
    assert {s.length_ms for s in found[:-1]} == {12 * HOUR}
    assert found[0].start_ms == ms("2026-03-28T08:00Z")


@pytest.mark.parametrize(("zone", "day"), CHANGES)
def test_hours_that_meet_leave_no_gap_at_a_change(zone: str, day: Any):
    every = [0, 1, 2, 3, 4, 5, 6]
    plan = schedule(
        layer(
            start="2017-01-01",
            hours=[
                {"days": every, "from": "00:15", "to": "02:15"},
                {"days": every, "from": "02:15", "to": "00:15"},
            ],
        ),
        zone=zone,
    )
    start = local_ms(day - timedelta(days=2), zone)
    assert gaps(plan, [], start, start + 5 * DAY) == []


def test_a_later_layer_covers_an_earlier_one_only_in_its_hours():
    office = layer(
        name="Office",
        members=["C-DEE"],
        hours=[{"days": [0, 1, 2, 3, 4], "from": "09:00", "to": "17:00"}],
    )
    plan = schedule(weekly(), office)
    found = shifts(plan, [], MONDAY, MONDAY + 2 * DAY)
    assert [(s.contacts, s.length_ms // HOUR) for s in found] == [
        (("C-DEE",), 8),
        (("C-ANN",), 16),
        (("C-DEE",), 8),
        (("C-ANN",), 16),
    ]


def test_hours_past_midnight_belong_to_the_day_they_begin_on():
    night = [{"days": [4], "from": "22:00", "to": "06:00"}]
    plan = schedule(layer(members=["C-ANN"], hours=night))
    found = [s for s in shifts(plan, [], MONDAY, MONDAY + 7 * DAY) if s.contacts]
    assert [(s.start_ms, s.end_ms) for s in found] == [
        (ms("2026-01-09T21:00Z"), ms("2026-01-10T05:00Z"))
    ]


def test_a_first_week_may_be_short_and_then_weeks_begin_on_their_weekday():
    plan = schedule(weekly(start="2026-01-07"))  # a Wednesday
    found = shifts(plan, [], MONDAY, MONDAY + 16 * DAY)
    assert [(s.contacts, s.length_ms // DAY) for s in found] == [
        ((), 2),
        (("C-ANN",), 5),
        (("C-BO",), 7),
        (("C-CY",), 2),
    ]


def test_a_layer_ends_at_the_hand_over_of_its_last_day():
    plan = schedule(layer(until="2026-01-07"))
    assert on_call(plan, [], ms("2026-01-07T07:59:59.999Z")) == ("C-BO",)
    assert gaps(plan, [], MONDAY, MONDAY + 3 * DAY) == [
        Shift(contacts=(), start_ms=ms("2026-01-07T08:00Z"), end_ms=MONDAY + 3 * DAY)
    ]


def test_thirty_days_of_turns_come_out_even():
    crew = ["C-ANN", "C-BO", "C-CY"]
    plan = schedule(layer(members=crew))
    who = [on_call(plan, [], MONDAY + day * DAY + HOUR) for day in range(30)]
    assert who == [(crew[day % 3],) for day in range(30)]
    hourly = schedule(layer(members=crew, rotation="hour", every=8))
    each = [on_call(hourly, [], MONDAY + n * HOUR) for n in range(30 * 24)]
    assert each == [(crew[n // 8 % 3],) for n in range(30 * 24)]


def _at_noon(*changed: Override) -> tuple[str, ...]:
    return on_call(schedule(weekly()), changed, MONDAY + 3 * HOUR)


def test_an_override_takes_the_place_of_one_or_of_all():
    before, after = MONDAY, MONDAY + DAY
    assert _at_noon() == ("C-ANN",)
    assert _at_noon(override("C-DEE", before, after)) == ("C-DEE",)
    assert _at_noon(override("C-DEE", before, after, "C-ANN")) == ("C-DEE",)
    assert _at_noon(override("C-DEE", before, after, "C-BO")) == ("C-ANN",)
    assert _at_noon(override("C-DEE", before, MONDAY + 3 * HOUR)) == ("C-ANN",)
    assert _at_noon(override("C-DEE", MONDAY + 3 * HOUR, after)) == ("C-DEE",)


def test_of_two_overrides_the_later_published_one_stands():
    def of(contact: str, replaces: str = "") -> Override:
        return override(contact, MONDAY, MONDAY + DAY, replaces)

    assert _at_noon(of("C-DEE"), of("C-CY")) == ("C-CY",)
    assert _at_noon(of("C-DEE", "C-ANN"), of("C-CY", "C-ANN")) == ("C-CY",)
    # Who stepped in can be replaced in turn, and an earlier word about them is taken back.
    assert _at_noon(of("C-DEE", "C-ANN"), of("C-CY", "C-DEE")) == ("C-CY",)
    assert _at_noon(of("C-CY", "C-DEE"), of("C-DEE", "C-ANN")) == ("C-DEE",)
    # Who had the place has it no more once the whole schedule went to somebody else.
    assert _at_noon(of("C-DEE"), of("C-CY", "C-ANN")) == ("C-DEE",)
    assert _at_noon(of("C-DEE", "C-ANN"), of("C-CY")) == ("C-CY",)


def test_an_override_fills_a_gap_and_those_of_other_schedules_do_nothing():
    plan = schedule(layer(until="2026-01-07"))
    late = MONDAY + 3 * DAY
    assert on_call(plan, [override("C-CY", late, late + HOUR)], late) == ("C-CY",)
    assert on_call(plan, [override("C-CY", late, late + HOUR, "C-ANN")], late) == ()
    stranger = Override(
        schedule="Network", contact="C-CY", start_ms=MONDAY, end_ms=MONDAY + 9 * DAY
    )
    assert on_call(plan, [stranger], late) == ()
    assert [s.contacts for s in shifts(plan, [stranger], late, late + HOUR)] == [()]


def test_no_handover_is_found_where_nothing_ever_changes():
    assert next_handover(schedule(layer(members=["C-ANN"])), [], MONDAY) is None
    later = schedule(layer(members=["C-ANN"], start="2027-06-01"))
    handover = next_handover(later, [], MONDAY)
    assert handover is not None
    assert (handover.at_ms, handover.off, handover.on) == (
        ms("2027-06-01T07:00Z"),
        (),
        ("C-ANN",),
    )


def test_whole_shifts_keep_their_own_beginning_and_end():
    plan = schedule(weekly())
    middle = MONDAY + 9 * DAY
    assert whole_shifts(plan, [], middle, middle + HOUR) == [
        Shift(contacts=("C-BO",), start_ms=MONDAY + 7 * DAY, end_ms=MONDAY + 14 * DAY)
    ]
    alone = schedule(layer(members=["C-ANN"]))
    one, other = (
        whole_shifts(alone, [], middle + 365 * DAY + n, middle + 366 * DAY) for n in (0, 9)
    )
    assert one == other


@pytest.mark.parametrize(
    ("start", "end"), [(5, 5), (6, 5), (-1, 5), (0, 751 * DAY), (0, 9_999_999_999_999)]
)
def test_a_range_that_is_none_is_refused(start: int, end: int):
    with pytest.raises(Malformed, match=r"to: .*(range|after from)"):
        shifts(schedule(layer()), [], start, end)


def _seconds(plan: Schedule, days: int, changed: list[Override]) -> float:
    began = perf_counter()
    assert shifts(plan, changed, MONDAY, MONDAY + days * DAY)
    return perf_counter() - began


def test_it_is_quick():
    three = schedule(
        weekly(), layer(), layer(hours=[{"days": [5, 6], "from": "22:00", "to": "06:00"}])
    )
    changed = [override("C-DEE", MONDAY + n * DAY, MONDAY + n * DAY + HOUR) for n in range(30)]
    assert min(_seconds(three, 30, changed) for _ in range(3)) < 0.05
    hourly = schedule(layer(rotation="hour"))
    assert _seconds(hourly, 365, changed) < 1.0
    began = perf_counter()
    for n in range(200):
        on_call(three, changed, MONDAY + n * HOUR)
    assert (perf_counter() - began) / 200 < 0.001

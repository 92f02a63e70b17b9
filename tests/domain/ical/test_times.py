"""Dates, times and lengths of a calendar, and the moments they mean."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.ical.lines import Line
from crisisdesk.domain.ical.times import Span, Zones, read_span, read_stamp, read_stamps

from tests.domain.oncall.rosters import CHANGES, ms

HOUR, DAY = 3_600_000, 86_400_000
PRAGUE = Zones(default="Europe/Prague", located={})


def stamps(value: str, **params: str) -> list[int]:
    line = Line(name="DTSTART", value=value, params=params)
    return [s.at_ms for s in read_stamps(line, PRAGUE, "DTSTART")]


@pytest.mark.parametrize(
    ("value", "params", "moment"),
    [
        ("20260105T080000Z", {}, "2026-01-05T08:00Z"),
        ("20260105T080000", {}, "2026-01-05T08:00+01:00"),
        ("20260105T080000", {"TZID": "America/New_York"}, "2026-01-05T08:00-05:00"),
        ("20260105T080000Z", {"TZID": "America/New_York"}, "2026-01-05T08:00Z"),
        ("20260105", {"VALUE": "DATE"}, "2026-01-05T00:00+01:00"),
        ("20260105T235960Z", {}, "2026-01-05T23:59:59Z"),
        # Leapt over: as if the clock had not been put forward. Twice: the first time.
        ("20260329T023000", {}, "2026-03-29T02:30+01:00"),
        ("20261025T023000", {}, "2026-10-25T02:30+02:00"),
        # A day that has no midnight begins with its first moment.
        ("20181104", {"TZID": "America/Sao_Paulo"}, "2018-11-04T01:00-02:00"),
    ],
)
def test_a_time_means_its_moment(value: str, params: dict[str, str], moment: str):
    assert stamps(value, **params) == [ms(moment)]


@given(st.sampled_from(CHANGES), st.integers(-2 * 86_400, 2 * 86_400))
def test_a_time_means_what_python_says_it_does(change: Any, off: int):
    zone, day = change
    naive = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=off)
    text = naive.strftime("%Y%m%dT%H%M%S")
    expected = naive.replace(tzinfo=ZoneInfo(zone)).timestamp()
    assert stamps(text, TZID=zone) == [expected * 1000]


def test_several_times_stand_in_one_line():
    assert stamps("20260105,20260106") == [
        ms("2026-01-05T00:00+01:00"),
        ms("2026-01-06T00:00+01:00"),
    ]


@pytest.mark.parametrize(
    ("value", "params"),
    [
        ("", {}),
        ("2026-01-05", {}),
        ("20260230", {}),
        ("20260105T", {}),
        ("20260105T0800", {}),
        ("20260105T250000Z", {}),
        ("20260105T080000+0100", {}),
        ("20260105,", {}),
        ("٢٠٢٦٠١٠٥", {}),
        ("18900101", {}),
        ("99991231", {}),
        ("20260105T080000Z/PT1H", {"VALUE": "PERIOD"}),
        ("20260105T080000", {"TZID": "Nowhere"}),
    ],
)
def test_any_other_time_is_refused(value: str, params: dict[str, str]):
    with pytest.raises(Malformed, match=r"^DTSTART: .*; "):
        stamps(value, **params)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("PT8H", Span(ms=8 * HOUR)),
        ("P1W", Span(days=7)),
        ("+P2DT1H30M5S", Span(days=2, ms=HOUR + 30 * 60_000 + 5_000)),
    ],
)
def test_a_length_is_read(text: str, span: Span):
    assert read_span(text, "DURATION") == span


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "-PT8H", "PT0S", "8H", "P1H", "P1W2D", "PT" + "9" * 99]
)
def test_a_length_that_is_none_is_refused(text: str):
    with pytest.raises(Malformed, match=r"^DURATION: .*PT8H"):
        read_span(text, "DURATION")


def test_days_are_days_of_the_calendar_and_hours_are_real_ones():
    start = read_stamp("20260328T120000", "Europe/Prague", "DTSTART")
    assert Span(days=1).end_ms(start) == ms("2026-03-29T12:00+02:00")
    assert Span(ms=24 * HOUR).end_ms(start) == ms("2026-03-29T13:00+02:00")
    assert Span(days=1, ms=HOUR).end_ms(start) - start.at_ms == DAY

"""Times as they are shown and typed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.desk.incidents.times import (
    DAY_MS,
    local_minute,
    parse_happened,
    utc_clock,
    utc_day,
    utc_minute,
    when_words,
    zone_name,
)
from crisisdesk.domain.errors import Malformed

from tests.domain.incident_log import START


@given(st.integers(0, 4_000_000_000_000), st.integers(0, 23), st.integers(0, 59))
def test_a_time_typed_is_the_latest_such_minute_that_has_passed(now: int, hour: int, minute: int):
    at = parse_happened(f"{hour}:{minute:02d}", now)
    assert at is not None
    assert now - DAY_MS < at <= now
    assert utc_minute(at) == f"{hour:02d}:{minute:02d}"


@pytest.mark.parametrize("text", ["25:00", "12:60", "now", "12", "12:3", "-1:00"])
def test_what_is_no_time_is_refused_in_words(text: str):
    with pytest.raises(Malformed, match=f"{re.escape(repr(text))} is no time; write hh:mm in UTC"):
        parse_happened(text, START)


def test_blank_means_now_and_utc_may_be_said():
    assert parse_happened("  ", START) is None
    assert utc_clock(parse_happened("02:01 UTC", START) or 0) == "02:01:00"


def test_times_read_as_they_should():
    assert (utc_clock(START), utc_minute(START), utc_day(START)) == (
        "02:05:02", "02:05", "Thu 12 Feb",
    )  # fmt: skip
    assert when_words(START, START + 60_000) == "02:05 UTC"
    assert when_words(START, START + DAY_MS) == "Thu 12 Feb 02:05 UTC"


def test_local_time_is_that_of_the_machine(monkeypatch: pytest.MonkeyPatch):
    import time

    monkeypatch.setenv("TZ", "Europe/Prague")
    time.tzset()
    try:
        assert (local_minute(START), zone_name(START)) == ("03:05", "CET")
    finally:
        monkeypatch.undo()
        time.tzset()

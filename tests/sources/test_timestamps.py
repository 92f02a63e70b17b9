"""RFC 3339 times as monitoring systems write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.sources.rules import IntakeError
from crisisdesk.sources.timestamps import time_at

NOON = 1_772_366_400_000  # 2026-03-01T12:00:00Z


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01T12:00:00Z", NOON),
        ("2026-03-01t12:00:00z", NOON),
        ("2026-03-01 12:00:00Z", NOON),
        ("2026-03-01T12:00Z", NOON),
        ("2026-03-01T12:00:00", NOON),
        ("2026-03-01T12:00:00.123Z", NOON + 123),
        ("2026-03-01T12:00:00.123999999Z", NOON + 123),
        ("2026-03-01T12:00:00.5Z", NOON + 500),
        ("2026-03-01T14:30:00+02:30", NOON),
        ("2026-03-01T12:00:00.000+0000", NOON),
        ("2026-03-01T07:00:00.000000001-05:00", NOON),
        ("1969-12-31T23:59:59.999Z", -1),
        ("0001-01-01T00:00:00Z", None),
        ("", None),
        (None, None),
    ],
)
def test_times_are_read_to_the_millisecond(text: str | None, expected: int | None) -> None:
    assert time_at(text, "startsAt") == expected


@pytest.mark.parametrize(
    "value",
    [
        "soon",
        "2026-03-01",
        "20260301T120000Z",
        "2026-W09-7T12:00:00Z",
        "2026-02-30T12:00:00Z",
        "2026-03-01T25:00:00Z",
        "2026-03-01T12:00:00+99:00",
        "2026-03-01T12:00:00Z\n",
        "２026-03-01T12:00:00Z",
        "2026-03-01T12:00:00." + "1" * 500 + "Z",
        "0000-01-01T00:00:00Z",
        1772366400,
        True,
        {},
    ],
)
def test_anything_else_is_refused_by_its_path(value: Any) -> None:
    with pytest.raises(IntakeError) as caught:
        time_at(value, "alerts[2].endsAt")
    assert (caught.value.status, caught.value.field) == (400, "alerts[2].endsAt")


@given(
    st.integers(-62_000_000_000_000_000, 253_300_000_000_000_000),
    st.integers(-23 * 60, 23 * 60),
)
def test_every_moment_comes_back(since_us: int, offset_min: int) -> None:
    zone = timezone(timedelta(minutes=offset_min))
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=since_us)
    assert time_at(moment.astimezone(zone).isoformat(), "t") == since_us // 1000

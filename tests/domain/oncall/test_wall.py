"""The wall clock never runs backwards, and every reading has one first moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.oncall.wall import DAY_MS, checked_zone, moment_ms, wall_ms, weekday_of

from tests.domain.oncall.rosters import CHANGES, local_ms, ms

# A zone that left a whole day out, and one whose clock moves by two hours.
ODD = (
    ("Pacific/Apia", datetime(2011, 12, 30, tzinfo=UTC).date()),
    ("Antarctica/Troll", datetime(2026, 10, 25, tzinfo=UTC).date()),
)
near_changes = st.builds(
    lambda change, off: (change[0], local_ms(change[1], change[0]) + off),
    st.sampled_from([*CHANGES, *ODD]),
    st.integers(-2 * DAY_MS, 2 * DAY_MS),
)


def naive(wall: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None) + timedelta(milliseconds=wall)


@given(near_changes, st.integers(-DAY_MS, DAY_MS))
def test_a_reading_is_reached_at_its_moment_and_not_before(place: Any, apart: int):
    zone, at = place
    wall = wall_ms(zone, at + apart)
    assert (wall_ms(zone, at) >= wall) == (at >= moment_ms(zone, wall))
    first = moment_ms(zone, wall)
    assert wall_ms(zone, first) >= wall > wall_ms(zone, first - 1)


@given(near_changes, st.integers(0, DAY_MS))
def test_it_never_runs_backwards(place: Any, later: int):
    zone, at = place
    assert wall_ms(zone, at) <= wall_ms(zone, at + later)


@given(near_changes)
def test_it_shows_local_time_unless_an_hour_is_repeated(place: Any):
    zone, at = place
    local = datetime.fromtimestamp(at // 1000, ZoneInfo(zone))
    shown = naive(wall_ms(zone, at))
    if local.fold:
        assert shown > local.replace(tzinfo=None)
    else:
        assert shown - local.replace(tzinfo=None) == timedelta(milliseconds=at % 1000)


def test_known_readings():
    zone = "Europe/Prague"
    assert naive(wall_ms(zone, ms("2026-07-01T10:00Z"))) == naive(ms("2026-07-01T12:00Z"))
    stands = naive(ms("2026-10-25T03:00Z") - 1)
    assert naive(wall_ms(zone, ms("2026-10-25T01:00Z"))) == stands
    assert naive(wall_ms(zone, ms("2026-10-25T01:59:59.999Z"))) == stands
    assert naive(wall_ms(zone, ms("2026-10-25T02:00Z"))) == stands + timedelta(milliseconds=1)
    assert moment_ms("Pacific/Apia", ms("2011-12-30T12:00Z")) == ms("2011-12-30T10:00Z")


def test_weekdays_count_from_monday():
    days = [datetime(2026, 1, 5, tzinfo=UTC) + timedelta(days=n) for n in range(-4000, 4000, 13)]
    for day in days:
        assert weekday_of(int(day.timestamp()) // 86_400) == day.weekday()


@pytest.mark.parametrize(
    "name", ["UTC", "Europe/Prague", "America/Argentina/Buenos_Aires", "Etc/GMT+12"]
)
def test_zones_that_mean_the_same_everywhere_are_taken(name: str):
    assert checked_zone(name, "zone") == name


@pytest.mark.parametrize(
    "name",
    [
        "", "Europe", "Europe/", "Europe/Atlantis", "europe/prague", "localtime", "posix/Etc/UTC",
        "right/Europe/Prague", "/etc/passwd", "Europe/../Europe/Prague", "Europe/Prague\n", "CEST",
        "Europe/" + "x" * 500, 7, None,
    ],
)  # fmt: skip
def test_anything_else_is_no_zone(name: object):
    with pytest.raises(Malformed, match=r"layers\.zone: .*Europe/Prague, or UTC") as refused:
        checked_zone(name, "layers.zone")
    assert len(str(refused.value)) < 200

"""Lines of an axis: round, few, and within what is shown; also where clocks are changed."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.desk.health.ticks import HOUR_MS, MINUTE_MS, time_ticks, value_ticks

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@pytest.fixture
def prague(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Prague")
    time.tzset()
    time_ticks.cache_clear()
    yield
    monkeypatch.undo()
    time.tzset()
    time_ticks.cache_clear()


def ms(*parts: int) -> int:
    return round(datetime(*parts, tzinfo=UTC).timestamp() * 1000)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.0, 1.0, ["0", "0.2", "0.4", "0.6", "0.8", "1"]),
        (-2.5, 7.0, ["-2", "0", "2", "4", "6"]),
        (0.0, 62_000.0, ["0", "20 k", "40 k", "60 k"]),
        (98.0, 101.0, ["98", "99", "100", "101"]),
        (0.0, 5e6, ["0", "1 M", "2 M", "3 M", "4 M", "5 M"]),
        (1.0, 1.0, []),
        (0.0, math.inf, []),
        (math.nan, 1.0, []),
    ],
)
def test_values_are_round(low: float, high: float, words: list[str]) -> None:
    assert [tick.words for tick in value_ticks(low, high, 6)] == words


@given(FINITE, FINITE, st.integers(0, 12))
def test_there_are_no_more_than_fit_and_none_outside(a: float, b: float, most: int) -> None:
    low, high = min(a, b), max(a, b)
    found = [tick.at for tick in value_ticks(low, high, most)]
    assert len(found) <= most
    assert found == sorted(set(found))
    dust = (high - low) * 1e-5 if math.isfinite(high - low) else 0.0
    assert all(low - dust <= at <= high + dust for at in found)


@given(st.integers(0, 4_000_000_000_000), st.integers(1, 400 * 24 * HOUR_MS), st.integers(1, 20))
def test_times_lie_in_the_stretch_and_are_few(since: int, length: int, most: int) -> None:
    found = time_ticks(since, since + length, most)
    assert len(found) <= most
    places = [tick.at for tick in found]
    assert places == sorted(set(places))
    assert all(since <= at <= since + length for at in places)


def test_times_are_round_where_the_operator_is(prague: None) -> None:
    since = ms(2026, 2, 12, 1, 7)
    found = time_ticks(since, since + HOUR_MS, 6)
    assert [tick.words for tick in found] == ["02:10", "02:20", "02:30", "02:40", "02:50", "03:00"]
    assert time_ticks(since, since + 5 * MINUTE_MS, 5)[0].words == "02:07"
    assert time_ticks(since, since, 5) == ()


def test_midnight_is_named_for_its_day(prague: None) -> None:
    since = ms(2026, 2, 12, 21)
    assert [tick.words for tick in time_ticks(since, since + 6 * HOUR_MS, 6)] == [
        "22:00", "23:00", "13 Feb", "01:00", "02:00", "03:00",
    ]  # fmt: skip


def test_when_clocks_are_changed_the_lines_stay_round(prague: None) -> None:
    # On 29 March 2026 at 01:00 UTC clocks go from 02:00 to 03:00, on 25 October back.
    for since in (ms(2026, 3, 28, 12), ms(2026, 10, 24, 12)):
        found = time_ticks(since, since + 36 * HOUR_MS, 7)
        assert len(found) >= 5
        for tick in found:
            assert time.localtime(tick.at / 1000).tm_hour % 6 == 0
            assert time.localtime(tick.at / 1000).tm_min == 0

"""Words of the Health room."""

from __future__ import annotations

import math

import pytest

from crisisdesk.desk.health.words import (
    SPANS,
    Fresh,
    chosen,
    counted,
    freshness,
    span_of,
    spoken,
    step_for,
    value_words,
)
from crisisdesk.domain.detection.series import series

NOW = 1_796_026_800_000


@pytest.mark.parametrize(
    ("age", "tone", "begins"),
    [
        (0, "ok", "last 0 s ago, every 10 s"),
        (19_999, "ok", "last 19 s ago"),
        (20_000, "stale", "late: last 20 s ago, every 10 s"),
        (29_999, "stale", "late: last 29 s ago"),
        (30_000, "down", "silent: last 30 s ago, every 10 s"),
        (-5_000, "ok", "last 0 s ago"),
    ],
)
def test_late_after_two_intervals_silent_after_three(age: int, tone: str, begins: str) -> None:
    fresh = freshness(NOW - age, 10_000, NOW)
    assert fresh.tone == tone
    assert fresh.words.startswith(begins)


def test_short_intervals_have_as_long_as_their_source() -> None:
    assert freshness(NOW - 8_999, 1_000, NOW).tone == "ok"
    assert freshness(NOW - 9_000, 1_000, NOW).tone == "stale"
    assert freshness(NOW - 15_000, 1_000, NOW).tone == "down"


def test_what_has_no_rhythm_is_not_judged() -> None:
    assert freshness(None, 0, NOW).words == "no sample yet"
    assert freshness(NOW - 60_000, 0, NOW).words.startswith("last seen")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.0, "0"),
        (0.03124, "0.03124"),
        (-12.5, "-12.5"),
        (9999.0, "9999"),
        (12_345.0, "12.35 k"),
        (2_500_000.0, "2.5 M"),
        (3e9, "3 G"),
        (4e12, "4 T"),
        (math.inf, "∞"),
        (-math.inf, "-∞"),
        (math.nan, "not a number"),
    ],
)
def test_values_are_short(value: float, words: str) -> None:
    assert value_words(value) == words


def test_a_stretch_is_drawn_in_the_step_of_the_span_it_fits_in() -> None:
    assert [step_for(span.ms) for span in SPANS] == [span.step_ms for span in SPANS]
    assert step_for(SPANS[-1].ms * 5) == SPANS[-1].step_ms
    # No chart is asked for much more than a screen is wide.
    assert max(span.ms // (span.step_ms or 1_000) for span in SPANS) <= 3_600
    assert span_of("6h").word == "6 h"
    assert span_of("no such") is SPANS[0]


def test_series_are_found_by_all_words_and_looks_own_come_last() -> None:
    up, took = series("SRC-1", "up"), series("SRC-1", "took_seconds")
    one = series("SRC-2", "latency", {"instance": "Web-1"})
    assert chosen([up, one, took], "") == [one, took, up]
    assert chosen([up, one], "web LAT") == [one]
    assert chosen([up, one], "src-2") == [one]
    assert chosen([up, one], "web nothing") == []


def test_how_many_there_are() -> None:
    assert counted(3, 3, 3) == "3 series"
    assert counted(3, 3, 9) == "3 of 9 series"
    assert counted(12, 40, 90).startswith("12 of 40 series; name")
    assert counted(4, 4, 90, "shop") == "4 series of shop"
    assert counted(12, 40, 90, "shop") == "12 of 40 series of shop"


def test_a_chart_is_spoken() -> None:
    words = spoken(series("SRC-1", "up"), "1", Fresh("fresh", "check", "ok"))
    assert words == "up, 1, fresh"

"""Waits, growth and groups."""

from __future__ import annotations

import math

from crisisdesk.domain.detection.series import series
from crisisdesk.domain.detection.watching import POINTS_MOST, STALE_MS, Group, Growth, Watch


def test_a_wait_begins_anew_after_a_gap() -> None:
    watch = Watch(0)
    kept = {"holds": True, "still": True, "for_ms": STALE_MS, "clear_ms": 0}
    assert not watch.take(0, **kept)  # type: ignore[arg-type]
    assert not watch.take(STALE_MS + 1, **kept)  # type: ignore[arg-type]
    assert watch.take(2 * STALE_MS + 1, **kept)  # type: ignore[arg-type]


def test_a_counters_reset_is_no_shrinking() -> None:
    counter, gauge = Growth(60_000, counter=True), Growth(60_000, counter=False)
    for at, value in ((0, 10.0), (10_000, 16.0), (20_000, 4.0)):
        grown, moved = counter.take(at, value, 1_000), gauge.take(at, value, 1_000)
    assert (grown, moved) == (0.5, -0.3)


def test_growth_is_over_the_span_both_ends_in_and_of_two_samples_at_least() -> None:
    growth = Growth(20_000, counter=True)
    assert growth.take(0, 5.0, 1_000) is None
    growth.take(10_000, 6.0, 1_000)
    assert growth.take(20_000, 9.0, 1_000) == 4 / 20
    assert growth.take(30_000, 9.0, 1_000) == 3 / 20
    assert growth.take(60_000, 99.0, 1_000) is None


def test_what_is_kept_of_one_series_is_bounded() -> None:
    growth = Growth(86_400_000, counter=True)
    for number in range(POINTS_MOST * 3):
        growth.take(number * 1_000, float(number), 1_000)
    assert len(growth._points) == POINTS_MOST


def test_a_group_is_made_of_what_is_not_stale() -> None:
    group = Group("min")
    group.take(series("S", "m", {"i": "1"}), 0, math.nan)
    group.take(series("S", "m", {"i": "2"}), 10, 7.0)
    assert group.value(STALE_MS) == 7.0
    assert group.due_at == STALE_MS + 1
    assert group.value(STALE_MS + 1) == 7.0
    assert len(group) == 1
    assert group.value(STALE_MS + 11) is None

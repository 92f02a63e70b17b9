"""Spreading: whole seconds within the span, the same every time."""

from __future__ import annotations

import pytest

from crisisdesk.drills.spreading import burst_ms, fraction, spread_ms


@pytest.mark.parametrize("spread", [spread_ms, burst_ms])
@pytest.mark.parametrize(("count", "over_ms"), [(1, 0), (2, 60_000), (50, 300_000), (500, 60_000)])
def test_moments_are_ordered_whole_seconds_within_the_span(spread, count, over_ms) -> None:
    moments = spread("seed", count, over_ms)
    assert len(moments) == count
    assert moments == sorted(moments)
    assert moments[0] == 0
    assert 0 <= min(moments) <= max(moments) <= over_ms
    assert all(at % 1000 == 0 for at in moments)
    assert moments == spread("seed", count, over_ms)


def test_none_are_none_and_seeds_differ() -> None:
    assert spread_ms("seed", 0, 1_000) == []
    assert burst_ms("seed", 0, 1_000) == []
    assert spread_ms("a", 50, 300_000) != spread_ms("b", 50, 300_000)


def test_fractions_fill_the_unit_interval() -> None:
    found = [fraction("x", str(i)) for i in range(400)]
    assert 0 <= min(found) < 0.05
    assert 0.95 < max(found) < 1
    assert 0.45 < sum(found) / len(found) < 0.55

"""The band as it was before each value, and what it keeps of it."""

from __future__ import annotations

import math

import pytest

from crisisdesk.domain.anomaly import expected
from crisisdesk.domain.anomaly.expected import Expected
from crisisdesk.domain.errors import Malformed

NOW = 1_796_026_800_000


def wave(number: int) -> float:
    return 5 + math.sin(number / 4)


def test_the_band_is_the_one_from_before_the_value() -> None:
    one = Expected(0.0, 10.0)
    for number in range(80):
        band = one.next()
        one.follow(NOW + number * 1_000, wave(number))
        low, high = one.columns.low[-1], one.columns.high[-1]
        assert (low, high) == band if band is not None else math.isnan(low) and math.isnan(high)
    assert math.isnan(one.columns.low[20])
    assert one.columns.low[-1] <= one.columns.high[-1]


def test_a_value_far_outside_scores_and_lies_outside() -> None:
    one = Expected(None, None)
    for number in range(400):
        one.follow(NOW + number * 1_000, wave(number))
    one.follow(NOW + 400_000, 90.0)
    assert one.columns.high[-1] < 10 < one.columns.value[-1]
    assert one.columns.score[-1] > 0.6 > max(one.columns.score[200:300])


def test_late_and_repeated_values_say_nothing() -> None:
    one = Expected(None, None)
    for at in (NOW, NOW + 5, NOW + 5, NOW + 1):
        one.follow(at, 1.0)
    assert one.columns.at.tolist() == [NOW, NOW + 5]
    assert [len(column) for column in one.columns] == [2] * 5


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expected, "KEPT", 10)
    one = Expected(None, None)
    for number in range(25):
        one.follow(NOW + number, float(number))
        assert len(one.columns.at) < 20
    assert one.columns.value[-1] == 24.0
    assert [len(column) for column in one.columns] == [len(one.columns.at)] * 5


def test_bounds_that_are_none_are_refused() -> None:
    with pytest.raises(Malformed):
        Expected(3.0, 1.0)

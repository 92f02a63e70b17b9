"""The tail of strangenesses: rare is rare, the usual is nothing, and the past fades."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.anomaly.tail import FEWEST, FORGETS, KEPT, Longest, Tail


def filled(many: int = 4000) -> Tail:
    tail = Tail(1e-3)
    for value in np.random.default_rng(5).exponential(1.0, many).tolist():
        tail.observe(value)
    return tail


def test_what_is_usual_is_no_surprise_and_what_is_rarer_is_a_greater_one() -> None:
    surprises = [filled().observe(value) for value in (0.0, 1.0, 8.0, 16.0, 64.0)]
    assert surprises[:2] == [0.0, 0.0]
    assert 1.0 < surprises[2] < surprises[3] < surprises[4]


def test_a_surprise_is_about_the_share_of_values_as_high() -> None:
    """A value at the edge of the tail is as rare as the tail is."""
    tail = filled()
    found = [tail.observe(value) for value in np.random.default_rng(6).exponential(1.0, 4000)]
    share = sum(surprise > 0 for surprise in found) / len(found)
    assert 0.25 * KEPT / 4000 < share < 4 * KEPT / 4000


@given(st.lists(st.floats(0, 1e6), max_size=200), st.floats(0.001, 1000))
def test_surprises_are_finite_and_do_not_depend_on_the_unit_but_for_the_floor(
    values: list[float], factor: float
) -> None:
    plain, scaled = Tail(1e-3), Tail(1e-3 * factor)
    for value in values:
        found = plain.observe(value)
        assert found >= 0.0
        assert math.isfinite(found)
        scaled.observe(value * factor)
    assert plain.observe(1e7) == pytest.approx(scaled.observe(1e7 * factor), rel=1e-3, abs=1e-6)


def test_nothing_is_rare_among_few() -> None:
    tail = Tail(1e-3)
    assert [tail.observe(float(n)) for n in range(FEWEST)] == [0.0] * FEWEST


def test_values_near_to_each_other_are_one_peak() -> None:
    tail = filled()
    first = tail.observe(20.0)
    for value in (19.0, 21.0, 20.0):
        tail.observe(value)
    for _ in range(20):
        tail.observe(0.0)
    assert tail.observe(20.0) == pytest.approx(first, rel=0.35)


def test_rescaled_it_judges_as_before() -> None:
    tail, other = Tail(0.0), Tail(0.0)
    for value in np.random.default_rng(5).exponential(1.0, 500).tolist():
        tail.observe(value)
        other.observe(value)
    tail.rescale(10.0)
    assert tail.observe(120.0) == pytest.approx(other.observe(12.0))


def test_an_old_catastrophe_fades() -> None:
    tail = filled(1000)
    tail.observe(1e6)
    values = np.random.default_rng(7).exponential(1.0, 3 * FORGETS).tolist()
    before = filled(1000)
    for value in values:
        tail.observe(value)
        before.observe(value)
    assert tail.observe(30.0) == pytest.approx(before.observe(30.0), rel=0.2)


def test_far_longer_than_the_longest_is_a_surprise() -> None:
    runs = Longest()
    assert runs.surprise(1000) == 0.0
    for _ in range(Longest.FEWEST_ENDED):
        runs.ended(9)
    assert [runs.surprise(length) for length in (9, 20, 38)] == [0.0, 0.0, 0.0]
    assert runs.surprise(39) == pytest.approx(3.0)
    assert runs.surprise(79) == pytest.approx(4.5)
    runs.ended(79)
    assert runs.surprise(79) == 0.0


def test_the_longest_fades_too() -> None:
    runs = Longest()
    runs.ended(1000)
    for _ in range(FORGETS):
        runs.ended(1)
    assert runs.longest == 500

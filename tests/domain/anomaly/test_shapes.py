"""The distances that are kept up are those that a plain search would find."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisdesk.domain.anomaly.shapes import HISTORY, LENGTHS, MEMORY, Shapes

PLACES = st.lists(st.floats(-10, 11), min_size=1, max_size=80)


def plain(places: list[float], length: int) -> float:
    """The root mean square distance of the newest stretch to the nearest that ended before it."""
    newest = places[len(places) - length :]
    ends = range(length, len(places) - length + 1)
    found = [
        sum((a - b) ** 2 for a, b in zip(newest, places[end - length : end], strict=True))
        for end in ends
    ]
    return math.sqrt(min(found) / length) if found else 0.0


@given(PLACES)
@settings(deadline=None, max_examples=50)
def test_the_distances_are_those_of_a_plain_search(places: list[float]) -> None:
    shapes = Shapes()
    for many, place in enumerate(places, start=1):
        found = shapes.push(place)
        wanted = [plain(places[:many], length) for length in LENGTHS]
        assert found == pytest.approx(wanted, abs=1e-4)


def test_after_many_values_they_still_are() -> None:
    places = np.random.default_rng(1).random(2 * HISTORY + 700).tolist()
    shapes = Shapes()
    for place in places:
        found = shapes.push(place)
    kept = places[-(HISTORY + LENGTHS[-1]) :]
    for length, far in zip(LENGTHS, found, strict=True):
        # The oldest lag is HISTORY values ago.
        assert far == pytest.approx(plain(kept[-(HISTORY + length) :], length), abs=1e-6)


def test_the_longest_stretch_is_compared_with_all_of_the_memory() -> None:
    """A day that was seen once is known as long as it is remembered, and not longer."""
    day = np.random.default_rng(2).random(LENGTHS[-1]).tolist()
    for away, known in ((HISTORY - LENGTHS[-1], True), (HISTORY, False)):
        shapes = Shapes()
        for place in [*day, *np.random.default_rng(3).random(away).tolist(), *day]:
            far = shapes.push(place)[-1]
        assert (far < 1e-6) is known


def test_other_places_for_the_same_values_give_the_same_shapes() -> None:
    places = np.random.default_rng(4).random(600)
    moved, fresh = Shapes(), Shapes()
    for place in places.tolist():
        moved.push(place)
    moved.replace((places / 4 + 1).tolist())
    for place in (places / 4 + 1).tolist():
        fresh.push(place)
    assert moved.push(0.5) == pytest.approx(fresh.push(0.5), abs=1e-9)


def test_recent_and_nearest() -> None:
    shapes = Shapes()
    assert shapes.recent(3) == []
    shapes.push(0.1)
    assert shapes.nearest() is None
    for place in (0.9, 0.4, 0.5):
        shapes.push(place)
    assert shapes.recent(3) == [0.5, 0.4, 0.9]
    assert shapes.recent(MEMORY) == [0.5, 0.4, 0.9, 0.1]
    assert shapes.nearest() == 0.4


def test_what_followed_the_most_alike_stretch_comes_first() -> None:
    shapes = Shapes()
    places = [(place % 40) / 40 for place in range(400)]
    for place in places:
        shapes.push(place)
    assert set(shapes.followers(5)) == {0.0}
    assert Shapes().followers(5) == []

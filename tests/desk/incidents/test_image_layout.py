"""Images stand beside each other, wrap, and are never blown up."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisdesk.desk.incidents.image_layout import (
    CAPTION,
    GAP,
    HIGH,
    LEAST,
    MISSING_HIGH,
    MISSING_WIDE,
    Tile,
    lay_tiles,
)


def test_small_ones_keep_their_size_and_large_ones_are_fitted() -> None:
    tiles = lay_tiles([(100, 50), (1_920, 1_080), None], 600).tiles
    assert tiles[0] == Tile(0, 0, 100, 50)
    assert tiles[1] == pytest.approx((108, 0, HIGH * 16 / 9, HIGH))
    # The third has no room beside them.
    assert tiles[2] == Tile(0, HIGH + CAPTION + GAP, MISSING_WIDE, MISSING_HIGH)
    assert lay_tiles([(4_000, 40)], 400).tiles[0] == Tile(0, 0, 400, LEAST)
    assert lay_tiles([], 400) == ((), 0)
    twice = lay_tiles([(100, 50)], 600, 2.0)
    assert twice.tiles[0] == Tile(0, 0, 200, 100)
    assert twice.height == 100 + 2 * CAPTION


def test_a_place_finds_its_image() -> None:
    laid = lay_tiles([(100, 50), (80, 60)], 600)
    assert (laid.at(5, 5), laid.at(110, 59), laid.at(104, 5), laid.at(5, 55)) == (0, 1, None, None)


SIZE = st.tuples(st.integers(1, 4_096), st.integers(1, 4_096)) | st.none()


@settings(max_examples=60, deadline=None)
@given(sizes=st.lists(SIZE, max_size=9), room=st.integers(120, 900))
def test_all_stay_within_the_room_and_none_covers_another(
    sizes: list[tuple[int, int] | None], room: int
) -> None:
    laid = lay_tiles(sizes, float(room))
    assert len(laid.tiles) == len(sizes)
    for tile in laid.tiles:
        assert tile.x + tile.width <= room + 1e-6
        assert tile.y + tile.height + CAPTION <= laid.height + 1e-6
    for one, two in zip(laid.tiles, laid.tiles[1:], strict=False):
        assert two.x >= one.x + one.width or two.y >= one.y + one.height

"""Where the images of an entry stand: beside each other below its words, in rows that wrap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

HIGH, MISSING_WIDE, MISSING_HIGH = 160, 240, 72
CAPTION, GAP, LEAST = 18, 8, 24


class Tile(NamedTuple):
    """One image, in pixels from the corner of them all; its caption stands below it."""

    x: float
    y: float
    width: float
    height: float

    def holds(self, x: float, y: float) -> bool:
        """Whether a place is on it."""
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height


class Tiles(NamedTuple):
    """All of them, and how high they are together with their captions."""

    tiles: tuple[Tile, ...]
    height: float

    def at(self, x: float, y: float) -> int | None:
        """Which one is there."""
        return next((i for i, tile in enumerate(self.tiles) if tile.holds(x, y)), None)


def tile_size(size: tuple[int, int] | None, room: float, zoom: float) -> tuple[float, float]:
    """How large one is shown: never larger than it is, in a room this wide; None is not here.

    What is very flat or narrow still gets enough room to be met.
    """
    if size is None:
        return min(MISSING_WIDE * zoom, room), MISSING_HIGH * zoom
    wide, high = size[0] * zoom, size[1] * zoom
    shrink = min(1.0, HIGH * zoom / high, room / wide)
    return max(LEAST * zoom, wide * shrink), max(LEAST * zoom, high * shrink)


def lay_tiles(sizes: Sequence[tuple[int, int] | None], room: float, zoom: float = 1.0) -> Tiles:
    """Rows of images of these sizes (pixels at 100 %) in a room this wide."""
    tiles: list[Tile] = []
    x = y = tallest = 0.0
    for size in sizes:
        wide, high = tile_size(size, room, zoom)
        if tiles and x + wide > room:
            x, y, tallest = 0.0, y + tallest + (CAPTION + GAP) * zoom, 0.0
        tiles.append(Tile(x, y, wide, high))
        x, tallest = x + wide + GAP * zoom, max(tallest, high)
    return Tiles(tuple(tiles), y + tallest + CAPTION * zoom if tiles else 0.0)

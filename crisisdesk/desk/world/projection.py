"""Degrees onto pixels: the part of the world that holds some places, as large as it fits."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# Without the poles, where nobody serves anybody.
WORLD_NORTH, WORLD_SOUTH = 78.0, -57.0
_LEAST_SPAN = 24.0
_MARGIN = 0.22


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """Plate carrée that is true to shape at ``middle`` (degrees north). Pixels from the top left.

    ``west`` and ``north`` are the degrees at the left and upper edge, ``scale`` pixels a degree of
    latitude.
    """

    west: float
    north: float
    scale: float
    middle: float

    def point(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Where a place lies."""
        east = (longitude - self.west) * math.cos(math.radians(self.middle))
        return east * self.scale, (self.north - latitude) * self.scale


def fit(places: Sequence[tuple[float, float]], width: float, height: float) -> Projection:
    """Show all places (latitude, longitude) with some room around; without any the whole world."""
    if places:
        north, south = max(p[0] for p in places), min(p[0] for p in places)
        west, east = min(p[1] for p in places), max(p[1] for p in places)
        tall = max((north - south) * (1 + 2 * _MARGIN), _LEAST_SPAN / 2)
        wide = max((east - west) * (1 + 2 * _MARGIN), _LEAST_SPAN)
        middle, centre = (north + south) / 2, (west + east) / 2
    else:
        middle, centre = (WORLD_NORTH + WORLD_SOUTH) / 2, 0.0
        tall, wide = WORLD_NORTH - WORLD_SOUTH, 360.0
    shrink = math.cos(math.radians(middle))
    scale = min(height / tall, width / (wide * shrink))
    # Nothing is gained by showing more than the world.
    scale = max(scale, min(height / (WORLD_NORTH - WORLD_SOUTH), width / (360.0 * shrink)))
    half = height / scale / 2
    middle_shown = min(max(middle, WORLD_SOUTH + half), WORLD_NORTH - half)
    if 2 * half >= WORLD_NORTH - WORLD_SOUTH:
        middle_shown = (WORLD_NORTH + WORLD_SOUTH) / 2
    return Projection(
        west=centre - width / (scale * shrink) / 2,
        north=middle_shown + half,
        scale=scale,
        middle=middle,
    )


Box = tuple[float, float, float, float]


def place_labels(
    points: Iterable[tuple[float, float, float]], line: float, away: float, room: Box
) -> list[Box | None]:
    """A box (left, top, width, height) for the label of each point (x, y, width of its words).

    The first points choose first; one that would cover another label, a point or the edge is left
    out (None): a place without its label is better than two labels on each other.
    """
    points = list(points)
    taken: list[Box] = [(x - away, y - away, 2 * away, 2 * away) for x, y, _ in points]
    found: list[Box | None] = []
    for x, y, width in points:
        tries: tuple[Box, ...] = (
            (x + away + 2, y - line / 2, width, line),
            (x - away - 2 - width, y - line / 2, width, line),
            (x - width / 2, y - away - line, width, line),
            (x - width / 2, y + away, width, line),
        )
        own = (x - away, y - away, 2 * away, 2 * away)
        fits = (
            box
            for box in tries
            if _inside(box, room) and not any(_meet(box, t) for t in taken if t != own)
        )
        box = next(fits, None)
        found.append(box)
        if box is not None:
            taken.append(box)
    return found


def _inside(box: Box, room: Box) -> bool:
    return (
        box[0] >= room[0]
        and box[1] >= room[1]
        and box[0] + box[2] <= room[0] + room[2]
        and box[1] + box[3] <= room[1] + room[3]
    )


def _meet(one: Box, other: Box) -> bool:
    return (
        one[0] < other[0] + other[2]
        and other[0] < one[0] + one[2]
        and one[1] < other[1] + other[3]
        and other[1] < one[1] + one[3]
    )

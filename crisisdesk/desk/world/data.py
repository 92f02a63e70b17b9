"""Land and known places out of the program's own files, read once."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

from crisisdesk.domain.geography.places import Gazetteer, read_places
from crisisdesk.settings.places import resource_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from crisisdesk.domain.context.catalogue import Place

# A leap of more than half the world, in tenths of a degree, is one over the date line.
HALF = 1_800
Ring = tuple[tuple[float, float], ...]


@cache
def land() -> tuple[Ring, ...]:
    """The coasts: rings of (latitude, longitude) in degrees.

    A coast that crosses the date line goes on counting, beyond 180 or below -180 degrees.
    """
    rings = json.loads(resource_path("map", "land.json").read_text(encoding="utf-8"))
    return tuple(
        tuple(zip((n / 10 for n in flat[1::2]), _going_on(flat[::2]), strict=True))
        for flat in rings
    )


def _going_on(longitudes: Sequence[int]) -> Iterator[float]:
    """Degrees out of tenths, without the leap at the date line."""
    turn, before = 0, longitudes[0]
    for longitude in longitudes:
        if abs(longitude - before) > HALF:
            turn += 2 * HALF if longitude < before else -2 * HALF
        before = longitude
        yield (longitude + turn) / 10


@cache
def known_places() -> Mapping[str, Place]:
    """Clouds' regions, airports, countries, by code."""
    with resource_path("map", "places.csv").open(encoding="utf-8", newline="") as file:
        return read_places(file)


def gazetteer(own: Mapping[str, Place]) -> Gazetteer:
    """The known places, and before them those of the catalogue."""
    return Gazetteer(known=known_places(), own=own)

"""The program brings its own map."""

from __future__ import annotations

from itertools import pairwise

from crisisdesk.desk.world.data import gazetteer, known_places, land


def contains(latitude: float, longitude: float) -> bool:
    """Whether a point lies on land, by the even-odd rule."""
    inside = False
    for ring in land():
        for (y1, x1), (y2, x2) in pairwise(ring):
            if (y1 > latitude) != (y2 > latitude):
                cross = x1 + (latitude - y1) / (y2 - y1) * (x2 - x1)
                # A coast that crosses the date line goes on counting.
                crossings = sum(longitude + turn < cross for turn in (-360, 0, 360))
                inside ^= crossings % 2 == 1
    return inside


def test_land_is_where_land_is():
    for on_land in ((50.1, 8.7), (39.0, -98.0), (-25.0, 134.0), (-10.0, -52.0), (0.5, 37.9)):
        assert contains(*on_land)
    for at_sea in ((0.0, -30.0), (-40.0, 90.0), (30.0, -150.0), (42.0, 51.0)):
        assert not contains(*at_sea)


def test_rings_are_closed_and_on_earth():
    assert len(land()) > 100
    for ring in land():
        assert ring[0] == ring[-1]
        assert all(-90 <= lat <= 90 and -540 <= lon <= 540 for lat, lon in ring)
        assert all(abs(b[1] - a[1]) < 180 for a, b in pairwise(ring))


def test_known_places_are_on_earth_and_known_by_small_letters():
    for code, place in known_places().items():
        assert code == code.casefold().strip()
        assert place.name
        assert -60 < place.latitude < 80
        assert -180 <= place.longitude <= 180
    assert len(known_places()) > 200


def test_most_cities_lie_on_land_or_at_its_coast():
    near = sum(
        any(
            contains(p.latitude + dy, p.longitude + dx)
            for dy in (-1.0, 0.0, 1.0)
            for dx in (-1.0, 0.0, 1.0)
        )
        for p in known_places().values()
    )
    assert near >= len(known_places()) - 4


def test_the_gazetteer_knows_what_is_usual():
    for region, name in (
        ("fra1", "Frankfurt"),
        ("eu-central-1", "Frankfurt"),
        ("US", "United States"),
    ):
        found = gazetteer({}).locate(region)
        assert found is not None
        assert found.name == name

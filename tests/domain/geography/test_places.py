"""Regions are found by the codes people use."""

from __future__ import annotations

import pytest

from crisisdesk.domain.context.catalogue import Place, read_catalogue
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.geography.places import Gazetteer, read_places

TABLE = [
    "code,name,latitude,longitude",
    "fra,Frankfurt,50.1,8.7",
    "eu-central-1,Frankfurt,50.1,8.7",
    "us-east-1,North Virginia,39.0,-77.5",
    "eu,Europe,50.0,10.0",
]
KNOWN = read_places(TABLE)
OWN = {"cellar": Place(name="Cellar", latitude=1.0, longitude=2.0)}


@pytest.mark.parametrize(
    ("region", "name"),
    [("fra", "Frankfurt"), ("fra1", "Frankfurt"), ("FRA-2", "Frankfurt"), ("fra3b", "Frankfurt"),
     ("eu-central-1", "Frankfurt"), ("eu-central-1a", "Frankfurt"), ("us_east_1", "North Virginia"),
     (" EU ", "Europe"), ("Cellar", "Cellar"), ("cellar2", "Cellar")],
)  # fmt: skip
def test_a_region_is_found_with_and_without_the_number_of_its_hall(region: str, name: str):
    found = Gazetteer(known=KNOWN, own=OWN).locate(region)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("region", ["", "nowhere", "1", "franc", "eu-central-9"])
def test_what_nobody_placed_is_none(region: str):
    assert Gazetteer(known=KNOWN, own={}).locate(region) is None


def test_the_catalogues_own_place_comes_first():
    own = {"fra": Place(name="Our Fra", latitude=0.0, longitude=0.0)}
    found = Gazetteer(known=KNOWN, own=own).locate("fra1")
    assert found is not None
    assert found.name == "Our Fra"


def test_a_catalogue_says_where_its_places_are():
    told = {"places": {"Brno-2": {"latitude": "49.2", "longitude": "16.6", "name": "Brno"}}}
    places = read_catalogue("X", told).places
    assert places == {"brno-2": Place(name="Brno", latitude=49.2, longitude=16.6)}


@pytest.mark.parametrize(
    ("told", "field"),
    [({"latitude": "91", "longitude": "0"}, "latitude"), ({"latitude": "1"}, "longitude"),
     ({"latitude": 1.5, "longitude": "0"}, "latitude"),
     ({"latitude": "nan", "longitude": "0"}, "latitude")],
)  # fmt: skip
def test_what_is_no_place_is_refused_by_its_field(told: object, field: str):
    with pytest.raises(Malformed, match=rf"places\.x\.{field}"):
        read_catalogue("X", {"places": {"x": told}})

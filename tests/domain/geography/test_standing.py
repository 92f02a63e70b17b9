"""The worst state of a region's services is that of its place."""

from __future__ import annotations

from crisisdesk.domain.context.catalogue import Catalogue, Place, Service
from crisisdesk.domain.context.impact import Affected, Impact
from crisisdesk.domain.geography.places import Gazetteer
from crisisdesk.domain.geography.standing import PlaceState, hurt, places_of, unplaced

GAZETTEER = Gazetteer(known={"fra": Place(name="Frankfurt", latitude=50.1, longitude=8.7)}, own={})


def catalogue(**regions: tuple[str, ...]) -> Catalogue:
    services = {name: Service(name=name, regions=told) for name, told in regions.items()}
    return Catalogue(services=services)


def test_out_is_worse_than_reached_and_the_rest_is_well():
    impact = Impact(
        services=(
            Affected(service="db", distance=0),
            Affected(service="shop", distance=1, needs="db"),
        )
    )
    known = catalogue(db=("fra1",), shop=("fra1", "lost"), wiki=("ams",))
    places = places_of(impact, known, GAZETTEER)
    assert [(one.region, one.state) for one in places] == [
        ("fra1", PlaceState.OUT),
        ("lost", PlaceState.REACHED),
        ("ams", PlaceState.WELL),
    ]
    assert places[0].words == "fra1 out: db, shop"
    assert places[2].words == "ams well"
    assert hurt(places) == places[:2]
    assert unplaced(places) == ("lost", "ams")


def test_many_services_are_counted():
    names = [f"s{n}" for n in range(6)]
    impact = Impact(services=tuple(Affected(service=name, distance=0) for name in names))
    [one] = places_of(impact, catalogue(**dict.fromkeys(names, ("fra",))), GAZETTEER)
    assert one.words == "fra out: s0, s1, s2 and 3 more"


def test_without_a_catalogue_there_is_no_place():
    assert places_of(Impact(), Catalogue(), GAZETTEER) == ()

"""The map says in words what it shows, and paints every state apart."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.world.crisis_map import CrisisMap
from crisisdesk.desk.world.data import gazetteer
from crisisdesk.domain.geography.standing import PlaceStanding, PlaceState


def standing(region: str, state: PlaceState, *services: str) -> PlaceStanding:
    place = gazetteer({}).locate(region)
    return PlaceStanding(region=region, state=state, services=services, place=place)


@pytest.fixture
def shown(look: Look, qtbot: QtBot) -> CrisisMap:
    shown = CrisisMap()
    qtbot.addWidget(shown)
    shown.resize(400, 168)
    return shown


def test_it_says_what_is_hurt(shown: CrisisMap):
    places = (
        standing("fra1", PlaceState.OUT, "orders"),
        standing("ams", PlaceState.WELL),
        standing("attic", PlaceState.REACHED, "shop"),
    )
    shown.show_places(places)
    assert shown.accessibleName() == "Map: fra1 out: orders, attic reached: shop"
    assert shown.toolTip().splitlines()[1] == "ams well"
    shown.show_places(())
    assert shown.accessibleName().startswith("Map: No region is known")


def test_every_state_looks_different(shown: CrisisMap):
    images = []
    for state in PlaceState:
        shown.show_places((standing("fra1", state), standing("lhr", PlaceState.WELL)))
        images.append(shown.grab().toImage())
    assert images[0] != images[1]
    assert images[1] != images[2]
    assert images[0] != images[2]


def test_a_far_place_is_shown_too(shown: CrisisMap):
    shown.show_places((standing("fra1", PlaceState.OUT),))
    near = shown.grab().toImage()
    shown.show_places((standing("fra1", PlaceState.OUT), standing("syd", PlaceState.WELL)))
    assert near != shown.grab().toImage()

"""The pane tells what is promised and where it hurts; it is not there while nothing is known."""

from __future__ import annotations

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.impact_pane import ImpactFace, ImpactPane, head_words, read_face
from crisisdesk.desk.look.theme import Look
from crisisdesk.domain.context.catalogue import Catalogue, Service

from tests.desk.incidents.desk_stand_in import NOW_AFTER, Reader
from tests.domain.incident_log import INCIDENT, START, LogBook

NOW = START + NOW_AFTER
KNOWN = Catalogue(
    services={
        "orders-db": Service(
            name="orders-db",
            regions=("fra1",),
            availability_ppm=999_000,
            availability_days=1,
        ),
        "checkout-api": Service(
            name="checkout-api",
            depends_on=("orders-db",),
            regions=("fra1", "ams2"),
            availability_ppm=999_000,
            availability_days=30,
        ),
        "search": Service(name="search", depends_on=("orders-db",), regions=("dub1",)),
        "wiki": Service(name="wiki", regions=("brn1",)),
    }
)


@pytest.fixture
def face(log: LogBook) -> ImpactFace:
    log.catalogue = KNOWN
    reader: Any = Reader(log)
    found = read_face(reader, INCIDENT, "Ann", NOW)
    assert found is not None
    return found


@pytest.fixture
def pane(look: Look, qtbot: QtBot) -> ImpactPane:
    pane = ImpactPane()
    qtbot.addWidget(pane)
    pane.resize(372, 330)
    return pane


def test_it_says_how_much_is_hurt_and_what_is_broken(face: ImpactFace, pane: ImpactPane):
    assert head_words(face) == ("4 services, 3 of 4 places", "1 broken")
    pane.show_face(face)
    assert not pane.isHidden()
    named = [row.accessibleName() for row in pane.rows if not row.isHidden()]
    assert [name.split(",")[0] for name in named] == [
        "Promised: orders-db",
        "Promised: checkout-api",
    ]
    assert "broken, " in named[0]
    assert "if it stays out" in named[1]
    assert pane.map.accessibleName().startswith("Map: ")
    assert not pane.grab().toImage().isNull()


def test_the_map_needs_room(face: ImpactFace, pane: ImpactPane):
    pane.show_face(face)
    assert not pane.map.isHidden()
    pane.set_tall(False)
    assert pane.map.isHidden()
    pane.set_tall(True)
    assert not pane.map.isHidden()


def test_it_is_not_there_while_nothing_is_known(log: LogBook, pane: ImpactPane):
    reader: Any = Reader(log)
    bare = read_face(reader, INCIDENT, "Ann", NOW)
    assert bare is not None
    assert not bare.is_known
    pane.show_face(bare)
    assert pane.isHidden()
    pane.show_face(None)
    assert pane.isHidden()
    assert read_face(reader, "INC-NONE", "Ann", NOW) is None

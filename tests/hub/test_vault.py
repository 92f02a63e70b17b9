"""Sealed boxes in a real Postgres: the newer wins, and nothing in it can be read there."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from crisisdesk.engine.exchange.ports import HubRefused
from crisisdesk.engine.exchange.vault import Box, CannotOpen
from crisisdesk.hub import schema
from crisisdesk.hub.address import HubAddress
from crisisdesk.hub.connection import HubLink
from crisisdesk.hub.sealing import FleetSealer
from crisisdesk.hub.vault import PgBoxes

from tests.engine.exchange.test_vault import KEY, Cards, Post
from tests.postgres.fixtures import HubPlace


def link_to(dsn: str) -> HubLink:
    given = {name: str(value) for name, value in conninfo_to_dict(dsn).items()}
    password = given.pop("password")
    return HubLink(HubAddress(parameters=given, password=password), "test")


@pytest.fixture
def links(hub_place: HubPlace) -> Iterator[list[HubLink]]:
    made = [link_to(hub_place.login(name)) for name in ("alpha", "beta")]
    yield made
    for link in made:
        link.close()


def test_the_newer_box_wins_and_the_same_again_is_nothing(links: list[HubLink]) -> None:
    boxes = PgBoxes(links[0])
    assert boxes.versions() == {}
    first, second = (Box(name="m1", version=v, sealed=b"x" * v) for v in (5, 9))
    assert boxes.put(first)
    assert not boxes.put(first)
    assert not boxes.put(Box(name="m1", version=5, sealed=b"other"))
    assert PgBoxes(links[1]).put(second)
    assert not boxes.put(first)
    assert boxes.fetch(["m1", "none"]) == [second]
    assert boxes.versions() == {"m1": 9}


@pytest.mark.parametrize(
    "box",
    [
        Box(name="", version=1, sealed=b"x"),
        Box(name="m" * 201, version=1, sealed=b"x"),
        Box(name="m1", version=0, sealed=b"x"),
        Box(name="m1", version=1, sealed=b"x" * 70_000),
    ],
)
def test_what_is_no_box_is_refused(links: list[HubLink], box: Box) -> None:
    with pytest.raises(HubRefused):
        PgBoxes(links[0]).put(box)


def test_two_stations_share_an_address_that_no_one_can_read_in_between(
    hub_place: HubPlace, links: list[HubLink]
) -> None:
    cards = Cards()
    a, b = (Post(PgBoxes(link), cards) for link in links)
    a.enter("m1", "mailto://user:geheim@example.org")
    cards.save("m1", 1_770_861_902_000 << 16)
    a.vault.run()
    b.vault.run()
    assert b.address("m1") == "mailto://user:geheim@example.org"
    with psycopg.connect(hub_place.admin_dsn) as admin:
        whole = admin.execute("SELECT b::text, sealed FROM cd.box b").fetchall()
    assert len(whole) == 1
    assert b"geheim" not in whole[0][1]
    assert "example.org" not in str(whole)


def test_an_administrator_who_meddles_is_noticed(hub_place: HubPlace, links: list[HubLink]) -> None:
    cards = Cards()
    a, b = (Post(PgBoxes(link), cards) for link in links)
    for number in range(5):
        a.enter(f"m{number}", f"mailto://{number}")
        cards.save(f"m{number}", 100 + number)
    a.vault.run()
    with psycopg.connect(hub_place.admin_dsn) as admin:
        admin.execute("UPDATE cd.box SET sealed = set_byte(sealed, 40, 0) WHERE name = 'm0'")
        admin.execute("UPDATE cd.box SET sealed = set_byte(sealed, 41, 0) WHERE name = 'm0'")
        admin.execute("UPDATE cd.box SET version = 999 WHERE name = 'm1'")
        admin.execute(
            "UPDATE cd.box SET sealed = (SELECT sealed FROM cd.box WHERE name = 'm4') "
            "WHERE name = 'm2'"
        )
    with pytest.raises(CannotOpen, match=r"method m0 .*method m1 .*method m2 "):
        b.vault.run()
    assert [b.address(f"m{n}") for n in range(5)] == [None, None, None, "mailto://3", "mailto://4"]


def test_set_back_boxes_are_put_forward_again(hub_place: HubPlace, links: list[HubLink]) -> None:
    cards = Cards()
    a, b = (Post(PgBoxes(link), cards) for link in links)
    old = FleetSealer(KEY).seal("m1", 50, "mailto://old")
    a.enter("m1", "mailto://new")
    cards.save("m1", 100)
    a.vault.run()
    with psycopg.connect(hub_place.admin_dsn) as admin:
        admin.execute("UPDATE cd.box SET version = 50, sealed = %s", (old.sealed,))
    a.vault.run()
    b.vault.run()
    assert (a.address("m1"), b.address("m1")) == ("mailto://new", "mailto://new")


def test_readers_and_evicted_stations_get_no_box(hub_place: HubPlace, links: list[HubLink]) -> None:
    PgBoxes(links[0]).put(Box(name="m1", version=1, sealed=b"x"))
    schema.create_reader_login(hub_place.admin_dsn, f"{hub_place.database}_bi", "seen")
    dsn = hub_place.server.dsn(hub_place.database, user=f"{hub_place.database}_bi", password="seen")
    with (
        psycopg.connect(dsn) as reader,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        reader.execute("SELECT * FROM cd.box")
    with psycopg.connect(hub_place.admin_dsn) as admin:
        admin.execute(
            "INSERT INTO cd.station (station_id, origin, role, name, version, vector, hlc, "
            "fold_version, digest, evicted_at, seen_at) VALUES "
            "('S-1', 'o', %s, 'n', '1', '{}', 0, 1, '', now(), now())",
            (f"{hub_place.database}_alpha",),
        )
    with pytest.raises(HubRefused, match="evicted"):
        PgBoxes(links[0]).put(Box(name="m1", version=2, sealed=b"x"))

"""Who is at a desk, through a real Postgres: a login speaks for its own station alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg
import pytest

from crisisdesk.engine.exchange.ports import HubRefused
from crisisdesk.hub import schema
from crisisdesk.hub.connection import HubLink
from crisisdesk.hub.log import PgHub
from crisisdesk.hub.presence import PgPresence

from tests.hub.making import A, B, report
from tests.hub.test_vault import link_to
from tests.postgres.fixtures import HubPlace

ROWS = [{"desk": "d1", "operator": "Zoë Ng", "seen": 0}]


@pytest.fixture
def links(hub_place: HubPlace) -> Iterator[list[HubLink]]:
    made = []
    for name, origin in (("alpha", A), ("beta", B)):
        link = link_to(hub_place.login(name))
        made.append(link)
        with closing(PgHub(link._address)) as hub:
            hub.report(report(f"S-{name}", origin))
    yield made
    for link in made:
        link.close()


def test_each_station_is_told_of_the_others_last_word(links: list[HubLink]) -> None:
    alpha, beta = (PgPresence(link) for link in links)
    assert alpha.meet([]) == []
    alpha.meet(ROWS)
    found = beta.meet(ROWS) or []
    assert [(met.station, met.rows) for met in found] == [("Post S-alpha", ROWS)]
    assert 0 <= found[0].age_ms < 600_000
    alpha.meet([])
    assert [one.rows for one in beta.meet([]) or ()] == [[]]


def test_a_lie_of_another_shape_is_refused(links: list[HubLink]) -> None:
    for told in ({"a": 1}, ["x" * 9_000]):
        wrong: Any = told
        with pytest.raises(HubRefused):
            links[0].ask("SELECT * FROM cd.meet(%s)", (psycopg.types.json.Jsonb(wrong),))


def test_an_evicted_station_is_heard_no_more_and_readers_read_nothing(
    hub_place: HubPlace, links: list[HubLink]
) -> None:
    PgPresence(links[0]).meet(ROWS)
    schema.evict(hub_place.admin_dsn, "S-alpha")
    assert PgPresence(links[1]).meet([]) == []
    with pytest.raises(HubRefused):
        PgPresence(links[0]).meet(ROWS)
    with pytest.raises(HubRefused):
        links[1].ask("SELECT * FROM cd.presence")


class OldHub:
    """A hub without the function."""

    def ask(self, _question: str, _values: Any = ()) -> list[Any]:
        return [(False,)]


def test_an_older_hub_is_left_in_peace() -> None:
    old: Any = OldHub()
    assert PgPresence(old).meet(ROWS) is None

"""A fresh station's real engine begins with the snapshot that it finds in the hub."""

from __future__ import annotations

import json
import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from crisisdesk.engine.exchange.exchange import Outcome

from tests.fleet.stations import stations_on, until
from tests.postgres.fixtures import HubPlace
from tests.store.test_snapshots import Post

TABLES = ("incident", "incident_update", "contact")


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    """What a station's file says; nothing while it is not there yet."""
    if not path.exists():
        return []
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as raw:
        return raw.execute(sql).fetchall()


def checked(path: Path) -> bool:
    """Whether the snapshot was taken and found to be of the right maker."""
    told = rows(path, "SELECT value FROM meta WHERE name = 'snapshot'")
    return bool(told) and bool(json.loads(str(told[0][0]))["checked"])


def states(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Those that no clock changes."""
    return {t: rows(path, f"SELECT agg, state FROM {t} ORDER BY agg") for t in TABLES}


@pytest.mark.serial
@pytest.mark.slow
def test_its_engine_takes_the_snapshot_and_pulls_only_the_rest(
    hub_place: HubPlace, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        old = Post(hub_place, tmp_path, "old", 5, stack)
        old.announce()
        old.station.add_contact()
        old.station.work_at_random(150)
        old.exchange()
        old.compact_all()
        old.maker().run(Outcome())
        before = {
            t: rows(old.station.path, f"SELECT agg, state FROM {t} ORDER BY agg") for t in TABLES
        }
        assert any(before.values())
        (fresh,) = stack.enter_context(stations_on(hub_place, tmp_path, "Brno"))
        fresh.join()
        fresh.start()
        store = fresh.places.store
        until(lambda: checked(store))
        pulled = rows(store, f"SELECT count(*) FROM event WHERE origin = '{old.origin}'")
        assert pulled == [(20,)]
        assert states(store) == before
        alerts = "SELECT agg FROM alert ORDER BY agg"
        assert rows(store, alerts) == rows(old.station.path, alerts)
        fresh.end()
        fresh.start()
        assert checked(store)
        assert fresh.ask("GET", "/crisis/alerts/")["results"] != []

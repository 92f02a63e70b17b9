"""After an upgrade nothing is said to need a newer version that this one understands."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

from crisisdesk.domain import fold
from crisisdesk.engine import commands as c
from crisisdesk.store import opening
from crisisdesk.store.aside import judge_again

from tests.engine.foreign import FIRED, chain, event
from tests.store.workload import Station


def aside(path: Path) -> list[tuple[int, str]]:
    with closing(sqlite3.connect(path)) as raw:
        return raw.execute("SELECT seq, why FROM quarantine ORDER BY seq").fetchall()


def test_an_upgrade_takes_off_what_it_understands_and_nothing_else(tmp_path: Path) -> None:
    station = Station(tmp_path / "data")
    tagged = event(2, kind="alert.tagged", body={"word": "flood"})
    unread = event(3, agg="A-2", body=FIRED | {"severity": "catastrophic"})
    riddle = event(4, kind="alert.riddle", body={})
    station.bench.begin("x", station.now_ms)
    from crisisdesk.engine.handlers.exchange import absorb

    absorb(c.Absorb(events=chain(event(), tagged, unread, riddle)), station.bench)
    station.journal.append(station.bench.sealed, station.bench.touched, station.bench.spoilt)
    station.close()
    assert [seq for seq, _why in aside(station.path)] == [2, 3, 4]

    newer = {"alert.tagged": fold._APPLY["alert"]}
    with patch.dict(fold._STEPS, newer), patch.object(opening, "FOLD_VERSION", 1_000):
        Station(tmp_path / "data").close()
    assert [seq for seq, _why in aside(station.path)] == [3, 4]


def test_the_list_stays_as_it_is_where_nothing_new_is_understood(station: Station) -> None:
    station.do(c.Absorb(events=chain(event())))
    raw = station.journal._connected()
    raw.execute("BEGIN IMMEDIATE")
    assert judge_again(raw) == 0
    raw.execute("COMMIT")

"""Projections are what the fold of the log says, after any work; and are put right when not."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crisisdesk.domain.event import unseal
from crisisdesk.store import opening
from crisisdesk.store.files import writing_connection
from crisisdesk.store.rebuild import compare, rebuild

from tests.store.workload import Station


@pytest.mark.parametrize("seed", range(6))
def test_after_random_work_every_row_equals_its_refold(tmp_path: Path, seed: int) -> None:
    station = Station(tmp_path, seed=seed)
    station.add_contact()
    station.work_at_random(150)
    station.close()
    with closing(sqlite3.connect(station.path)) as raw:
        kinds = {unseal(*row).kind for row in raw.execute("SELECT raw, body FROM event")}
    assert {"alert.fired", "alert.acknowledged", "incident.opened", "delivery.queued"} <= kinds
    result = compare(station.path)
    assert result.aggregates > 20
    assert result.different == 0, result.examples


def test_a_wrong_row_is_found_and_put_right(station: Station) -> None:
    first, second = station.fire(2)
    station.close()
    with closing(writing_connection(station.path)) as raw:
        raw.execute(
            "UPDATE alert SET state=replace(state,'payments','bookings') WHERE agg=?", (first,)
        )
        raw.execute("UPDATE alert SET agg='A-GHOST' WHERE agg=?", (second,))
    assert set(compare(station.path).examples) == {first, second, "A-GHOST"}
    assert rebuild(station.path).different == 3
    assert compare(station.path).different == 0
    with closing(sqlite3.connect(station.path)) as raw:
        assert {a for (a,) in raw.execute("SELECT agg FROM alert")} == {first, second}
        titles = [t for (t,) in raw.execute("SELECT title FROM alert ORDER BY title")]
    assert titles == ["Latency above 2 s on payments-0", "Latency above 2 s on payments-1"]


def test_a_new_fold_version_folds_everything_anew_at_the_next_start(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    (alert,) = station.fire(1)
    station.close()
    with closing(writing_connection(station.path)) as raw:
        raw.execute("UPDATE alert SET title='as an old fold said', state=x'7b7d'")
        raw.execute("UPDATE meta SET value='0' WHERE name='fold_version'")
    opening.open_station(station.path).journal.close()
    with closing(sqlite3.connect(station.path)) as raw:
        rows = raw.execute("SELECT agg, title FROM alert").fetchall()
        (noted,) = raw.execute("SELECT value FROM meta WHERE name='fold_version'").fetchone()
    assert rows == [(alert, "Latency above 2 s on payments-0")]
    assert noted != "0"


def test_a_failing_rebuild_changes_nothing(station: Station) -> None:
    first, second = sorted(station.fire(2))
    station.close()
    with closing(writing_connection(station.path)) as raw:
        raw.execute("UPDATE alert SET state=x'7b7d', title='wrong' WHERE agg=?", (first,))
        raw.execute("UPDATE event SET raw=x'00' WHERE agg=?", (second,))
    with pytest.raises(Exception, match="bytes are no event envelope"):
        rebuild(station.path)
    with closing(sqlite3.connect(station.path)) as raw:
        assert raw.execute("SELECT title FROM alert WHERE agg=?", (first,)).fetchone() == ("wrong",)

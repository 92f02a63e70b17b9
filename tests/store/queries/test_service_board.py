"""The service board as the station's files tell it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crisisdesk.domain.detection.series import Sample, series
from crisisdesk.domain.detection.source import ALERT_SOURCE, EACH
from crisisdesk.domain.detection.source_state import State
from crisisdesk.domain.service_board.judging import Board
from crisisdesk.domain.service_board.watching import LOOK, Told
from crisisdesk.engine.commands import AcknowledgeAlerts, ResolveAlert
from crisisdesk.engine.silence_commands import SetSilence
from crisisdesk.store.queries import StationReader
from crisisdesk.store.queries.service_board import LATELY_MS
from crisisdesk.store.samples import FILE as SAMPLES

from tests.store.queries.board_bench import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.close()


def standing(board: Board) -> dict[str, str]:
    return {one.name: str(one.state) for one in board.lines}


def test_services_stand_by_their_alerts_and_need_each_other(bench: Bench) -> None:
    one = bench.fire(1, service="db", severity="critical")
    assert standing(bench.board()) == {"db": "down", "mail": "no data", "shop": "no data"}
    shop, db = bench.line("shop"), bench.line("db")
    assert [(name, str(state)) for name, state in shop.because] == [("db", "down")]
    assert (db.owner, db.tier, db.runbook) == ("Kim", "1", "https://wiki.example/db")
    assert (db.alerts, db.unowned) == ((0, 0, 0, 1, 0), 1)
    bench.station.do(AcknowledgeAlerts(alert_ids=[one]))
    assert bench.line("db").unowned == 0
    bench.station.do(ResolveAlert(alert_id=one))
    assert bench.line("db").open == 0


def test_a_source_that_is_looked_at_makes_it_ok(bench: Bench) -> None:
    found = bench.declare("db")
    assert bench.state(found) is State.NEW
    bench.look(found)
    assert bench.state(found) is State.UP
    assert str(bench.line("db").state) == "ok"
    bench.station.now_ms += 30_000
    assert str(bench.line("db").state) == "not sure"
    assert bench.state(found, on_duty=False) is State.ELSEWHERE


def test_what_the_alert_of_a_look_says_is_told_apart(bench: Bench) -> None:
    found = bench.declare("db")
    blind = {"source": ALERT_SOURCE, "key": found, "service": "db", "severity": "critical"}
    bench.fire(1, **blind, details={LOOK: str(Told.SILENT)})
    assert bench.state(found) is State.STALE
    assert str(bench.line("db").state) == "not sure"
    bench.fire(1, **blind, details={LOOK: str(Told.DOWN)})
    assert bench.state(found) is State.DOWN
    assert str(bench.line("db").state) == "down"


def test_an_alert_of_an_older_program_says_down(bench: Bench) -> None:
    found = bench.declare("db")
    bench.fire(1, source=ALERT_SOURCE, key=found, service="db", severity="low")
    assert bench.state(found) is State.DOWN


def test_the_alert_of_one_that_each_station_looks_at_is_found_by_this_station(
    bench: Bench,
) -> None:
    found = bench.declare("db", where=EACH)
    ((station_id,),) = bench.reader._rows("SELECT value FROM meta WHERE name = 'station_id'")
    bench.fire(1, source=ALERT_SOURCE, key=f"{found}@ST-OTHER", service="db", severity="high")
    assert bench.state(found) is State.NEW
    bench.fire(2, source=ALERT_SOURCE, key=f"{found}@{station_id}", service="db")
    assert bench.state(found, on_duty=False) is State.DOWN


def test_labels_say_whose_an_alert_is_where_its_service_says_nothing(bench: Bench) -> None:
    bench.fire(1, service="", labels={"host": "h1"})
    bench.fire(2, service="rack", labels={"host": "h1"}, severity="critical")
    bench.fire(3, service="")
    bench.fire(4, service="rack")
    board = bench.board()
    assert bench.line("db").alerts == (0, 0, 1, 1, 0)
    assert bench.line("rack").alerts == (0, 0, 1, 0, 0)
    assert board.unplaced == 1
    of_db = bench.reader.alerts_of_service("db", 10)
    assert [(row.severity, row.service) for row in of_db] == [(4, "rack"), (3, "")]
    assert [row.service for row in bench.reader.alerts_of_service("rack", 10)] == ["rack"]
    fresh = StationReader(bench.station.path)
    assert len(fresh.alerts_of_service("db", 1)) == 1
    fresh.close()


def test_quiet_alerts_and_silenced_services_are_told(bench: Bench) -> None:
    bench.fire(1, service="db")
    bench.fire(2, service="db")
    until = bench.station.now_ms + 60_000
    bench.station.do(SetSilence(matchers='service="db"', until=until, reason="new disks"))
    db = bench.line("db")
    assert (db.open, db.quiet) == (2, 2)
    assert db.hush is not None
    assert (db.hush.until, db.hush.reason) == (until, "new disks")


def test_one_that_recovered_stays_on_the_board_for_a_day(bench: Bench) -> None:
    bench.station.do(ResolveAlert(alert_id=bench.fire(1, service="cart")))
    assert standing(bench.board())["cart"] == "no data"
    bench.station.now_ms += LATELY_MS + 1
    assert "cart" not in standing(bench.board())


def test_series_that_bear_its_name_are_its_own(bench: Bench) -> None:
    found = bench.declare("", name="prom")
    bench.look(found)
    one = series(found, "latency", {"service": "cart"})
    bench.measure(Sample(one, bench.station.now_ms, 1.0))
    assert [w.source.name for w in bench.line("cart").watchers] == ["prom"]
    assert str(bench.line("cart").state) == "ok"


def test_samples_that_cannot_be_read_are_a_problem_in_words(bench: Bench) -> None:
    found = bench.declare("db")
    bench.samples.close()
    (bench.station.path.parent / SAMPLES).write_bytes(b"no database at all" * 1_000)
    looked = bench.reader.source_lines(bench.station.now_ms, on_duty=True)
    assert "cannot be read" in looked.problem
    assert [(w.source.source_id, w.state) for w in looked.lines] == [(found, State.UNSURE)]
    assert standing(bench.board())["db"] == "not sure"


def test_only_the_looks_can_be_asked_for(bench: Bench) -> None:
    now = bench.station.now_ms
    assert bench.reader.source_lines(now, on_duty=True, only_looks=True).lines == []
    found = bench.declare("db")
    bench.look(found, 0.0)
    looked = bench.reader.source_lines(now, on_duty=True, only_looks=True)
    assert [w.state for w in looked.lines] == [State.FAILING]
    assert looked.by_service == {}
    assert list(bench.reader.source_lines(now, on_duty=True).by_service) == ["db"]

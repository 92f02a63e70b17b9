"""What the board reads: lines that stay the same things, small lines of what is in view."""

from __future__ import annotations

from crisisdesk.desk.health.board_reading import (
    ALERTS_MOST,
    SPARK_EVERY_MS,
    BoardReading,
    asked_alerts,
)
from crisisdesk.domain.detection.series import Sample, series

from tests.store.queries.board_bench import Bench


def test_a_line_that_is_as_it_was_is_the_same_thing(bench: Bench) -> None:
    reading, now = BoardReading(), bench.station.now_ms
    first = reading.board(now, on_duty=True)(bench.reader)
    bench.fire(1, service="db", severity="critical")
    second = reading.board(now, on_duty=True)(bench.reader)
    before = {one.name: one for one in first.board.lines}
    after = {one.name: one for one in second.board.lines}
    assert after["mail"] is before["mail"]
    assert after["db"] is not before["db"]
    assert str(after["db"].state) == "down"


def test_small_lines_are_of_the_main_series_of_what_is_in_view(bench: Bench) -> None:
    found = bench.declare("db")
    now = bench.station.now_ms
    one = series(found, "latency")
    for ago in (0, 60_000, 7_200_000):
        bench.measure(Sample(one, now - ago, 2.0))
    bench.look(found)
    reading = BoardReading()
    reading.board(now, on_duty=True)(bench.reader)
    sparks = reading.sparks(now, ["db", "mail"])(bench.reader)
    assert list(sparks) == ["db"]
    assert [value for _, value in sparks["db"].points] == [2.0, 2.0]
    bench.measure(Sample(one, now + 60_000, 5.0))
    later = now + SPARK_EVERY_MS - 1
    assert reading.sparks(later, ["db"])(bench.reader) == sparks
    anew = reading.sparks(now + 61_000, ["db"])(bench.reader)
    assert anew["db"].points[-1][1] == 5.0
    assert reading.sparks(later, [])(bench.reader) == {}


def test_without_samples_there_are_no_small_lines(bench: Bench) -> None:
    reading = BoardReading()
    now = bench.station.now_ms
    reading.board(now, on_duty=True)(bench.reader)
    assert reading.sparks(now, ["db"])(bench.reader) == {}


def test_the_alerts_of_a_service_are_the_worst_first_and_bounded(bench: Bench) -> None:
    for number in range(ALERTS_MOST + 3):
        bench.fire(number, service="db", severity="high")
    worst = bench.fire(99, service="db", severity="critical")
    rows = asked_alerts("db")(bench.reader)
    assert len(rows) == ALERTS_MOST
    assert rows[0].alert_id == worst

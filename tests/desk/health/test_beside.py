"""The board beside the charts: choosing draws its series, and what can be done with it."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.health.beside import GIVEN_UP_MS, About, list_width
from crisisdesk.desk.health.board_reading import SPARK_EVERY_MS, BoardFound
from crisisdesk.desk.health.room import NO_SERIES_OF
from crisisdesk.desk.snapshot import Change
from crisisdesk.domain.detection.series import Sample, series
from crisisdesk.domain.service_board.judging import ServiceLine

from tests.desk.health.conftest import Seated, press


def drawn(seated: Seated) -> list[str]:
    return [one.series.metric for one in seated.room.found.charts]


def test_a_chosen_service_shows_its_series_alone(seated: Seated, qtbot: QtBot) -> None:
    bench = seated.bench
    found, other = bench.declare("db"), bench.declare("mail")
    bench.look(found)
    bench.look(other)
    bench.measure(Sample(series(found, "latency"), bench.station.now_ms, 1.0))
    seated.look()
    assert len(drawn(seated)) == 3
    pane = seated.room.beside.pane
    pane.select("db")
    # The head of the service takes of the charts' height: they are counted once it stands.
    qtbot.waitUntil(lambda: drawn(seated) == ["latency", "up"])
    assert seated.room.count_words.text() == "2 series of db"
    pane.select("shop")
    assert seated.room.pages.view == NO_SERIES_OF
    press(seated.room, "A")
    assert seated.room.beside.about() is None
    qtbot.waitUntil(lambda: len(drawn(seated)) == 3)
    pane.show_side("sources")
    pane.select(other)
    assert drawn(seated) == ["up"]


def test_a_board_that_was_lost_is_asked_again(seated: Seated) -> None:
    seated.desk.held = []
    beside, now = seated.room.beside, seated.desk.now
    beside.read()
    beside.tick(now + SPARK_EVERY_MS)
    asked = len(seated.desk.held)
    beside.tick(now + SPARK_EVERY_MS + 1)
    assert len(seated.desk.held) == asked
    seated.room.on_snapshot(Change(full=True))
    beside.tick(now + SPARK_EVERY_MS + 2)
    assert len(seated.desk.held) == asked + 1
    # The small lines are asked for beside it.
    beside.tick(now + GIVEN_UP_MS - 1)
    asked = len(seated.desk.held)
    beside.tick(now + GIVEN_UP_MS)
    assert len(seated.desk.held) > asked


def test_a_change_is_read_soon_and_time_alone_later(seated: Seated) -> None:
    beside, now = seated.room.beside, seated.desk.now
    read: list[BoardFound] = [beside.pane.found]

    def is_read(after_ms: int) -> bool:
        seated.desk.now = now + after_ms
        beside.tick(seated.desk.now)
        read.append(beside.pane.found)
        return read[-1] is not read[-2]

    seated.bench.fire(1, service="db", severity="critical")
    assert not is_read(2_999)
    assert is_read(3_000)
    assert seated.names()[0] == "db"
    beside.on_snapshot(Change())
    assert not is_read(4_499)
    assert is_read(4_500)


def test_a_board_that_takes_long_is_read_seldom(seated: Seated) -> None:
    beside, desk = seated.room.beside, seated.desk
    desk.held = []
    beside.read()
    asked = desk.now
    desk.now += 2_000
    waiting, desk.held = desk.held, None
    waiting[0]()
    before = beside.pane.found
    beside.on_snapshot(Change())
    beside.tick(asked + 8 * 2_000 - 1)
    assert beside.pane.found is before
    beside.tick(asked + 8 * 2_000)
    assert beside.pane.found is not before
    # A night in which the machine slept is no such while.
    desk.held = []
    desk.now = asked + 20_000
    beside.read()
    desk.now += 9 * 3_600_000
    waiting, desk.held = desk.held, None
    waiting[0]()
    before = beside.pane.found
    beside.tick(desk.now)
    assert beside.pane.found is not before


def test_another_station_looks_while_it_is_on_duty(seated: Seated) -> None:
    seated.bench.declare("db")
    seated.look(60_000)
    beside = seated.room.beside
    assert [str(line.state) for line in beside.pane.found.sources] == ["no reading"]
    beside.set_duty(on_duty=False)
    beside.tick(seated.desk.now)
    assert [str(line.state) for line in beside.pane.found.sources] == ["elsewhere"]


def test_what_stands_at_the_keys(seated: Seated) -> None:
    seated.bench.fire(1, service="mail")
    seated.look()
    pane = seated.room.beside.pane
    assert {"B", "S"} <= {a.keys for a in seated.room.actions()}
    pane.select("db")
    enabled = {a.keys: a.enabled for a in seated.room.actions()}
    assert (enabled["Enter"], enabled["R"], enabled["A"]) == (False, True, True)
    pane.select("mail")
    enabled = {a.keys: a.enabled for a in seated.room.actions()}
    assert (enabled["Enter"], enabled["R"]) == (True, False)
    line = pane.chosen_line()
    assert isinstance(line, ServiceLine)
    pane.entered.emit()
    assert len(seated.desk.shown) == 1


def test_whose_series_are_meant() -> None:
    one, other = series("SRC-1", "up"), series("SRC-2", "up")
    assert About("x", source_id="SRC-1").has(one)
    assert not About("x", source_id="SRC-1").has(other)
    assert About("x", series=frozenset([other])).has(other)
    assert not About("x").has(one)


@pytest.mark.parametrize(("wide", "list_"), [(600, 320), (1228, 331), (1752, 473), (3672, 560)])
def test_the_list_takes_its_share(wide: int, list_: int) -> None:
    assert list_width(wide) == list_

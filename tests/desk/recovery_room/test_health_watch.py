"""Looks again and again while a run is under way, and never two at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pytestqt.qtbot import QtBot

from crisisdesk.desk.recovery_room.health_pane import HealthPane
from crisisdesk.desk.recovery_room.health_watch import EVERY_MS, HealthWatch, read_points
from crisisdesk.desk.room import Refusal
from crisisdesk.domain.detection.series import UP, Sample, series
from crisisdesk.domain.detection.source import sources
from crisisdesk.engine.clock import ManualClock
from crisisdesk.engine.source_commands import DeclareSource
from crisisdesk.store.queries import StationReader
from crisisdesk.store.samples import FILE as SAMPLES
from crisisdesk.store.samples.keeping import StationSamples

from tests.desk.recovery_room.scenes import Seat, log
from tests.desk.recovery_room.test_health_words import watched

RUN = log().run


class Client:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def run_health(self, run_id: str) -> dict[str, Any]:
        self.asked.append(run_id)
        return {"results": [watched("rows", "does_not_hold", "3")]}


def test_it_asks_when_it_is_time_and_one_at_a_time(qtbot: QtBot, seat: Seat) -> None:
    pane, client, desk = HealthPane(), Client(), seat.desk
    qtbot.addWidget(pane)
    watch, now = HealthWatch(desk, pane), desk.now_ms()
    watch.tick(now)
    assert desk.looks == []
    watch.watch(RUN)
    watch.tick(now)
    watch.tick(now + EVERY_MS)
    ((call, done, refused),) = desk.looks
    done(call(client))
    assert client.asked == [RUN.run_id]
    assert [line.second for line in pane.list.lines.rows()] == ["does not hold · 3, must be = 0"]
    assert not pane.isHidden()
    watch.tick(now + EVERY_MS - 1)
    assert len(desk.looks) == 1
    # A clock that was set back does not put it off.
    watch.tick(now - 5)
    assert len(desk.looks) == 2
    refused(Refusal(words="the engine did not answer", away=True))
    assert pane.head.accessibleName().endswith("; the engine did not answer")
    assert len(pane.list.lines.rows()) == 1
    desk.away = True
    watch.tick(now + 3 * EVERY_MS)
    assert len(desk.looks) == 2
    assert pane.head.accessibleName().endswith("; the engine is away")
    watch.watch(replace(RUN, ended_at=now))
    assert pane.isHidden()
    desk.away = False
    watch.tick(now + 9 * EVERY_MS)
    assert len(desk.looks) == 2


def test_an_answer_about_another_run_is_dropped(qtbot: QtBot, seat: Seat) -> None:
    pane = HealthPane()
    qtbot.addWidget(pane)
    watch, now = HealthWatch(seat.desk, pane), seat.desk.now_ms()
    watch.watch(RUN)
    watch.tick(now)
    watch.watch(replace(RUN, run_id="RUN-2"))
    call, done, _refused = seat.desk.looks.pop()
    done(call(Client()))
    assert pane.isHidden()
    # The one in view is asked about at once.
    client = Client()
    watch.tick(now + 1)
    call, _done, _refused = seat.desk.looks.pop()
    call(client)
    assert client.asked == ["RUN-2"]


def test_what_the_station_measured_of_a_source_is_drawn(seat: Seat) -> None:
    settings = {"url": "https://shop.example.org/"}
    seat.do(DeclareSource(name="shop", type="http", settings=settings))
    reader = StationReader(seat.station.path)
    (one,) = sources(reader.policies(declared=True))
    now = seat.station.now_ms
    names = frozenset({"shop"})
    assert read_points(names, now)(reader) == {}
    store = StationSamples(seat.station.path.with_name(SAMPLES), ManualClock(now))
    store.write([Sample(series(one.source_id, UP), now - 60_000, 1.0)], [])
    store.close()
    found = read_points(names, now)(reader)
    assert [value for _at, value in found["shop"]] == [1.0]
    assert read_points(frozenset(), now)(reader) == {}
    assert read_points(frozenset({"other"}), now)(reader) == {}
    reader.close()

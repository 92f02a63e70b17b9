"""The Health room at its keys: spans, zoom, panning, the filter, and what is said when empty."""

from __future__ import annotations

import subprocess
import sys

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.fleet.standing import Duty, Fleet, Standing
from crisisdesk.desk.front import ROOMS
from crisisdesk.desk.health.room import NO_MATCH, NO_SAMPLE, HealthRoom
from crisisdesk.desk.health.words import DAY_MS, HOUR_MS, MINUTE_MS
from crisisdesk.desk.snapshot import Change

from tests.architecture.tree import ROOT
from tests.desk.health.conftest import ODD, SLOW, Measured, press, web


def test_it_stands_on_the_rail() -> None:
    assert ("3", "activity", "Health") in [(e.key, e.icon, e.word) for e in ROOMS]


def test_empty_it_says_how_a_source_is_added(room: HealthRoom, measured: Measured) -> None:
    room.tick(measured.desk.now)
    assert room.pages.view == NO_SAMPLE
    assert "crisisdesk source add" in NO_SAMPLE.text


def test_it_follows_the_time(room: HealthRoom, measured: Measured) -> None:
    measured.measure([web(1)], looks=5)
    room.tick(measured.desk.now)
    assert room.pages.view is None
    newest = room.found.charts[0].newest_ms
    measured.desk.now += 10_000
    measured.clock.ms += 10_000
    measured.measure([web(1)], looks=1)
    room.tick(measured.desk.now)
    assert room.found.charts[0].newest_ms == (newest or 0) + 10_000
    assert room.stretch() == (measured.desk.now - HOUR_MS, measured.desk.now)


def test_spans_are_chosen_at_a_key_and_kept(room: HealthRoom, measured: Measured) -> None:
    press(room, "T")
    press(room, "T")
    assert (room.span.ms, room.tabs.current()) == (DAY_MS, "24h")
    press(room, "Shift T")
    assert measured.desk.kept["health.span"] == "6h"
    for _ in range(9):
        press(room, "T")
    assert room.span.key == "30d"
    assert HealthRoom(measured.desk).span.key == "30d"


def test_zoom_and_panning_hold_the_stretch_until_it_is_let_go(
    room: HealthRoom, measured: Measured
) -> None:
    measured.measure([web(1)])
    now = measured.desk.now
    press(room, "I")
    assert room.stretch() == (now - HOUR_MS // 2, now)
    press(room, "K")
    assert room.stretch() == (now - HOUR_MS * 3 // 4, now - HOUR_MS // 4)
    assert "not live" in room.count_words.text()
    measured.desk.now += 1_000
    assert room.stretch()[1] == now - HOUR_MS // 4
    press(room, "O")
    assert room.stretch() == (now - HOUR_MS, now)
    press(room, "J")
    assert room.stretch()[1] == now + 1_000
    press(room, "L")
    assert room.held is None
    assert "L" not in {action.keys for action in room.actions()}
    for _ in range(20):
        press(room, "I")
    since, until = room.stretch()
    assert until - since == 5 * MINUTE_MS


def test_a_stretch_from_the_mouse_stays_within_what_is_kept(
    room: HealthRoom, measured: Measured
) -> None:
    room.grid.moved.emit(-1e15, float(measured.desk.now))
    assert room.held == (measured.desk.now - 400 * DAY_MS, measured.desk.now)
    room.grid.moved.emit(float(measured.desk.now), float(measured.desk.now))
    assert room.held == (measured.desk.now, measured.desk.now + 5 * MINUTE_MS)


def test_the_filter_names_series(room: HealthRoom, measured: Measured) -> None:
    measured.measure([web(n) for n in range(3)], looks=5)
    room.tick(measured.desk.now)
    assert room.count_words.text() == "3 series"
    press(room, "/")
    room.filter.setText("web-1")
    assert [one.series for one in room.found.charts] == [web(1)]
    room.filter.setText("nothing")
    assert room.pages.view == NO_MATCH
    room.pages.asked.emit("all")
    assert room.pages.view is None
    assert room.filter.text() == ""


def test_what_is_asked_while_it_reads_follows_at_once(room: HealthRoom, measured: Measured) -> None:
    measured.measure([web(n) for n in range(3)], looks=5)
    measured.desk.held = []
    room.tick(measured.desk.now)
    room.filter.setText("web-1")
    room.filter.setText("web-2")
    waiting, measured.desk.held = measured.desk.held, None
    # The board is asked for beside the charts.
    assert len(waiting) == 2
    for answer in waiting:
        answer()
    assert [one.series for one in room.found.charts] == [web(2)]


def test_a_question_that_was_lost_is_asked_again(room: HealthRoom, measured: Measured) -> None:
    measured.desk.held = []
    room.tick(measured.desk.now)
    room.on_snapshot(Change(full=True))
    measured.desk.now += 5_000
    room.tick(measured.desk.now)
    assert len(measured.desk.held) == 4


def test_a_damaged_file_is_said_in_words(room: HealthRoom, measured: Measured) -> None:
    (measured.desk.path.parent / "samples.sqlite3").write_bytes(b"no database at all" * 1_000)
    room.tick(measured.desk.now)
    assert room.pages.view is not None
    assert room.pages.view.title == "What was measured cannot be read now."


def test_the_room_can_be_made_without_loading_pyqtgraph() -> None:
    code = (
        "import sys, crisisdesk.desk.health.room, crisisdesk.desk.furnish;"
        "print([n for n in ('pyqtgraph', 'numpy') if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_an_alert_is_opened_from_its_chart(room: HealthRoom, measured: Measured) -> None:
    measured.measure([web(1)])
    alert_id = measured.fire(measured.rule("Slow", SLOW), web(1), 600_000)
    room.tick(measured.desk.now)
    (chart,) = room.grid.charts
    room.focus_first()
    chart.choose(0)
    QTest.keyClick(chart, Qt.Key.Key_Return)
    assert measured.desk.shown == [alert_id]


def test_while_bands_are_reckoned_it_asks_again_at_each_tick(
    room: HealthRoom, measured: Measured
) -> None:
    measured.measure([web(n) for n in range(3)], looks=400)
    measured.rule("Odd", ODD)
    ticks = 0
    room.tick(measured.desk.now)
    while room.found.unfinished:
        room.tick(measured.desk.now)
        ticks += 1
        assert ticks < 20
    assert ticks > 0
    before = room.found
    room.tick(measured.desk.now)
    assert room.found is before


def test_what_is_read_late_is_shown_where_one_has_moved_to(
    room: HealthRoom, measured: Measured
) -> None:
    measured.measure([web(1)])
    room.tick(measured.desk.now)
    now = float(measured.desk.now)
    measured.desk.held = []
    room.grid.moved.emit(now - 1_200_000, now - 600_000)
    room.grid.moved.emit(now - 1_800_000, now - 1_200_000)
    (chart,) = room.grid.charts
    assert chart.view[:2] == room.held == (now - 1_800_000, now - 1_200_000)
    waiting, measured.desk.held = measured.desk.held, None
    waiting[0]()
    assert chart.view[:2] == room.held


def test_the_keyboard_goes_to_the_first_chart_where_there_is_one(
    room: HealthRoom, measured: Measured, qtbot: QtBot
) -> None:
    room.focus_first()
    qtbot.waitUntil(room.hasFocus)
    measured.measure([web(1), web(2)])
    room.tick(measured.desk.now)
    room.focus_first()
    first, second = room.grid.charts
    qtbot.waitUntil(first.hasFocus)
    assert room.grid.readout.sentences[0] == f"{web(1)} of SRC-shop."
    QTest.keyClick(first, Qt.Key.Key_Tab)
    qtbot.waitUntil(second.hasFocus)
    assert room.grid.readout.sentences[0] == f"{web(2)} of SRC-shop."


def test_the_station_on_duty_looks(room: HealthRoom, measured: Measured) -> None:
    room.set_standing(Standing(fleet=Fleet(duty=Duty(kind="follows"))))
    assert (room.beside.on_duty, room.watch.on_duty) == (False, False)
    for standing in (Standing(), Standing(fleet=Fleet(duty=Duty(kind="acting")))):
        room.set_standing(standing)
        assert (room.beside.on_duty, room.watch.on_duty) == (True, True)


def test_the_status_bar_leads_to_the_sources(room: HealthRoom, measured: Measured) -> None:
    room.chosen("hub")
    assert measured.desk.opened == []
    room.chosen("sources")
    assert measured.desk.opened == [3]
    assert room.beside.pane.side() == "sources"


def test_a_rule_is_begun_for_the_chart_with_the_keyboard(
    room: HealthRoom, measured: Measured, qtbot: QtBot
) -> None:
    measured.measure([web(1), web(2)])
    room.tick(measured.desk.now)
    wanted: list[object] = []
    room.rule_wanted.connect(lambda series, _value: wanted.append(series))
    room.focus_first()
    first, second = room.grid.charts
    qtbot.waitUntil(first.hasFocus)
    next(a for a in room.actions() if a.keys == "N").run()
    QTest.keyClick(first, Qt.Key.Key_Tab)
    qtbot.waitUntil(second.hasFocus)
    next(a for a in room.actions() if a.keys == "N").run()
    assert wanted == [web(1), web(2)]

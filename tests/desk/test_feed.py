"""The reader thread on a real store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.feed import FRAME, Feed, Gathering
from crisisdesk.desk.snapshot import Change
from crisisdesk.desk.wall_clock import WallClock

from tests.desk.alerts.rows import alert_row
from tests.desk.live import living


def test_the_feed_says_that_there_is_no_store_yet(qtbot: QtBot, tmp_path: Path) -> None:
    feed = Feed(tmp_path / "station.sqlite3", WallClock())
    with qtbot.waitSignal(feed.unreadable, timeout=3_000) as told:
        feed.start()
    feed.stop()
    assert "start the engine" in told.args[0]


@pytest.mark.serial
def test_the_feed_loads_all_and_then_tells_only_what_changed(qtbot: QtBot, tmp_path: Path) -> None:
    with living(qtbot, tmp_path) as live:
        first = live.raise_alert("First")
        feed = Feed(live.places.store, WallClock())
        changes: list[Change] = []
        feed.changed.connect(changes.append)
        feed.start()
        try:
            qtbot.waitUntil(lambda: bool(changes) and not changes[-1].loading)
            loaded = {row.alert_id for change in changes for row in change.alerts}
            assert changes[0].full
            assert loaded == {first}
            assert changes[0].station is not None
            assert changes[0].station.name == "BRNO-1"
            [(own, last)] = changes[0].seqs.items()
            changes.clear()
            second = live.raise_alert("Second")
            qtbot.waitUntil(lambda: any(change.alerts for change in changes))
            told = {row.alert_id for change in changes for row in change.alerts}
            assert told == {second}
            assert second in changes[-1].touched
            assert changes[-1].seqs[own] > last
            assert changes[-1].head_pos == live.read(lambda reader: reader.head_pos())
            answers: list[str] = []
            feed.ask(lambda reader: str(reader.alert(second)), answers.append)
            qtbot.waitUntil(lambda: bool(answers))
            assert "Second" in answers[0]
        finally:
            feed.stop()


@pytest.mark.serial
def test_titles_of_restricted_incidents_are_those_of_who_sits_here(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with living(qtbot, tmp_path) as live:
        incident_id = live.client.open_incident("Whistle", "major", restricted=True)["incident_id"]
        feed = Feed(live.places.store, WallClock())
        changes: list[Change] = []
        feed.changed.connect(changes.append)

        def titles() -> list[str]:
            rows = [row for change in changes for row in change.incidents]
            return [row.title for row in rows if row.incident_id == incident_id]

        feed.start()
        try:
            qtbot.waitUntil(lambda: bool(titles()))
            assert titles() == ["Whistle"]
            live.client.set_station(operator="Mallory")
            qtbot.waitUntil(lambda: titles()[-1] == "Restricted incident")
        finally:
            feed.stop()


def test_a_backlog_is_brought_in_frame_by_frame(qtbot: QtBot, tmp_path: Path) -> None:
    feed = Feed(tmp_path / "none", WallClock())
    changes: list[Change] = []
    feed.changed.connect(changes.append)
    found = Gathering()
    found.alerts = {f"A-{n}": alert_row(f"A-{n}") for n in range(2 * FRAME + 7)}
    found.note(deliveries_changed=True, head_pos=9)
    feed.offer(found)
    qtbot.waitUntil(lambda: len(changes) == 3)
    assert [len(change.alerts) for change in changes] == [FRAME, FRAME, 7]
    names = [row.alert_id for change in changes for row in change.alerts]
    assert names == list(found_names(2 * FRAME + 7))
    assert not any(change.full for change in changes)


def found_names(count: int) -> list[str]:
    return [f"A-{n}" for n in range(count)]


def test_a_question_that_fails_ends_no_other(
    qtbot: QtBot, tmp_path: Path, expect_log: Callable[..., None]
) -> None:
    expect_log("a question to the station's file failed", level="ERROR")
    feed = Feed(tmp_path / "none", WallClock())
    feed.start()
    answers: list[str] = []
    try:
        feed.ask(lambda _reader: str(1 // 0), answers.append)
        feed.ask(lambda _reader: "answered", answers.append)
        qtbot.waitUntil(lambda: answers == ["answered"])
    finally:
        feed.stop()

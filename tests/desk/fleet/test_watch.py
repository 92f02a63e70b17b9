"""The watch on a real engine: what it tells each second, and what it says when nobody answers."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crisisdesk.desk.fleet.watch import EVERY_MS, STALE_AFTER_MS, FleetWatch
from crisisdesk.desk.frame.status_bar import StatusSegment
from crisisdesk.desk.snapshot import Change
from crisisdesk.desk.supervisor import Supervisor
from crisisdesk.desk.wall_clock import WallClock

from tests.desk.live import Live, living

pytestmark = [pytest.mark.serial, pytest.mark.usefixtures("look")]


@pytest.fixture
def live(qtbot: QtBot, tmp_path: Path) -> Iterator[Live]:
    with living(qtbot, tmp_path) as found:
        yield found


@pytest.fixture
def watch(live: Live, qtbot: QtBot) -> Iterator[FleetWatch]:
    """Watching, on an engine that the supervisor has found."""
    supervisor = Supervisor(live.places, WallClock(), starts_engine=False)
    supervisor.start()
    qtbot.waitUntil(lambda: supervisor.state.kind == "up", timeout=10_000)
    found = FleetWatch(supervisor)
    yield found
    supervisor.stop()
    found.close()


def test_it_tells_what_the_engine_knows_and_asks_once_a_second(
    live: Live, watch: FleetWatch, qtbot: QtBot
) -> None:
    now = WallClock().now_ms()
    watch.tick(now)
    qtbot.waitUntil(lambda: watch.standing.fleet is not None)
    first = watch.standing
    assert first.fleet is not None
    assert (first.fleet.duty.kind, first.fleet.hub.state, first.stale) == ("alone", "none", False)
    watch.tick(now + EVERY_MS - 1)
    live.raise_alert("One more")
    watch.tick(now + EVERY_MS)
    qtbot.waitUntil(lambda: watch.standing.heard_ms == now + EVERY_MS)
    again = watch.standing.fleet
    assert again is not None
    assert again.at_ms > first.fleet.at_ms


def test_an_engine_that_hangs_makes_the_last_answer_stale(
    live: Live, watch: FleetWatch, qtbot: QtBot
) -> None:
    now = WallClock().now_ms()
    watch.tick(now)
    qtbot.waitUntil(lambda: watch.standing.fleet is not None)
    os.kill(live.engine.process.pid, signal.SIGSTOP)
    try:
        watch.tick(now + EVERY_MS)
        assert not watch.standing.stale
        watch.tick(now + STALE_AFTER_MS + 1)
        assert watch.standing.stale
    finally:
        os.kill(live.engine.process.pid, signal.SIGCONT)

    def heard_again() -> bool:
        watch.tick(watch.standing.heard_ms + 3 * EVERY_MS)
        return watch.standing.heard_ms > now

    qtbot.waitUntil(heard_again, timeout=10_000)
    assert not watch.standing.stale


def test_what_is_newer_than_the_answer_is_learnt_from_the_log(
    live: Live, watch: FleetWatch, qtbot: QtBot
) -> None:
    watch.tick(WallClock().now_ms())
    qtbot.waitUntil(lambda: watch.standing.fleet is not None)
    assert watch.standing.fleet is not None
    own = watch.standing.fleet.origin
    watch.learn(Change(seqs={own: 7}))
    watch.learn(Change(seqs={own: 5}))
    assert watch.standing.own_seq() == 7


def test_the_window_shows_it_and_marks_it_stale_when_the_engine_dies(
    live: Live, qapp: QApplication, qtbot: QtBot
) -> None:
    desk = live.open(qapp)

    def segment(key: str) -> StatusSegment:
        return next(s for s in desk.shell.status.segments() if s.key == key)

    qtbot.waitUntil(lambda: segment("duty").strong == "this station", timeout=5_000)
    assert segment("hub").label == "No hub"
    assert segment("commit").dots == (True, False, False)
    before = segment("commit").tip
    live.raise_alert("Written here")
    qtbot.waitUntil(lambda: segment("commit").tip != before, timeout=5_000)
    live.engine.kill()
    qtbot.waitUntil(lambda: segment("duty").strong == "not from here", timeout=5_000)
    assert "without its engine it sends nothing" in segment("duty").tip

"""A real engine, measured samples, and a whole window for the page of alert rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.planning.alert_rules.page import AlertRulesPage
from crisisdesk.desk.planning.alert_rules.reading import NO_ALERT_RULES
from crisisdesk.desk.planning.room import PlanningRoom
from crisisdesk.domain.detection.reading import Line
from crisisdesk.domain.detection.series import Sample
from crisisdesk.engine.clock import SystemClock
from crisisdesk.store.samples.keeping import StationSamples

from tests.desk.live import Live, living
from tests.desk.planning.alert_rules.cases import disk


class AlertRuleSeat:
    """The page, open and read, and what a test does there."""

    def __init__(self, live: Live, qapp: QApplication) -> None:
        self.live = live
        self.measure()
        self.desk = live.open(qapp)
        self.desk.shell.resize(1280, 800)
        self.desk.shell.open_room(6)
        room = self.desk.shell.rooms[6]
        assert isinstance(room, PlanningRoom)
        room.show_page("Alert rules")
        page = room.page
        assert isinstance(page, AlertRulesPage)
        self.page = page
        self.until(lambda: page.book.known is not NO_ALERT_RULES)

    def measure(self) -> None:
        """Two hosts' disks for an hour, one too full for ten minutes of it; and a log."""
        clock = SystemClock()
        now = clock.now_ms()
        store = StationSamples(self.live.places.samples, clock, own_thread=False)
        store.write(
            [
                Sample(disk(host), now - n * 30_000, 0.95 if host == "a" and 40 <= n < 60 else 0.5)
                for host in "ab"
                for n in range(120)
            ],
            [Line(at=now - n * 60_000, name="shop", text=f"ERROR {n}") for n in range(30)],
        )
        store.close()

    def until(self, true: Callable[[], bool]) -> None:
        """Let the window live until it is so."""
        self.live.qtbot.waitUntil(true, timeout=60_000)

    def press(self, key: Qt.Key, held: Any = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the keyboard is."""
        QTest.keyClick(QApplication.focusWidget() or self.desk.shell, key, held)

    def declare(self, name: str, written: dict[str, Any]) -> str:
        """Declare a rule by another way than the page, wait until the page knows it; its id."""
        made = self.live.client.declare_rule(name, written)
        self.until(lambda: made["version_id"] in self.page.book.known.ids())
        return str(made["rule_id"])

    def settles(self, chip: str) -> None:
        """Let the window live until the open rule stands so, and nothing is on its way."""
        page = self.page
        self.until(lambda: page.standing.chip == chip and not page.publisher.busy)

    def stored(self) -> dict[str, dict[str, Any]]:
        """The rules that stand, by name."""
        return {one["name"]: one for one in self.live.client.rules()}

    def tried(self) -> str:
        """What the bench says once it has come to an end."""
        self.page.bench.run()
        self.until(lambda: not self.page.bench.running)
        return self.page.pane.said.text()

    def titles(self) -> dict[str, tuple[bool, str]]:
        """The actions of the page: whether each can be done, and why not."""
        return {one.title: (one.enabled, one.detail) for one in self.page.actions()}


@pytest.fixture
def live(qtbot: QtBot, tmp_path: Path, look: Look) -> Iterator[Live]:
    with living(qtbot, tmp_path) as found:
        yield found


@pytest.fixture
def seat(live: Live, qapp: QApplication) -> AlertRuleSeat:
    return AlertRuleSeat(live, qapp)

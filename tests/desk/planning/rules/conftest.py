"""A real engine and a whole window for the page of rules."""

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
from crisisdesk.desk.planning.room import PlanningRoom
from crisisdesk.desk.planning.rules.page import RulesPage
from crisisdesk.desk.planning.rules.reading import NO_RULES

from tests.desk.live import Live, living


class RuleSeat:
    """The page, open and read, and what a test does there."""

    def __init__(self, live: Live, qapp: QApplication) -> None:
        self.live = live
        self.desk = live.open(qapp)
        self.desk.shell.resize(1280, 800)
        self.desk.shell.open_room(6)
        room = self.desk.shell.rooms[6]
        assert isinstance(room, PlanningRoom)
        room.show_page("Rules")
        page = room.page
        assert isinstance(page, RulesPage)
        self.page = page
        self.until(lambda: page.book.known is not NO_RULES)

    def until(self, true: Callable[[], bool]) -> None:
        """Let the window live until it is so."""
        self.live.qtbot.waitUntil(true, timeout=10_000)

    def press(self, key: Qt.Key, held: Any = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the keyboard is."""
        QTest.keyClick(QApplication.focusWidget() or self.desk.shell, key, held)

    def stored(self, name: str) -> list[dict[str, Any]]:
        """The contents of a name's versions in the store, the oldest first."""
        versions = self.live.read(lambda reader: reader.policies())
        return [v.content for v in versions if v.name == name and v.withdrawn_at is None]


@pytest.fixture
def live(qtbot: QtBot, tmp_path: Path, look: Look) -> Iterator[Live]:
    with living(qtbot, tmp_path) as found:
        yield found


@pytest.fixture
def seat(live: Live, qapp: QApplication) -> RuleSeat:
    return RuleSeat(live, qapp)

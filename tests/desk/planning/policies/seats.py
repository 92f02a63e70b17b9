"""The page of policies in a whole window on a real engine, and what a test does there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout

from crisisdesk.desk.planning.policies.page import PoliciesPage
from crisisdesk.desk.planning.policies.reading import NOTHING
from crisisdesk.desk.room import Action, Room
from crisisdesk.desk.room import Desk as RoomDesk
from crisisdesk.desk.snapshot import Change

from tests.desk.live import Live
from tests.desk.planning.policies.stations import publish, save_person


class PlanningRoom(Room):
    """A room with this page alone."""

    key = 6
    word = "Planning"
    icon = "map"

    def __init__(self, desk: RoomDesk) -> None:
        super().__init__(desk)
        self.page = PoliciesPage(desk)
        self.page.acted.connect(self.acted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def on_snapshot(self, change: Change) -> None:
        self.page.on_snapshot(change)

    def tick(self, now_ms: int) -> None:
        self.page.tick(now_ms)

    def engine_changed(self, away: bool) -> None:
        self.page.engine_changed(away)

    def actions(self) -> list[Action]:  # type: ignore[override]
        return self.page.actions()

    def focus_first(self) -> None:
        self.page.focus_first()


class Seat:
    """The page in a whole window on a real engine, and what a test does there."""

    def __init__(self, live: Live, qapp: QApplication) -> None:
        self.live, self.qtbot = live, live.qtbot
        self.desk = live.open(qapp)
        self.desk.shell.resize(1280, 800)
        self.room = PlanningRoom(self.desk.shell)
        self.page = self.room.page
        self.desk.shell.add_room(self.room)
        self.desk.shell.open_room(6)
        self.until(lambda: self.page.book.known is not NOTHING)

    def until(self, true: Callable[[], bool]) -> None:
        """Let the window live until it is so."""
        self.qtbot.waitUntil(true, timeout=10_000)

    def publish(self, name: str, content: dict[str, Any]) -> str:
        """Publish by another way than the page, and wait until the page knows."""
        version_id = publish(self.live.client, name, content)
        self.until(lambda: version_id in self.page.book.known.ids())
        return version_id

    def person(self, name: str, *urls: str, **fields: Any) -> str:
        """Save somebody, and wait until the page knows."""
        contact_id = save_person(self.live.client, name, *urls, **fields)
        self.until(lambda: contact_id in self.page.book.known.contacts)
        return contact_id

    def stored(self, name: str) -> list[dict[str, Any]]:
        """The contents of a name's versions in the store, the oldest first."""
        versions = self.live.read(lambda reader: reader.policies())
        return [v.content for v in versions if v.name == name]

    def plan(self) -> list[tuple[str, str]]:
        """When and whom the simulator says, a pair for each step."""
        rows = self.page.simulator.plan.rows.rows()
        return [(row.after, row.who) for row in rows if row.after]

    def press(self, *keys: Qt.Key, held: Any = Qt.KeyboardModifier.NoModifier) -> None:
        """Press keys where the keyboard is."""
        for key in keys:
            QTest.keyClick(QApplication.focusWidget() or self.desk.shell, key, held)

    def write(self, field: QLineEdit, text: str) -> None:
        """Type a text in place of what stands in a field."""
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)


class UnreadDesk:
    """A desk whose file cannot be read: questions are taken and stay without an answer."""

    def __init__(self) -> None:
        self.now = 1_000_000
        self.asked: list[Any] = []
        self.kept: dict[str, Any] = {}

    def now_ms(self) -> int:
        return self.now

    def engine_away(self) -> bool:
        return False

    def ask(self, question: Any, answer: Any) -> None:
        self.asked.append(answer)

    def remember(self, key: str, value: Any) -> None:
        self.kept[key] = value

    def remembered(self, key: str, default: Any) -> Any:
        return self.kept.get(key, default)

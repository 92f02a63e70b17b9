"""The Planning room in the window: its place, its count, its pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from crisisdesk.desk.planning.oncall.page import OnCallPage
from crisisdesk.desk.planning.room import PlanningRoom
from crisisdesk.desk.room import Action
from crisisdesk.desk.snapshot import Change

from tests.desk.live import Live, living
from tests.desk.planning.oncall.conftest import turns

pytestmark = [pytest.mark.serial, pytest.mark.usefixtures("look")]


@pytest.fixture
def live(qtbot: QtBot, tmp_path: Path) -> Iterator[Live]:
    with living(qtbot, tmp_path) as found:
        yield found


class Other(QWidget):
    """A second page that writes down what it is told."""

    word = "Other"
    help_page = "escalation"
    acted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def on_snapshot(self, change: Change) -> None:
        self.heard.append("snapshot")

    def actions(self) -> list[Action]:  # type: ignore[override]
        return [Action(key="other", title="Other thing", keys="Y", run=self.run)]

    def run(self) -> None:
        self.heard.append("run")

    def tick(self, now_ms: int) -> None:
        self.heard.append("tick")

    def engine_changed(self, away: bool) -> None:
        self.heard.append(f"away {away}")

    def focus_first(self) -> None:
        self.setFocus()


def test_a_schedule_without_anybody_is_counted_on_the_rail_wherever_one_is(
    live: Live, qapp: QApplication, qtbot: QtBot
) -> None:
    contact = live.client.save_contact({"name": "Ann", "methods": []})["contact_id"]
    desk = live.open(qapp)
    shell = desk.shell
    shell.open_room(1)
    room = shell.rooms[6]
    assert isinstance(room, PlanningRoom)
    assert (room.count(), room.count_severity()) == (0, "")
    over = turns(contact, start="2026-01-05", until="2026-01-12")
    live.client.publish_policy("Over", over)
    qtbot.waitUntil(lambda: room.count() == 1)
    assert room.count_severity() == "critical"
    rail = shell.rail.findChildren(QWidget)
    qtbot.waitUntil(
        lambda: any(w.accessibleName() == "Planning, 1 waiting, critical" for w in rail)
    )


def test_key_6_opens_it_and_help_is_one_key_away(
    live: Live, qapp: QApplication, qtbot: QtBot
) -> None:
    desk = live.open(qapp)
    QTest.keyClick(QApplication.focusWidget() or desk.shell, Qt.Key.Key_6)
    room = desk.shell.rooms[6]
    assert desk.shell.room is room
    assert isinstance(room, PlanningRoom)
    qtbot.waitUntil(lambda: room.oncall.stack.currentWidget() is room.oncall.none)
    room.oncall.none.help.click()
    assert desk.actions is not None
    help_room = desk.actions.help.room
    assert help_room is not None
    assert help_room.isVisible()
    for page, about in ((room.pages[0], "on-call"), (room.pages[1], "escalation")):
        desk.shell.open_room(6)
        room.show_page(page.word)
        desk.actions.help.open()
        shown = help_room.browser.page
        assert shown is not None
        assert shown.name == about


def test_pages_are_turned_and_only_the_open_one_ticks_and_has_the_keys(
    live: Live, qapp: QApplication, qtbot: QtBot
) -> None:
    desk = live.open(qapp)
    other = Other()
    made = PlanningRoom(desk.shell, [OnCallPage(desk.shell), other])
    qtbot.addWidget(made)
    made.on_snapshot(Change())
    made.engine_changed(True)
    assert other.heard == ["snapshot", "away True"]
    made.tick(0)
    assert other.heard == ["snapshot", "away True"]
    assert "Y" not in [action.keys for action in made.actions()]
    made.turn_page(1)
    assert made.page is other
    assert made.tabs.current() == "Other"
    assert "Y" in [action.keys for action in made.actions()]
    assert {"Ctrl PgDown", "Ctrl PgUp"} <= {action.keys for action in made.actions()}
    made.turn_page(1)
    assert made.page is not other
    made.show_page("Other")
    made.show_page("No such page")
    assert made.page is other
    again = PlanningRoom(desk.shell, [OnCallPage(desk.shell), Other()])
    qtbot.addWidget(again)
    assert again.page.word == "Other", "the page that was open comes back"

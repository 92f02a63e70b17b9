"""Loop tests are switched on and off at the desk, on a real engine, by keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crisisdesk.desk.comms_room.loop_control import OFF, ON
from crisisdesk.desk.comms_room.room import CommsRoom
from crisisdesk.domain.loop_standing import loop_lines

from tests.desk.live import Live, living

pytestmark = [pytest.mark.serial, pytest.mark.usefixtures("look")]
URL = "webhook://127.0.0.1:9/hooks/x"


@pytest.fixture
def live(qtbot: QtBot, tmp_path: Path) -> Iterator[Live]:
    with living(qtbot, tmp_path) as found:
        yield found


def targets(live: Live) -> list[tuple[str, int]]:
    lines = live.read(lambda reader: loop_lines(reader, 0))
    return [(line.contact_name, line.target.every_ms) for line in lines]


def test_a_channel_is_tried_and_tried_no_more_with_undo(
    live: Live, qapp: QApplication, qtbot: QtBot
) -> None:
    live.client.save_contact({"name": "Ann", "methods": [{"url": URL}]})
    live.client.save_contact({"name": "Loop", "enabled": False, "methods": [{"url": URL}]})
    desk = live.open(qapp)
    desk.shell.open_room(4)
    room = desk.shell.rooms[4]
    assert isinstance(room, CommsRoom)
    room.open_page("channels")
    page, control = room.channels, room.channels.loops
    qtbot.waitUntil(lambda: bool(page.table.lines.rows()), timeout=10_000)
    qtbot.waitUntil(control.button.isVisible)
    assert control.words.text().startswith("No loop tests")
    page.focus_first()
    QTest.keyClick(page.table, Qt.Key.Key_L)
    qtbot.waitUntil(control.form.isVisible)
    assert control.form.to.currentText().startswith("Loop (switched off)")
    QTest.keyClick(control.form.to, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: targets(live) == [("Loop", 900_000)])
    qtbot.waitUntil(lambda: control.button.text() == OFF)
    assert not control.form.isVisible()
    assert "Each 15 min to Loop" in control.words.text()
    QTest.keyClick(page.table, Qt.Key.Key_L)
    qtbot.waitUntil(lambda: targets(live) == [])
    qtbot.waitUntil(lambda: control.button.text() == ON)
    desk.shell.undo_last()
    qtbot.waitUntil(lambda: targets(live) == [("Loop", 900_000)])


def test_without_the_engine_it_shows_and_switches_nothing(
    live: Live, qapp: QApplication, qtbot: QtBot
) -> None:
    live.client.save_contact({"name": "Ann", "methods": [{"url": URL}]})
    desk = live.open(qapp)
    desk.shell.open_room(4)
    room = desk.shell.rooms[4]
    assert isinstance(room, CommsRoom)
    room.open_page("channels")
    control = room.channels.loops
    qtbot.waitUntil(lambda: control.button.isVisible() and control.button.isEnabled())
    live.engine.kill()
    qtbot.waitUntil(lambda: not control.button.isEnabled(), timeout=10_000)
    control.turn()
    assert not control.form.isVisible()
    [action] = control.actions()
    assert not action.enabled
    assert action.detail

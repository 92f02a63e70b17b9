"""The room: one column or two, and a way to each card."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from crisisdesk.desk.app import Desk
from crisisdesk.desk.settings_room.room import SettingsRoom

pytestmark = [pytest.mark.serial, pytest.mark.usefixtures("look")]


def left(card: QWidget, room: SettingsRoom) -> int:
    return card.mapTo(room, QPoint(0, 0)).x()


def test_a_wide_window_has_two_columns_and_a_narrow_one(
    desk: Desk, room: SettingsRoom, qtbot: QtBot
) -> None:
    desk.shell.resize(1920, 1080)
    qtbot.waitUntil(lambda: left(room.sounds, room) > room.width() // 3)
    assert left(room.station, room) == left(room.people, room) == left(room.look_card, room)
    assert left(room.sounds, room) == left(room.intake, room)
    assert room.sounds.width() > 700
    desk.shell.resize(1280, 800)
    qtbot.waitUntil(lambda: left(room.sounds, room) == left(room.station, room))
    qtbot.waitUntil(lambda: room.sounds.width() > room.width() * 0.9)


def test_each_action_puts_the_keyboard_into_its_card(desk: Desk, room: SettingsRoom) -> None:
    desk.shell.open_room(1)
    actions = {action.key: action for action in room.actions()}
    actions["settings people"].run()
    assert desk.shell.room is room
    assert room.people.name.line.hasFocus()

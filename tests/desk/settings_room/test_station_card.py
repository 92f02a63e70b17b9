"""Station and operator: kept by the engine and shown by the status bar."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from crisisdesk.desk.app import Desk
from crisisdesk.desk.settings_room.room import SettingsRoom

from tests.desk.live import OPERATOR, Live

pytestmark = [pytest.mark.serial, pytest.mark.usefixtures("look")]


def shown(desk: Desk) -> str:
    parts = desk.shell.status.findChildren(QWidget)
    return ", ".join(part.accessibleName() for part in parts if part.isVisible())


def test_new_names_reach_the_store_and_the_status_bar(
    desk: Desk, room: SettingsRoom, live: Live, qtbot: QtBot
) -> None:
    assert (room.station.name.text, room.station.operator.text) == ("BRNO-1", OPERATOR)
    room.station.name.line.setText("BRNO-2")
    room.station.operator.line.setText("Ana Jakes")
    room.station.save.click()
    qtbot.waitUntil(lambda: room.station.verdict.text() == "Saved.")
    station = live.read(lambda reader: reader.station())
    assert (station.name, station.operator) == ("BRNO-2", "Ana Jakes")
    qtbot.waitUntil(lambda: "BRNO-2" in shown(desk))
    assert "Ana Jakes" in shown(desk)


def test_an_empty_name_is_not_sent(room: SettingsRoom, live: Live) -> None:
    room.station.operator.line.clear()
    room.station.send()
    assert room.station.verdict.text() == "Both names are needed."
    assert room.station.operator.line.hasFocus()
    assert live.read(lambda reader: reader.station()).operator == OPERATOR

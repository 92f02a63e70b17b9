"""An engine that really pages, a desk on it, and its Settings room."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crisisdesk.api.client import Client
from crisisdesk.desk.app import Desk
from crisisdesk.desk.settings_room.room import SettingsRoom
from crisisdesk.desk.supervisor import read_door
from crisisdesk.settings.places import Places

from tests.crash.engine_process import running
from tests.desk.live import OPERATOR, Live


@pytest.fixture
def live(qtbot: QtBot, tmp_path: Path) -> Iterator[Live]:
    """Not sealed, unlike elsewhere: its pages go out, to loopback only."""
    data = tmp_path / "station"
    data.mkdir(mode=0o700)
    with running(data) as (engine, _):
        door = read_door(Places(data))
        assert door is not None
        with Client(door.url, door.token, OPERATOR) as client:
            client.set_station(name="BRNO-1", operator=OPERATOR)
            found = Live(qtbot, Places(data), engine, client)
            yield found
            if found.desk is not None:
                found.desk.close()


@pytest.fixture
def desk(live: Live, qapp: QApplication) -> Desk:
    """The window, open at Settings and told who sits there."""
    desk = live.open(qapp)
    desk.shell.open_room(9)
    live.qtbot.waitUntil(lambda: desk.shell.operator() == OPERATOR)
    return desk


@pytest.fixture
def room(desk: Desk) -> SettingsRoom:
    """The Settings room of that window."""
    found = desk.shell.rooms[9]
    assert isinstance(found, SettingsRoom)
    return found

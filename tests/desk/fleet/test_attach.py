"""The ways from the frame to the hub's card and to the page of splits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crisisdesk.desk.fleet.attach import FleetDoor
from crisisdesk.desk.settings_room.room import SettingsRoom
from crisisdesk.desk.splits.room import SPLITS

from tests.desk.fleet.fleets import STATES
from tests.desk.live import Live, living

pytestmark = [pytest.mark.serial, pytest.mark.usefixtures("look")]


@pytest.fixture
def live(qtbot: QtBot, tmp_path: Path) -> Iterator[Live]:
    with living(qtbot, tmp_path) as found:
        yield found


def test_status_bar_and_banner_lead_to_the_hubs_card(
    live: Live, qapp: QApplication, qtbot: QtBot
) -> None:
    desk = live.open(qapp)
    shell = desk.shell
    door = next(part for part in desk.parts or [] if isinstance(part, FleetDoor))
    settings = shell.rooms[9]
    assert isinstance(settings, SettingsRoom)
    for segment in ("duty", "hub", "commit"):
        shell.open_room(1)
        shell.status.chosen.emit(segment)
        assert shell.room is settings
    shell.open_room(1)
    door.look("hub")
    assert shell.room is settings
    door.look("split")
    assert shell.room.key == SPLITS
    assert "No station was cut off" in door.splits._none.accessibleName()
    door.splits.left.emit()
    assert shell.room is settings
    door.watch.changed.emit(STATES["acting"])
    assert settings.hub.facts["Duty"].value.text() == "This station pages without the hub's word."
    assert [action.keys for action in door.actions()] == ["F7"]

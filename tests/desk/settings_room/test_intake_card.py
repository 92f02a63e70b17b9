"""Sources: the engine's real address, and settings that can be pasted as they are."""

from __future__ import annotations

import pytest
import yaml
from PySide6.QtWidgets import QApplication

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.settings_room.room import SettingsRoom
from crisisdesk.desk.supervisor import read_door

from tests.desk.live import Live

pytestmark = [pytest.mark.serial, pytest.mark.usefixtures("look")]


def copied(room: SettingsRoom, name: str) -> str:
    (button,) = [
        one
        for one in room.intake.findChildren(KeyButton)
        if one.accessibleName() == f"Copy the settings for {name}"
    ]
    button.click()
    return QApplication.clipboard().text()


def test_the_real_address_is_shown_and_copied(room: SettingsRoom, live: Live) -> None:
    door = read_door(live.places)
    assert door is not None
    url = door.url.rstrip("/")
    shown = [text.text() for text in room.intake.findChildren(Text)]
    assert f"{url}/intake/alertmanager" in shown
    told = yaml.safe_load(copied(room, "Alertmanager"))
    hook = told["receivers"][0]["webhook_configs"][0]
    assert hook["url"] == f"{url}/intake/alertmanager"
    assert hook["http_config"]["authorization"]["credentials"] == "INTAKE_TOKEN"
    told = yaml.safe_load(copied(room, "Prometheus itself"))
    (manager,) = told["alerting"]["alertmanagers"]
    assert manager["static_configs"] == [{"targets": [url.removeprefix("http://")]}]
    assert room.intake.verdict.text().startswith("Copied")

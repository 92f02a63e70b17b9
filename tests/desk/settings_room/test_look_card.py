"""Look: a tab changes the theme or the zoom of the whole desk."""

from __future__ import annotations

import pytest

from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.settings_room.room import SettingsRoom

pytestmark = [pytest.mark.serial, pytest.mark.usefixtures("look")]


def test_theme_and_zoom_switch(room: SettingsRoom) -> None:
    card = room.look_card
    card.themes.chosen.emit("contrast")
    assert theme().name == "contrast"
    card.zooms.chosen.emit("125")
    assert (theme().name, theme().zoom) == ("contrast", 125)
    assert room.desk.remembered("look.theme", "") == "contrast"
    assert room.desk.remembered("look.zoom", 0) == 125

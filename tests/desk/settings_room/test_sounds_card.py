"""Sounds: what is played, what was heard goes into the log, and volumes come back."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.app import Desk
from crisisdesk.desk.settings_room.room import SettingsRoom
from crisisdesk.desk.settings_room.sounds_card import SoundsCard
from crisisdesk.domain.alarm import Motif

from tests.desk.live import Live

pytestmark = [pytest.mark.serial, pytest.mark.usefixtures("look")]


def test_play_asks_for_the_motif_of_its_row(room: SettingsRoom, qtbot: QtBot) -> None:
    with qtbot.waitSignal(room.sounds.played) as heard:
        room.sounds.rows["critical"].play.click()
    assert heard.args == [Motif.CRITICAL]


def test_what_was_heard_is_logged_and_cannot_be_taken_back(
    room: SettingsRoom, live: Live, qtbot: QtBot
) -> None:
    tick = room.sounds.rows["high"].tick
    tick.click()
    qtbot.waitUntil(lambda: room.sounds.missing() == 4)
    raw = live.read(lambda reader: b"".join(e.raw for e in reader.events_after(0, 1_000)))
    assert raw.count(b'"kind":"station.sound_heard"') == 1
    assert tick.isChecked()
    assert not tick.isEnabled()


def test_a_volume_is_remembered(desk: Desk, room: SettingsRoom, qtbot: QtBot) -> None:
    with qtbot.waitSignal(room.sounds.volume_changed) as changed:
        room.sounds.rows["medium"].slider.setValue(52)
    assert changed.args == ["medium", 52]
    again = SoundsCard(desk.shell)
    qtbot.addWidget(again)
    assert again.volumes()["medium"] == 0.52
    assert again.volumes()["low"] == 0.30

"""The orders of the map in the whole window: a real engine, real keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crisisdesk.desk.channel_map.orders import fields_of, refusal_words
from crisisdesk.desk.channel_map.outage_form import Wanted
from crisisdesk.desk.comms_room.room import CommsRoom
from crisisdesk.desk.room import Refusal

from tests.desk.live import Live, living

pytestmark = [pytest.mark.serial, pytest.mark.usefixtures("look")]
WITHIN_MS = 15_000


@pytest.fixture
def live(qtbot: QtBot, tmp_path: Path) -> Iterator[Live]:
    with living(qtbot, tmp_path) as found:
        yield found


def test_something_is_said_out_shown_everywhere_and_said_there_again(
    live: Live, qapp: QApplication, qtbot: QtBot
) -> None:
    method = {"url": "webhook://127.0.0.1:9/x"}
    live.client.save_contact({"name": "Ann", "methods": [method]})
    desk = live.open(qapp)
    desk.shell.resize(1280, 800)
    QTest.keyClick(desk.shell, Qt.Key.Key_4)
    room = desk.shell.room
    assert isinstance(room, CommsRoom)
    QTest.keyClick(QApplication.focusWidget() or desk.shell, Qt.Key.Key_M)
    page = room.map
    qtbot.waitUntil(lambda: bool(page.found.columns), timeout=WITHIN_MS)
    assert room.help_page() == "channel-map"
    QTest.keyClick(QApplication.focusWidget() or desk.shell, Qt.Key.Key_O)
    form = page.side.form
    qtbot.waitUntil(form.is_open)
    assert form.name.text() == "host:127.0.0.1"
    qtbot.keyClicks(form.reason, "burnt")
    form.incident.setText("INC-NONE")
    qtbot.keyClick(form.reason, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Incident" in form.words.text(), timeout=WITHIN_MS)
    form.incident.clear()
    qtbot.keyClick(form.reason, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(page.found.unreachable) == 1, timeout=WITHIN_MS)

    def bar() -> str:
        [one] = [s for s in desk.shell.status.segments() if s.key == "channels"]
        return f"{one.strong}|{one.tip}"

    said = "host:127.0.0.1 out|host:127.0.0.1 is out, said by Klára Langová: burnt"
    qtbot.waitUntil(lambda: bar() == said, timeout=WITHIN_MS)
    QTest.keyClick(page.grid, Qt.Key.Key_E)
    qtbot.waitUntil(lambda: page.found.unreachable == (), timeout=WITHIN_MS)
    qtbot.waitUntil(lambda: bar() == "|", timeout=WITHIN_MS)
    assert live.client.outages() == []


def test_the_fields_of_an_order() -> None:
    assert fields_of(Wanted("dns", "x", "", None)) == {}
    assert fields_of(Wanted("dns", "x", "INC-1", 60)) == {"incident_id": "INC-1", "duration_s": 60}
    assert refusal_words(Refusal(words="is empty", remedy="write one")) == "is empty; write one."
    assert refusal_words(Refusal(words="not saved")) == "not saved."

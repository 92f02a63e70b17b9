"""The room in the whole window, on a real engine in its own process, worked by real keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crisisdesk.desk.app import Desk
from crisisdesk.desk.incidents.room import IncidentsRoom

from tests.desk.live import Live, living

pytestmark = [pytest.mark.serial, pytest.mark.usefixtures("look")]
KEYS = Qt.Key


@pytest.fixture
def live(qtbot: QtBot, tmp_path: Path) -> Iterator[Live]:
    with living(qtbot, tmp_path) as found:
        yield found


def press(desk: Desk, *keys: Qt.Key, ctrl: bool = False) -> None:
    held = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
    for key in keys:
        QTest.keyClick(QApplication.focusWidget() or desk.shell, key, held)


def write(words: str) -> None:
    field = QApplication.focusWidget()
    assert field is not None
    QTest.keyClicks(field, words)


def told(room: IncidentsRoom) -> list[str]:
    return [entry.told.plain for entry in room.page.timeline.view.rows.rows()]


def test_an_incident_is_led_from_the_keyboard_alone(
    live: Live, qapp: QApplication, qtbot: QtBot
) -> None:
    desk = live.open(qapp)
    desk.shell.resize(1280, 800)
    desk.shell.open_room(2)
    room = desk.shell.rooms[2]
    assert isinstance(room, IncidentsRoom)
    press(desk, KEYS.Key_C)
    write("Orders are down")
    press(desk, KEYS.Key_Return)
    qtbot.waitUntil(lambda: room.current().startswith("INC-"))
    incident_id = room.current()
    assert room.page.value_of("commander") == "Klára Langová"

    press(desk, KEYS.Key_N)
    write("Lag holds at 41 s.")
    press(desk, KEYS.Key_Return, ctrl=True)
    qtbot.waitUntil(lambda: "Lag holds at 41 s." in told(room))
    assert room.page.timeline.composer.draft().text == ""
    press(desk, KEYS.Key_Escape)

    press(desk, KEYS.Key_S, KEYS.Key_Return)
    qtbot.waitUntil(lambda: room.page.value_of("status") == "investigating")
    press(desk, KEYS.Key_S, KEYS.Key_Right, KEYS.Key_Right, KEYS.Key_Return)
    write("fra2 took over")
    press(desk, KEYS.Key_Return)
    qtbot.waitUntil(lambda: room.page.value_of("status") == "resolved")
    assert room.page.value_of("resolution_summary") == "fra2 took over"
    press(desk, KEYS.Key_O)
    write("errors are back")
    press(desk, KEYS.Key_Return)
    qtbot.waitUntil(lambda: room.page.value_of("status") == "investigating")
    press(desk, KEYS.Key_H)
    assert room.page.form.question is not None
    assert "Orders are down" in room.page.form.values()["known"]
    press(desk, KEYS.Key_Escape)
    assert room.page.form.question is None
    room.role_work.press("list")
    press(desk, KEYS.Key_A)
    write("Mateo Ruiz")
    press(desk, KEYS.Key_Tab)
    write("he is on site")
    press(desk, KEYS.Key_Return)
    qtbot.waitUntil(lambda: room.page.value_of("commander") == "Mateo Ruiz")
    kept = live.read(lambda reader: reader.incident(incident_id))
    assert (kept.commander, kept.life, kept.status) == ("Mateo Ruiz", 2, "investigating")


def test_an_entry_is_edited_and_pinned_by_key_and_the_alert_is_one_key_away(
    live: Live, qapp: QApplication, qtbot: QtBot
) -> None:
    alert_id = live.raise_alert("Replication stopped", service="db-primary")
    incident_id = live.client.escalate(alert_id)["incident_id"]
    live.client.post_update(incident_id, "Lag holds.")
    desk = live.open(qapp)
    room = desk.shell.rooms[2]
    assert isinstance(room, IncidentsRoom)
    desk.shell.open_room(2)
    qtbot.waitUntil(lambda: room.current() == incident_id)
    view = room.page.timeline.view
    view.setFocus()
    press(desk, KEYS.Key_Home)
    qtbot.waitUntil(lambda: room.orderly.entry() is not None)
    press(desk, KEYS.Key_I)
    qtbot.waitUntil(lambda: view.rows.row(0).is_pinned)
    press(desk, KEYS.Key_E, KEYS.Key_End)
    write(" Since 02:30.")
    press(desk, KEYS.Key_Return, ctrl=True)
    qtbot.waitUntil(lambda: told(room)[0] == "Lag holds. Since 02:30.")
    assert [r.title for r in view.rows.row(0).revisions] == ["Lag holds."]
    room.page.alerts.setFocus()
    press(desk, KEYS.Key_Home, KEYS.Key_Return)
    qtbot.waitUntil(lambda: desk.shell.alerts.view.selected_id == alert_id)


def test_while_the_engine_is_gone_nothing_typed_is_lost(
    live: Live, qapp: QApplication, qtbot: QtBot
) -> None:
    incident_id = live.client.open_incident("Down", "major")["incident_id"]
    desk = live.open(qapp)
    room = desk.shell.rooms[2]
    assert isinstance(room, IncidentsRoom)
    desk.shell.open_room(2)
    qtbot.waitUntil(lambda: room.current() == incident_id)
    live.engine.process.kill()
    live.engine.process.wait()
    press(desk, KEYS.Key_N)
    write("Written into the dark")
    press(desk, KEYS.Key_Return, ctrl=True)
    composer = room.page.timeline.composer
    qtbot.waitUntil(composer.words.isVisible, timeout=15_000)
    assert composer.words.text().startswith("Not saved: ")
    assert composer.draft().text == "Written into the dark"


def test_three_keys_declare_one_from_nothing_and_one_from_an_alert(
    live: Live, qapp: QApplication, qtbot: QtBot
) -> None:
    alert_id = live.raise_alert("Replication stopped", service="db-primary")
    desk = live.open(qapp)
    qtbot.waitUntil(lambda: desk.shell.alerts.view.model().rowCount() > 0)
    press(desk, KEYS.Key_J, KEYS.Key_E)
    qtbot.waitUntil(lambda: bool(live.read(lambda reader: reader.alert(alert_id)).incident_id))
    qtbot.waitUntil(lambda: desk.shell.room.key == 2)
    press(desk, KEYS.Key_C)
    write("Mails wait")
    press(desk, KEYS.Key_Return)

    def declared() -> list[str]:
        return [row.title for row in live.read(lambda reader: reader.incident_rows())]

    qtbot.waitUntil(lambda: "Mails wait" in declared())
    incident_id = live.read(lambda reader: reader.alert(alert_id)).incident_id
    tasks = live.read(lambda reader: reader.tasks_of(incident_id))
    assert {task.source.partition("/")[0] for task in tasks} == {"outage"}

"""The whole window on a real engine, worked by real keys."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from crisisdesk.desk.app import Desk
from crisisdesk.desk.look.theme import Look, theme
from crisisdesk.desk.supervisor import process_lives, read_door

from tests.desk.live import Live, living

pytestmark = [pytest.mark.serial, pytest.mark.usefixtures("look")]


@pytest.fixture
def live(qtbot: QtBot, tmp_path: Path) -> Iterator[Live]:
    with living(qtbot, tmp_path) as found:
        yield found


def press(desk: Desk, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    target: QWidget = QApplication.focusWidget() or desk.shell
    QTest.keyClick(target, key, modifier or Qt.KeyboardModifier.NoModifier)


def shown_titles(desk: Desk) -> list[str]:
    items = desk.shell.alerts.model.items
    return [item.title for item in items if hasattr(item, "title")]


def test_an_alert_appears_and_a_takes_it_and_undo_gives_it_back(
    live: Live, qapp: QApplication, qtbot: QtBot
) -> None:
    desk = live.open(qapp)
    alert_id = live.raise_alert("Replication stopped", service="db-primary")
    qtbot.waitUntil(lambda: shown_titles(desk) == ["Replication stopped"])
    qtbot.waitUntil(lambda: "db-primary" in desk.shell.banner.accessibleName())
    assert desk.shell.strip.shown() == [alert_id]
    press(desk, Qt.Key.Key_J)
    assert desk.shell.alerts.view.selected_id == alert_id
    press(desk, Qt.Key.Key_A)
    qtbot.waitUntil(lambda: live.status(alert_id) == "acknowledged")
    qtbot.waitUntil(lambda: desk.shell.alerts.tally.unowned() == 0)
    row = desk.shell.alerts.selected_row()
    assert row is not None
    assert row.owner == "Klára Langová"
    qtbot.waitUntil(lambda: len(desk.shell.toasts.keys()) == 1)
    press(desk, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: live.status(alert_id) == "active")
    qtbot.waitUntil(lambda: desk.shell.alerts.tally.unowned() == 1)


def test_new_alerts_wait_while_one_is_read_and_u_lets_them_in(
    live: Live, qapp: QApplication, qtbot: QtBot
) -> None:
    desk = live.open(qapp)
    first = live.raise_alert("First", "high")
    qtbot.waitUntil(lambda: shown_titles(desk) == ["First"])
    press(desk, Qt.Key.Key_J)
    live.raise_alert("Second", "critical")
    bar = desk.shell.alerts.list.new_bar
    qtbot.waitUntil(lambda: bar.isVisible() and "1 new" in bar.accessibleName())
    assert shown_titles(desk) == ["First"]
    press(desk, Qt.Key.Key_U)
    assert shown_titles(desk) == ["Second", "First"]
    assert desk.shell.alerts.view.selected_id == first
    assert desk.shell.alerts.view.currentIndex().row() == 2


def test_the_acknowledged_row_stays_until_the_selection_leaves_it(
    live: Live, qapp: QApplication, qtbot: QtBot
) -> None:
    desk = live.open(qapp)
    first = live.raise_alert("First", "critical")
    live.raise_alert("Second", "high")
    qtbot.waitUntil(lambda: shown_titles(desk) == ["First", "Second"])
    press(desk, Qt.Key.Key_J)
    press(desk, Qt.Key.Key_A)
    qtbot.waitUntil(lambda: live.status(first) == "acknowledged")
    qtbot.waitUntil(lambda: desk.shell.alerts.tally.unowned() == 1)
    assert shown_titles(desk) == ["First", "Second"]
    press(desk, Qt.Key.Key_J)
    assert shown_titles(desk) == ["Second", "First"]
    selected = desk.shell.alerts.selected_row()
    assert selected is not None
    assert selected.title == "Second"


def test_a_group_is_opened_and_taken_as_one(live: Live, qapp: QApplication, qtbot: QtBot) -> None:
    desk = live.open(qapp)
    names = [live.raise_alert(f"Part {n}", "high", group_key="standby=fra2") for n in range(3)]
    view = desk.shell.alerts.view
    qtbot.waitUntil(lambda: len(shown_titles(desk)) == 3)
    press(desk, Qt.Key.Key_G)
    assert desk.shell.alerts.model.rowCount() == 2
    press(desk, Qt.Key.Key_J)
    press(desk, Qt.Key.Key_Right)
    assert desk.shell.alerts.model.rowCount() == 5
    assert view.currentIndex().row() == 1, "the selection stays on the group"
    press(desk, Qt.Key.Key_Down)
    button = desk.shell.alerts.detail.button("ack")
    assert button is not None
    assert button.text() == "Acknowledge"
    press(desk, Qt.Key.Key_Up)
    assert button.text() == "Acknowledge 3 alerts"
    press(desk, Qt.Key.Key_A)
    qtbot.waitUntil(lambda: {live.status(name) for name in names} == {"acknowledged"})


def test_a_note_and_an_incident_by_keys(live: Live, qapp: QApplication, qtbot: QtBot) -> None:
    desk = live.open(qapp)
    alert_id = live.raise_alert("Disk full", "high")
    qtbot.waitUntil(lambda: shown_titles(desk) == ["Disk full"])
    press(desk, Qt.Key.Key_J)
    press(desk, Qt.Key.Key_N)
    assert desk.shell.alerts.detail.note.hasFocus()
    QTest.keyClicks(desk.shell.alerts.detail.note, "Jack called the vendor")
    press(desk, Qt.Key.Key_Return)
    qtbot.waitUntil(
        lambda: any(
            event.body.get("text") == "Jack called the vendor"
            for event in live.read(lambda reader: reader.history([alert_id]))
        )
    )
    assert live.status(alert_id) == "active", "the letters of a note are no commands"
    assert desk.shell.alerts.view.hasFocus()
    press(desk, Qt.Key.Key_E)
    qtbot.waitUntil(lambda: bool(live.read(lambda reader: reader.alert(alert_id)).incident_id))
    qtbot.waitUntil(lambda: desk.shell.room.key == 2)
    press(desk, Qt.Key.Key_1)
    assert desk.shell.room.key == 1


def test_slash_filters_and_escape_shows_everything_again(
    live: Live, qapp: QApplication, qtbot: QtBot
) -> None:
    desk = live.open(qapp)
    live.raise_alert("Disk full", "high")
    live.raise_alert("Link lost", "high")
    qtbot.waitUntil(lambda: len(shown_titles(desk)) == 2)
    press(desk, Qt.Key.Key_Slash)
    QTest.keyClicks(desk.shell.alerts.list.filter, "link")
    assert shown_titles(desk) == ["Link lost"]
    QTest.keyClicks(desk.shell.alerts.list.filter, " xyz")
    assert desk.shell.alerts.list.is_empty
    press(desk, Qt.Key.Key_Escape)
    assert len(shown_titles(desk)) == 2
    assert not desk.shell.alerts.list.is_empty


def test_the_palette_names_the_selected_alert_and_runs_its_action(
    live: Live, qapp: QApplication, qtbot: QtBot
) -> None:
    desk = live.open(qapp)
    alert_id = live.raise_alert("Disk full", "high")
    qtbot.waitUntil(lambda: shown_titles(desk) == ["Disk full"])
    press(desk, Qt.Key.Key_J)
    press(desk, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert desk.actions is not None
    palette = desk.actions.palette
    assert palette.isVisible()
    assert palette.rows()[0].head == f"For {alert_id}, Disk full"
    QTest.keyClicks(palette.field, "resolve")
    press(desk, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: live.status(alert_id) == "resolved")
    qtbot.waitUntil(lambda: "Nothing is open" in desk.shell.banner.accessibleName())


def test_a_killed_engine_is_started_again_and_a_refused_command_is_sent_then(
    live: Live, qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRISISDESK_PORT", "0")
    monkeypatch.setenv("CRISISDESK_SEALED", "true")
    desk = live.open(qapp, starts_engine=True)
    alert_id = live.raise_alert("Disk full", "high")
    qtbot.waitUntil(lambda: shown_titles(desk) == ["Disk full"])
    press(desk, Qt.Key.Key_J)
    live.engine.kill()
    qtbot.waitUntil(desk.shell.engine_away, timeout=10_000)
    qtbot.waitUntil(lambda: "Engine restarting" in desk.shell.banner.accessibleName())
    assert shown_titles(desk) == ["Disk full"]
    press(desk, Qt.Key.Key_A)
    card = desk.shell.alerts.detail.refusal
    qtbot.waitUntil(card.isVisible, timeout=10_000)
    assert "Not saved: acknowledge" in card.accessibleName()
    card.again_button.click()
    qtbot.waitUntil(lambda: not desk.shell.engine_away(), timeout=30_000)
    qtbot.waitUntil(lambda: live.status(alert_id) == "acknowledged")
    door = read_door(live.places)
    assert door is not None
    os.kill(door.pid, signal.SIGTERM)
    desk.supervisor.stop()
    qtbot.waitUntil(lambda: not process_lives(door.pid), timeout=10_000)


def test_the_window_comes_back_as_it_was(
    live: Live, qapp: QApplication, qtbot: QtBot, look: Look
) -> None:
    live.raise_alert("First", "high")
    second = live.raise_alert("Second", "critical")
    desk = live.open(qapp)
    qtbot.waitUntil(lambda: len(shown_titles(desk)) == 2)
    assert desk.actions is not None
    desk.actions.set_look(name="light", zoom=110)
    press(desk, Qt.Key.Key_J)
    press(desk, Qt.Key.Key_G)
    desk.shell.alerts.list.filter.setText("second")
    press(desk, Qt.Key.Key_2)
    desk.shell.close()
    assert desk.shell.isVisible(), "the first time it says that the engine keeps running"
    desk.shell.close()
    desk.close()
    look.switch(name="dark", zoom=100)
    again = live.open(qapp)
    qtbot.waitUntil(lambda: again.shell.alerts.view.selected_id == second)
    assert (theme().name, theme().zoom) == ("light", 110)
    assert again.shell.room.key == 2
    assert again.shell.alerts.queue.grouping == "group"
    assert again.shell.alerts.list.filter.text() == "second"


def test_the_first_run_names_the_station_and_its_operator(
    qtbot: QtBot, tmp_path: Path, qapp: QApplication
) -> None:
    with living(qtbot, tmp_path, named=False) as live:
        desk = live.open(qapp)
        qtbot.waitUntil(lambda: desk.shell.pages.count() == 2)
        from crisisdesk.desk.first_run import FirstRun

        page = desk.shell.pages.currentWidget()
        assert isinstance(page, FirstRun)
        QTest.keyClicks(page.station.name.line, "BRNO-2")
        QTest.keyClicks(page.station.operator.line, "Ana Jakes")
        press(desk, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: page.step == 1)
        page.sounds.rows["high"].tick.click()
        qtbot.waitUntil(lambda: "high" in live.read(lambda r: r.station()).sounds_heard)
        qtbot.waitUntil(lambda: page.sounds.missing() == 4)
        page.later.click()
        page.people.name.line.setText("Priya Nair")
        page.people.url.line.setText("json://127.0.0.1:9/hook")
        page.next.click()
        qtbot.waitUntil(lambda: len(page.people.contacts) == 1)
        page.next.click()
        page.next.click()
        assert desk.shell.pages.currentWidget() is desk.shell.desk_page
        station = live.read(lambda reader: reader.station())
        assert (station.name, station.operator) == ("BRNO-2", "Ana Jakes")
        qtbot.waitUntil(lambda: desk.shell.operator() == "Ana Jakes")

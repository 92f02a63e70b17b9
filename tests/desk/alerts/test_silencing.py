"""Silences worked from the Alerts room by real keys, on a real engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crisisdesk.desk.app import Desk

from tests.desk.live import Live, living

pytestmark = [pytest.mark.serial, pytest.mark.usefixtures("look")]


@pytest.fixture
def live(qtbot: QtBot, tmp_path: Path) -> Iterator[Live]:
    with living(qtbot, tmp_path) as found:
        yield found


def press(desk: Desk, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    target = QApplication.focusWidget() or desk.shell
    QTest.keyClick(target, key, modifier or Qt.KeyboardModifier.NoModifier)


def test_s_a_reason_and_enter_keep_an_alert_quiet_and_undo_lifts_it(
    live: Live, qapp: QApplication, qtbot: QtBot
) -> None:
    desk = live.open(qapp)
    labels = {"alertname": "Lag"}
    alert_id = live.raise_alert("Replication stopped", service="db", labels=labels)
    other = live.raise_alert("Error rate 12 %", "high", service="web")
    room = desk.shell.alerts
    qtbot.waitUntil(lambda: room.tally.open() == 2)
    press(desk, Qt.Key.Key_J)
    assert room.view.selected_id == alert_id
    qtbot.waitUntil(lambda: room._labels == (alert_id, labels))
    press(desk, Qt.Key.Key_S)
    form = room.detail.silence_form
    assert form.isVisible()
    assert form.matchers.text() == 'service="db", alertname="Lag"'
    ack = room.detail.button("ack")
    assert ack is not None
    assert ack.kind == "normal", "one primary button in a pane"
    qtbot.waitUntil(lambda: form.hides.text() == "Covers 1 open alert now.")
    QTest.keyClicks(form.reason, "Planned work")
    press(desk, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: set(room.silencing.quiet) == {alert_id})
    assert not form.isVisible()
    silence = room.silencing.quiet[alert_id]
    assert (silence.reason, silence.set_by) == ("Planned work", "Klára Langová")
    assert silence.until - silence.set_at == 7_200_000
    assert room.detail.silenced.isVisible()
    assert room.view._delegate.silenced.keys() == {alert_id}
    assert other not in room.silencing.quiet
    qtbot.waitUntil(lambda: silence.silence_id in desk.shell.strip.shown())
    press(desk, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: room.silencing.quiet == {})
    assert not room.detail.silenced.isVisible()


def test_the_shelf_shows_them_and_lifts_one(live: Live, qapp: QApplication, qtbot: QtBot) -> None:
    alert_id = live.raise_alert("Replication stopped", service="db")
    made = live.client.set_silence("service=db", "Planned work", duration_s=600)
    desk = live.open(qapp)
    room = desk.shell.alerts
    qtbot.waitUntil(lambda: set(room.silencing.quiet) == {alert_id})
    press(desk, Qt.Key.Key_S, Qt.KeyboardModifier.ShiftModifier)
    assert room.list.on_shelf
    shelf = room.list.shelf
    assert shelf.shown() == [made["id"]]
    later = live.raise_alert("Slow", service="db")
    qtbot.waitUntil(lambda: set(room.silencing.quiet) == {alert_id, later}, timeout=5_000)
    row = shelf.row(made["id"])
    assert row is not None
    assert QApplication.focusWidget() is row.lift
    press(desk, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: room.silencing.quiet == {})
    assert live.client.silence(made["id"])["lifted_by"] == "Klára Langová"
    room.desk.show_thing(alert_id)
    assert not room.list.on_shelf
    assert room.view.selected_id == alert_id


def test_it_ends_by_the_clock_alone(live: Live, qapp: QApplication, qtbot: QtBot) -> None:
    alert_id = live.raise_alert("Replication stopped", service="db")
    live.client.set_silence("service=db", "Short", duration_s=3)
    desk = live.open(qapp)
    room = desk.shell.alerts
    qtbot.waitUntil(lambda: set(room.silencing.quiet) == {alert_id})
    qtbot.waitUntil(lambda: room.silencing.quiet == {}, timeout=8_000)
    assert [s.standing(desk.shell.alerts.desk.now_ms()) for s, _ in room.silencing.found] == [
        "ended"
    ]


def test_what_cannot_be_is_said_in_the_form_and_nothing_is_lost(
    live: Live, qapp: QApplication, qtbot: QtBot
) -> None:
    desk = live.open(qapp)
    live.raise_alert("Replication stopped", service="db")
    room = desk.shell.alerts
    qtbot.waitUntil(lambda: room.tally.open() == 1)
    press(desk, Qt.Key.Key_J)
    press(desk, Qt.Key.Key_S)
    form = room.detail.silence_form
    form.matchers.setText('x=~"(a+)+"')
    qtbot.waitUntil(lambda: "several ways" in form.hides.text())
    form.matchers.setText('service=~".*"')
    qtbot.waitUntil(lambda: "nearly every alert" in form.hides.text())
    form.reason.setText("Planned work")
    press(desk, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: form.words.isVisible() and "Not silenced" in form.words.text())
    assert form.reason.text() == "Planned work"
    press(desk, Qt.Key.Key_Escape)
    assert not form.isVisible()
    assert live.client.silences() == []


def test_what_has_a_cause_says_so_and_leads_to_it(
    live: Live, qapp: QApplication, qtbot: QtBot
) -> None:
    needs = {"kind": "dependencies", "services": {"shop": ["db"]}}
    live.client.publish_policy("Needs", needs)
    live.client.save_contact({"name": "Ann", "methods": []})
    cause = live.raise_alert("Replication stopped", service="db")
    one = live.raise_alert("Checkout is down", service="shop")
    desk = live.open(qapp)
    room = desk.shell.alerts
    qtbot.waitUntil(lambda: set(room.silencing.hushed) == {one}, timeout=10_000)
    assert room.silencing.causes == {cause: 1}
    room.go_to(one)
    bar = room.detail.silenced
    assert bar.isVisible()
    assert f"Kept quiet by {cause} Replication stopped" in bar.accessibleName()
    QTest.mouseClick(bar.lift, Qt.MouseButton.LeftButton)
    assert room.view.selected_id == cause
    assert not bar.isVisible()
    picture = desk.shell.grab()
    assert not picture.isNull()

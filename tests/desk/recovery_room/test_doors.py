"""From an alert or an incident to a procedure, in the whole window by real keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.room import IncidentsRoom
from crisisdesk.desk.recovery_room.doors import wanted_actions
from crisisdesk.desk.recovery_room.room import RecoveryRoom

from tests.desk.live import Live, living
from tests.desk.recovery_room.test_room import FAIL_OVER

pytestmark = [pytest.mark.serial, pytest.mark.usefixtures("look")]


@pytest.fixture
def live(qtbot: QtBot, tmp_path: Path) -> Iterator[Live]:
    with living(qtbot, tmp_path) as found:
        yield found


def test_r_in_incidents_and_shift_r_in_alerts_lead_to_what_fits(
    live: Live, qapp: QApplication, qtbot: QtBot
) -> None:
    live.client.publish_procedure("Fail over", FAIL_OVER)
    alert_id = live.raise_alert("Replication stopped", service="db")
    incident_id = live.client.escalate(alert_id)["incident_id"]
    desk = live.open(qapp)
    shell = desk.shell
    recovery, incidents = shell.rooms[5], shell.rooms[2]
    assert isinstance(recovery, RecoveryRoom)
    assert isinstance(incidents, IncidentsRoom)
    shell.open_room(2)
    qtbot.waitUntil(lambda: incidents.current() == incident_id)
    qtbot.waitUntil(lambda: bool(recovery.board.fits))
    QTest.keyClick(QApplication.focusWidget() or shell, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: shell.room is recovery)
    qtbot.waitUntil(lambda: recovery.beginning.incident_id == incident_id)
    shell.open_room(1)
    qtbot.waitUntil(lambda: shell.alerts.view.model().rowCount() > 0)
    QTest.keyClick(QApplication.focusWidget() or shell, Qt.Key.Key_J)
    qtbot.waitUntil(lambda: shell.alerts.selected_row() is not None)
    focused = QApplication.focusWidget() or shell
    QTest.keyClick(focused, Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: shell.room is recovery)
    assert live.status(alert_id) != "resolved"
    assert wanted_actions(recovery, recovery) == []

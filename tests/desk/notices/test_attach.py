"""A real engine, the real window and a real bus: an alert is taken from its notice."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.offers import Offered
from crisisdesk.desk.incidents.room import IncidentsRoom
from crisisdesk.desk.incidents.task_news import Led
from crisisdesk.desk.notices.watch import NOWHERE, ON

from tests.desk.live import OPERATOR, Live, living
from tests.desk.notices.notice_service import Bus, NoticeService

pytestmark = [pytest.mark.serial, pytest.mark.usefixtures("look")]


@pytest.fixture
def live(qtbot: QtBot, tmp_path: Path) -> Iterator[Live]:
    with living(qtbot, tmp_path) as found:
        yield found


@pytest.fixture
def in_session(bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk of the test finds the test's own bus."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
    monkeypatch.delenv("XDG_ACTIVATION_TOKEN", raising=False)


@pytest.mark.usefixtures("in_session")
def test_an_alert_is_acknowledged_from_its_notice(
    live: Live, qapp: QApplication, qtbot: QtBot, service: NoticeService
) -> None:
    desk = live.open(qapp)
    qtbot.waitUntil(lambda: desk.shell.front.tray_words == ON)
    alert_id = live.raise_alert("Replication stopped", service="db-primary")
    qtbot.waitUntil(lambda: service.titles() == ["Critical: Replication stopped"])
    service.press(service.asked[0].number, "acknowledge")
    qtbot.waitUntil(lambda: live.status(alert_id) == "acknowledged")
    assert live.read(lambda reader: reader.alert(alert_id)).owner == OPERATOR
    qtbot.waitUntil(lambda: service.showing() == [])


@pytest.mark.usefixtures("in_session")
def test_pressing_a_notice_brings_the_window_to_its_alert(
    live: Live, qapp: QApplication, qtbot: QtBot, service: NoticeService
) -> None:
    desk = live.open(qapp)
    live.raise_alert("First", "emergency")
    second = live.raise_alert("Second", "high")
    qtbot.waitUntil(lambda: len(service.asked) == 2)
    desk.shell.open_room(9)
    desk.shell.showMinimized()
    number = next(a.number for a in service.asked if "Second" in a.title)
    service.press(number, "default", "token")
    qtbot.waitUntil(lambda: desk.shell.alerts.view.selected_id == second)
    assert desk.shell.room.key == 1
    assert not desk.shell.isMinimized()


@pytest.mark.usefixtures("in_session")
def test_too_late_to_acknowledge_says_who_was_faster(
    live: Live, qapp: QApplication, qtbot: QtBot, service: NoticeService
) -> None:
    desk = live.open(qapp)
    alert_id = live.raise_alert("Link lost")
    qtbot.waitUntil(lambda: len(service.asked) == 1)
    number = service.asked[0].number
    live.client.acknowledge([alert_id])
    qtbot.waitUntil(lambda: service.showing() == [])
    service.press(number, "acknowledge")
    qtbot.waitUntil(lambda: desk.shell.alerts.view.selected_id == alert_id)
    assert len(desk.shell.toasts.keys()) == 1


@pytest.mark.usefixtures("in_session")
def test_an_offer_is_a_notice_and_accepted_from_it(
    live: Live, qapp: QApplication, qtbot: QtBot, service: NoticeService
) -> None:
    desk = live.open(qapp)
    qtbot.waitUntil(lambda: desk.shell.front.tray_words == ON)
    alert_id = live.raise_alert("Replication stopped", "high", service="db-primary")
    live.client.operator = "Sam"
    live.client.acknowledge([alert_id])
    qtbot.waitUntil(lambda: desk.shell.alerts.tally.unowned() == 0)
    live.client.hand_off(alert_id, OPERATOR)
    wanted = "Sam asks you to take it over"
    qtbot.waitUntil(lambda: wanted in service.titles())
    number = next(one.number for one in service.asked if one.title == wanted)
    service.press(number, "acknowledge")
    qtbot.waitUntil(lambda: live.read(lambda reader: reader.alert(alert_id)).owner == OPERATOR)


@pytest.mark.usefixtures("in_session")
def test_what_waits_at_the_start_is_told_and_the_end_takes_it_back(
    live: Live, qapp: QApplication, qtbot: QtBot, service: NoticeService
) -> None:
    for number in range(5):
        live.raise_alert(f"alert {number}", service=f"service {number}")
    desk = live.open(qapp)
    qtbot.waitUntil(lambda: len(service.showing()) == 4)
    assert "2 more alerts wait: 2 critical" in service.titles()
    desk.close()
    live.desk = None
    qtbot.waitUntil(lambda: service.showing() == [])


def test_without_a_service_the_status_bar_says_so(
    live: Live, qapp: QApplication, qtbot: QtBot
) -> None:
    desk = live.open(qapp)
    qtbot.waitUntil(lambda: desk.shell.front.tray_words == NOWHERE)
    live.raise_alert("Disk full")
    qtbot.waitUntil(lambda: desk.shell.alerts.tally.unowned() == 1)


def test_the_desk_is_loaded_without_what_speaks_to_the_bus() -> None:
    code = (
        "import sys, crisisdesk.desk.app, crisisdesk.desk.furnish\n"
        "print([name for name in sys.modules if name.partition('.')[0] == 'jeepney'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.usefixtures("in_session")
def test_an_overdue_task_is_told_and_its_notice_leads_to_it(
    live: Live, qapp: QApplication, qtbot: QtBot, service: NoticeService
) -> None:
    incident_id = live.client.open_incident("Down", "major", crisis_type="")["incident_id"]
    task_id = live.client.add_task(incident_id, "Ring the landlord", owner=OPERATOR)["task_id"]
    desk = live.open(qapp)
    qtbot.waitUntil(lambda: desk.shell.front.tray_words == ON)
    room = desk.shell.rooms[2]
    assert isinstance(room, IncidentsRoom)
    qtbot.waitUntil(lambda: room.owns(task_id))
    room.task_overdue.emit(Led(live.read(lambda reader: reader.task(task_id)), OPERATOR))
    qtbot.waitUntil(lambda: service.titles() == ["Task overdue: Ring the landlord"])
    service.press(service.asked[0].number, "default")
    view = room.page.tasks.list
    qtbot.waitUntil(lambda: desk.shell.room is room and view.currentIndex().isValid())
    assert view.rows.row(view.currentIndex().row()).key == task_id
    offered = Offered("1", incident_id, "scribe", "Bo", OPERATOR, 0, 60_000)
    room.role_offered.emit(offered)
    qtbot.waitUntil(lambda: "Bo hands scribe over to you" in service.titles())

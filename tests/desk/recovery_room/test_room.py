"""The Recovery room in the whole window, on a real engine in its own process, by real keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crisisdesk.api.client import Client
from crisisdesk.desk.app import Desk
from crisisdesk.desk.front import ROOMS
from crisisdesk.desk.recovery_room.room import RecoveryRoom
from crisisdesk.desk.supervisor import read_door

from tests.desk.live import Live, living

pytestmark = [pytest.mark.serial, pytest.mark.usefixtures("look")]
KEYS = Qt.Key
FAIL_OVER: dict[str, Any] = {
    "description": "The primary is lost. The standby becomes the only writer.",
    "incident_type": "any",
    "severity_level": "minor",
    "estimated_time": "15m",
    "parameters": {"target": {"type": "host", "title": "The standby"}},
    "prerequisites": ["A backup younger than a day is there"],
    "steps": [
        {
            "id": "freeze",
            "title": "Freeze writes",
            "within": "5m",
            "rollback": {"title": "Lift the freeze"},
        },
        {
            "id": "lag",
            "kind": "decision",
            "title": "Is {target} less than a minute behind?",
            "answers": ["yes", "no"],
        },
        {"id": "loss", "title": "Tell the commander of the loss", "when": {"lag": "no"}},
        {"id": "second", "kind": "approval", "title": "Promote {target}", "after": ["lag"]},
        {"id": "promote", "title": "Promote {target}: pg_ctl promote", "after": ["second"]},
    ],
    "success_criteria": ["Orders can be placed"],
}


@pytest.fixture
def live(qtbot: QtBot, tmp_path: Path) -> Iterator[Live]:
    with living(qtbot, tmp_path) as found:
        yield found


def press(desk: Desk, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(QApplication.focusWidget() or desk.shell, key)


def write(words: str) -> None:
    field = QApplication.focusWidget()
    assert field is not None
    QTest.keyClicks(field, words)


def recovery(desk: Desk) -> RecoveryRoom:
    room = desk.shell.rooms[5]
    assert isinstance(room, RecoveryRoom)
    return room


def current(room: RecoveryRoom) -> str:
    return room.page.current


def test_a_run_is_led_from_r_to_its_verdict_by_keys_and_a_second_person(
    live: Live, qapp: QApplication, qtbot: QtBot
) -> None:
    live.client.publish_procedure("Fail over", FAIL_OVER)
    incident_id = live.client.open_incident("Orders are down", "critical")["incident_id"]
    desk = live.open(qapp)
    room = recovery(desk)
    assert ("5", "rotate-ccw", "Recovery") in [(e.key, e.icon, e.word) for e in ROOMS]
    press(desk, KEYS.Key_5)
    qtbot.waitUntil(lambda: room.startable() is not None and bool(room.board.fits))
    press(desk, KEYS.Key_R)
    write("-no host")
    press(desk, KEYS.Key_Return)
    assert "is no host" in room.form.words.text()
    assert not live.client.runs()
    press(desk, KEYS.Key_Home)
    field = room.form.fields["target"]
    assert field.hasFocus()
    field.selectAll()  # type: ignore[union-attr]
    write("db2")
    room.form.holds[0].setChecked(True)
    press(desk, KEYS.Key_Return)
    qtbot.waitUntil(lambda: current(room) == "freeze")
    (run,) = live.client.runs()
    assert run["incident_id"] == incident_id
    assert room.page.path.hasFocus()
    press(desk, KEYS.Key_Return)
    qtbot.waitUntil(lambda: current(room) == "lag")
    press(desk, KEYS.Key_D)
    press(desk, KEYS.Key_Down, KEYS.Key_Return)
    qtbot.waitUntil(lambda: current(room) == "second")
    assert "You asked for it: another person must approve." in room.page.card.state.sentence.text()
    assert not room.page.card.buttons["approve"].isEnabled()
    press(desk, KEYS.Key_A)
    assert not room.page.form.is_open()
    qtbot.waitUntil(lambda: any(c.icon == "stamp" for c in room.clocks()))
    door = read_door(live.places)
    assert door is not None
    with Client(door.url, door.token, "Mateo Ruiz") as second:
        told = second.get_run(run["run_id"])
        second.do_step(run["run_id"], "second", "approve", binding=told["binding"])
    qtbot.waitUntil(lambda: current(room) == "promote")
    assert live.client.get_run(run["run_id"])["done"] == 5
    press(desk, KEYS.Key_Return)
    qtbot.waitUntil(lambda: current(room) == "met-1")
    press(desk, KEYS.Key_Return)
    qtbot.waitUntil(lambda: room.page.found is not None and room.page.found.run.verdict != "")
    assert live.client.get_run(run["run_id"])["verdict"] == "succeeded"

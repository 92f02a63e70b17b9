"""The siren on a whole desk with a real engine behind it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from crisisdesk.desk.app import Desk
from crisisdesk.desk.siren.door import SirenDoor
from crisisdesk.domain.reached import LIMIT_MS

from tests.desk.live import OPERATOR, Live, living

pytestmark = pytest.mark.serial


@pytest.fixture
def live(qtbot: QtBot, tmp_path: Path) -> Iterator[Live]:
    with living(qtbot, tmp_path) as found:
        yield found


def sounding(live: Live, qapp: QApplication) -> SirenDoor:
    """A desk whose clock has run on until the alerts raised before are unreached."""
    desk = live.open(qapp)
    live.qtbot.waitUntil(lambda: desk.shell.operator() == OPERATOR)
    door = desk.shell.findChild(SirenDoor)
    assert door is not None
    let_it_grow_late(live, desk)
    live.qtbot.waitUntil(lambda: not door.siren.is_deaf)
    return door


def let_it_grow_late(live: Live, desk: Desk) -> None:
    """Tick as if two minutes had gone by, until the siren is there."""
    door = desk.shell.findChild(SirenDoor)
    assert door is not None
    desk.ticker.stop()

    def shows() -> bool:
        desk.ticker.ticked.emit(desk.shell.now_ms() + LIMIT_MS)
        return door.siren.isVisible()

    live.qtbot.waitUntil(shows)


def notes(live: Live, alert_id: str) -> list[str]:
    entries = live.read(lambda reader: reader.log_entries([alert_id]))
    return [e.event.body["text"] for e in entries if e.event.kind == "alert.noted"]


def test_a_acknowledges_and_stops_it(live: Live, qapp: QApplication) -> None:
    alert_id = live.raise_alert("Replication stopped")
    door = sounding(live, qapp)
    take = door.siren.panel.side.take
    assert take.hasFocus()
    bell = door._bell
    assert bell.unreached == {alert_id}
    live.qtbot.keyClick(take, Qt.Key.Key_Escape)
    assert door.siren.isVisible()
    live.qtbot.keyClick(take, Qt.Key.Key_A)
    assert door.siren.isHidden()
    assert bell.unreached == set()
    live.qtbot.waitUntil(lambda: live.status(alert_id) == "acknowledged")


def test_calls_are_written_down_and_one_that_was_answered_stops_it(
    live: Live, qapp: QApplication
) -> None:
    live.client.save_contact({"name": "Mateo Ruiz", "emergency": {"phones": ["+34 555 010 377"]}})
    alert_id = live.raise_alert("Replication stopped")
    door = sounding(live, qapp)
    [row] = door.siren.panel.rows.values()
    assert row.callee.phones == ("+34 555 010 377",)
    row.no_answer.click()
    live.qtbot.waitUntil(lambda: notes(live, alert_id) == ["Called Mateo Ruiz: no answer"])
    assert door.siren.isVisible()
    live.qtbot.waitUntil(lambda: "Written down" in door.siren.panel.foot.words)
    row.reached.click()
    assert door.siren.isHidden()
    live.qtbot.waitUntil(lambda: len(notes(live, alert_id)) == 2)
    assert notes(live, alert_id)[1] == "Called Mateo Ruiz: reached"
    assert live.status(alert_id) == "active"


def test_without_an_engine_it_shows_and_says_that_nothing_can_be_saved(
    live: Live, qapp: QApplication
) -> None:
    alert_id = live.raise_alert("Replication stopped")
    door = sounding(live, qapp)
    live.engine.stop()
    live.qtbot.waitUntil(lambda: "cannot be saved" in door.siren.panel.foot.words, timeout=15_000)
    live.qtbot.keyClick(door.siren.panel.side.take, Qt.Key.Key_A)
    assert door.siren.isHidden()
    assert live.status(alert_id) == "active"
    # After a minute in which it was not kept it is there again.
    door.tick(door._shell.now_ms() + LIMIT_MS + 61_000)
    live.qtbot.waitUntil(door.siren.isVisible)


def test_who_was_typing_does_not_acknowledge(live: Live, qapp: QApplication) -> None:
    live.raise_alert("Replication stopped")
    desk = live.open(qapp)
    door = desk.shell.findChild(SirenDoor)
    assert door is not None
    field = next(f for f in desk.shell.alerts.findChildren(QLineEdit) if f.isVisible())
    field.setFocus()
    let_it_grow_late(live, desk)
    live.qtbot.keyClick(door.siren, Qt.Key.Key_A)
    assert door.siren.isVisible()
    assert door.siren.is_deaf
    live.qtbot.waitUntil(lambda: not door.siren.is_deaf)
    assert door.siren.panel.side.take.hasFocus()

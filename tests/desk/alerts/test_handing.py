"""Who has an alert, worked from the Alerts room by real keys, on a real engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crisisdesk.api.client import Client
from crisisdesk.desk.alerts.hand_words import News
from crisisdesk.desk.supervisor import read_door
from crisisdesk.domain.alert import Alert
from crisisdesk.domain.queue_rows import GroupItem

from tests.desk.alerts.test_silencing import press
from tests.desk.live import OPERATOR, Live, living

pytestmark = [pytest.mark.serial, pytest.mark.usefixtures("look")]
SAM = "Sam Okafor"


@pytest.fixture
def live(qtbot: QtBot, tmp_path: Path) -> Iterator[Live]:
    with living(qtbot, tmp_path) as found:
        yield found


@pytest.fixture
def sam(live: Live) -> Iterator[Client]:
    """Somebody at a shell, who is a contact as well."""
    door = read_door(live.places)
    assert door is not None
    with Client(door.url, door.token, SAM) as client:
        client.save_contact({"name": SAM})
        yield client


def state(live: Live, alert_id: str) -> Alert:
    found = live.read(lambda reader: reader.alert(alert_id))
    assert isinstance(found, Alert)
    return found


def kind_of(live: Live, key: str) -> str:
    assert live.desk is not None
    button = live.desk.shell.alerts.detail.button(key)
    assert button is not None
    return button.kind


def kinds(live: Live, alert_id: str) -> list[str]:
    return [event["kind"] for event in live.client.alert_history(alert_id)]


def test_it_is_kept_handed_over_with_undo_and_taken_back(
    live: Live, sam: Client, qapp: QApplication, qtbot: QtBot
) -> None:
    alert_id = live.raise_alert("Replication stopped", service="db")
    live.client.acknowledge([alert_id])
    desk = live.open(qapp)
    room = desk.shell.alerts
    qtbot.waitUntil(lambda: room.tally.open() == 1)
    press(desk, Qt.Key.Key_J)
    qtbot.waitUntil(lambda: f"{OPERATOR} has it until" in room.detail.hand.words)
    press(desk, Qt.Key.Key_T)
    qtbot.waitUntil(lambda: kinds(live, alert_id)[-1] == "alert.ack_renewed")
    press(desk, Qt.Key.Key_H)
    form = room.detail.hand_form
    qtbot.waitUntil(form.isVisible)
    QTest.keyClicks(form.who, "sam")
    assert form.found.text() == f"{SAM}, cannot be paged."
    QTest.keyClicks(form.text, "as on Monday")
    QTest.keyClick(form.text, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: state(live, alert_id).handoff_to == SAM)
    qtbot.waitUntil(lambda: not form.isVisible())
    assert state(live, alert_id).owner == OPERATOR
    qtbot.waitUntil(lambda: f"offers it to {SAM}" in room.detail.hand.words)
    told: list[News] = []
    room.handing.told.connect(told.append)
    press(desk, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not state(live, alert_id).handoff_id)
    qtbot.waitUntil(lambda: "has it until" in room.detail.hand.words)
    assert told == [], "what one did oneself is no news"


def test_the_receiver_is_told_accepts_or_declines_with_a_reason(
    live: Live, sam: Client, qapp: QApplication, qtbot: QtBot
) -> None:
    alert_id = live.raise_alert("Disk full", "high", service="disk-1")
    sam.acknowledge([alert_id])
    desk = live.open(qapp)
    room = desk.shell.alerts
    told: list[News] = []
    room.handing.told.connect(told.append)
    qtbot.waitUntil(lambda: room.tally.open() == 1)
    press(desk, Qt.Key.Key_J)
    sam.hand_off(alert_id, OPERATOR, "you know it")
    qtbot.waitUntil(lambda: f"{SAM} asks you to take it over" in room.detail.hand.words)
    # The detail reads for itself, and may be ahead of the list that says what is news.
    qtbot.waitUntil(lambda: [news.title for news in told] == [f"{SAM} asks you to take it over"])
    qtbot.waitUntil(lambda: kind_of(live, "accept") == "primary")
    press(desk, Qt.Key.Key_D)
    form = room.detail.hand_form
    assert form.isVisible()
    assert kind_of(live, "accept") == "normal", "one primary button in a pane"
    QTest.keyClicks(form.text, "asleep")
    QTest.keyClick(form.text, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not state(live, alert_id).handoff_id)
    assert state(live, alert_id).owner == SAM
    qtbot.waitUntil(lambda: "accept" not in [action.key for action in room.actions()])
    sam.hand_off(alert_id, OPERATOR)
    qtbot.waitUntil(lambda: len(told) == 2)
    qtbot.waitUntil(lambda: "accept" in [action.key for action in room.actions()])
    qtbot.waitUntil(lambda: not form.isVisible())
    press(desk, Qt.Key.Key_Y)
    qtbot.waitUntil(lambda: state(live, alert_id).owner == OPERATOR)


def test_one_claims_from_another_and_the_other_way_round_is_news(
    live: Live, sam: Client, qapp: QApplication, qtbot: QtBot
) -> None:
    alert_id = live.raise_alert("Disk full", "high", service="disk-1")
    sam.claim(alert_id)
    desk = live.open(qapp)
    room = desk.shell.alerts
    told: list[News] = []
    room.handing.told.connect(told.append)
    qtbot.waitUntil(lambda: room.tally.open() == 1)
    press(desk, Qt.Key.Key_J)
    titles = [action.title for action in room.actions()]
    assert "Take over from S. Okafor" in titles
    assert "Still on it" not in titles
    press(desk, Qt.Key.Key_I)
    qtbot.waitUntil(lambda: room.selected_row().owner == OPERATOR)  # type: ignore[union-attr]
    sam.claim(alert_id)
    qtbot.waitUntil(lambda: [news.title for news in told] == [f"{SAM} took it over"])


def test_an_offer_that_is_refused_keeps_what_was_typed_and_says_why(
    live: Live, qapp: QApplication, qtbot: QtBot
) -> None:
    alert_id = live.raise_alert("Disk full", "high")
    live.client.acknowledge([alert_id])
    desk = live.open(qapp)
    room = desk.shell.alerts
    qtbot.waitUntil(lambda: room.tally.open() == 1)
    press(desk, Qt.Key.Key_J)
    press(desk, Qt.Key.Key_H)
    form = room.detail.hand_form
    qtbot.waitUntil(form.isVisible)
    QTest.keyClicks(form.who, "Nobody Known")
    QTest.keyClick(form.who, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "nobody here is called" in form.words.text())
    assert form.who.text() == "Nobody Known"
    QTest.keyClick(form.who, Qt.Key.Key_Escape)
    assert not form.isVisible()
    assert state(live, alert_id).handoff_id == ""


def test_of_several_alerts_those_that_are_ones_own_are_kept_by_one_key(
    live: Live, sam: Client, qapp: QApplication, qtbot: QtBot
) -> None:
    mine = [live.raise_alert(f"Disk {n} full", "high", service="disk") for n in range(2)]
    other = live.raise_alert("Disk 9 full", "high", service="disk")
    live.client.acknowledge(mine)
    sam.acknowledge([other])
    desk = live.open(qapp)
    room = desk.shell.alerts
    qtbot.waitUntil(lambda: room.tally.owned_by(OPERATOR) == 2 and room.tally.owned_by(SAM) == 1)
    press(desk, Qt.Key.Key_T, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: all(kinds(live, one)[-1] == "alert.ack_renewed" for one in mine))
    assert "alert.ack_renewed" not in kinds(live, other)
    qtbot.waitUntil(lambda: "undo" in " ".join(desk.shell.toasts.keys()))
    press(desk, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: all(not state(live, one).owner for one in mine))
    assert state(live, other).owner == SAM

    live.client.acknowledge(mine)
    next(one for one in room.actions() if one.key == "group service").run()
    rows = range(room.model.rowCount())
    [group] = [n for n in rows if isinstance(room.model.item(n), GroupItem)]
    room.view.select_row(group)
    qtbot.waitUntil(lambda: "Still on 2 alerts" in [action.title for action in room.actions()])
    press(desk, Qt.Key.Key_T)
    qtbot.waitUntil(lambda: all(kinds(live, one)[-1] == "alert.ack_renewed" for one in mine))

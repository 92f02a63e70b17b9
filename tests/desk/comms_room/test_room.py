"""The room in the whole window: a real engine, a real receiver, real keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crisisdesk.api.client import Client
from crisisdesk.desk.app import Desk
from crisisdesk.desk.comms_room.room import CommsRoom
from crisisdesk.desk.front import ROOMS
from crisisdesk.desk.snapshot import Change
from crisisdesk.desk.supervisor import read_door
from crisisdesk.domain.channel_health import Verdict
from crisisdesk.settings.places import Places

from tests.comms.receivers import Receiver, answer, receiving
from tests.crash.engine_process import running
from tests.desk.comms_room.conftest import OF_EVERY_STATE, Shelf
from tests.desk.live import OPERATOR, Live

pytestmark = [pytest.mark.serial, pytest.mark.usefixtures("look")]
WITHIN_MS = 15_000


@pytest.fixture
def live(qtbot: QtBot, tmp_path: Path) -> Iterator[Live]:
    """Not sealed: its pages go out, to loopback only."""
    data = tmp_path / "station"
    data.mkdir(mode=0o700)
    with running(data) as (engine, _):
        door = read_door(Places(data))
        assert door is not None
        with Client(door.url, door.token, OPERATOR) as client:
            client.set_station(name="BRNO-1", operator=OPERATOR)
            found = Live(qtbot, Places(data), engine, client)
            yield found
            if found.desk is not None:
                found.desk.close()


@pytest.fixture
def taken() -> Iterator[Receiver]:
    """Takes every page."""
    with receiving(lambda _: answer(200)) as receiver:
        yield receiver


@pytest.fixture
def refused() -> Iterator[Receiver]:
    """Refuses every page for good."""
    with receiving(lambda _: answer(410, "no such hook")) as receiver:
        yield receiver


def contact(live: Live, name: str, receiver: Receiver) -> str:
    method = {"label": "", "url": f"webhook://{receiver.host}/x", "min_severity": "low"}
    return str(live.client.save_contact({"name": name, "methods": [method]})["contact_id"])


def opened(live: Live, qapp: QApplication) -> tuple[Desk, CommsRoom]:
    desk = live.open(qapp)
    desk.shell.resize(1280, 800)
    QTest.keyClick(desk.shell, Qt.Key.Key_4)
    room = desk.shell.room
    assert isinstance(room, CommsRoom)
    return desk, room


def press(desk: Desk, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(QApplication.focusWidget() or desk.shell, key)


def states(room: CommsRoom) -> dict[str, str]:
    return {one.contact_name: one.status for one in room.board.model.items}


def test_success_and_failure_are_seen_and_counted_until_somebody_has_the_alert(
    live: Live, qapp: QApplication, qtbot: QtBot, taken: Receiver, refused: Receiver
) -> None:
    contact(live, "Ann", taken)
    contact(live, "Bob", refused)
    desk, room = opened(live, qapp)
    alert_id = live.raise_alert("Replication stopped", service="db-primary")
    qtbot.waitUntil(lambda: states(room) == {"Ann": "sent", "Bob": "failed"}, timeout=WITHIN_MS)
    qtbot.waitUntil(lambda: (room.count(), room.count_severity()) == (1, "critical"))
    press(desk, Qt.Key.Key_F)
    qtbot.waitUntil(lambda: states(room) == {"Bob": "failed"})
    press(desk, Qt.Key.Key_J)
    story = room.board.detail.story
    qtbot.waitUntil(lambda: len(story.shown()) == 4)
    first, second, third, last = story.shown()
    assert first == "Queued for Bob: the alert fired"
    assert second == "Attempt 1 by BRNO-1: handed to the provider"
    assert third.startswith("Failed for good: “410")
    assert last == "Bob had no other method for this page"
    live.client.acknowledge([alert_id])
    qtbot.waitUntil(lambda: room.count() == 0, timeout=WITHIN_MS)
    press(desk, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: desk.shell.alerts.view.selected_id == alert_id)
    assert desk.shell.room is desk.shell.alerts


def test_a_test_page_goes_out_from_both_pages_and_the_channel_is_judged_by_it(
    live: Live, qapp: QApplication, qtbot: QtBot, taken: Receiver, refused: Receiver
) -> None:
    ann, bob = contact(live, "Ann", taken), contact(live, "Bob", refused)
    for contact_id in (ann, bob):
        [card] = [one for one in live.client.contacts() if one["contact_id"] == contact_id]
        live.client.send_test_page(contact_id, card["methods"][0]["method_id"])
    desk, room = opened(live, qapp)
    qtbot.waitUntil(lambda: states(room) == {"Ann": "sent", "Bob": "failed"}, timeout=WITHIN_MS)
    press(desk, Qt.Key.Key_C)
    lines = room.channels.table.lines
    qtbot.waitUntil(lambda: lines.rowCount() == 2)
    assert [line.verdict for line in lines.rows()] == [Verdict.FAILING, Verdict.WORKS]
    assert [one.name for one in room.channels.stranded.lines.rows()] == ["Bob"]
    press(desk, Qt.Key.Key_J, Qt.Key.Key_T)
    qtbot.waitUntil(lambda: len(taken.requests) == 2, timeout=WITHIN_MS)
    press(desk, Qt.Key.Key_B)
    qtbot.waitUntil(lambda: room.board.model.rowCount() == 3, timeout=WITHIN_MS)
    press(desk, Qt.Key.Key_J)
    qtbot.waitUntil(lambda: room.board.one.told is not None)
    press(desk, Qt.Key.Key_T)
    qtbot.waitUntil(lambda: len(taken.requests) == 3, timeout=WITHIN_MS)
    assert room.count() == 0


def test_while_the_engine_is_away_everything_is_read_and_nothing_can_be_sent(
    live: Live, qapp: QApplication, qtbot: QtBot, taken: Receiver
) -> None:
    contact(live, "Ann", taken)
    live.raise_alert("Replication stopped")
    desk, room = opened(live, qapp)
    qtbot.waitUntil(lambda: states(room) == {"Ann": "sent"}, timeout=WITHIN_MS)
    press(desk, Qt.Key.Key_J)
    live.engine.process.kill()
    live.engine.process.wait()
    qtbot.waitUntil(desk.shell.engine_away, timeout=WITHIN_MS)
    button = room.board.detail.button("board test")
    assert button is not None
    assert not button.isEnabled()
    assert room.board.detail.reason.isVisible()
    assert room.board.detail.story.shown()
    press(desk, Qt.Key.Key_C)
    qtbot.waitUntil(lambda: room.channels.table.lines.rowCount() == 1)
    assert not room.channels.test.isEnabled()


def test_the_room_stands_at_its_number_and_comes_back_to_its_page(
    qtbot: QtBot, shelf: Shelf
) -> None:
    assert ("4", "megaphone", "Comms") in [(e.key, e.icon, e.word) for e in ROOMS]
    room = CommsRoom(shelf.desk)
    qtbot.addWidget(room)
    room.open_page("channels")
    assert (shelf.desk.opened, shelf.desk.kept["comms.page"]) == ([4], "channels")
    assert not room.board.filter.isVisibleTo(room)
    again = CommsRoom(shelf.desk)
    qtbot.addWidget(again)
    assert not again.on_board
    again.tabs.chosen.emit("board")
    again.chosen("sound")
    assert again.on_board
    again.chosen("channels")
    assert not again.on_board
    assert room.minimumSizeHint().height() < 400
    keys = [action.keys for action in again.actions() if action.keys]
    assert len(keys) == len(set(keys))


def test_a_hidden_room_counts_what_needs_somebody_and_leaves_the_rest(
    qtbot: QtBot, shelf: Shelf
) -> None:
    shelf.put(*OF_EVERY_STATE)
    room = CommsRoom(shelf.desk)
    qtbot.addWidget(room)
    asked: list[bool] = []
    room.counted.connect(lambda: asked.append(True))
    room.on_snapshot(Change(full=True, deliveries_changed=True))
    assert (room.count(), room.count_severity(), asked) == (0, "", [])
    assert room.board.model.rowCount() == 0
    room.tick(shelf.desk.now + 1_000)
    assert room.board.model.rowCount() == 10

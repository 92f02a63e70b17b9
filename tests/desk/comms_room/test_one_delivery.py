"""What can be done with the selected delivery, and why not; its story is of it and of no other."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.comms_room.one_delivery import AWAY, GONE, OneDelivery

from tests.desk.comms_room.conftest import Shelf
from tests.desk.comms_room.test_board import board_of

pytestmark = pytest.mark.usefixtures("look")


def test_a_test_page_rests_while_the_engine_is_away_or_the_method_is_gone(
    qtbot: QtBot, shelf: Shelf
) -> None:
    shelf.put({"status": "failed"})
    board = board_of(qtbot, shelf)
    board.view.step(1)
    assert board.detail.reason.text() == GONE
    board.engine_changed(True)
    assert board.detail.reason.text() == AWAY
    button = board.detail.button("board test")
    assert button is not None
    assert not button.isEnabled()
    board.one.send_test()
    assert shelf.desk.commands == []


def test_a_test_page_has_no_alert_to_open_and_a_late_story_is_not_shown(
    qtbot: QtBot, shelf: Shelf
) -> None:
    shelf.put({}, {"reason": "test", "alert_id": "", "status": "sent"})
    board = board_of(qtbot, shelf)
    one = board.one
    assert isinstance(one, OneDelivery)
    assert one.actions() == []
    board.view.step(1)
    assert [action.keys for action in one.actions()] == ["T"]
    one.open_alert()
    assert shelf.desk.shown == []
    shelf.desk.held = []
    board.view.step(1)
    board.view.step(-1)
    late, newest = shelf.desk.held
    newest()
    late()
    assert one.told is not None
    assert one.told.delivery.delivery_id == board.view.selected_id == "D-0000000000000002"

"""The delivery board on a real file: filters, selection, story, ways on, the test page."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.comms_room.board import Board
from crisisdesk.desk.snapshot import Change
from crisisdesk.engine import commands as c

from tests.desk.comms_room.conftest import OF_EVERY_STATE, Shelf

pytestmark = pytest.mark.usefixtures("look")


def tick(board: Board, shelf: Shelf) -> None:
    shelf.desk.now += 1_000
    board.tick(shelf.desk.now)


def board_of(qtbot: QtBot, shelf: Shelf, width: int = 1228) -> Board:
    board = Board(shelf.desk)
    qtbot.addWidget(board)
    qtbot.addWidget(board.filter)
    board.resize(width, 640)
    with qtbot.waitExposed(board):
        board.show()
    tick(board, shelf)
    return board


def numbers(board: Board) -> list[int]:
    return [int(one.delivery_id[2:]) for one in board.model.items]


def run(board: Board, keys: str) -> None:
    next(action for action in board.actions() if action.keys == keys and action.enabled).run()


def test_every_state_has_its_filter_by_key_and_all_comes_back(qtbot: QtBot, shelf: Shelf) -> None:
    shelf.put(*OF_EVERY_STATE)
    board = board_of(qtbot, shelf)
    assert len(numbers(board)) == 10
    shown = {}
    for keys in "FRWGSDXN":
        run(board, keys)
        shown[keys] = sorted(numbers(board))
    assert shown == {
        "F": [8],
        "R": [2],
        "W": [1],
        "G": [3, 4],
        "S": [5],
        "D": [6, 7],
        "X": [9],
        "N": [10],
    }
    assert board.strip.current() == "superseded"
    run(board, "A")
    assert len(numbers(board)) == 10


def test_the_text_filter_waits_for_the_hand_and_an_empty_result_offers_all(
    qtbot: QtBot, shelf: Shelf
) -> None:
    shelf.put(*OF_EVERY_STATE)
    board = board_of(qtbot, shelf)
    board.filter.setText("TWILIO")
    qtbot.waitUntil(lambda: numbers(board) == [6])
    board.filter.setText("nothing like it")
    qtbot.waitUntil(lambda: board.pages.view is not None)
    board.pages.asked.emit("clear")
    qtbot.waitUntil(lambda: len(numbers(board)) == 10)
    assert (board.pages.view, board.filter.text()) == (None, "")


def test_a_selected_one_tells_its_story_and_leads_to_its_alert(qtbot: QtBot, shelf: Shelf) -> None:
    shelf.station.add_contact()
    alert_id = shelf.station.fire(1, first=4)[0]
    board = board_of(qtbot, shelf)
    board.view.step(1)
    assert board.detail.story.shown() == ["Queued for Jonas Weber: the alert fired"]
    assert [action.keys for action in board.one.actions()] == ["Enter", "T"]
    QTest.keyClick(board.view, Qt.Key.Key_Return)
    assert shelf.desk.shown == [alert_id]
    run(board, "T")
    assert shelf.desk.commands == ["send a test page to Jonas Weber"]
    assert shelf.desk.said == ["Test page queued To Jonas Weber, by mailto."]
    run(board, "Esc")
    assert board.one.actions() == []


def test_the_story_goes_on_while_it_is_read(qtbot: QtBot, shelf: Shelf) -> None:
    shelf.station.add_contact()
    shelf.station.fire(1, first=4)
    board = board_of(qtbot, shelf)
    board.view.step(1)
    shelf.station.do(c.ClaimDeliveries(per_method=1))
    board.on_snapshot(Change(touched=frozenset({board.view.selected_id}), deliveries_changed=True))
    tick(board, shelf)
    qtbot.waitUntil(lambda: len(board.detail.story.shown()) == 2)
    assert board.model.items[0].status == "sending"


def test_new_rows_wait_behind_the_bar_and_u_lets_them_in(qtbot: QtBot, shelf: Shelf) -> None:
    shelf.put({}, {})
    board = board_of(qtbot, shelf)
    board.view.step(1)
    made = shelf.put({}, {"severity": "low"}, first=3)
    board.on_snapshot(
        Change(touched=frozenset(one.delivery_id for one in made), deliveries_changed=True)
    )
    tick(board, shelf)
    assert numbers(board) == [2, 1]
    assert board.new_bar.accessibleName().startswith("2 new: 1 critical, 1 low")
    run(board, "U")
    assert numbers(board) == [4, 3, 2, 1]
    assert board.view.selected_id == "D-0000000000000002"


def test_older_pages_come_while_scrolling(qtbot: QtBot, shelf: Shelf) -> None:
    shelf.put(*[{}] * 450)
    board = board_of(qtbot, shelf)
    assert len(numbers(board)) == 200
    bar = board.view.verticalScrollBar()
    while bar.value() < bar.maximum():
        bar.setValue(bar.maximum())
    assert numbers(board) == list(range(450, 0, -1))


def test_ten_thousand_deliveries_open_scroll_and_change_without_a_stall(
    qtbot: QtBot, shelf: Shelf
) -> None:
    made = shelf.put(*[{}] * 10_000)
    board = board_of(qtbot, shelf)
    bar, spent = board.view.verticalScrollBar(), list[float]()
    while bar.value() < bar.maximum():
        began = time.process_time()
        bar.setValue(bar.maximum())
        board.view.viewport().repaint()
        spent.append(time.process_time() - began)
    assert len(numbers(board)) == 10_000
    names = frozenset(one.delivery_id for one in made[:500])
    shelf.put(*[{"status": "sent"}] * 500)
    board.on_snapshot(Change(touched=names, deliveries_changed=True))
    began = time.process_time()
    tick(board, shelf)
    spent.append(time.process_time() - began)
    # CPU seconds. Reading is within them here; in the window it has a thread of its own.
    assert sorted(spent)[len(spent) // 2] < 0.1
    assert board.counts["sent"] == 500


def test_nobody_paged_leads_to_people_and_an_unread_file_says_so(
    qtbot: QtBot, shelf: Shelf
) -> None:
    board = board_of(qtbot, shelf)
    with qtbot.waitSignal(board.people):
        board.pages.asked.emit("people")
    path = shelf.desk.path
    shelf.desk.path = path.with_name("elsewhere.db")
    board.feed.refresh()
    assert board.pages.view is not None
    assert board.pages.view.title == "Deliveries cannot be read now."
    shelf.desk.path = path
    shelf.put({})
    board.pages.asked.emit("again")
    assert board.pages.view is None


def test_a_narrow_page_shows_the_list_or_the_detail(qtbot: QtBot, shelf: Shelf) -> None:
    shelf.put({})
    board = board_of(qtbot, shelf, 900)
    assert (board.listing.isVisible(), board.detail.isVisible()) == (True, False)
    board.view.step(1)
    board.open_alert()
    assert (board.listing.isVisible(), board.detail.isVisible()) == (False, True)
    board.open_alert()
    assert shelf.desk.shown == ["A-1"]
    board.leave()
    assert (board.listing.isVisible(), board.view.selected_id) == (True, "D-0000000000000001")
    board.leave()
    assert board.view.selected_id == ""


def test_the_filter_field_hands_the_keyboard_back(qtbot: QtBot, shelf: Shelf) -> None:
    shelf.put({})
    board = board_of(qtbot, shelf)
    board.filter.show()
    board.filter.setText("x")
    QTest.keyClick(board.filter, Qt.Key.Key_Escape)
    assert board.filter.text() == ""

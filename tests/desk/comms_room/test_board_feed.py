"""The feed of the board on a real file: pages, news, held rows, counts, no file."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.desk.comms_room.board_feed import BoardFeed
from crisisdesk.desk.comms_room.reading import PAGE
from crisisdesk.desk.snapshot import Change
from crisisdesk.domain.delivery_words import State

from tests.desk.comms_room.conftest import OF_EVERY_STATE, Shelf

pytestmark = pytest.mark.usefixtures("qapp")


class Heard:
    """What a feed said."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf, self.reads = shelf, False
        self.feed = BoardFeed(shelf.desk, lambda: self.reads)
        self.counts: list[dict[State, int]] = []
        self.failed: list[str] = []
        self.feed.counted.connect(self.counts.append)
        self.feed.failed.connect(self.failed.append)

    def tick(self) -> None:
        self.shelf.desk.now += 1_000
        self.feed.tick(self.shelf.desk.now)

    def touch(self, *given: dict[str, Any], first: int = 1) -> None:
        made = self.shelf.put(*given, first=first)
        names = frozenset(one.delivery_id for one in made) | {"A-1"}
        self.feed.on_snapshot(Change(touched=names, deliveries_changed=True))
        self.tick()

    def numbers(self) -> list[int]:
        return [int(one.delivery_id[2:]) for one in self.feed.rows.rows]


@pytest.fixture
def heard(shelf: Shelf) -> Heard:
    return Heard(shelf)


def test_the_first_page_comes_with_the_counts_and_older_ones_when_asked(
    heard: Heard, shelf: Shelf
) -> None:
    shelf.put(*[{}] * (PAGE + 50))
    heard.tick()
    assert heard.numbers() == list(range(PAGE + 50, 50, -1))
    assert heard.counts == [{State.WAITING: PAGE + 50}]
    heard.feed.older()
    assert heard.numbers() == list(range(PAGE + 50, 0, -1))
    heard.feed.older()
    assert len(heard.numbers()) == PAGE + 50


def test_news_change_rows_and_new_ones_wait_while_somebody_reads(heard: Heard) -> None:
    heard.touch({}, {})
    heard.reads = True
    heard.touch({"status": "sent"}, {}, {}, first=1)
    assert heard.numbers() == [2, 1]
    assert heard.feed.rows.rows[1].status == "sent"
    assert heard.feed.rows.waiting() == [("critical", 1)]
    heard.feed.show_new()
    assert heard.numbers() == [3, 2, 1]
    assert heard.counts[-1] == {State.WAITING: 2, State.SENT: 1}


def test_counts_follow_a_flood_of_news_in_measure(heard: Heard, shelf: Shelf) -> None:
    heard.touch({})
    before = len(heard.counts)
    for number in range(2, 5):
        shelf.desk.now += 300
        [one] = shelf.put({}, first=number)
        change = Change(touched=frozenset({one.delivery_id}), deliveries_changed=True)
        heard.feed.on_snapshot(change)
        heard.feed.tick(shelf.desk.now)
    assert heard.numbers() == [4, 3, 2, 1]
    assert len(heard.counts) == before
    heard.tick()
    assert heard.counts[before:] == [{State.WAITING: 4}]


def test_another_group_is_read_from_the_top_and_a_late_answer_of_the_old_one_is_dropped(
    heard: Heard, shelf: Shelf
) -> None:
    shelf.put(*OF_EVERY_STATE)
    heard.tick()
    shelf.desk.held = []
    heard.feed.choose("failed", "")
    heard.feed.choose("retrying", "BUSY")
    for run in shelf.desk.held:
        run()
    assert heard.numbers() == [2]
    shelf.desk.held = None
    heard.feed.choose("all", "gone")
    assert heard.numbers() == [8]


def test_a_file_that_cannot_be_read_is_told_and_read_again(heard: Heard, shelf: Shelf) -> None:
    shelf.put({})
    path = shelf.desk.path
    shelf.desk.path = path.with_name("elsewhere.db")
    heard.tick()
    assert "there is no station at elsewhere.db yet" in heard.failed[0]
    assert not heard.feed.is_loaded
    shelf.desk.path = path
    heard.tick()
    assert heard.numbers() == [1]


def test_news_that_cannot_be_read_come_later_and_rows_keep_their_place(
    heard: Heard, shelf: Shelf
) -> None:
    heard.touch({}, {})
    path = shelf.desk.path
    shelf.put({"status": "sent"})
    shelf.desk.path = path.with_name("elsewhere.db")
    change = Change(touched=frozenset({"D-0000000000000001"}), deliveries_changed=True)
    heard.feed.on_snapshot(change)
    heard.tick()
    assert (len(heard.failed), heard.numbers()) == (1, [2, 1])
    shelf.desk.path = path
    heard.tick()
    assert heard.feed.rows.rows[1].status == "sent"
    assert heard.counts[-1] == {State.WAITING: 1, State.SENT: 1}


def test_a_store_that_was_replaced_is_read_anew(heard: Heard, shelf: Shelf) -> None:
    heard.touch({})
    shelf.desk.held = []
    heard.touch({}, first=2)
    shelf.desk.held = None
    heard.feed.on_snapshot(Change(full=True))
    heard.tick()
    assert heard.numbers() == [2, 1]

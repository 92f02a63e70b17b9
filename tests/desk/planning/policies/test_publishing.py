"""A command under way is not sent twice, and an undo takes back what was done."""

from __future__ import annotations

import pytest

from crisisdesk.desk.planning.policies.content import fresh
from crisisdesk.desk.planning.policies.publishing import Publisher

from tests.desk.planning.policies.seats import Seat

pytestmark = pytest.mark.serial


def test_a_version_is_made_and_the_undo_withdraws_it(seat: Seat) -> None:
    told: list[bool] = []
    made: list[str] = []
    publisher = Publisher(
        seat.desk.shell, lambda: seat.page.book.known, lambda: told.append(publisher.busy)
    )
    publisher.publish("Night", fresh(), made.append)
    assert publisher.busy
    seat.until(lambda: made != [])
    assert told == [True, False]
    seat.until(lambda: "Night" in seat.page.book.known.current)
    seat.desk.shell.undo_last()
    seat.until(lambda: "Night" not in seat.page.book.known.current)
    assert len(seat.stored("Night")) == 1


def test_the_same_again_is_the_same_version_and_offers_no_undo(seat: Seat) -> None:
    made: list[str] = []
    version_id = seat.publish("Night", fresh())
    publisher = Publisher(seat.desk.shell, lambda: seat.page.book.known, lambda: None)
    publisher.publish("Night", fresh(), made.append)
    seat.until(lambda: made == [version_id])
    seat.desk.shell.undo_last()
    assert seat.page.book.known.current["Night"].version_id == version_id
    assert not publisher.busy


def test_what_is_withdrawn_can_be_brought_back(seat: Seat) -> None:
    seat.publish("Night", fresh())
    done: list[bool] = []
    publisher = Publisher(seat.desk.shell, lambda: seat.page.book.known, lambda: None)
    version = seat.page.book.known.current["Night"]
    publisher.withdraw(version, lambda: done.append(True))
    seat.until(lambda: done == [True] and "Night" not in seat.page.book.known.current)
    seat.desk.shell.undo_last()
    seat.until(lambda: "Night" in seat.page.book.known.current)
    assert seat.page.book.known.current["Night"].version_id != version.version_id

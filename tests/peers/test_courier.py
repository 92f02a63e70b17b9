"""The courier: words always, events while one of the two lacks the hub."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import pytest

from crisisdesk.engine.exchange.ports import HubRefused, Mark
from crisisdesk.peers.book import Book
from crisisdesk.peers.courier import Courier
from crisisdesk.peers.listener import Listener

from tests.peers.places import A, B, Place, log_of, meet, until


@contextmanager
def linked(here: Place, there: Place) -> Iterator[Courier]:
    with ExitStack() as stack:
        stack.enter_context(there.listening())
        meet(here, there)
        courier = Courier(here.book.friends[there.station_id], here.book, here.room())
        stack.callback(courier.end)
        courier.start()
        yield courier


def sees_hub(place: Place, *, sees: bool) -> None:
    place.said = replace(place.said, sees_hub=sees)


def test_one_call_lets_both_hear_each_other() -> None:
    here, there = Place(A), Place(B)
    with linked(here, there):
        until(lambda: there.said in here.heard and here.said in there.heard)


def test_who_is_at_a_desk_goes_both_ways_beside_the_words() -> None:
    here, there = Place(A), Place(B)
    here.desks, there.desks = [{"desk": "d1"}], [{"desk": "d2"}]
    with linked(here, there):
        until(lambda: here.heard_desks and there.heard_desks)
    assert here.heard_desks[0] == ("S-B", [{"desk": "d2"}])
    assert there.heard_desks[0] == ("S-A", [{"desk": "d1"}])


def test_a_change_is_told_without_waiting_for_the_next_beat() -> None:
    here, there = Place(A), Place(B)
    sees_hub(here, sees=True)
    with linked(here, there):
        until(lambda: there.heard)
        here.said = replace(here.said, acts=True)
        until(lambda: here.said in there.heard)


@pytest.mark.parametrize("lacking", ["here", "there"])
def test_events_go_both_ways_while_one_lacks_the_hub(lacking: str) -> None:
    here, there = Place(A, log_of(A, 3)), Place(B, log_of(B, 2))
    sees_hub(here, sees=lacking != "here")
    sees_hub(there, sees=lacking != "there")
    with linked(here, there) as courier:
        until(lambda: len(here.log.marks()) == len(there.log.marks()) == 2)
        here.log.has[A] = log_of(A, 4)
        courier.wake()
        until(lambda: there.log.marks()[A].seq == 4)


def test_no_event_goes_while_both_see_the_hub() -> None:
    here, there = Place(A, log_of(A, 3)), Place(B)
    for place in (here, there):
        sees_hub(place, sees=True)
    with linked(here, there) as courier:
        until(lambda: len(there.heard) >= 2)
        courier.wake()
        seen = len(there.heard)
        until(lambda: len(there.heard) > seen + 1)
        assert there.log.marks() == {}
        sees_hub(here, sees=False)
        until(there.log.marks)


def test_it_calls_again_when_the_other_one_comes_back() -> None:
    here, there = Place(A), Place(B)
    with there.listening() as listener:
        port = listener.port
        meet(here, there)
        courier = Courier(here.book.friends["S-B"], here.book, here.room())
        courier.start()
        until(lambda: here.heard)
    try:
        here.heard.clear()
        again = Place(B)
        again.key = there.key
        again.book = Book(there.key, "S-B")
        meet(again, here)
        listener = Listener(f"127.0.0.1:{port}", again.book, again.room())
        try:
            until(lambda: here.heard)
        finally:
            listener.close()
    finally:
        courier.end()


@pytest.mark.expect_log("goes on as")
def test_another_station_moves_this_one_to_a_new_origin_once_at_most() -> None:
    here, there = Place(A, log_of(A, 2)), Place(B, log_of(A, 5))
    left: list[Mark] = []
    with linked(here, there):
        until(lambda: here.log.leave)
        stays = here.log.leave
        assert stays is not None
        left = here.log.left
        until(lambda: left)
        stays(Mark(5, log_of(A, 5)[-1].hash))
        with pytest.raises(HubRefused, match="once more"):
            stays(Mark(6, b""))

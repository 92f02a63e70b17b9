"""Links: two stations find each other by what the log says, and lose each other by it too."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from crisisdesk.domain.station import Station
from crisisdesk.engine.commands import TellReachable
from crisisdesk.engine.ports import StoreFailed
from crisisdesk.peers.link_key import LINK_KEY, LinkKeyUnreadable
from crisisdesk.peers.links import LinkParts, Links

from tests.peers.places import A, B, Place, until


class World:
    """What log and hub say, the same to all."""

    def __init__(self) -> None:
        self.places: list[Place] = []
        self.kept: dict[str, str] = {}
        self.broken = False

    def stations(self) -> list[Station]:
        if self.broken:
            raise StoreFailed("the disk is gone")
        told = [p for p in self.places if any(isinstance(c, TellReachable) for c in p.asked)]
        return [place.station() for place in told]

    def remember(self, registered: Mapping[str, str]) -> None:
        self.kept = dict(registered)

    def links(self, place: Place, **given: Any) -> Links:
        parts: dict[str, Any] = {
            "station_id": place.station_id,
            "listen": "127.0.0.1:0",
            "addresses": (),
            "secrets": place.secrets,
            "stations": self.stations,
            "recall": lambda: self.kept,
            "remember": self.remember,
        }
        self.places.append(place)
        return Links(LinkParts(**parts | given))

    def register(self, *places: Place) -> None:
        for place in self.places:
            place.registered = {p.station_id: p.origin for p in places}


@contextmanager
def serving(links: Links, place: Place) -> Iterator[None]:
    thread = threading.Thread(target=links.serve, args=(place.room(),))
    thread.start()
    try:
        yield
    finally:
        links._end_soon()
        thread.join()


def test_stations_find_each_other_and_an_evicted_one_is_lost() -> None:
    world, here, there = World(), Place(A), Place(B)
    ours, theirs = world.links(here), world.links(there, listen="")
    world.register(here, there)
    with serving(ours, here), serving(theirs, there):
        until(lambda: here.heard and there.heard)
        assert here.addresses[0].startswith("127.0.0.1:")
        # One that nobody can call has a certificate all the same, by which it is let in.
        assert there.addresses == ()
        ours.on_commit()
        world.register(here)
        until(lambda: world.kept == {"S-A": A})
        until(lambda: not ours._couriers)
        until(lambda: not any(g.friend for g in ours._listener._guests))  # type: ignore[union-attr]
    assert ours.problem == ""


def test_who_was_registered_is_known_after_a_start_without_the_hub() -> None:
    world, here, there = World(), Place(A), Place(B)
    ours, theirs = world.links(here), world.links(there)
    world.kept = {"S-A": A, "S-B": B}
    with serving(ours, here), serving(theirs, there):
        until(lambda: here.heard and there.heard)


def test_without_a_listener_anywhere_nothing_is_told() -> None:
    world, here = World(), Place(A)
    looked = threading.Semaphore(0)

    def stations() -> list[Station]:
        looked.release()
        return []

    ours = world.links(here, listen="", stations=stations)
    world.register(here)
    with serving(ours, here):
        for _ in range(2):
            assert looked.acquire(timeout=10)
    assert here.asked == []


def test_other_addresses_are_told_when_they_are_set() -> None:
    world, here = World(), Place(A)
    ours = world.links(here, addresses=("post4.example.org:9612",))
    world.register(here)
    with serving(ours, here):
        until(lambda: here.asked)
    assert here.addresses == ("post4.example.org:9612",)


@pytest.mark.expect_log("other stations cannot call", level="ERROR")
def test_a_port_that_is_taken_is_told_and_tried_again() -> None:
    world, here, there = World(), Place(A), Place(B)
    with there.listening() as taken:
        ours = world.links(here, listen=f"127.0.0.1:{taken.port}")
        thread = threading.Thread(target=ours.serve, args=(here.room(),))
        thread.start()
        until(lambda: "cannot call" in ours.problem)
    try:
        until(lambda: ours.problem == "")
    finally:
        ours._end_soon()
        thread.join()


@pytest.mark.expect_log("could not be read", level="ERROR")
def test_a_file_that_cannot_be_read_ends_no_link() -> None:
    world, here, there = World(), Place(A), Place(B)
    ours, theirs = world.links(here), world.links(there)
    world.register(here, there)
    with serving(ours, here), serving(theirs, there):
        until(lambda: here.heard and there.heard)
        world.broken = True
        heard = len(here.heard)
        until(lambda: len(here.heard) > heard + 2)


def test_it_ends_when_it_is_cancelled() -> None:
    world, here = World(), Place(A)
    ours = world.links(here)
    world.register(here)

    async def run() -> None:
        task = asyncio.create_task(ours.run(here.room()))
        while not here.asked:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())
    assert ours._listener is None


def test_a_key_that_is_none_is_told() -> None:
    world, here = World(), Place(A)
    here.secrets.set(LINK_KEY, "none")
    with pytest.raises(LinkKeyUnreadable):
        world.links(here).serve(here.room())

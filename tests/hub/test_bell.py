"""The bell: who waits is woken by others, not by itself, and not too often."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from time import monotonic

import psycopg
import pytest

from crisisdesk.engine.exchange.ports import HubAway
from crisisdesk.hub.bell import CHANNEL, RING_EVERY_S, PgBell

from tests.hub.contract import LONG
from tests.hub.making import A, B
from tests.hub.ways import PgFactory, address
from tests.postgres.fixtures import HubPlace
from tests.postgres.proxy import FaultProxy, Mode

MakeBell = Callable[..., PgBell]


@pytest.fixture
def bell(hub_place: HubPlace) -> Iterator[MakeBell]:
    with ExitStack() as stack:

        def make(origin: str, port: int = 0) -> PgBell:
            made = PgBell(address(hub_place.login(origin[0], port=port)), lambda: origin)
            stack.callback(made.close)
            return made

        yield make


def test_the_first_wait_rings_by_itself_and_then_it_is_quiet(bell: MakeBell) -> None:
    ears = bell(A)
    assert ears.wait(20.0)
    assert not ears.wait(0.1)


def test_a_ring_reaches_the_others_and_not_oneself(bell: MakeBell) -> None:
    mine, theirs = bell(A), bell(B)
    assert mine.wait(20.0)
    assert theirs.wait(20.0)
    mine.ring()
    assert theirs.wait(20.0)
    assert not theirs.wait(0.1)
    assert not mine.wait(0.1)


def test_a_ring_does_not_wait_for_the_thread_that_listens(bell: MakeBell) -> None:
    mine, theirs = bell(A), bell(B)
    assert mine.wait(20.0)
    assert theirs.wait(20.0)
    listening = threading.Thread(target=mine.wait, args=(60.0,))
    listening.start()
    mine.ring()
    assert theirs.wait(20.0)
    theirs.ring()
    listening.join(20)
    assert not listening.is_alive()


def test_a_burst_is_gathered_and_its_last_ring_comes(hub_place: HubPlace, bell: MakeBell) -> None:
    mine = bell(A)
    assert mine.wait(20.0)
    with psycopg.connect(hub_place.admin_dsn, autocommit=True) as ears:
        ears.execute(f"LISTEN {CHANNEL}")
        began = monotonic()
        for _ in range(200):
            mine.ring()
        at_once = monotonic() - began
        mine.wait(RING_EVERY_S + 0.2)
        heard = [note.payload for note in ears.notifies(timeout=0.2)]
    # One at once, one when the time had come; more only if ringing itself took that long.
    assert heard[:2] == [A, A]
    assert len(heard) <= 2 + at_once / RING_EVERY_S


def test_giving_duty_back_rings(bell: MakeBell, factory: PgFactory) -> None:
    ears = bell(B)
    assert ears.wait(20.0)
    token = factory.duty("a").renew(A, LONG, 0).token
    factory.duty("a").release(A, token)
    assert ears.wait(20.0)


def test_after_a_break_it_rings_because_rings_may_be_lost(
    hub_place: HubPlace, bell: MakeBell
) -> None:
    with FaultProxy(hub_place.server.port) as road:
        ears, mine = bell(A, road.port), bell(B)
        assert ears.wait(20.0)
        assert mine.wait(20.0)
        road.mode = Mode.RESET
        with pytest.raises(HubAway):
            ears.wait(20.0)
        mine.ring()
        with pytest.raises(HubAway):
            ears.wait(20.0)
        road.mode = Mode.PASS
        assert ears.wait(20.0)
        ears.close()


def test_closing_wakes_who_waits(bell: MakeBell) -> None:
    ears = bell(A)
    assert ears.wait(20.0)
    told: list[Exception] = []

    def wait() -> None:
        try:
            while True:
                ears.wait(60.0)
        except HubAway as error:
            told.append(error)

    waiting = threading.Thread(target=wait)
    waiting.start()
    ears.close()
    waiting.join(20)
    assert len(told) == 1
    ears.close()
    for late in (ears.ring, lambda: ears.wait(0.0)):
        with pytest.raises(HubAway, match="closed"):
            late()

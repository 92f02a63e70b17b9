"""Ears: they hear, ring, and come back after the bell has broken."""

from __future__ import annotations

import threading
from collections.abc import Callable

from crisisdesk.engine.exchange.ears import Ears
from crisisdesk.engine.exchange.ports import HubAway


class Bell:
    """Gives what it was told to, one wait after the other."""

    def __init__(self, waits: list[bool | HubAway]) -> None:
        self.waits, self.rung, self.closed = waits, 0, False

    def wait(self, _timeout_s: float) -> bool:
        answer = self.waits.pop(0) if self.waits else HubAway("gone")
        if isinstance(answer, HubAway):
            raise answer
        return answer

    def ring(self) -> None:
        self.rung += 1
        if self.closed:
            raise HubAway("closed")

    def close(self) -> None:
        self.closed = True


class NoPause(threading.Event):
    """Told to stop at the third pause, without waiting for any."""

    pauses = 0

    def wait(self, timeout: float | None = None) -> bool:
        self.pauses += 1
        if self.pauses == 3:
            self.set()
        return self.is_set()


def ears_on(bells: list[Bell], heard: Callable[[], None]) -> Ears:
    return Ears(lambda: bells.pop(0), heard)


def test_a_broken_bell_is_replaced_and_what_rings_is_heard() -> None:
    heard: list[int] = []
    first, second, third = Bell([True, False, True]), Bell([HubAway("lost")]), Bell([True])
    ears = ears_on([first, second, third], lambda: heard.append(1))
    ears.listen(NoPause())
    assert len(heard) == 3
    assert [first.closed, second.closed, third.closed] == [True, True, True]


def test_ringing_without_a_bell_or_with_a_broken_one_is_no_fault() -> None:
    bell = Bell([])
    ears = ears_on([bell], lambda: None)
    ears.ring()
    assert bell.rung == 0
    ears._bell = bell
    ears.ring()
    bell.closed = True
    ears.ring()
    assert bell.rung == 2
    ears.close()
    ears.ring()
    assert bell.rung == 2

"""One exchange: what is missing on either side goes over, and no answer of the hub can hang it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import pytest

from crisisdesk.domain.event import Stored
from crisisdesk.engine.exchange.exchange import Exchange
from crisisdesk.engine.exchange.ports import Absorbed, HubAway, Mark, Report

from tests.engine.foreign import chain, event
from tests.reliability.memhub import MemHub
from tests.reliability.small_checks import ListLog

A, B, C = "a" * 32, "b" * 32, "c" * 32


def log_of(origin: str, count: int, title: str = "t") -> list[Stored]:
    """So many events of one origin."""
    kind = {"kind": "alert.noted", "body": {"text": title, "epoch": "n1"}}
    return chain(*(event(n, origin=origin, **kind) for n in range(1, count + 1)))


def hub_of(*logs: Sequence[Stored]) -> MemHub:
    hub = MemHub(lambda: 42)
    for log in logs:
        hub.push(log[0].origin, 1, log)
    return hub


def test_what_either_side_lacks_goes_over_whoever_wrote_it() -> None:
    hub = hub_of(log_of(A, 2), log_of(B, 5))
    here = ListLog(A, log_of(A, 4), log_of(C, 3))
    outcome = Exchange(here, hub).run()
    assert (outcome.pushed, outcome.pulled) == (5, 5)
    assert hub.heads() == here.marks() == outcome.here == outcome.hub
    assert outcome.ahead == (3, 4)
    assert outcome.behind == {B: (1, 5)}
    assert outcome.held_back == {}


def test_what_the_hub_has_is_heard_before_any_of_it_is_taken_in() -> None:
    here = ListLog(A, log_of(A, 4))
    heard = []
    Exchange(
        here, hub_of(log_of(B, 5)), heard=lambda marks: heard.append((marks[B].seq, here.marks()))
    ).run()
    assert [(seq, B in held) for seq, held in heard] == [(5, False)]
    assert here.marks()[B].seq == 5


def test_the_second_exchange_moves_nothing() -> None:
    hub, here = hub_of(log_of(B, 5)), ListLog(A, log_of(A, 4))
    Exchange(here, hub).run()
    again = Exchange(here, hub).run()
    assert (again.pushed, again.pulled, again.ahead, again.behind) == (0, 0, None, {})


def test_a_hub_that_has_forgotten_gets_it_all_again() -> None:
    hub, here = hub_of(log_of(B, 5)), ListLog(A, log_of(A, 4))
    empty = MemHub(lambda: 0).copy()
    Exchange(here, hub).run()
    hub.set_back(empty)
    assert Exchange(here, hub).run().pushed == 9
    assert hub.heads() == here.marks()


def test_pushing_own_events_rewinds_to_where_the_hub_is() -> None:
    hub, here = hub_of(log_of(B, 1)), ListLog(A, log_of(A, 4))
    outcome = Exchange(here, hub).run()
    hub.set_back(hub_of(log_of(A, 1)).copy())
    here.has[A] = log_of(A, 6)
    Exchange(here, hub).push_own(outcome)
    assert hub.heads()[A].seq == 6


def test_a_fork_of_another_origin_is_told_and_the_rest_goes_on(
    expect_log: Callable[..., None],
) -> None:
    expect_log("not exchanged", level="ERROR")
    hub = hub_of(log_of(B, 2, "theirs"))
    here = ListLog(A, log_of(A, 1), log_of(B, 3, "ours"), log_of(C, 2))
    outcome = Exchange(here, hub).run()
    assert list(outcome.held_back) == [B]
    assert hub.heads()[A].seq == 1
    assert hub.heads()[C].seq == 2


class Odd(MemHub):
    """A hub whose answers make no sense."""

    def __init__(self, how: str) -> None:
        super().__init__(lambda: 0)
        self.how = how
        self.asked = 0

    def heads(self) -> dict[str, Mark]:
        return {B: Mark(9, b"x" * 32)}

    def pull(self, vector: object, limit: int = 5_000) -> list[Stored]:
        self.asked += 1
        assert self.asked < 50, "it hangs"
        return {"nothing": [], "others": log_of(C, 3)[1:], "old": log_of(A, 1)}[self.how]

    def push(self, origin: str, first_seq: int, events: Sequence[Stored]) -> int:
        self.asked += 1
        assert self.asked < 50, "it hangs"
        return {"nothing": first_seq - 1, "others": 10**6, "old": max(0, first_seq - 2)}[self.how]


class Careful(ListLog):
    """A log that takes only what continues it, as a station's does."""

    def absorb(self, events: Sequence[Stored]) -> Absorbed:
        taken, aside = 0, {}
        for e in events:
            at = len(self.has.get(e.origin, []))
            if e.seq == at + 1:
                self.has.setdefault(e.origin, []).append(e)
                taken += 1
            elif e.seq > at:
                aside[e.origin] = "a gap"
        return Absorbed(events=taken, quarantined=aside)


@pytest.mark.parametrize("how", ["nothing", "others", "old"])
def test_no_answer_of_a_hub_can_hang_an_exchange(how: str) -> None:
    outcome = Exchange(Careful(A, log_of(A, 3)), Odd(how)).run()
    assert B in outcome.held_back


def _next(answers: list[bool]) -> bool:
    return answers.pop() if answers else True


def test_it_can_be_broken_off_between_any_two_batches() -> None:
    for steps in range(6):
        answers = [False] * steps
        hub, here = hub_of(log_of(B, 3)), ListLog(A, log_of(A, 3))
        Exchange(here, hub, stop=partial(_next, answers)).run()
        assert Exchange(here, hub).run().held_back == {}
        assert hub.heads() == here.marks()


def test_a_hub_that_goes_away_leaves_what_was_done() -> None:
    class Breaking(MemHub):
        def pull(self, vector: object, limit: int = 5_000) -> list[Stored]:
            raise HubAway("gone")

    hub = Breaking(lambda: 0)
    hub.push(B, 1, log_of(B, 1))
    with pytest.raises(HubAway):
        Exchange(ListLog(A, log_of(A, 3)), hub).run()
    assert hub.heads()[A].seq == 3


def test_the_report_tells_of_the_vector_after_the_exchange() -> None:
    told: list[dict[str, int]] = []

    def describe(vector: dict[str, int], hlc: int) -> Report:
        told.append(vector)
        return Report(
            station_id="S-1",
            origin=A,
            name="x",
            version="1",
            vector=vector,
            hlc=hlc,
            fold_version=1,
        )

    outcome = Exchange(ListLog(A, log_of(A, 3)), hub_of(log_of(B, 2)), describe).run()
    assert told == [{A: 3, B: 2}]
    assert outcome.fleet is not None
    assert outcome.fleet.hub_now_ms == 42

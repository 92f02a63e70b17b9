"""Checks on single rules that a fleet in agreement cannot notice: all its stations err alike."""

from __future__ import annotations

import contextlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from crisisdesk.domain.alert import Alert, AlertStatus
from crisisdesk.domain.event import GENESIS, Event, Stored, seal
from crisisdesk.domain.fold import fold
from crisisdesk.engine import commands
from crisisdesk.engine.clock import ManualClock
from crisisdesk.engine.duty.keeper import LeaseKeeper
from crisisdesk.engine.exchange.exchange import Exchange
from crisisdesk.engine.exchange.ports import Absorbed, Digest, Forked, Mark

from tests.engine.foreign import chain as foreign_chain
from tests.engine.foreign import event as foreign_event
from tests.reliability.memhub import MemHub
from tests.store.workload import Station

A, B = "a" * 32, "b" * 32


def told(seq: int, kind: str, origin: str = A, **given: Any) -> Event:
    """One event of the alert A-1, a second after the one before."""
    dedup = given.pop("dedup_id", None)
    return Event(
        origin=origin,
        seq=seq,
        hlc=(1_000 * seq) << 16,
        id=f"{origin[0]}{seq:031x}",
        agg="A-1",
        kind=f"alert.{kind}",
        actor="Klára",
        wall_ms=1_000 * seq,
        dedup_id=dedup,
        body=given,
    )


def fired(seq: int, epoch: str) -> Event:
    """The alert opens an epoch."""
    return told(
        seq,
        "fired",
        source="s",
        key="k",
        epoch=epoch,
        severity="high",
        title="t",
        sla_deadline=10**9,
        sla_prealarm_at=10**9,
    )


def _alert(*events: Event) -> Alert:
    state = fold(events)
    assert isinstance(state, Alert)
    return state


def a_machine_decision_counts_once() -> None:
    """Two stations decide the same; the fold counts the first."""
    twice = [told(n, "repeated", epoch="n1", n=1, dedup_id="d" * 32) for n in (2, 3)]
    assert _alert(fired(1, "n1"), *twice).count == 2


def a_late_resolve_leaves_the_new_epoch() -> None:
    """Resolving epoch 1 says nothing about epoch 2."""
    ended = told(2, "resolved", epoch="n1", life=1)
    late = told(4, "resolved", epoch="n1", life=1)
    assert _alert(fired(1, "n1"), ended, fired(3, "n2"), late).status == AlertStatus.ACTIVE


def an_acknowledgement_outlives_repeats() -> None:
    """Only taking it back, or its own expiry, ends it."""
    acked = told(2, "acknowledged", epoch="n1")
    again = told(3, "repeated", epoch="n1", n=1)
    state = _alert(fired(1, "n1"), acked, again, fired(4, "n1"))
    assert state.status == AlertStatus.ACKNOWLEDGED
    assert state.ack_id == acked.id


def an_acknowledgement_wins_whichever_came_first() -> None:
    """A repeat that sorts before it but arrives after it changes nothing about it."""
    late = told(2, "repeated", epoch="n1", n=1)
    acked = told(3, "acknowledged", epoch="n1")
    state = _alert(fired(1, "n1"), acked, late)
    assert (state.status, state.owner) == (AlertStatus.ACKNOWLEDGED, "Klára")


def only_the_named_acknowledgement_is_taken_back() -> None:
    """Taking back one acknowledgement leaves another, made since."""
    acked = told(2, "acknowledged", epoch="n1")
    other = told(3, "unacknowledged", ack_id="f" * 32)
    assert _alert(fired(1, "n1"), acked, other).status == AlertStatus.ACKNOWLEDGED


def the_same_moment_is_no_later_moment() -> None:
    """What a station wrote in the same moment, and sorts before, takes its place when it comes."""
    started = foreign_event(1)
    taken = foreign_event(2, kind="alert.acknowledged", actor="Jonas", body={"epoch": "n1"})
    same = {"origin": "0" * 32, "hlc": taken.hlc, "kind": "alert.acknowledged"}
    before = foreign_event(1, **same, actor="Tom", body={"epoch": "n1"})
    with TemporaryDirectory(prefix="crisisdesk-tests-") as folder:
        station = Station(Path(folder))
        try:
            for stored in (*foreign_chain(started, taken), *foreign_chain(before)):
                station.do(commands.Absorb(events=[stored]))
            assert station.bench.get("A-1") == fold([started, taken, before])
        finally:
            station.close()


# -- forks -----------------------------------------------------------------------------------


def chain(origin: str, *texts: str) -> list[Stored]:
    """A log of one origin that says these things."""
    previous, events = GENESIS, []
    for seq, text in enumerate(texts, start=1):
        sealed = seal(told(seq, "noted", origin, text=text), bytes(16), previous)
        previous = sealed.hash
        events.append(
            Stored(
                origin=origin,
                seq=seq,
                raw=sealed.raw,
                body=sealed.body,
                salt=sealed.salt,
                hash=sealed.hash,
            )
        )
    return events


class ListLog:
    """A `SyncLog` that is a list of events of each origin, for questions of who forked whom."""

    def __init__(self, own: str, *logs: list[Stored]) -> None:
        self.own = own
        self.has = {log[0].origin: list(log) for log in logs if log}
        self.left: list[Mark] = []

    def own_origin(self) -> str:
        return self.own

    def marks(self) -> dict[str, Mark]:
        return {o: Mark(len(log), log[-1].hash) for o, log in self.has.items() if log}

    def hash_at(self, origin: str, seq: int) -> bytes | None:
        log = self.has.get(origin, [])
        if seq == 0:
            return GENESIS
        return log[seq - 1].hash if seq <= len(log) else None

    def read(self, origin: str, after_seq: int, limit: int, max_bytes: int) -> list[Stored]:
        return self.has.get(origin, [])[after_seq : after_seq + limit]

    def absorb(self, events: Any) -> Absorbed:
        for event in events:
            self.has.setdefault(event.origin, []).append(event)
        return Absorbed(events=len(events))

    def digest(self) -> Digest:
        return Digest(vector={}, fold_version=1, digest=b"")

    def hlc(self) -> int:
        return 0

    def start_new_incarnation(self, hub_head: Mark) -> str:
        self.left.append(hub_head)
        self.own = B
        return B


def _hub(*logs: list[Stored]) -> MemHub:
    hub = MemHub(lambda: 0)
    for log in logs:
        hub.push(log[0].origin, 1, log)
    return hub


def the_hub_refuses_another_event_under_a_number() -> None:
    """Never swallowed as if it were the same."""
    hub = _hub(chain(A, "one", "two"))
    for first, events in ((2, chain(A, "one", "other")[1:]), (1, chain(A, "other", "two"))):
        with contextlib.suppress(Forked):
            hub.push(A, first, events)
            raise AssertionError("the hub took another event for one that it holds")


def a_station_leaves_an_origin_that_someone_else_wrote_on() -> None:
    """Its own log is shorter than the hub's, as long, or longer, but another one."""
    for theirs, ours in (
        (("one", "two"), ("one",)),
        (("one", "two"), ("one", "other")),
        (("one", "two"), ("one", "other", "three")),
    ):
        log = ListLog(A, chain(A, *ours))
        outcome = Exchange(log, _hub(chain(A, *theirs))).run()
        assert outcome.new_origin == B, (theirs, ours)
        assert log.left, (theirs, ours)


def a_fork_of_equal_length_is_told() -> None:
    """Nothing is left to send, and yet the two logs are not the same."""
    log = ListLog(B, chain(A, "one", "other"))
    outcome = Exchange(log, _hub(chain(A, "one", "two"))).run()
    assert "two different events" in outcome.held_back.get(A, "")


# -- duty ------------------------------------------------------------------------------------


def no_lease_is_kept_over_a_suspend() -> None:
    """An hour later the hub has given it to another; the sleeper must know without asking."""
    clock = ManualClock(1_000_000)
    keeper = LeaseKeeper(MemHub(clock.now_ms), clock, lambda: A)
    keeper.step()
    assert keeper.holds(clock.boottime()) == 1
    clock.advance(3_600_000)
    assert keeper.holds(clock.boottime()) == 0


def a_lease_is_believed_for_less_time_than_the_hub_does() -> None:
    """Whatever the way of the answer cost is taken off."""
    clock = ManualClock(1_000_000)
    hub = MemHub(clock.now_ms)
    keeper = LeaseKeeper(hub, clock, lambda: A)
    renew = hub.renew

    def slowly(holder: str, ttl_ms: int, least_token: int) -> Any:
        lease = renew(holder, ttl_ms, least_token)
        clock.advance(3_000)
        return lease

    hub.renew = slowly  # type: ignore[method-assign]
    keeper.step()
    clock.advance(600)
    assert keeper.holds(clock.boottime()) == 0
    clock.advance(500)
    assert renew(B, 4_000, 0).holder == B


def a_token_never_goes_back() -> None:
    """Not even when the hub was set back to a copy from before the lease was first taken."""
    clock = ManualClock(1_000_000)
    hub = MemHub(clock.now_ms)
    empty = hub.copy()
    first = hub.renew(A, 4_000, 0).token
    clock.advance(10_000)
    second = hub.renew(B, 4_000, first).token
    hub.set_back(empty)
    assert first < second <= hub.renew(A, 4_000, second).token


def a_stale_token_claims_nothing() -> None:
    """Who was deposed without noticing it sends nothing more."""
    clock = ManualClock(1_000_000)
    hub = MemHub(clock.now_ms)
    old = hub.renew(A, 4_000, 0).token
    clock.advance(5_000)
    new = hub.renew(B, 4_000, 0).token
    assert hub.claim(A, old, ["D-1"], 20_000) == {}
    assert hub.claim(B, old, ["D-1"], 20_000) == {}
    assert hub.claim(B, new, ["D-1"], 20_000) == {"D-1": 1}
    assert hub.claim(B, new, ["D-1"], 20_000) == {}


ALL = (
    a_machine_decision_counts_once,
    a_late_resolve_leaves_the_new_epoch,
    an_acknowledgement_outlives_repeats,
    an_acknowledgement_wins_whichever_came_first,
    only_the_named_acknowledgement_is_taken_back,
    the_same_moment_is_no_later_moment,
    the_hub_refuses_another_event_under_a_number,
    a_station_leaves_an_origin_that_someone_else_wrote_on,
    a_fork_of_equal_length_is_told,
    no_lease_is_kept_over_a_suspend,
    a_lease_is_believed_for_less_time_than_the_hub_does,
    a_token_never_goes_back,
    a_stale_token_claims_nothing,
)

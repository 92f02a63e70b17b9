"""The fold gives the same bytes for the same events, in whatever order, doubling or batches."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisdesk.domain import fold as folding
from crisisdesk.domain.alert import Alert
from crisisdesk.domain.event import Event
from crisisdesk.domain.fold import State, absorb, fold, state_bytes

from tests.domain.fold_bodies import BODIES, STATIONS, make_log

# Shares of the 10,000 cases that tests/reliability runs at night; an alert has the most rules
# that could depend on order. Here a tenth of them.
CASES = {
    "alert": 2_150,
    "incident": 2_000,
    "update": 750,
    "delivery": 1_000,
    "contact": 650,
    "station": 500,
    "silence": 500,
    "run": 500,
    "policy": 250,
    "escalation": 500,
    "candidate": 250,
    "change": 100,
    "task": 500,
    "decision": 250,
    "image": 100,
}


def bytes_of(state: State | None) -> bytes:
    return b"nothing" if state is None else state_bytes(state)


def split_over_stations(events: list[Event], pick: random.Random) -> list[State | None]:
    """Two stations that hold their own parts first and then each other's, in their own batches."""
    apart: tuple[list[Event], list[Event]] = ([], [])
    for event in events:
        apart[event.origin == STATIONS[0]].append(event)
    states = []
    for first, second in (apart, apart[::-1]):
        state: State | None = None
        known: list[Event] = []
        for part in (first, second, first):
            at = 0
            while at < len(part):
                size = pick.randint(1, 4)
                state, known = absorb(state, known, part[at : at + size])
                at += size
        states.append(state)
    return states


def check(kind: str, seed: int, length: int, shuffle: int) -> None:
    """Fold and absorb the same events shuffled, doubled and in other batches."""
    events = make_log(kind, seed, length)
    expected = bytes_of(fold(sorted(events, key=lambda e: e.order)))
    pick = random.Random(shuffle)
    jumbled = events + pick.choices(events, k=pick.randint(0, length))
    pick.shuffle(jumbled)
    assert bytes_of(fold(jumbled)) == expected
    state: State | None = None
    known: list[Event] = []
    at = 0
    while at < len(jumbled):
        size = pick.randint(1, 5)
        state, known = absorb(state, known, jumbled[at : at + size])
        at += size
    assert bytes_of(state) == expected
    assert [e.order for e in known] == sorted({e.order for e in events})
    assert {bytes_of(s) for s in split_over_stations(events, pick)} == {expected}
    if expected != b"nothing":
        again = folding.state_from_bytes(kind, expected)
        assert state_bytes(again) == expected
        assert again == state


SEEDS = st.integers(0, 2**32)


@pytest.mark.parametrize("kind", list(CASES))
def test_any_order_doubling_and_batching_ends_in_the_same_bytes(kind: str) -> None:
    ran = 0

    @settings(max_examples=CASES[kind] // 10, deadline=None)
    @given(seed=SEEDS, length=st.integers(1, 14), shuffle=SEEDS)
    def run(seed: int, length: int, shuffle: int) -> None:
        nonlocal ran
        ran += 1
        check(kind, seed, length, shuffle)

    run()
    assert ran >= CASES[kind] // 10


def test_the_cases_are_ten_thousand_and_reach_every_kind() -> None:
    assert sum(CASES.values()) == 10_000
    assert set(CASES) == set(BODIES)
    for kind, bodies in BODIES.items():
        states = {bytes_of(fold(make_log(kind, seed, 14))) for seed in range(200)}
        # Logs must lead to many different states, or equal bytes would prove nothing.
        assert len(states) > 20, kind
        assert all(folding.aggregate_type(name) == kind for name in bodies)


def test_a_late_event_folds_anew_and_a_machine_decision_counts_once() -> None:
    events = make_log("alert", 3, 1)
    fired = events[0]
    decision = {"epoch": fired.body["epoch"], "life": 1, "deadline": 5, "reason": ""}

    def breached(origin: str, hlc: int, deadline: int) -> Event:
        return Event(
            origin=origin,
            seq=9,
            hlc=hlc,
            id="f" * 32,
            agg="A-1",
            kind="alert.sla_breached",
            actor="engine",
            wall_ms=9,
            dedup_id="the same decision",
            body=decision | {"deadline": deadline},
        )

    late, first = breached(STATIONS[1], 3_000, 7), breached(STATIONS[2], 2_000, 6)
    state, known = absorb(None, [], [fired, late])
    assert isinstance(state, Alert)
    assert state.sla_breached_at == 7
    state, known = absorb(state, known, [first])
    assert isinstance(state, Alert)
    assert state.sla_breached_at == 6
    assert absorb(state, known, [late])[0] == state


def test_a_decision_that_came_before_its_epoch_does_not_keep_it_from_being_made() -> None:
    """A wrong clock may put an end before the firing it ends: a trace, and no decision."""
    first = make_log("alert", 3, 1)[0]
    first.body |= {"epoch": "n1"}

    def event(seq: int, kind: str, **body: Any) -> Event:
        dedup = "the same decision" if kind == "alert.resolved" else None
        return replace(first, seq=seq, hlc=9_000 + seq, kind=kind, dedup_id=dedup, body=body)

    end = {"epoch": "n2", "life": 1, "reason": "its source stopped repeating it"}
    events = [
        first,
        event(2, "alert.resolved", **end),
        event(3, "alert.fired", **(first.body | {"epoch": "n2"})),
        event(4, "alert.resolved", **end),
    ]
    early = fold(events[:2])
    assert isinstance(early, Alert)
    assert early.also_done, "it left its trace"
    state = fold(events)
    assert isinstance(state, Alert)
    assert (state.epoch, state.status) == ("n2", "resolved")
    assert fold([*events, event(5, "alert.resolved", **end)]) == state, "once made it counts once"


def test_equal_states_have_equal_hashes() -> None:
    one, two = (fold(make_log("alert", 5, 9)) for _ in range(2))
    assert one is not None
    assert two is not None
    assert folding.state_hash(state_bytes(one)) == folding.state_hash(state_bytes(two))
    assert folding.state_hash(b"") != folding.state_hash(state_bytes(one))


def test_an_unknown_aggregate_has_no_state_and_breaks_nothing() -> None:
    event = make_log("alert", 1, 1)[0]
    event.kind = "procedure.started"
    assert fold([event]) is None


def test_a_zero_where_nothing_is_the_default_is_kept() -> None:
    fired = make_log("alert", 3, 1)[0]
    acked = make_log("alert", 3, 1)[0]
    acked.seq, acked.hlc, acked.kind = 2, 9_000, "alert.acknowledged"
    acked.dedup_id, acked.body = None, {"epoch": fired.body["epoch"]}
    state = fold([fired, acked])
    assert isinstance(state, Alert)
    assert state.response_ms == 0
    assert folding.state_from_bytes("alert", state_bytes(state)) == state

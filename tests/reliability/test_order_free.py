"""R6: the same events end in the same bytes, permuted, doubled, re-batched or split over stations.

The cases are those of tests/domain/test_fold.py, told once more through the engine's workbench: it
is what decides in a running station whether an event is applied or its aggregate folded anew.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crisisdesk.domain import fold as folding
from crisisdesk.domain.canonical import tidy
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.event import GENESIS, Event, Sealed, seal
from crisisdesk.domain.fold import fold

from tests.domain.fold_bodies import make_log
from tests.domain.test_fold import CASES, bytes_of, check
from tests.reliability.bench import MemoryStation
from tests.reliability.tiers import record, scaled

CASE_COUNT = scaled(1_500, 10_000)
SEEDS = st.integers(0, 2**32)


def sealed_log(seed: int, length: int) -> dict[str, list[Sealed]]:
    """Events of every type by three origins, each origin's chained in its own order."""
    logs = [(kind, event) for kind in CASES for event in make_log(kind, seed, length)]
    random.Random(seed).shuffle(logs)
    by_origin: dict[str, list[Sealed]] = {}
    # An origin's clock never goes back: its hlc rises with its seq, over all aggregates.
    hlcs = sorted(event.hlc for _kind, event in logs)
    for hlc, (_kind, event) in zip(hlcs, logs, strict=True):
        chain = by_origin.setdefault(event.origin, [])
        event = replace(event, seq=len(chain) + 1, hlc=hlc, body=tidy(event.body))
        chain.append(seal(event, b"\x00" * 16, chain[-1].hash if chain else GENESIS))
    return by_origin


def interleaved(chains: Iterable[list[Sealed]], pick: random.Random) -> list[Sealed]:
    """One arrival order in which every origin's chain stays in order."""
    rests = [list(chain) for chain in chains]
    order = []
    while rests := [rest for rest in rests if rest]:
        order.append(pick.choice(rests).pop(0))
    return order


def told_to_a_station(arrival: list[Sealed], pick: random.Random) -> dict[str, bytes]:
    """What a station shows that was handed these in batches, some of them twice."""
    source, station = MemoryStation("source", 98), MemoryStation("station", 99)
    source.journal.sealed = arrival
    while station.pull(source, 0, pick.randint(1, 9)):
        station.pull(source, 0, 1)
    return station.bytes()


def test_the_fold_does_not_mind_order_doubling_or_batches() -> None:
    ran = 0

    @settings(max_examples=CASE_COUNT, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        kind=st.sampled_from([kind for kind, share in CASES.items() for _ in range(share // 250)]),
        seed=SEEDS,
        length=st.integers(1, 14),
        shuffle=SEEDS,
    )
    def run(kind: str, seed: int, length: int, shuffle: int) -> None:
        nonlocal ran
        ran += 1
        check(kind, seed, length, shuffle)

    run()
    assert ran >= CASE_COUNT
    record("R6", cases=ran, different=0)


def test_stations_that_hear_of_it_in_other_orders_show_the_same_bytes() -> None:
    ran = 0

    @settings(max_examples=CASE_COUNT // 15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(seed=SEEDS, length=st.integers(1, 8), shuffle=SEEDS)
    def run(seed: int, length: int, shuffle: int) -> None:
        nonlocal ran
        ran += 1
        chains, pick = sealed_log(seed, length), random.Random(shuffle)
        shown = [told_to_a_station(interleaved(chains.values(), pick), pick) for _ in range(3)]
        assert shown[1:] == shown[:1] * 2
        assert shown[0] == folded(s.event for chain in chains.values() for s in chain)

    run()
    assert ran >= CASE_COUNT // 15
    record("R6 stations", cases=ran, arrivals=3 * ran, different=0)


def folded(events: Iterable[Event]) -> dict[str, bytes]:
    told: dict[str, list[Event]] = {}
    for event in events:
        told.setdefault(event.agg, []).append(event)
    states = {aggregate: bytes_of(fold(events)) for aggregate, events in sorted(told.items())}
    return {aggregate: data for aggregate, data in states.items() if data != b"nothing"}


# -- folds that are wrong must be caught ----------------------------------------------------------


def find(run: Callable[[int, int, int], None]) -> None:
    """Look for a case that fails, in random ones."""

    @settings(max_examples=300, deadline=None, database=None, phases=(Phase.generate,))
    @given(seed=SEEDS, length=st.integers(4, 14), shuffle=SEEDS)
    def search(seed: int, length: int, shuffle: int) -> None:
        run(seed, length, shuffle)

    search()


def test_a_fold_in_the_order_of_arrival_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def arrival(events: Iterable[Event], base: Any = None) -> Any:
        state = base
        seen: set[tuple[str, int]] = set()
        for event in events:
            if (event.origin, event.seq) not in seen:
                seen.add((event.origin, event.seq))
                state, _why = folding.apply_foreign(state, event)
        return state

    monkeypatch.setattr("tests.domain.test_fold.fold", arrival)
    with pytest.raises(AssertionError):
        find(lambda seed, length, shuffle: check("alert", seed, length, shuffle))


def test_a_status_by_the_last_to_arrive_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    from crisisdesk.domain import incident, incident_fold

    arrivals = iter(range(10**9))

    def last_heard(state: incident.Incident, event: Event) -> incident.Incident:
        words = f"{event.body['status']} as heard {next(arrivals)}"
        return replace(state, status=event.body["status"], root_cause=words)

    monkeypatch.setitem(incident_fold._STEPS, "incident.status_changed", last_heard)
    with pytest.raises(AssertionError):
        find(lambda seed, length, shuffle: check("incident", seed, length, shuffle))


def test_a_station_that_never_folds_anew_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    from crisisdesk.engine import workbench

    def only_news(events: Iterable[Event], base: Any = None) -> Any:
        return fold(list(events)[-1:], base)

    monkeypatch.setattr(workbench, "fold", only_news)

    def run(seed: int, length: int, shuffle: int) -> None:
        chains, pick = sealed_log(seed, length), random.Random(shuffle)
        shown = told_to_a_station(interleaved(chains.values(), pick), pick)
        assert shown == folded(s.event for chain in chains.values() for s in chain)

    with pytest.raises(AssertionError):
        find(run)


def test_a_float_in_a_body_is_kept_out() -> None:
    """A float has no one form in bytes: where bodies are made it becomes text."""
    assert tidy({"ms": 0.1}) == {"ms": "0.1"}
    with pytest.raises(Malformed):
        tidy({"title": "\ud800"})

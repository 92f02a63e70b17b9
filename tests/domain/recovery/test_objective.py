"""The recovery time objective: fixed at the start, judged by the end, missed once."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.checklist import Run
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.fold import fold
from crisisdesk.domain.recovery.deciding import decided
from crisisdesk.domain.recovery.objective import objective, standing, standings, words
from crisisdesk.domain.recovery.run_words import tell_run

from tests.domain.recovery.making import START, Log, made

MINUTE = 60_000
BY = START + 30 * MINUTE


def test_a_procedure_states_it_within_bounds() -> None:
    assert made({"id": "a"}, recovery_time_objective="30m").objective_ms == 30 * MINUTE
    assert made({"id": "a"}).objective_ms == 0
    for wrong in ("59s", "31d", 0, "soon", True):
        with pytest.raises(Malformed, match="recovery_time_objective"):
            made({"id": "a"}, recovery_time_objective=wrong)


def log(**told: Any) -> Log:
    """A run with an objective of half an hour."""
    found = Log(made({"id": "a"}, success_criteria=["It works"]))
    body = {**found.events[0].body, "objective": {"by": BY, "within_ms": 30 * MINUTE, "of": "shop"}}
    found.events.clear()
    found.add("run.started", **{**body, **told})
    return found


def state(run: Run, now: int) -> tuple[str, int]:
    one = standing(run, now)
    assert one is not None
    return one.state, one.over_ms


def test_the_procedures_own_counts_before_the_shortest_of_the_services() -> None:
    services = {"shop": 30 * MINUTE, "mail": 10 * MINUTE, "api": 10 * MINUTE}
    assert objective(START, 20 * MINUTE, services) == {
        "by": START + 20 * MINUTE,
        "within_ms": 20 * MINUTE,
        "of": "procedure",
    }
    assert objective(START, 0, services) == {
        "by": START + 10 * MINUTE,
        "within_ms": 10 * MINUTE,
        "of": "api",
    }
    assert objective(START, 0, {}) == {}


def test_it_is_open_then_missed_and_the_end_decides() -> None:
    one = log()
    assert state(one.run, BY) == ("open", 0)
    assert state(one.run, BY + 1) == ("missed", 1)
    one.add("run.ended", at=29 * 60, verdict="succeeded")
    # Whenever it is looked at.
    assert state(one.run, BY + MINUTE) == ("met", 0)
    late = log()
    late.add("run.ended", at=33 * 60, verdict="succeeded")
    assert state(late.run, BY + 99 * MINUTE) == ("missed", 3 * MINUTE)
    left = log()
    left.add("run.ended", at=5 * 60, verdict="aborted")
    assert state(left.run, BY + MINUTE) == ("left", 0)


def test_that_it_was_missed_is_written_down_once_and_told() -> None:
    one = log()
    now = BY + 1
    (found, *_rest) = decided(one.run, now)
    assert (found.kind, found.body) == ("run.objective_missed", {"recover_by": BY})
    assert not any(d.kind == found.kind for d in decided(one.run, BY))
    before = one.run
    event = one.add(found.kind, at=31 * 60, by="engine", **found.body)
    assert one.run.missed_at == event.at_ms
    assert all(d.kind != found.kind for d in decided(one.run, now))
    told = tell_run(before, one.run, event)
    assert told is not None
    assert "".join(s.text for s in told.line) == (
        "Fail over is late: the recovery time objective of shop was missed"
    )
    # Told twice, or of a run without one, it changes nothing.
    again = one.add(found.kind, at=40 * 60, **found.body)
    assert one.run.missed_at == event.at_ms != again.at_ms
    bare = log(objective={})
    bare.add(found.kind, **found.body)
    assert (bare.run.missed_at, standing(bare.run, now)) == (None, None)


def test_one_that_ended_in_time_unknown_to_who_wrote_the_miss_was_in_time() -> None:
    one = log()
    one.add("run.ended", at=29 * 60, verdict="succeeded")
    one.add("run.objective_missed", at=31 * 60)
    assert state(one.run, BY + 99 * MINUTE) == ("met", 0)


@pytest.mark.parametrize(
    "told",
    [None, [], "soon", {"by": 1}, {"by": "1", "within_ms": 1, "of": ""}, {"by": -1}, {"by": True}],
)
def test_what_is_no_objective_leaves_the_run_without_one(told: Any) -> None:
    run = fold(log(objective=told).events)
    assert isinstance(run, Run)
    assert (run.objective, run.steps != []) == ({}, True)


def test_words_and_order() -> None:
    going, ended, later = log(), log(), log(objective={"by": BY + 1, "within_ms": 1, "of": "x"})
    ended.add("run.ended", at=33 * 60, verdict="succeeded")
    found = standings([ended.run, later.run, going.run, log(objective={}).run], BY - 5 * MINUTE)
    assert [(one.is_over, one.by) for one in found] == [(False, BY), (False, BY + 1), (True, BY)]
    now = BY - 5 * MINUTE
    assert words(found[0], now) == "5 min left"
    assert words(found[2], now) == "missed, 3 min over"
    (running,) = standings([going.run], BY + 2 * MINUTE)
    assert words(running, BY + 2 * MINUTE) == "missed, 2 min over"
    going.add("run.ended", at=60, verdict="aborted")
    assert words(standings([going.run], now)[0], now) == "ended without recovery"
    met = log()
    met.add("run.ended", at=60, verdict="succeeded")
    assert words(standings([met.run], now)[0], now) == "met, of 30 min"

"""The machine of rules: the same as the plain model, also after a restart, a sleep, a set clock."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from crisisdesk.domain.detection.absence import AbsenceLeaf
from crisisdesk.domain.detection.composing import CompositeLeaf
from crisisdesk.domain.detection.leaves import TrackedLeaf, ValueLeaf
from crisisdesk.domain.detection.machine import FORGET_MS, GAP_MS, Machine
from crisisdesk.domain.detection.rule import AlertRule, key_of
from crisisdesk.domain.detection.series import Sample, series
from crisisdesk.domain.detection.watching import STALE_MS, WATCHES_MOST, Transition, Watch

from tests.domain.detection.cases import Case, by_machine, by_model, cases, first_difference, rule
from tests.domain.detection.naive import Told
from tests.reliability.tiers import record, scaled

MINUTE = 60_000
T = 1_770_861_902_000
LOAD = series("S-1", "load", {"host": "a"})
HIGH = {"metric": "load", "op": ">", "value": 5}
QUIET: dict[str, Any] = {"suppress_health_check": [HealthCheck.too_slow]}


def played(examples: int, each: Callable[[Case], None]) -> None:
    """Show so many cases to ``each``."""

    @settings(max_examples=examples, phases=[Phase.generate, Phase.shrink], **QUIET)
    @given(cases())
    def play(case: Case) -> None:
        each(case)

    play()


@pytest.mark.timeout(3_600)
def test_recorded_cases_are_judged_as_by_the_plain_model() -> None:
    count = {"cases": 0, "different": 0}

    def judge(case: Case) -> None:
        count["cases"] += 1
        words = first_difference(case)
        count["different"] += bool(words)
        assert not words, words

    played(scaled(100, 10_000), judge)
    record("rules against the plain model", **count)


@pytest.fixture(scope="module")
def corpus() -> list[tuple[Case, list[list[Told]]]]:
    """Cases and what is right about them."""
    found: list[tuple[Case, list[list[Told]]]] = []
    played(250, lambda case: found.append((case, by_model(case))))
    return found


MUTANTS: list[tuple[Any, str, str, str]] = [
    (Watch, "take", "elif not holds:\n        self.since = None", "elif not holds:\n        pass"),
    (Watch, "take", "> STALE_MS", "> 2 * STALE_MS"),
    (Watch, "turn", "< clear_ms", "< 0"),
    (Watch, "turn", "now - self.since < for_ms", "now - self.since <= for_ms"),
    (ValueLeaf, "turn", ">= c.forget_ms", ">= 2 * c.forget_ms"),
    (ValueLeaf, "turn", "elif not watch.firing:", "elif False:"),
    (TrackedLeaf, "_made", "if value - value != 0.0:", "if False:"),
    (AbsenceLeaf, "turn", "if now >= due:", "if now > due:"),
    (AbsenceLeaf, "follow", "(series, self.expected)", "(series,)"),
    (CompositeLeaf, "_holding", "if count >= needed", "if count > needed"),
    (CompositeLeaf, "_labels", "if len(labels) == len(self.condition.equal) else None", ""),
    (Machine, "_take", "sorted(samples, key=_when)", "samples"),
    (Machine, "_take", "at > most or", "False or"),
]


def mutated(function: Callable[..., Any], old: str, new: str) -> Callable[..., Any]:
    """The function with a planted fault."""
    source = textwrap.dedent(inspect.getsource(function))
    assert old in source, f"{function.__qualname__} has no {old!r}"
    names: dict[str, Any] = {}
    exec(
        "from __future__ import annotations\n" + source.replace(old, new),
        function.__globals__,
        names,
    )
    made: Callable[..., Any] = names[function.__name__]
    return made


@pytest.mark.parametrize(
    ("owner", "name", "old", "new"),
    MUTANTS,
    ids=[f"{m[0].__name__}.{m[1]}:{m[2][:20]}" for m in MUTANTS],
)
def test_a_planted_fault_is_noticed(
    corpus: list[tuple[Case, list[list[Told]]]],
    monkeypatch: pytest.MonkeyPatch,
    owner: Any,
    name: str,
    old: str,
    new: str,
) -> None:
    monkeypatch.setattr(owner, name, mutated(getattr(owner, name), old, new))

    def differs(case: Case, right: list[list[Told]]) -> bool:
        try:
            return by_machine(case) != right
        except (TypeError, KeyError):
            return True  # a fault may as well break it

    assert any(differs(case, right) for case, right in corpus)


def at(machine_: Machine, now: int, value: float | None = None) -> list[tuple[bool, int]]:
    """One step with one value of the load, or none."""
    samples = [] if value is None else [Sample(LOAD, now, value)]
    return [(one.fires, one.at) for one in machine_.step(samples, [], now)]


def told(found: list[Transition]) -> list[tuple[str, bool, int]]:
    """Rule, whether it fires, and when."""
    return [(one.rule_id, one.fires, one.at) for one in found]


def high(number: int = 0, **more: Any) -> AlertRule:
    """A rule about a high load."""
    return rule(number, "threshold", {**HIGH, **more})


def test_what_is_open_already_does_not_fire_again_and_ends_when_it_is_over() -> None:
    key = key_of("R0", LOAD)
    for value, expected in ((9.0, []), (1.0, [(False, T + 1_000)])):
        again = Machine([high()], T, [key])
        assert at(again, T + 1_000, value) == expected
        assert again.unseen(T + 2 * FORGET_MS) == []


def test_a_wait_of_which_nothing_was_heard_for_long_begins_anew_whatever_comes_late() -> None:
    late = T + STALE_MS - 5_000
    for looked, since in ((STALE_MS, T), (STALE_MS + 1, late)):
        running = Machine([high(**{"for": 360})], T, gap_ms=2**62)
        assert at(running, T, 9.0) == at(running, T + looked) == []
        assert running.step([Sample(LOAD, late, 9.0)], [], T + looked + 1_000) == []
        looks = range(T + 302_000, T + 700_000, 1_000)
        assert [now for now in looks if at(running, now, 9.0)] == [since + 360_000]


def test_what_was_open_and_is_never_heard_of_again_is_told_once() -> None:
    key = key_of("R0", LOAD)
    again = Machine([high()], T, [key])
    assert again.unseen(T + FORGET_MS - 1) == []
    assert again.unseen(T + FORGET_MS) == [key]
    assert again.unseen(T + FORGET_MS) == []


def test_hysteresis_counts_after_a_restart_as_well() -> None:
    again = Machine([high(clear=2)], T, [key_of("R0", LOAD)])
    assert at(again, T + 1_000, 4.0) == []
    assert at(again, T + 2_000, 2.0) == [(False, T + 2_000)]


def test_a_wait_goes_on_when_another_rule_comes_and_begins_anew_when_its_own_changes() -> None:
    one, other = high(0, **{"for": 60}), high(1, value=100)
    running = Machine([one], T)
    assert at(running, T, 9.0) == []
    running.replace([one, other], T + 30_000)
    assert at(running, T + MINUTE, 9.0) == [(True, T + MINUTE)]
    changed = replace(high(0, value=6, **{"for": 60}), version_id="POL-2")
    running.replace([changed, other], T + 70_000, [key_of("R0", LOAD)])
    # It fires still: its alert was open when it changed.
    assert at(running, T + 80_000, 9.0) == []
    assert at(running, T + 90_000, 5.0) == [(False, T + 90_000)]


def test_a_rule_that_is_taken_away_says_nothing_more() -> None:
    running = Machine([high(0), high(1)], T)
    running.replace([high(1)], T)
    assert told(running.step([Sample(LOAD, T, 9.0)], [], T)) == [("R1", True, T)]
    assert running.runs == {"R1"}


def test_a_clock_that_was_set_back_stops_nothing() -> None:
    running = Machine([high(0, **{"for": 20})], T)
    assert at(running, T, 1.0) == []
    back = T - 86_400_000
    assert at(running, back, 9.0) == []
    assert at(running, back + 20_000, 9.0) == [(True, back + 20_000)]
    assert at(running, back + 30_000, 1.0) == [(False, back + 30_000)]


def test_time_slept_is_no_silence() -> None:
    missing = rule(0, "threshold", {"metric": "load", "absent": 60})
    for gap, expected in ((GAP_MS, [(True, T + GAP_MS)]), (GAP_MS + 1, [])):
        running = Machine([missing], T)
        at(running, T, 1.0)
        assert at(running, T + gap) == expected
    assert at(running, T + GAP_MS + 1 + 30_000) == []
    assert at(running, T + GAP_MS + 1 + 60_000) == [(True, T + GAP_MS + 1 + 60_000)]


def test_more_series_than_can_be_watched_are_told_of() -> None:
    running = Machine([high()], T)
    many = [series("S-1", "load", {"host": str(n)}) for n in range(WATCHES_MOST + 5)]
    found = running.step([Sample(one, T, 9.0) for one in many], [], T)
    assert len(found) == WATCHES_MOST
    assert running.problems() == [
        "the rule rule 0 is about more series than it can watch; some are left out"
    ]


def test_a_series_that_gives_nothing_any_more_is_forgotten() -> None:
    running = Machine([high()], T, gap_ms=2**62)
    many = [series("S-1", "load", {"host": str(n)}) for n in range(50)]
    running.step([Sample(one, T, 1.0) for one in many], [], T)
    running.step([Sample(LOAD, T + FORGET_MS, 1.0)], [], T + FORGET_MS)
    assert len(running._known) == 1


def test_rules_in_a_circle_or_without_what_they_are_made_of_do_not_run() -> None:
    def made_of(number: int, *needed: str) -> AlertRule:
        of = [{"rule": one} for one in needed]
        return rule(number, "composite", {"mode": "any", "of": of})

    running = Machine([made_of(0, "R1"), made_of(1, "R0"), made_of(2, "R9"), high(3)], T)
    assert running.runs == {"R3"}


def test_order_of_rules_does_not_matter_for_what_is_made_of_others() -> None:
    whole = rule(1, "composite", {"mode": "any", "of": [{"rule": "R0"}], "equal": ["host"]})
    for rules in ([high(), whole], [whole, high()]):
        running = Machine(rules, T)
        found = running.step([Sample(LOAD, T, 9.0)], [], T)
        assert told(found) == [("R0", True, T), ("R1", True, T)]


def test_a_source_is_looked_at_alone_where_one_is_named() -> None:
    running = Machine([replace(high(), metric_source="S-2")], T)
    assert at(running, T, 9.0) == []
    other = series("S-2", "load", {"host": "a"})
    assert told(running.step([Sample(other, T, 9.0)], [], T)) == [("R0", True, T)]

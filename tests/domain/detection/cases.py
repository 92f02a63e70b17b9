"""Recorded rule cases, made by Hypothesis; played to the machine and to the model."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from operator import add
from typing import Any

from hypothesis import strategies as st

from crisisdesk.domain.detection.machine import Machine
from crisisdesk.domain.detection.reading import Line
from crisisdesk.domain.detection.rule import AlertRule, trial_rule
from crisisdesk.domain.detection.series import Sample, series

from tests.domain.detection.naive import Naive, Told

START = 1_770_861_902_000
NO_GAP = 2**62
SERIES = [
    series("S-1", metric, {"host": host, "job": job})
    for metric in ("load", "errors")
    for host in ("a", "b")
    for job in ("x", "")
]
# Whole numbers, so that sums are exact whatever their order.
VALUES = st.one_of(
    st.integers(-2, 6).map(float), st.sampled_from([math.nan, math.inf, -math.inf, 100.0])
)
WHERE = st.sampled_from(["", 'host="a"', 'host=~"a|b"', 'job!="x"', 'job=""'])
SPANS = st.sampled_from([0, 0, 10, 30, 60, 400])
METRICS = st.sampled_from(["load", "load", "errors"])
TEXTS = st.sampled_from(["ping", "begin", "end", "stop", "begin end", "begin stop", "end stop"])


@dataclass(frozen=True)
class Step:
    """What came until ``now``."""

    now: int
    samples: tuple[Sample, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Case:
    """Rules and what came."""

    rules: tuple[AlertRule, ...]
    steps: tuple[Step, ...]


@st.composite
def thresholds(draw: st.DrawFn) -> dict[str, Any]:
    """Conditions of a threshold rule."""
    op = draw(st.sampled_from([">", ">=", "<", "<=", "==", "!="]))
    value = draw(st.integers(0, 4))
    told: dict[str, Any] = {
        "metric": draw(METRICS),
        "where": draw(WHERE),
        "op": op,
        "value": value,
        "for": draw(SPANS),
        "clear_for": draw(SPANS),
        "forget": draw(st.sampled_from([60, 300, 600, 3_600])),
    }
    if op[0] in "<>" and draw(st.booleans()):
        told["clear"] = value + draw(st.integers(0, 2)) * (-1 if op[0] == ">" else 1)
    if draw(st.integers(0, 3)) == 0:
        told["rate_over"] = draw(st.sampled_from([30, 120, 600]))
        told["rate_of"] = draw(st.sampled_from(["counter", "gauge"]))
        told["rate_per"] = draw(st.sampled_from(["second", "minute"]))
    if draw(st.integers(0, 3)) == 0:
        told["aggregate"] = draw(st.sampled_from(["sum", "avg", "min", "max", "count"]))
        told["by"] = draw(st.sampled_from([[], ["host"], ["host", "job"], ["job"]]))
    return told


@st.composite
def absences(draw: st.DrawFn) -> dict[str, Any]:
    """Conditions of a rule about what is missing."""
    absent = draw(st.sampled_from([10, 60, 300]))
    return {"metric": draw(METRICS), "where": draw(WHERE), "absent": absent}


@st.composite
def patterns(draw: st.DrawFn) -> dict[str, Any]:
    """Conditions of a rule about lines."""
    told: dict[str, Any] = {
        "log": draw(st.sampled_from(["", "app", "a.*"])),
        "within": draw(st.sampled_from([1, 30, 120])),
        "clear_for": draw(st.sampled_from([1, 60, 300])),
    }
    if draw(st.booleans()):
        line = draw(st.sampled_from([{"contains": "begin"}, {"match": ".*(end|ping)"}]))
        return told | {"line": line, "at_least": draw(st.integers(1, 3))}
    told |= {"first": {"contains": "begin"}, "then": {"match": ".*end.*"}}
    return told | ({"without": {"contains": "stop"}} if draw(st.booleans()) else {})


LEAVES = st.one_of(
    thresholds().map(lambda told: ("threshold", told)),
    thresholds().map(lambda told: ("threshold", told)),
    absences().map(lambda told: ("threshold", told)),
    patterns().map(lambda told: ("pattern", told)),
)


@st.composite
def composites(draw: st.DrawFn, leaves: int) -> dict[str, Any]:
    """Conditions of a rule that is made of some of the first rules and of its own conditions."""
    refs = st.integers(0, leaves - 1).map(lambda number: {"rule": f"R{number}"})
    inner = LEAVES.map(lambda one: {"type": one[0], **one[1]})
    of = draw(st.lists(st.one_of(refs, refs, inner), min_size=1, max_size=3))
    mode = draw(st.sampled_from(["all", "any", "none", "at least"]))
    told = {
        "mode": mode,
        "of": of,
        "equal": draw(st.sampled_from([[], ["host"], ["job"]])),
        "for": draw(st.sampled_from([0, 0, 30])),
        "clear_for": draw(st.sampled_from([0, 0, 60])),
    }
    return told | ({"least": draw(st.integers(1, len(of)))} if mode == "at least" else {})


def rule(number: int, rule_type: str, conditions: dict[str, Any]) -> AlertRule:
    """A rule by its number."""
    told = trial_rule(f"rule {number}", {"rule_type": rule_type, "conditions": conditions})
    return replace(told, rule_id=f"R{number}")


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Rules and what came."""
    leaves = draw(st.lists(LEAVES, min_size=1, max_size=3))
    rules = [rule(number, *one) for number, one in enumerate(leaves)]
    if draw(st.booleans()):
        rules.append(rule(len(rules), "composite", draw(composites(len(leaves)))))
    now, steps = START, []
    for _ in range(draw(st.integers(2, 14))):
        now += draw(st.sampled_from([1_000, 10_000, 10_000, 10_000, 30_000, 120_000, 301_000]))
        samples = draw(
            st.lists(
                st.builds(
                    Sample,
                    st.sampled_from(SERIES),
                    # Late, repeated, and ahead of the clock.
                    st.sampled_from([0, 0, 0, -5_000, -20_000, 1_000, 400_000]).map(
                        partial(add, now)
                    ),
                    VALUES,
                ),
                max_size=5,
            )
        )
        lines = draw(
            st.lists(
                st.builds(
                    Line,
                    at=st.sampled_from([0, 0, -3_000, 50_000]).map(partial(add, now)),
                    name=st.sampled_from(["app", "db", ""]),
                    text=TEXTS,
                ),
                max_size=3,
            )
        )
        steps.append(Step(now, tuple(samples), tuple(lines)))
    return Case(tuple(rules), tuple(steps))


def by_machine(case: Case) -> list[list[Told]]:
    """What the machine says of each step, in one order."""
    machine = Machine(case.rules, START, gap_ms=NO_GAP)
    return [
        sorted(
            (one.rule_id, one.series, one.fires, one.at)
            for one in machine.step(step.samples, step.lines, step.now)
        )
        for step in case.steps
    ]


def by_model(case: Case) -> list[list[Told]]:
    """What the plain model says of each step."""
    model = Naive(case.rules, START)
    return [model.step(step.samples, step.lines, step.now) for step in case.steps]


def first_difference(case: Case) -> str:
    """The first step that the two do not agree on; "" when they always do."""
    for number, (mine, theirs) in enumerate(zip(by_machine(case), by_model(case), strict=True)):
        if mine != theirs:
            return f"step {number}: machine {mine}, model {theirs}"
    return ""

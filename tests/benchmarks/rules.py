"""Threshold rules: what a round costs, its headroom and memory; beside Prometheus on the same."""

from __future__ import annotations

import gc
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from statistics import median
from typing import Any

from crisisdesk.domain.detection.machine import Machine
from crisisdesk.domain.detection.rule import AlertRule, trial_rule
from crisisdesk.domain.detection.series import Sample, Series, series

from tests.benchmarks.figures import Benchmark, Figures, Goal, Scale
from tests.benchmarks.prometheus import evaluation_s

_SERIES, _RULES, _SINGLE = 5_000, 500, 1_000
# A sample of each series comes every 10 s; the evaluator looks each second.
_EVERY_MS, _LOOK_MS, _ROUNDS = 10_000, 1_000, 8
_START = 1_796_026_800_000
# Below all bounds, and above all.
_QUIET, _LOUD, _LEAST_BOUND = 50.0, 900.0, 100


def rules(scale: Scale) -> Figures:
    """500 threshold rules, each about all of 5,000 series that come every 10 s, on one core.

    A round is ten looks, one of them with samples; CPU time, with none, 2 % and 10 % of all pairs
    firing. Beside Prometheus, wall time of the quickest of some evaluations of the same rules,
    which is taken of ours as well: 500 rules about 5,000 series with none firing, and 1,000 rules
    about one of 1,000 series each with a tenth firing.
    """
    many, count, single = (scale.of(n, 10) for n in (_SERIES, _RULES, _SINGLE))
    rounds = scale.of(_ROUNDS, 2)
    named = [series("SRC-1", "m", {"i": str(n)}) for n in range(many)]
    about_all = [_rule(n, "", _LEAST_BOUND + n) for n in range(count)]
    figures: Figures = {}
    for name, share in (("none", 0.0), ("2", 0.02), ("10", 0.1)):
        first, usual = _rounds(about_all, named, round(many * share), rounds)
        figures |= {f"first_{name}_s": first, f"round_{name}_s": usual}
        figures[f"share_{name}_percent"] = 100 * usual / (_EVERY_MS / 1_000)
    about_one = [_rule(n, f'i="{n}"', _LEAST_BOUND) for n in range(single)]
    ones, tenth = named[:single], single // 10
    ones += [series("SRC-1", "m", {"i": str(n)}) for n in range(len(ones), single)]
    figures["series_bytes"] = _bytes_a_series(about_all, named)
    figures["all_us_a_rule"] = _look_us(about_all, named, 0, rounds)
    figures["one_us_a_rule"] = _look_us(about_one, ones, tenth, rounds)
    told = [f"m > {_LEAST_BOUND + n}" for n in range(count)]
    figures["prometheus_all_us"] = evaluation_s(_exposed(many, 0), told, 3, 2) * 1e6 / count
    told = [f'm{{i="{n}"}} > {_LEAST_BOUND}' for n in range(single)]
    figures["prometheus_one_us"] = evaluation_s(_exposed(single, tenth), told, 6, 1) * 1e6 / single
    return figures


def _rule(number: int, where: str, bound: int) -> AlertRule:
    conditions = {"metric": "m", "where": where, "op": ">", "value": bound}
    told = trial_rule(f"rule {number}", {"rule_type": "threshold", "conditions": conditions})
    return replace(told, rule_id=f"R{number}")


def _samples(named: list[Series], loud: int, number: int) -> list[Sample]:
    """A round's: the first few series are over every bound, all of them wander."""
    at = _START + number * _EVERY_MS
    return [
        Sample(one, at, (_LOUD if n < loud else _QUIET) + (n * 7 + number * 3) % 40)
        for n, one in enumerate(named)
    ]


def _exposed(many: int, loud: int) -> str:
    """The same series as Prometheus reads them."""
    return "".join(f'm{{i="{n}"}} {_LOUD if n < loud else _QUIET}\n' for n in range(many))


def _timed(clock: Callable[[], float], work: Callable[[], object]) -> float:
    began = clock()
    work()
    return clock() - began


def _rounds(
    what: list[AlertRule], named: list[Series], loud: int, rounds: int
) -> tuple[float, float]:
    """CPU seconds of the first round and, as a median, of one of the others."""
    machine = Machine(what, _START)

    def play(number: int, samples: list[Sample]) -> None:
        now = _START + number * _EVERY_MS
        found = machine.step(samples, [], now)
        _must_be(len(found), loud * len(what) if number == 0 else 0)
        for look in range(1, _EVERY_MS // _LOOK_MS):
            _must_be(len(machine.step([], [], now + look * _LOOK_MS)), 0)

    took = []
    for number in range(rounds + 1):
        samples = _samples(named, loud, number)
        took.append(_timed(time.thread_time, lambda: play(number, samples)))  # noqa: B023
    _must_be(len(machine.firing()), loud * len(what))
    _must_be(len(machine.problems()), 0)
    return took[0], median(took[1:])


def _look_us(what: list[AlertRule], named: list[Series], loud: int, rounds: int) -> float:
    """Wall microseconds a rule of the quickest look with a sample of each known series."""
    machine = Machine(what, _START)
    machine.step(_samples(named, loud, 0), [], _START)
    took = []
    for number in range(1, rounds + 1):
        samples, now = _samples(named, loud, number), _START + number * _EVERY_MS
        took.append(_timed(time.perf_counter, lambda: machine.step(samples, [], now)))  # noqa: B023
    return min(took) * 1e6 / len(what)


def _bytes_a_series(what: list[AlertRule], named: list[Series]) -> float:
    """What knowing a series costs beyond its name."""
    samples = _samples(named, 0, 0)
    machine = Machine(what, _START)
    gc.collect()
    tracemalloc.start()
    try:
        machine.step(samples, [], _START)
        gc.collect()
        held, _most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return held / len(named)


def _must_be(found: Any, right: Any) -> None:
    if found != right:
        raise RuntimeError(f"the rules found {found} instead of {right}")


RULES = Benchmark(
    name="rules",
    measure=rules,
    goals=(
        Goal(row="share of a core with none firing, %", ours="share_none_percent", at_most=50),
        Goal(row="the same with 2 % firing", ours="share_2_percent", at_most=50),
        Goal(row="the same with 10 % firing", ours="share_10_percent", at_most=50),
        Goal(row="first round, none firing, CPU s", ours="first_none_s", at_most=10),
        Goal(row="first round, 10 % firing, CPU s", ours="first_10_s", at_most=10),
        Goal(row="memory of a series, bytes", ours="series_bytes", at_most=1_024),
        Goal(
            row="14 rules about 5,000 series, us a rule",
            ours="all_us_a_rule",
            anchor="prometheus_all_us",
            at_most=1.0,
        ),
        Goal(
            row="14 rules about one series each, us a rule",
            ours="one_us_a_rule",
            anchor="prometheus_one_us",
            at_most=1.0,
        ),
    ),
)

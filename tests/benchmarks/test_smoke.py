"""Every benchmark runs, with hardly any work, and gives all the figures its goals ask for."""

from __future__ import annotations

import pytest

from tests.benchmarks.catalogue import BENCHMARKS
from tests.benchmarks.figures import Goal, Scale, judge, percentile, table

TINY = Scale(share=0.001)


@pytest.mark.slow
@pytest.mark.parametrize("name", BENCHMARKS)
def test_it_runs_and_can_be_judged(name: str) -> None:
    benchmark = BENCHMARKS[name]
    verdicts = judge(benchmark.goals, [benchmark.measure(TINY)])
    assert len(verdicts) == len(benchmark.goals)
    assert table(verdicts).count("\n") == len(verdicts) + 1


def test_what_must_never_be_lost_is_not_lost_even_in_a_tiny_run() -> None:
    assert BENCHMARKS["killed"].measure(TINY)["lost"] == 0
    repeats = BENCHMARKS["repeats"].measure(TINY)
    assert (repeats["stored"], repeats["count_off_by"]) == (1, 0)


def test_percentiles_are_values_that_occurred() -> None:
    values = [float(n) for n in range(1, 101)]
    assert [percentile(values, p) for p in (50, 95, 99, 100)] == [50, 95, 99, 100]


def test_a_ratio_is_the_median_of_the_rounds_own_ratios() -> None:
    goal = Goal(row="x", ours="a", anchor="b", at_least=2.0)
    (verdict,) = judge([goal], [{"a": 4, "b": 1}, {"a": 3, "b": 2}, {"a": 9, "b": 4}])
    assert verdict.value == 2.25
    assert verdict.met
    assert verdict.spread == (1.5, 4.0)

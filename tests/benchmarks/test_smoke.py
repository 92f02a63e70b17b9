"""Every benchmark runs, with hardly any work, and gives all the figures its goals ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.benchmarks.catalogue import BENCHMARKS
from tests.benchmarks.fault_services import HTTP_500, broken_pages
from tests.benchmarks.fault_signs import HEARTBEAT
from tests.benchmarks.fault_stage import Fault, Outcome, Played, Stage
from tests.benchmarks.fault_to_page import by_kind, figures_of, run
from tests.benchmarks.figures import Goal, Scale, judge, percentile, table

TINY = Scale(share=0.001)


@pytest.mark.slow
@pytest.mark.timeout(600)
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


def _unwatched_pages(one: Stage, count: int) -> Iterator[Fault]:
    return broken_pages(one, count, paused=True)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_fault_that_nobody_looks_at_is_missed_and_fails_the_benchmark() -> None:
    played = run([(_unwatched_pages, 2)], every_s=1, window_s=0.5, limit_s=5.0, hushed=0)
    assert sorted(one.words for one in played.outcomes) == [
        "hushed p00 is down",
        "hushed p01 is down",
    ]
    assert all(one.took_s is None for one in played.outcomes)
    verdicts = judge(BENCHMARKS["faults"].goals, [figures_of(played)])
    broken = {v.goal.ours for v in verdicts if not v.met}
    assert {"missed", "looks_p95_s", "all_less_p95_s"} <= broken
    assert {v.goal.ours for v in verdicts if v.goal.must} == {"missed", "hushed"}


def test_a_table_of_faults_has_a_row_for_each_kind_that_was_played() -> None:
    outcomes = [
        Outcome(kind=HTTP_500, words="", took_s=12.0),
        Outcome(kind=HTTP_500, words="", took_s=20.0),
        Outcome(kind=HEARTBEAT, words="", took_s=80.0, own_s=75.0),
    ]
    figures = figures_of(Played(outcomes=outcomes, hushed=0, strangers=[]))
    assert (figures["missed"], figures["looks_max_s"], figures["all_less_p95_s"]) == (0, 20, 20)
    lines = by_kind([figures]).splitlines()[2:]
    assert lines == [
        "| HTTP 500 | 2 | 12 | 20 | 20 | 0 | 20 |",
        "| heartbeat | 1 | 80 | 80 | 80 | 75 | 5 |",
        "| all | 3 | 20 | 80 | 80 | 0 | 20 |",
    ]

"""The test bench: what a rule would have done."""

from __future__ import annotations

import pytest

from crisisdesk.domain.detection.reading import Line
from crisisdesk.domain.detection.rule import AlertRule, trial_rule
from crisisdesk.domain.detection.series import Sample, series
from crisisdesk.domain.detection.trial import (
    LONG_TICK_MS,
    STEPS_MOST,
    TICK_MS,
    noise_of,
    run,
    tick_for,
)
from crisisdesk.domain.errors import Malformed

LOAD = series("", "load")


def high(**more: object) -> AlertRule:
    conditions = {"metric": "load", "op": ">", "value": 5, **more}
    return trial_rule("high", {"rule_type": "threshold", "conditions": conditions})


def samples(*values: float) -> list[Sample]:
    return [Sample(LOAD, number * 10_000, value) for number, value in enumerate(values)]


def test_spans_flaps_and_values_are_told() -> None:
    found = run(high(), samples(1, 9, 9, 1, 9, 1))
    spans = [(one.since, one.until, one.value) for one in found.spans]
    assert spans == [(10_000, 30_000, 9.0), (40_000, 50_000, 9.0)]
    assert (found.flaps, found.alerts_a_day) == (1, 2.0)
    assert [one.value for one in found.values] == [1, 9, 9, 1, 9, 1]
    assert found.problems == ()


def test_what_still_fires_at_the_end_is_open_and_a_wait_counts() -> None:
    found = run(high(**{"for": 20}), samples(9, 9, 9))
    assert [(one.since, one.until) for one in found.spans] == [(20_000, None)]


def test_a_rule_that_is_off_is_tried_all_the_same() -> None:
    told = {"rule_type": "threshold", "conditions": {"metric": "load", "op": ">", "value": 5}}
    assert run(trial_rule("x", {**told, "is_active": False}), samples(9)).spans


def test_lines_are_tried_too() -> None:
    told = {"rule_type": "pattern", "conditions": {"line": {"contains": "x"}}}
    found = run(trial_rule("x", told), (), [Line(at=5, name="app", text="x")])
    assert [one.since for one in found.spans] == [5]


def test_nothing_and_too_much_are_refused() -> None:
    with pytest.raises(Malformed):
        run(high())
    with pytest.raises(Malformed):
        run(high(), [Sample(LOAD, 0, 1.0), Sample(LOAD, (STEPS_MOST + 2) * LONG_TICK_MS, 1.0)])


def test_what_it_needs_and_is_not_there_is_told() -> None:
    told = {"rule_type": "composite", "conditions": {"mode": "any", "of": [{"rule": "R9"}]}}
    found = run(trial_rule("x", told), samples(1))
    assert found.problems == ("a rule that it is made of does not run",)


def test_a_week_is_looked_at_by_the_minute() -> None:
    assert tick_for(STEPS_MOST * TICK_MS) == TICK_MS
    assert tick_for((STEPS_MOST + 1) * TICK_MS) == LONG_TICK_MS
    week = [Sample(LOAD, n * 3_600_000, 9.0 if n == 100 else 1.0) for n in range(7 * 24)]
    (span,) = run(high(), week).spans
    assert (span.since, span.until) == (360_000_000, 363_600_000)


def test_how_far_it_is_is_told_and_it_can_be_ended() -> None:
    shares: list[float] = []
    run(high(), samples(1, 9, 1), went=shares.append)
    assert shares == [0.0, 0.5, 1.0, 1.0]

    class Enough(Exception):
        """The test has seen enough."""

    def end(share: float) -> None:
        if share >= 0.5:
            raise Enough

    with pytest.raises(Enough):
        run(high(), samples(1, 9, 1), went=end)


def test_more_is_looked_at_when_more_is_allowed() -> None:
    with pytest.raises(Malformed, match="at most 2"):
        run(high(), samples(1, 9, 1), most=2)
    found = run(high(), samples(1, 9, 1), values_most=2)
    assert (len(found.values), found.values_left_out) == (2, 1)


def test_its_noise_is_the_longest_and_the_whole_time() -> None:
    noise = noise_of(run(high(), samples(9, 9, 1, 9)))
    assert noise == (2, 20_000, 20_000)
    assert noise_of(run(high(), samples(1))) == (0, 0, 0)

"""A trial as it is told: only what JSON can hold, in words and times of its own."""

from __future__ import annotations

import math

from crisisdesk.api.rule_trials import trial_out
from crisisdesk.domain.detection.rule import trial_rule
from crisisdesk.domain.detection.series import Sample, series
from crisisdesk.domain.detection.trial import run

LOAD = series("S-1", "load", {"host": "a"})
RULE = trial_rule(
    "high",
    {"rule_type": "threshold", "conditions": {"metric": "load", "op": ">", "value": 0.5}},
)


def test_spans_and_values_are_told_with_their_times() -> None:
    given = [Sample(LOAD, 10_000 * n, value) for n, value in enumerate((0.25, 1.0, 0.0))]
    told = trial_out(RULE, run(RULE, given))
    assert told.words == "load > 0.5"
    (span,) = told.spans
    assert (span.since, span.until) == ("1970-01-01T00:00:10.000Z", "1970-01-01T00:00:20.000Z")
    assert (span.labels, span.value) == ({"host": "a"}, 1.0)
    assert [value.value for value in told.values] == [0.25, 1.0, 0.0]


def test_what_is_no_finite_number_is_told_as_null_and_still_fires() -> None:
    given = [Sample(LOAD, 0, 0.0), Sample(LOAD, 10_000, math.inf), Sample(LOAD, 20_000, 0.0)]
    told = trial_out(RULE, run(RULE, given))
    (span,) = told.spans
    assert span.value is None
    assert [value.value for value in told.values] == [0.0, None, 0.0]
    assert "Infinity" not in told.model_dump_json()

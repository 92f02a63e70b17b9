"""Prometheus' answers: values of every shape, refusals, and what is no answer."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from crisisdesk.domain.detection.reading import Verdict
from crisisdesk.sources.probes.looking import Unanswered
from crisisdesk.sources.probes.prometheus_answers import Value, answer_of, keep, values_of
from crisisdesk.sources.probes.web import Page

NOW = 1_790_000_000_000


def page(told: Any, code: int = 200) -> Page:
    return Page(code, "application/json", json.dumps(told).encode())


def test_vectors_matrices_and_scalars() -> None:
    vector = {
        "resultType": "vector",
        "result": [
            {"metric": {"__name__": "a", "x": "1"}, "value": [1790000000.5, "+Inf"]},
            {"metric": {}, "value": [1790000000, "NaN"]},
            {"metric": {}, "histogram": [1790000000, {"count": "1"}]},
        ],
    }
    found = values_of(vector)
    assert found.values[0] == Value({"__name__": "a", "x": "1"}, NOW + 500, math.inf)
    assert math.isnan(found.values[1].value)
    assert found.histograms == 1
    matrix = {"resultType": "matrix", "result": [{"metric": {}, "values": [[1, "2"], [3, "4"]]}]}
    assert [(v.at, v.value) for v in values_of(matrix).values] == [(1000, 2.0), (3000, 4.0)]
    scalar = values_of({"resultType": "scalar", "result": [1, "-1e3"]})
    assert [v.value for v in scalar.values] == [-1000.0]


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {"resultType": "vector"},
        {"resultType": "vector", "result": {}},
        {"resultType": "vector", "result": [5]},
        {"resultType": "vector", "result": [{"metric": {"a": 1}, "value": [1, "2"]}]},
        {"resultType": "vector", "result": [{"metric": {}, "value": [1, 2]}]},
        {"resultType": "vector", "result": [{"metric": {}, "value": [1, "1_0"]}]},
        {"resultType": "vector", "result": [{"metric": {}, "value": ["x", "2"]}]},
        {"resultType": "vector", "result": [{"metric": {}, "value": [1e300, "2"]}]},
        {"resultType": "vector", "result": [{"metric": {}, "value": [1, "2", "3"]}]},
        {"resultType": "scalar", "result": []},
    ],
)
def test_rubbish_is_a_fault_of_the_other_side(data: Any) -> None:
    try:
        taken = values_of(data).values
    except Unanswered as error:
        assert error.verdict is Verdict.DOWN  # noqa: PT017  most of them end so
    else:
        # A time far beyond is a number still; whoever keeps the sample bounds it.
        assert taken[0].at > NOW


def test_a_text_is_a_query_asked_wrongly() -> None:
    with pytest.raises(Unanswered) as caught:
        values_of({"resultType": "string", "result": [1, "x"]})
    assert caught.value.verdict is Verdict.UNSURE


@pytest.mark.parametrize(
    ("code", "told", "verdict"),
    [
        (400, {"status": "error", "errorType": "bad_data", "error": "parse"}, Verdict.UNSURE),
        (422, {"status": "error", "errorType": "execution", "error": "x"}, Verdict.UNSURE),
        (503, {"status": "error", "errorType": "timeout", "error": "x"}, Verdict.UNSURE),
        (500, {"status": "error", "errorType": "internal", "error": "x"}, Verdict.DOWN),
        (200, {"status": "error"}, Verdict.DOWN),
        (401, {}, Verdict.UNSURE),
        (200, {}, Verdict.DOWN),
        (200, [], Verdict.DOWN),
        (500, "x", Verdict.DOWN),
    ],
)
def test_refusals_tell_whose_fault_it_is(code: int, told: Any, verdict: Verdict) -> None:
    with pytest.raises(Unanswered) as caught:
        answer_of(page(told, code))
    assert caught.value.verdict is verdict


def test_warnings_come_with_the_data() -> None:
    answer = answer_of(page({"status": "success", "data": 1, "warnings": ["partial", 2]}))
    assert (answer.data, answer.warnings) == (1, ("partial", "2"))


def test_the_same_series_are_kept_whatever_their_order() -> None:
    values = [Value({"__name__": "m", "x": str(n)}, NOW, float(n)) for n in range(5)]
    values.append(Value({"x": "y" * 600}, NOW, 1.0))
    there = keep(values, source_id="s", metric="m", most=2, at=NOW, shift=0)
    back = keep(values[::-1], source_id="s", metric="m", most=2, at=NOW, shift=0)
    assert there.samples == back.samples
    assert (len(there.samples), there.beyond, there.unfit) == (2, 3, 1)


def test_values_over_time_are_told_by_our_clock() -> None:
    values = [Value({}, NOW + 60_000, 1.0), Value({}, NOW + 120_000, 2.0)]
    kept = keep(values, source_id="s", metric="m", most=5, at=None, shift=60_000)
    assert [sample.at for sample in kept.samples] == [NOW, NOW + 60_000]
    once = keep(values, source_id="s", metric="m", most=5, at=NOW, shift=60_000)
    assert [(sample.at, sample.value) for sample in once.samples] == [(NOW, 2.0)]

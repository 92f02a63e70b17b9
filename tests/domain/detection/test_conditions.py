"""Conditions are checked whole; what is wrong is named."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.detection.conditions import (
    Absence,
    LineTest,
    Threshold,
    read_conditions,
    selects,
)
from crisisdesk.domain.errors import Malformed

HIGH: dict[str, Any] = {"metric": "load", "op": ">", "value": 5}
LINE = {"contains": "error"}


def test_a_threshold_is_over_at_its_own_value_unless_said() -> None:
    read = read_conditions("threshold", {**HIGH, "where": 'host="a"', "for": "2m"})
    assert isinstance(read, Threshold)
    assert (read.value, read.clear, read.for_ms, read.clear_ms) == (5.0, 5.0, 120_000, 0)
    assert selects(read, {"host": "a"})
    assert not selects(read, {"host": "b"})


def test_absence_is_a_threshold_of_time() -> None:
    read = read_conditions("threshold", {"metric": "load", "absent": "5m"})
    assert read == Absence(metric="load", absent_ms=300_000)


@pytest.mark.parametrize(
    ("rule_type", "told", "field"),
    [
        ("threshold", {**HIGH, "op": "=>"}, "op"),
        ("threshold", {**HIGH, "clear": 6}, "clear"),
        ("threshold", {**HIGH, "op": "<", "clear": 4}, "clear"),
        ("threshold", {**HIGH, "op": "==", "clear": 4}, "clear"),
        ("threshold", {**HIGH, "by": ["host"]}, "by"),
        ("threshold", {**HIGH, "rate_per": "minute"}, "rate_over"),
        ("threshold", {**HIGH, "metric": "a b"}, "metric"),
        ("threshold", {**HIGH, "where": 'a=~"(b+)+"'}, "where"),
        ("threshold", "load > 5", ""),
        ("pattern", {}, "line"),
        ("pattern", {"line": LINE, "first": LINE, "then": LINE}, "line"),
        ("pattern", {"first": LINE}, "line"),
        ("pattern", {"line": {**LINE, "match": "x"}}, "line.contains"),
        ("pattern", {"line": {"match": "(a+)+b"}}, "line.match"),
        ("pattern", {"line": LINE, "log": "(a+)+"}, "log"),
        ("pattern", {"line": LINE, "without": LINE}, "without"),
        ("anomaly", {"metric": "load", "score": 0}, "score"),
        ("anomaly", {"metric": "load", "low": 1}, "low"),
        ("composite", {"mode": "all", "of": []}, "of"),
        ("composite", {"mode": "at least", "of": [{"rule": "x"}]}, "least"),
        ("composite", {"mode": "any", "of": [HIGH]}, "of[0].type"),
        ("composite", {"mode": "any", "of": [{"type": "composite"}]}, "of[0].type"),
    ],
)
def test_what_cannot_be_used_is_named(rule_type: str, told: Any, field: str) -> None:
    with pytest.raises(Malformed) as refused:
        read_conditions(rule_type, told)
    assert refused.value.field == (f"conditions.{field}" if field else "conditions")


def test_a_pattern_looks_at_the_whole_line_and_a_text_anywhere() -> None:
    assert LineTest(match=".*error").fits("an error")
    assert not LineTest(match="error").fits("an error")
    assert LineTest(contains="err").fits("an error")
    assert LineTest(match="a.*").fits("a" * 100_000)

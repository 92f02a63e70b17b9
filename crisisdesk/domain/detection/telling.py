"""Conditions of a rule told again: canonical JSON without floats, every default said."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from crisisdesk.domain.detection.conditions import (
    AT_LEAST,
    Absence,
    Anomaly,
    Composite,
    Condition,
    Lines,
    RuleRef,
    Threshold,
)
from crisisdesk.domain.detection.fields import matching, plain


def told_of(condition: Condition) -> dict[str, Any]:
    """What `read_conditions` reads as this: canonical, every default said."""
    return _TELLERS[type(condition)](condition)


def type_of(condition: Condition) -> str:
    """The rule's type whose conditions these are."""
    return _TYPE_OF[type(condition)]


def _threshold_told(c: Threshold) -> dict[str, Any]:
    told: dict[str, Any] = {
        "metric": c.metric,
        "where": matching(c.where),
        "op": c.op,
        "value": plain(c.value),
        "for": c.for_ms // 1_000,
        "clear": plain(c.clear),
        "clear_for": c.clear_ms // 1_000,
        "forget": c.forget_ms // 1_000,
    }
    if c.aggregate:
        told |= {"aggregate": c.aggregate, "by": list(c.by)}
    if c.rate_ms:
        told |= {"rate_over": c.rate_ms // 1_000, "rate_per": c.rate_per, "rate_of": c.rate_of}
    return told


def _absence_told(c: Absence) -> dict[str, Any]:
    return {"metric": c.metric, "where": matching(c.where), "absent": c.absent_ms // 1_000}


def _lines_told(c: Lines) -> dict[str, Any]:
    told: dict[str, Any] = {
        "log": c.log,
        "within": c.within_ms // 1_000,
        "clear_for": c.clear_ms // 1_000,
    }
    tests = {"line": c.line, "first": c.first, "then": c.then, "without": c.without}
    for name, test in tests.items():
        if test is not None:
            told[name] = {"contains": test.contains} if test.contains else {"match": test.match}
    return told | ({"at_least": c.at_least} if c.line is not None else {})


def _anomaly_told(c: Anomaly) -> dict[str, Any]:
    told: dict[str, Any] = {
        "metric": c.metric,
        "where": matching(c.where),
        "score": plain(c.score),
        "for": c.for_ms // 1_000,
        "clear": plain(c.clear),
        "clear_for": c.clear_ms // 1_000,
        "forget": c.forget_ms // 1_000,
    }
    if c.low is not None and c.high is not None:
        told |= {"low": plain(c.low), "high": plain(c.high)}
    return told


def _composite_told(c: Composite) -> dict[str, Any]:
    members: Iterable[dict[str, Any]] = (
        {"rule": one.rule_id}
        if isinstance(one, RuleRef)
        else {"type": type_of(one), **told_of(one)}
        for one in c.of
    )
    told: dict[str, Any] = {
        "mode": c.mode,
        "of": list(members),
        "equal": list(c.equal),
        "for": c.for_ms // 1_000,
        "clear_for": c.clear_ms // 1_000,
    }
    return told | ({"least": c.least} if c.mode == AT_LEAST else {})


_TELLERS: dict[type[Any], Callable[[Any], dict[str, Any]]] = {
    Threshold: _threshold_told,
    Absence: _absence_told,
    Lines: _lines_told,
    Anomaly: _anomaly_told,
    Composite: _composite_told,
}
_TYPE_OF: dict[type[Any], str] = {
    Threshold: "threshold",
    Absence: "threshold",
    Lines: "pattern",
    Anomaly: "anomaly",
    Composite: "composite",
}

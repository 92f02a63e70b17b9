"""What the alert of a rule says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.canonical import canonical_bytes
from crisisdesk.domain.detection.conditions import read_conditions
from crisisdesk.domain.detection.rule import key_of, trial_rule
from crisisdesk.domain.detection.rule_words import (
    condition_words,
    ended_signal,
    signal_of,
    title_of,
)
from crisisdesk.domain.detection.series import series
from crisisdesk.domain.detection.watching import Transition
from crisisdesk.domain.signal import TITLE_LIMIT, SignalAction

HIGH = {"metric": "load", "op": ">", "value": 5, "for": "2m"}
LOAD = series("S-1", "load", {"host": "a"})


@pytest.mark.parametrize(
    ("rule_type", "told", "words"),
    [
        ("threshold", {**HIGH, "where": 'host="a"'}, 'load{host="a"} > 5 for 2 min'),
        (
            "threshold",
            {**HIGH, "for": 0, "rate_over": 60, "aggregate": "sum", "by": ["job"]},
            "sum of growth of load per second over 1 min by job > 5",
        ),
        ("threshold", {"metric": "load", "absent": 60}, "no sample of load for 1 min"),
        (
            "pattern",
            {"line": {"contains": "x"}, "at_least": 3},
            "3 lines or more with 'x' within 1 min",
        ),
        (
            "composite",
            {"mode": "any", "of": [{"rule": "R"}], "equal": ["host"]},
            "any of (rule R), with the same host",
        ),
    ],
)
def test_conditions_in_words(rule_type: str, told: dict[str, object], words: str) -> None:
    assert condition_words(read_conditions(rule_type, told)) == words


def test_the_alert_names_series_value_and_threshold() -> None:
    told = {
        "rule_type": "threshold",
        "conditions": HIGH,
        "notification_channels": ["sms", "mail"],
        "escalation_policy": "db",
        "severity": "critical",
    }
    rule = replace(trial_rule("high", told), rule_id="R1")
    made = signal_of(rule, Transition("R1", LOAD, True, 0, 9.25))
    assert made.title == "high: host=a"
    assert (made.key, made.severity, made.source) == (key_of("R1", LOAD), "critical", "rule")
    assert "The value is 9.25." in made.description
    assert made.labels == {
        "host": "a",
        "rule": "high",
        "rule_id": "R1",
        "notification_channels": "sms,mail",
        "escalation_policy": "db",
    }
    assert (made.details["value"], made.details["threshold"]) == ("9.25", 5)
    ended = signal_of(rule, Transition("R1", LOAD, False, 0, 1.0))
    assert (ended.action, ended.note) == (SignalAction.RESOLVE, "its rule holds no more; value 1")


def test_a_title_names_the_series_within_its_limit() -> None:
    rule = trial_rule("CPU high", {"rule_type": "threshold", "conditions": HIGH})
    two = series("S-1", "cpu", {"host": "web-3", "core": "7"})
    assert title_of(rule, two) == "CPU high: core=7, host=web-3"
    assert title_of(rule, series("S-1", "cpu")) == "CPU high"
    long = title_of(rule, series("S-1", "cpu", {"a": "x" * 400, "b": "y"}))
    assert long == f"CPU high: a={'x' * (TITLE_LIMIT - 13)}…"
    assert len(long) == TITLE_LIMIT


@given(
    name=st.text("ab ", min_size=1, max_size=100),
    labels=st.dictionaries(st.text("abc", min_size=1, max_size=90), st.text("xyz", max_size=90)),
)
def test_a_title_tells_whole_labels_and_that_some_are_left_out(
    name: str, labels: dict[str, str]
) -> None:
    rule = trial_rule(name, {"rule_type": "threshold", "conditions": HIGH})
    one = series("S-1", "cpu", labels)
    title = title_of(rule, one)
    assert len(title) <= TITLE_LIMIT
    whole = [f"{label}={value}" for label, value in one.labels]
    told = title.removeprefix(f"{rule.name}: ") if whole else ""
    if title.endswith(", …"):
        assert 0 < len(told.removesuffix(", …").split(", ")) < len(whole)
        assert whole[: told.count(", ")] == told.removesuffix(", …").split(", ")
    elif title.endswith("…"):
        assert whole[0].startswith(told.removesuffix("…"))
    else:
        assert told == ", ".join(whole)


def test_labels_that_no_event_can_hold_do_not_lose_the_alert() -> None:
    strange = series("S-1", "load", {"host": "a\0\ud800e\u0301"})
    rule = trial_rule("high", {"rule_type": "threshold", "conditions": HIGH})
    made = signal_of(rule, Transition("R1", strange, True, 0, 9.0))
    canonical_bytes({"labels": made.labels, "title": made.title, "text": made.description})
    assert made.labels["host"] == "a\ufffd?\u00e9"


def test_an_end_needs_no_more_than_the_key() -> None:
    assert ended_signal("R1", "R1:x", "gone").note == "gone"

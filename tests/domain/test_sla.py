"""Promised times: the worse, the sooner; the warning before the deadline."""

from __future__ import annotations

from crisisdesk.domain.severity import Severity
from crisisdesk.domain.sla import SlaPolicy

from tests.domain.events import START


def test_the_worse_the_sooner_and_always_a_warning_before() -> None:
    policy = SlaPolicy()
    deadlines = [policy.deadline(severity, START) for severity in Severity]
    assert deadlines == sorted(deadlines, reverse=True)
    for severity in Severity:
        assert START < policy.prealarm(severity, START) < policy.deadline(severity, START)


def test_the_defaults_are_the_promised_ones() -> None:
    policy = SlaPolicy()
    assert policy.deadline("emergency", START) == START + 2 * 60_000
    assert policy.deadline("critical", START) == START + 5 * 60_000


def test_own_times_count_from_the_moment_given() -> None:
    policy = SlaPolicy(ack_ms={"low": 10_000}, prealarm_ms={"low": 7_000})
    assert policy.deadline("low", 5) == 10_005
    assert policy.prealarm("low", 5) == 7_005


def test_no_policy_shares_its_times_with_another() -> None:
    one, two = SlaPolicy(), SlaPolicy()
    one.ack_ms["low"] = 1
    assert two.ack_ms["low"] != 1

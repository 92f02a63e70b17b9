"""Alerts and rules for the tests of correlation."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.correlation.rule import CorrelationRule, read_rule

START = 1_770_861_902_000


def alert(number: int, at_s: float = 0, **more: Any) -> Alert:
    """An open alert that began so many seconds after the start."""
    began = START + round(at_s * 1000)
    given: dict[str, Any] = {
        "alert_id": f"A-{number}",
        "source": "test",
        "key": f"k{number}",
        "epoch": "n1",
        "severity": "high",
        "title": f"Slow {number}",
        "service": "db",
        "detected_at": began,
        "last_seen_at": began,
        "sla_deadline": began + 300_000,
        "sla_prealarm_at": began + 200_000,
    }
    return Alert(**(given | more))


def rule(name: str = "Test", **content: Any) -> CorrelationRule:
    """A rule as it is published; by service when nothing else is said."""
    return read_rule(name, {"kind": "correlation", "by": ["service"], **content})

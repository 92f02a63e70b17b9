"""What the file says of who took which alert, and when it was late."""

from __future__ import annotations

from pathlib import Path

import pytest

from crisisdesk.domain.response_times import Response
from crisisdesk.engine import commands as c
from crisisdesk.engine.hold_commands import MindHolds
from crisisdesk.store.queries import StationReader

from tests.store.workload import START, Station, signal

MINUTE_MS = 60_000


@pytest.fixture
def found(tmp_path: Path) -> list[Response]:
    """One taken in time by Ann and then also by Bob, one late by Bob, one by nobody."""
    station = Station(tmp_path / "data", now_ms=START)
    fired = [station.do(c.TakeIn(signals=[signal(n, severity="critical")]))[0] for n in range(3)]
    (first,), (second,), _ = fired
    for minute, alert_id, by in ((2, first, "Ann"), (3, first, "Bob"), (9, second, "Bob")):
        station.now_ms = START + minute * MINUTE_MS
        station.do(c.AcknowledgeAlerts(alert_ids=[alert_id]), actor=by)
    reader = StationReader(station.path)
    told = reader.responses(START, START + 10 * MINUTE_MS)
    assert reader.responses(START + 3 * MINUTE_MS, START + 9 * MINUTE_MS) == []
    reader.close()
    station.close()
    return told


def test_the_first_who_took_it_counts_and_lateness_is_by_the_sla(found: list[Response]) -> None:
    assert [(one.by, one.severity, one.late) for one in found] == [
        ("Ann", "critical", False),
        ("Bob", "critical", True),
    ]
    assert [round(one.waited_ms / MINUTE_MS) for one in found] == [2, 9]


def test_one_that_ran_out_counts_as_it_was_first_taken(tmp_path: Path) -> None:
    station = Station(tmp_path / "data", now_ms=START)
    fired = [station.do(c.TakeIn(signals=[signal(n, severity="critical")]))[0] for n in range(2)]
    (left,), (again,) = fired
    station.now_ms = START + 2 * MINUTE_MS
    station.do(c.AcknowledgeAlerts(alert_ids=[left, again]), actor="Ann")
    station.now_ms = START + 40 * MINUTE_MS
    station.do(MindHolds(), actor="engine")
    station.do(c.AcknowledgeAlerts(alert_ids=[again]), actor="Bob")
    reader = StationReader(station.path)
    try:
        told = reader.responses(START, START + 60 * MINUTE_MS)
        assert [(one.by, one.late) for one in told] == [("Ann", False), ("Ann", False)]
        assert [round(one.waited_ms / MINUTE_MS) for one in told] == [2, 2]
        assert reader.responses(START + 30 * MINUTE_MS, START + 60 * MINUTE_MS) == []
        counts = reader.counts(START + 60 * MINUTE_MS)
        assert counts.acknowledged_24h == 2
        assert counts.median_response_ms is not None
        assert round(counts.median_response_ms / MINUTE_MS) == 2
    finally:
        reader.close()
        station.close()

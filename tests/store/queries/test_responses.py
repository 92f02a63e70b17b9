"""What the file says of who took which alert, and when it was late."""

from __future__ import annotations

from pathlib import Path

import pytest

from crisisdesk.domain.response_times import Response
from crisisdesk.engine import commands as c
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

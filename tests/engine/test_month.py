"""A month of turns and escalations: whoever was on call was asked, and nobody was forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crisisdesk.engine import commands as c
from crisisdesk.engine.escalation_commands import PublishPolicy

from tests.engine.month import BEGIN, DAY_MS, STEPS, check_steps, left_alone, live
from tests.store.workload import Station, signal

DAYS, ALERTS = 30, 40


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    made = Station(tmp_path / "data")
    yield made
    made.close()


@pytest.mark.slow
def test_whoever_was_on_call_was_asked_and_no_alert_was_left_alone(station: Station) -> None:
    month = live(station, DAYS, ALERTS)
    assert month.alerts == ALERTS
    assert month.steps > ALERTS
    assert month.pages >= month.steps
    assert (month.wrong, month.left) == ([], [])
    # It can fail: by another rota others would have been on call.
    override = {
        "kind": "override",
        "schedule": STEPS[0],
        "contact": station.do(c.SaveContact(name="Zoe", methods=[]))[0],
        "from": BEGIN,
        "to": BEGIN + DAYS * DAY_MS,
    }
    station.do(PublishPolicy(name="Zoe", content=override))
    check_steps(station, month)
    assert len(month.wrong) >= ALERTS


def test_an_alert_that_nothing_will_page_for_is_seen(station: Station) -> None:
    station.add_contact()
    station.do(c.TakeIn(signals=[signal(3)]))
    assert left_alone(station) == []
    assert station.journal._connection is not None
    station.journal._connection.execute("UPDATE escalation SET next_due = NULL")
    assert len(left_alone(station)) == 1

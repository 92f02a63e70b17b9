"""What is due and what was sent lately: found by indexes alone, and found as it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crisisdesk.engine import commands as c
from crisisdesk.engine.ports import Outcome
from crisisdesk.store import due

from tests.store.workload import AT_ONCE, Station, signal


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    made = Station(tmp_path / "data", policy=AT_ONCE)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("sql", "index"),
    [
        (due.DUE, "delivery_due"),
        (due.DUE_URGENT, "delivery_urgent"),
        (due.CARRIED, "delivery_carrier"),
        (due.QUESTIONS, "delivery_ask"),
        (due.CODES, "delivery_channel"),
        (due.HOLDS, "alert_hold"),
        (due.UNHELD.format(marks="3,4,5"), "alert_unheld"),
    ],
)
def test_each_is_asked_of_its_index(station: Station, sql: str, index: str) -> None:
    values = ("1", 2, 3)[: sql.count("?")]
    plan = station.journal._rows(f"EXPLAIN QUERY PLAN {sql}", values)
    assert any(index in row[3] for row in plan), plan
    assert not any("TEMP B-TREE" in row[3] for row in plan), plan


def test_what_was_sent_lately_is_asked_of_indexes(station: Station) -> None:
    values = {"now": 1, "since": 1, "most": 1, "channel_since": 1}
    plan = station.journal._rows(f"EXPLAIN QUERY PLAN {due.DUE_METHODS}", values)
    told = " ".join(row[3] for row in plan)
    assert "delivery_message" in told
    assert "delivery_channel" in told
    assert "SCAN delivery" not in told
    assert "TEMP B-TREE" not in told


def test_a_method_is_known_with_its_latest_messages(station: Station) -> None:
    station.add_contact()
    station.fire(5)
    sent_at = []
    for _ in range(2):
        claims = station.do(c.ClaimDeliveries(per_method=1))[0]
        sent_at.append(station.now_ms)
        settle = c.SettleDelivery(
            delivery_id=claims[0][0].delivery_id, attempt=1, outcome=Outcome(ok=True, words="ok")
        )
        station.do(settle)
        station.fire(5, first=len(sent_at) * 100)
    [method] = station.journal.due_methods(station.now_ms)
    assert (method.method_id, method.channel) == ("m1", "mailto")
    assert method.messages == method.channel_messages == tuple(sent_at[::-1])
    [later] = station.journal.due_methods(station.now_ms + 6_000)
    assert (later.messages, later.channel_messages) == (tuple(sent_at[::-1]), ())


def test_urgent_ones_are_found_among_all_that_are_due(station: Station) -> None:
    station.add_contact()
    signals = [signal(n, severity="high") for n in range(20)]
    station.do(c.TakeIn(signals=[*signals, signal(50, severity="critical")]))
    ids = station.journal.due_deliveries("m1", station.now_ms, 100)
    urgent = station.journal.due_deliveries("m1", station.now_ms, 100, urgent=True)
    assert (len(ids), len(urgent)) == (21, 1)
    assert set(urgent) < set(ids)


def test_who_goes_with_whom_is_found_by_the_carrier(station: Station) -> None:
    station.add_contact()
    station.do(c.TakeIn(signals=[signal(n, severity="high") for n in range(6)]))
    (carrier, _), *others = station.do(c.ClaimDeliveries())[0]
    found = station.journal.carried_by(carrier.delivery_id, "bundled", 100)
    assert sorted(found) == sorted(d.delivery_id for d, _alert in others)
    assert station.journal.carried_by(carrier.delivery_id, "sent", 100) == []
    assert len(station.journal.carried_by(carrier.delivery_id, "bundled", 2)) == 2
    assert station.journal.carried_by("", "sending", 100) == []


def test_who_is_to_be_asked_comes_soonest_first_and_an_end_that_is_missing_is_found(
    station: Station,
) -> None:
    names = [
        station.do(c.TakeIn(signals=[signal(n, severity=severity)]))[0][0]
        for n, severity in enumerate(("high", "emergency", "critical", "low"))
    ]
    station.do(c.AcknowledgeAlerts(alert_ids=names))
    rows, later = station.journal._rows, station.now_ms + 86_400_000
    assert due.holds(rows, later, 9) == [names[1], names[2], names[0]]
    assert due.holds(rows, later, 1) == [names[1]]
    assert due.holds(rows, station.now_ms, 9) == []
    # What is low pages nobody and holds without end.
    assert due.unheld(rows, [3, 4, 5], 9) == []
    assert due.unheld(rows, [1], 9) == [names[3]]
    assert due.unheld(rows, [], 9) == []
    soonest = station.journal.next_due()
    assert soonest is not None
    station.do(c.ResolveAlert(alert_id=names[1]))
    assert due.holds(rows, later, 1) == [names[2]]

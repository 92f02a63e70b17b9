"""The question for unreached alerts gives what the rule gives, and is cheap."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.channel_dependencies import Dependencies
from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.lost_pages import message_of
from crisisdesk.domain.reached import (
    LIMIT_MS,
    LOST_MS,
    NO_ANSWER,
    REACHED,
    Waiting,
    call_note,
    judge,
)
from crisisdesk.engine import commands as c
from crisisdesk.engine.outage_commands import EndOutage, SetOutage
from crisisdesk.engine.silence_commands import LiftSilence, SetSilence
from crisisdesk.store.projections import write_states
from crisisdesk.store.queries import StationReader

from tests.store.workload import START, Station, signal

LOST, LATE = START + LOST_MS, START + 2 * LIMIT_MS
STATUSES = ("queued", "sending", "bundled", "sent", "delivered", "read", "failed", "superseded")


def an_alert(alert_id: str, **given: Any) -> Alert:
    filled: dict[str, Any] = {
        "alert_id": alert_id,
        "source": "prometheus",
        "key": alert_id,
        "epoch": "e1",
        "severity": "critical",
        "title": "Replication stopped",
        "detected_at": START,
        "last_seen_at": START,
        "sla_deadline": START + 300_000,
        "sla_prealarm_at": START + 200_000,
    }
    return Alert(**(filled | given))


def a_delivery(delivery_id: str, alert_id: str, **given: Any) -> Delivery:
    filled: dict[str, Any] = {
        "delivery_id": delivery_id,
        "alert_id": alert_id,
        "epoch": "e1",
        "contact_id": "C-1",
        "contact_name": "Priya Nair",
        "method_id": "m1",
        "channel": "twilio",
        "masked": "+420***",
        "severity": "critical",
        "title": "Replication stopped",
        "text": "",
        "queued_at": START + 20,
    }
    return Delivery(**(filled | given))


def put(path: Path, alerts: list[Alert], deliveries: list[Delivery]) -> None:
    """These as the only rows of the two projections."""
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("DELETE FROM alert")
        connection.execute("DELETE FROM delivery")
        write_states(
            connection,
            [
                *((one.alert_id, n, one) for n, one in enumerate(alerts)),
                *((one.delivery_id, n, one) for n, one in enumerate(deliveries)),
            ],
        )
    connection.close()


alerts = st.builds(
    an_alert,
    st.sampled_from(("A-1", "A-2", "A-3")),
    severity=st.sampled_from(("low", "high", "critical", "emergency")),
    epoch=st.sampled_from(("e1", "e2")),
    life=st.integers(1, 2),
    status=st.sampled_from(("active", "active", "acknowledged", "resolved")),
    detected_at=st.integers(START - 5, START + 5),
)
deliveries = st.builds(
    a_delivery,
    st.sampled_from(("D-1", "D-2", "D-3", "D-4")),
    st.sampled_from(("A-1", "A-2", "A-3")),
    epoch=st.sampled_from(("e1", "e2")),
    status=st.sampled_from(STATUSES),
    queued_at=st.integers(START - 5, START + 5),
    into=st.sampled_from(("", "", "D-1", "D-2", "D-9")),
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(alerts, unique_by=lambda one: one.alert_id),
    st.lists(deliveries, unique_by=lambda one: one.delivery_id),
    st.sampled_from((START, LOST, LOST + 9, START + LIMIT_MS - 1, START + LIMIT_MS, LATE)),
)
def test_the_file_and_the_rule_agree(
    station: Station,
    reader: StationReader,
    known: list[Alert],
    sent: list[Delivery],
    now_ms: int,
) -> None:
    put(station.path, known, sent)
    status = {one.delivery_id: one.status for one in sent}
    cases = []
    for alert in known:
        waiting = Waiting(
            alert_id=alert.alert_id,
            severity=alert.severity,
            epoch=alert.epoch,
            detected_at=alert.detected_at,
            status=alert.status,
            life=alert.life,
        )
        of_it = [
            message_of(one, status.get(one.into, ""), Dependencies(), {})
            for one in sent
            if one.alert_id == alert.alert_id
        ]
        cases.append((waiting, of_it))
    expected, found = judge(cases, now_ms), reader.unreached(now_ms)
    assert [w.alert_id for w in found.unreached] == [w.alert_id for w in expected.unreached]
    assert found.next_ms == expected.next_ms


def test_an_answered_call_counts_until_the_alert_opens_again(
    station: Station, reader: StationReader
) -> None:
    [alert_id] = station.do(c.TakeIn(signals=[signal(3)]))[0]
    later = station.now_ms + LIMIT_MS
    assert [one.alert_id for one in reader.unreached(later).unreached] == [alert_id]
    station.do(c.NoteAlert(alert_id=alert_id, text=call_note("Priya Nair", NO_ANSWER)))
    assert len(reader.unreached(later).unreached) == 1
    station.do(c.NoteAlert(alert_id=alert_id, text=call_note("Mateo Ruiz", REACHED)))
    assert reader.unreached(later).unreached == ()
    station.do(c.ResolveAlert(alert_id=alert_id, reason="over"))
    station.do(c.ReopenAlert(alert_id=alert_id))
    assert reader.unreached(station.now_ms).next_ms == station.now_ms + LIMIT_MS
    assert len(reader.unreached(station.now_ms + LIMIT_MS).unreached) == 1


def test_it_is_sooner_where_every_way_that_was_tried_is_out(
    station: Station, reader: StationReader
) -> None:
    mail = {"method_id": "m1", "channel": "email", "label": "", "masked": "mailto://…"}
    station.do(c.SaveContact(name="Priya Nair", methods=[mail]))
    [alert_id] = station.do(c.TakeIn(signals=[signal(3)]))[0]
    fired = station.now_ms
    assert reader.unreached(fired).next_ms == fired + LIMIT_MS
    station.now_ms += 10_000
    station.do(SetOutage(dependency="dns", reason="resolver down"))
    said = station.now_ms
    assert reader.unreached(said).next_ms == said + LOST_MS
    [one] = reader.unreached(said + LOST_MS).unreached
    assert (one.alert_id, one.lost_at) == (alert_id, said)
    station.do(EndOutage(dependency="dns"))
    assert reader.unreached(said + LOST_MS).unreached == ()


def test_and_where_every_message_failed(station: Station, reader: StationReader) -> None:
    gone = [
        a_delivery("D-1", "A-1", status="failed", failed_at=START + 1_000),
        a_delivery("D-2", "A-1", status="failed", failed_at=START + 9_000),
        a_delivery("D-3", "A-2", status="failed", failed_at=START + 1_000),
        a_delivery("D-4", "A-2", status="queued"),
    ]
    put(station.path, [an_alert("A-1"), an_alert("A-2")], gone)
    verdict = reader.unreached(START + 9_000 + LOST_MS)
    assert [one.alert_id for one in verdict.unreached] == ["A-1"]
    assert verdict.next_ms == START + LIMIT_MS


def test_a_silence_puts_it_off_until_it_ends_or_is_lifted(
    station: Station, reader: StationReader
) -> None:
    station.do(c.TakeIn(signals=[signal(3)]))
    [silence_id] = station.do(
        SetSilence(matchers="severity=critical", duration_ms=3_600_000, reason="Works")
    )
    silence = reader.silence(silence_id)
    assert silence is not None
    now_ms = station.now_ms + 2 * LIMIT_MS
    verdict = reader.unreached(now_ms)
    assert verdict.unreached == ()
    assert verdict.next_ms == silence.until
    assert len(reader.unreached(silence.until).unreached) == 1
    station.do(LiftSilence(silence_id=silence_id))
    assert len(reader.unreached(now_ms).unreached) == 1


def test_ten_thousand_alerts_are_asked_in_milliseconds(
    station: Station, reader: StationReader
) -> None:
    """Held against the dashboard's figures of the same file: a slow machine is no failure."""
    severities = ("low", "medium", "high", "critical", "emergency")
    many = [
        an_alert(
            f"A-{n}",
            severity=severities[n % 5],
            status="active" if n % 4 == 0 else "acknowledged",
            description="x" * 1_000,
        )
        for n in range(10_000)
    ]
    told = [
        a_delivery(f"D-{n}", f"A-{n}", status="delivered" if n % 8 else "sent")
        for n in range(10_000)
    ]
    put(station.path, many, told)
    found = reader.unreached(START + LIMIT_MS).unreached
    expected = {f"A-{n}" for n in range(0, 10_000, 8) if n % 5 in (3, 4)}
    assert {one.alert_id for one in found} == expected

    def best(question: Any) -> float:
        spans = []
        for _ in range(5):
            begun = time.perf_counter()
            question()
            spans.append(time.perf_counter() - begun)
        return min(spans)

    took = best(lambda: reader.unreached(START))
    plain = best(lambda: reader.counts(START))
    assert took < plain

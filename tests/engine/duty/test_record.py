"""What a log says of claims, read from a real file as it grows."""

from __future__ import annotations

from pathlib import Path

from crisisdesk.engine import commands as c
from crisisdesk.engine.duty.record import LogRecord
from crisisdesk.engine.ports import Outcome
from crisisdesk.store.exchange import ExchangeLog

from tests.store.workload import AT_ONCE, Station, signal


def no(*_given: object) -> object:
    raise AssertionError("it only reads")


def open_record(station: Station) -> tuple[LogRecord, ExchangeLog]:
    log = ExchangeLog(station.path, own=no, absorb=no, leave=no)  # type: ignore[arg-type]
    return LogRecord(log), log


def test_claims_and_ends_become_ledger_rows(tmp_path: Path) -> None:
    station = Station(tmp_path / "data")
    station.add_contact()
    for number in (3, 8, 13):
        station.do(c.TakeIn(signals=[signal(number)]))
    record, log = open_record(station)
    record.refresh()
    assert (record.rows(), record.highest_token) == ([], 0)
    terms = c.ClaimTerms(holder=station.bench.origin, token=7)
    claims = station.do(c.ClaimDeliveries(terms=terms))[0]
    sent, failed, open_one = (delivery for delivery, _alert in claims)
    for delivery, ok in ((sent, True), (failed, False)):
        station.do(
            c.SettleDelivery(
                delivery_id=delivery.delivery_id,
                attempt=1,
                outcome=Outcome(ok=ok, words="x", provider_id="q7" if ok else ""),
                holder=station.bench.origin,
            )
        )
    record.refresh()
    rows = {row.key: row for row in record.rows()}
    assert record.highest_token == 7
    assert (rows[sent.delivery_id].state, rows[sent.delivery_id].provider_id) == ("sent", "q7")
    assert rows[failed.delivery_id].state == "failed"
    standing = rows[open_one.delivery_id]
    assert (standing.state, standing.attempt, standing.token) == ("claimed", 1, 7)
    assert standing.holder == station.bench.origin
    assert standing.deadline_ms == open_one.due_at
    log.close()
    station.close()


def test_those_in_one_message_are_claimed_with_it(tmp_path: Path) -> None:
    station = Station(tmp_path / "data", policy=AT_ONCE)
    station.add_contact()
    signals = [signal(number, severity="high") for number in range(4)]
    station.do(c.TakeIn(signals=signals))
    terms = c.ClaimTerms(holder=station.bench.origin, token=7)
    (carrier, _), *others = station.do(c.ClaimDeliveries(terms=terms))[0]
    record, log = open_record(station)
    record.refresh()
    rows = {row.key: row for row in record.rows()}
    assert rows.keys() == {carrier.delivery_id, *(d.delivery_id for d, _alert in others)}
    assert {(r.state, r.attempt, r.token, r.deadline_ms) for r in rows.values()} == {
        ("claimed", 1, 7, carrier.due_at)
    }
    log.close()
    station.close()


def test_a_record_begun_late_says_the_same(tmp_path: Path) -> None:
    station = Station(tmp_path / "data")
    station.add_contact()
    station.work_at_random(80)
    first, log = open_record(station)
    first.refresh()
    station.work_at_random(80)
    first.refresh()
    second, other_log = open_record(station)
    second.refresh()
    assert {r.key: r for r in first.rows()} == {r.key: r for r in second.rows()}
    assert first.rows()
    log.close()
    other_log.close()
    station.close()

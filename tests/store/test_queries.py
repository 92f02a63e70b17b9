"""The reader answers what was kept, pages by key without gaps or repeats, and speaks in words."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.event import unseal
from crisisdesk.engine import commands as c
from crisisdesk.store.files import SCHEMA_VERSION, writing_connection
from crisisdesk.store.queries import AlertFilter, IncidentFilter, StationReader, StoreUnavailable
from crisisdesk.store.queries.paging import write_cursor

from tests.store.workload import START, Station, signal


def all_pages(reader: StationReader, asked: AlertFilter, sort: str, limit: int) -> list[str]:
    found: list[str] = []
    after = None
    while True:
        page = reader.page_alerts(asked, sort, after, limit)
        assert len(page.items) <= limit
        found.extend(alert.alert_id for alert in page.items)
        if page.next is None:
            return found
        after = page.next


def test_a_queue_row_holds_what_the_state_holds(station: Station, reader: StationReader) -> None:
    (alert_id,) = station.fire(1, first=3)
    station.do(c.AcknowledgeAlerts(alert_ids=[alert_id]))
    (row,) = reader.alert_rows()
    alert = reader.alert(alert_id)
    assert alert is not None
    assert row.alert_id == alert_id == alert.alert_id
    assert row.severity == 4
    assert alert.severity == "critical"
    for name in ("status", "title", "service", "place", "source", "count", "owner", "epoch"):
        assert getattr(row, name) == getattr(alert, name)
    for name in ("detected_at", "last_seen_at", "acknowledged_at", "sla_deadline", "response_ms"):
        assert getattr(row, name) == getattr(alert, name)
    assert row.pos == reader.head_pos()


def test_only_rows_past_a_position_come_again(station: Station, reader: StationReader) -> None:
    ids = station.fire(5)
    seen = reader.head_pos()
    assert reader.alert_rows(seen) == []
    station.do(c.AcknowledgeAlerts(alert_ids=[ids[2]]))
    assert [(row.alert_id, row.status) for row in reader.alert_rows(seen)] == [
        (ids[2], "acknowledged")
    ]


def test_a_row_that_changes_between_chunks_is_not_missed(
    station: Station, reader: StationReader
) -> None:
    ids = station.fire(10)
    chunks = reader.iter_alert_rows(chunk=4)
    first = next(chunks)
    station.do(c.AcknowledgeAlerts(alert_ids=[ids[8]]))
    rest = [row for rows in chunks for row in rows]
    assert {row.alert_id for row in first + rest} == set(ids)
    assert rest[-1].alert_id == ids[8]
    assert rest[-1].status == "acknowledged"


def test_the_first_load_leaves_out_what_was_resolved_long_ago(
    station: Station, reader: StationReader
) -> None:
    old, new, still = station.fire(3)
    station.do(c.ResolveAlert(alert_id=old))
    station.now_ms += 3_600_000
    since = station.now_ms
    station.do(c.ResolveAlert(alert_id=new))
    rows = reader.alert_rows(resolved_since_ms=since)
    assert {row.alert_id for row in rows} == {new, still}
    assert reader.alert_rows(limit=2) == reader.alert_rows()[:2]


@pytest.mark.parametrize("sort", ["detected_at", "severity", "sla_deadline", "last_seen_at"])
@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("limit", [1, 7, 100])
def test_pages_give_every_alert_once_in_order(
    station: Station, reader: StationReader, sort: str, sign: str, limit: int
) -> None:
    station.fire(12)
    station.now_ms += 10_000
    station.fire(11, first=12)
    found = all_pages(reader, AlertFilter(), sign + sort, limit)
    rows = {row.alert_id: row for row in reader.alert_rows()}
    expected = sorted(rows, key=lambda a: (getattr(rows[a], sort), a), reverse=sign == "-")
    assert found == expected
    assert len(found) == 23


def test_pages_are_stable_while_alerts_arrive(station: Station, reader: StationReader) -> None:
    known = set(station.fire(20))
    page = reader.page_alerts(sort="-detected_at", limit=8)
    found = [alert.alert_id for alert in page.items]
    while page.next is not None:
        station.now_ms += 1_000
        station.fire(3, first=1_000 + len(found) * 10)
        page = reader.page_alerts(sort="-detected_at", after=page.next, limit=8)
        found.extend(alert.alert_id for alert in page.items)
    assert set(found) == known
    assert len(found) == len(known)


def test_each_filter_narrows(station: Station, reader: StationReader) -> None:
    ids = station.fire(10)
    station.do(
        c.TakeIn(signals=[signal(50, source="pagerduty", title="ŽIŽKOV exchange 100% full_up")])
    )
    station.do(c.AcknowledgeAlerts(alert_ids=ids[:2]), actor="Jonas Weber")
    (incident,) = station.do(c.EscalateAlert(alert_id=ids[4], commander="Klára Langová"))

    def count(**given: object) -> int:
        return len(all_pages(reader, AlertFilter(**given), "-detected_at", 3))  # type: ignore[arg-type]

    assert count() == 11
    assert count(status=("acknowledged",), owner="Jonas Weber") == 2
    assert count(severity=("emergency", "critical")) == 4
    assert count(source="pagerduty") == 1
    assert count(service="payments-1") == 3
    assert count(incident_id=incident) == 1
    assert count(text="žižkov EXCHANGE") == 1
    assert count(text="100% full_") == 1
    assert count(text="100_") == 0
    assert count(text=ids[3].lower()) == 1
    assert [row.alert_id for row in reader.alerts_of_incident(incident)] == [ids[4]]


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "%%%%",
        "žluť",
        "a" * 500,
        "W10",
        write_cursor("severity", 3, "A-1"),
        write_cursor("-detected_at", 2**63, "A-1"),
        "WyItZGV0ZWN0ZWRfYXQiLCJ4IiwiQS0xIl0",
    ],
)
def test_a_cursor_not_made_here_is_refused_by_name(reader: StationReader, cursor: str) -> None:
    with pytest.raises(Malformed) as refused:
        reader.page_alerts(sort="-detected_at", after=cursor)
    assert refused.value.field == "after"


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("sort", {"sort": "title"}),
        ("sort", {"sort": "--severity"}),
        ("limit", {"limit": 0}),
        ("limit", {"limit": 10_001}),
        ("status", {"asked": AlertFilter(status=("gone",))}),
        ("severity", {"asked": AlertFilter(severity=("high", "5"))}),
    ],
)
def test_a_wrong_question_names_its_field(
    reader: StationReader, field: str, given: dict[str, Any]
) -> None:
    with pytest.raises(Malformed) as refused:
        reader.page_alerts(**given)
    assert refused.value.field == field


def test_incidents_their_updates_and_pages(station: Station, reader: StationReader) -> None:
    opened = [
        station.do(c.OpenIncident(title=f"Payments down {n}", severity=severity))[0]
        for n, severity in enumerate(("minor", "emergency", "major"))
    ]
    station.do(c.ChangeIncidentStatus(incident_id=opened[0], status="closed"))
    assert [(r.title[-1], r.severity, r.status) for r in reader.incident_rows()] == [
        ("1", 4, "open"),
        ("2", 2, "open"),
        ("0", 1, "closed"),
    ]
    assert [r.incident_id for r in reader.incident_rows(reader.head_pos() - 1)] == [opened[0]]
    page = reader.page_incidents(sort="-severity", limit=2)
    assert [i.incident_id for i in page.items] == [opened[1], opened[2]]
    rest = reader.page_incidents(sort="-severity", after=page.next, limit=2)
    assert [i.incident_id for i in rest.items] == [opened[0]]
    assert rest.next is None
    asked = IncidentFilter(status=("open",), severity=("major",), text="PAYMENTS")
    assert [i.incident_id for i in reader.page_incidents(asked).items] == [opened[2]]
    for n, happened in enumerate((START + 300, START + 100, START + 200)):
        station.do(c.PostUpdate(incident_id=opened[1], title=f"{n}", happened_at=happened))
    station.do(c.PostUpdate(incident_id=opened[2], title="elsewhere"))
    assert [u.title for u in reader.updates_of(opened[1])] == ["1", "2", "0"]
    first = reader.page_updates(opened[1], limit=2)
    assert [u.title for u in first.items] == ["1", "2"]
    last = reader.page_updates(opened[1], after=first.next, limit=2)
    assert [u.title for u in last.items] == ["0"]
    assert reader.page_updates(opened[1], public_only=True).items == []
    found = reader.incident(opened[1])
    assert found is not None
    assert found.severity == "emergency"
    assert reader.incident("INC-NONE") is None


def test_deliveries_newest_first_and_by_alert(station: Station, reader: StationReader) -> None:
    station.add_contact()
    ids = station.fire(5)  # two of the five severities page at once
    everything = reader.deliveries()
    assert len(everything) == 2
    assert everything == reader.page_deliveries().items
    assert reader.deliveries(limit=1) + reader.deliveries(before=everything[0].delivery_id) == (
        everything
    )
    (one,) = reader.deliveries_of(ids[4])
    assert reader.page_deliveries(alert_id=ids[4]).items == [one]
    station.do(c.ClaimDeliveries(per_method=1))
    assert reader.delivery_counts() == {"bundled": 1, "sending": 1}
    assert len(reader.page_deliveries(("sending",)).items) == 1


def test_contacts_and_station(station: Station, reader: StationReader) -> None:
    assert reader.station().operator == ""
    second, first = station.add_contact("Zoe"), station.add_contact("Anna", "m2")
    gone = station.add_contact("Ben", "m3")
    station.do(c.RemoveContact(contact_id=gone))
    station.do(c.NameStation(name="Post 4"), c.ChangeOperator(operator="Klára Langová"))
    assert [contact.contact_id for contact in reader.contacts()] == [first, second]
    assert (reader.station().name, reader.station().operator) == ("Post 4", "Klára Langová")


def test_history_is_newest_last_and_goes_on_before_a_position(
    station: Station, reader: StationReader
) -> None:
    one, other = station.fire(2)
    for n in range(5):
        station.do(c.NoteAlert(alert_id=one, text=f"note {n}"))
    kinds = [event.kind for event in reader.history([one])]
    assert kinds == ["alert.fired"] + ["alert.noted"] * 5
    late = reader.log_entries([one, other], limit=3)
    assert [entry.event.body["text"] for entry in late] == ["note 2", "note 3", "note 4"]
    early = reader.history([one, other], before_pos=late[0].pos)
    assert len(early) == 4
    assert reader.history([]) == []


def test_a_noisy_alerts_history_can_be_read_without_its_repeats(
    station: Station, reader: StationReader
) -> None:
    [one] = station.fire(1)
    for _ in range(5):
        station.fire(1)
    station.do(c.AcknowledgeAlerts(alert_ids=[one]))
    kinds = [e.event.kind for e in reader.log_entries([one], without_kind="alert.repeated")]
    assert kinds == ["alert.fired", "alert.acknowledged"]
    assert len(reader.log_entries([one])) == 7


def test_the_feed_gives_the_stored_bytes(station: Station, reader: StationReader) -> None:
    station.fire(4)
    feed = reader.events_after(0)
    assert [row.pos for row in feed] == list(range(1, reader.head_pos() + 1))
    assert [unseal(row.raw, row.body).kind for row in feed] == ["alert.fired"] * 4
    assert reader.events_after(feed[1].pos, limit=1) == [feed[2]]


def test_the_dashboard_counts_what_is_there(station: Station, reader: StationReader) -> None:
    assert reader.counts(station.now_ms).open_alerts == 0
    station.add_contact()
    ids = station.fire(10)
    began = station.now_ms
    station.now_ms += 9_000
    station.do(c.AcknowledgeAlerts(alert_ids=ids[:1]))
    station.now_ms += 10_000
    station.do(c.AcknowledgeAlerts(alert_ids=ids[1:3]), c.ResolveAlert(alert_id=ids[9]))
    station.do(c.OpenIncident(title="Payments down", severity="major"))
    station.now_ms = began + 121_000
    station.do(c.MindDueAlerts())
    counts = reader.counts(station.now_ms)
    responses = sorted(
        row.response_ms for row in reader.alert_rows() if row.response_ms is not None
    )
    assert counts.alerts == {
        "active": {"low": 1, "medium": 1, "high": 1, "critical": 2, "emergency": 1},
        "acknowledged": {"low": 1, "medium": 1, "high": 1},
        "investigating": {},
    }
    assert (counts.open_alerts, counts.unowned, counts.breached) == (9, 6, 1)
    assert counts.incidents == {"major": 1}
    assert sum(counts.deliveries.values()) == 4
    assert counts.oldest_unacknowledged_at == began
    assert counts.acknowledged_24h == 3
    assert counts.median_response_ms == responses[1]
    assert counts.mean_response_ms == sum(responses) // 3
    assert reader.counts(station.now_ms + 86_400_000).acknowledged_24h == 0


def test_the_data_version_tells_of_every_commit(station: Station, reader: StationReader) -> None:
    before = reader.data_version()
    assert reader.data_version() == before
    station.fire(1)
    assert reader.data_version() != before


def test_a_replaced_file_is_noticed_and_read(tmp_path: Path) -> None:
    one, other = Station(tmp_path / "one"), Station(tmp_path / "other")
    one.fire(1)
    other.fire(3)
    one.close()
    other.close()
    with closing(StationReader(one.path)) as reader:
        before = reader.data_version()
        assert len(reader.alert_rows()) == 1
        other.path.replace(one.path)
        assert reader.data_version() != before
        assert len(reader.alert_rows()) == 3


def test_a_missing_file_is_said_and_then_found(tmp_path: Path) -> None:
    with closing(StationReader(tmp_path / "station.db")) as reader:
        for ask in (reader.data_version, reader.head_pos):
            with pytest.raises(StoreUnavailable, match=r"no station at station\.db yet; start the"):
                ask()
        Station(tmp_path).close()
        assert reader.head_pos() == 0


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        (f"PRAGMA user_version={SCHEMA_VERSION + 1}", "newer CrisisDesk.*install the newer"),
        ("PRAGMA user_version=0", "waits for its upgrade"),
        ("PRAGMA application_id=7", "is not a CrisisDesk station"),
    ],
)
def test_a_file_of_another_version_or_make_is_refused(tmp_path: Path, sql: str, words: str) -> None:
    station = Station(tmp_path)
    station.close()
    with closing(writing_connection(station.path)) as raw:
        raw.execute(sql)
    reader = StationReader(station.path)
    with pytest.raises(StoreUnavailable, match=words):
        reader.head_pos()


def test_a_damaged_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "station.db"
    path.write_bytes(b"this is no database at all, only text" * 100)
    reader = StationReader(path)
    with pytest.raises(StoreUnavailable, match=r"damaged.*restart the engine"):
        reader.head_pos()


def test_a_file_locked_by_another_program_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    station = Station(tmp_path)
    station.close()
    monkeypatch.setattr("crisisdesk.store.files.BUSY_TIMEOUT_MS", 50)
    with closing(sqlite3.connect(station.path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        reader = StationReader(station.path)
        with pytest.raises(StoreUnavailable, match="locked by another program"):
            reader.head_pos()


def test_reading_needs_no_sqlalchemy() -> None:
    code = (
        "import sys, crisisdesk.store.queries; "
        "sys.exit(any(m in sys.modules for m in ('sqlalchemy', 'alembic', 'PySide6')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

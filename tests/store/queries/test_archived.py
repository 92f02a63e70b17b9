"""The history of what was compacted is read on out of the archive."""

from __future__ import annotations

from contextlib import closing

import pytest

from crisisdesk.engine import commands as c
from crisisdesk.store.archive import archive_path
from crisisdesk.store.compaction import compact, plan
from crisisdesk.store.files import writing_connection
from crisisdesk.store.queries import StationReader, StoreUnavailable

from tests.store.workload import Station


def compact_all(station: Station) -> None:
    with closing(writing_connection(station.path)) as raw:
        for piece in plan(station.path, 2**62, keep_events=0):
            compact(raw, station.path, piece)


@pytest.fixture
def alert(station: Station) -> str:
    """An alert with a story, between others."""
    alert_id, *_others = station.fire(3)
    station.do(c.AcknowledgeAlerts(alert_ids=[alert_id]))
    for number in range(4):
        station.do(c.NoteAlert(alert_id=alert_id, text=f"note {number}"))
        station.fire(3)
    station.close()
    return alert_id


def test_a_history_is_whole_after_compaction(station: Station, alert: str) -> None:
    with closing(StationReader(station.path)) as reader:
        before = reader.history([alert])
        compact_all(station)
        entries = reader.log_entries([alert])
        assert [entry.event for entry in entries] == before
        assert {entry.pos for entry in entries} == {0}
        assert reader.log_entries([alert], before_pos=0) == []


def test_the_newest_come_first_and_kinds_are_left_out(station: Station, alert: str) -> None:
    compact_all(station)
    with closing(StationReader(station.path)) as reader:
        told = reader.log_entries([alert], without_kind="alert.repeated")
        assert reader.log_entries([alert], limit=2) == reader.log_entries([alert])[-2:]
        assert {e.event.kind for e in told} == {"alert.fired", "alert.acknowledged", "alert.noted"}


def test_new_events_stand_behind_archived_ones(station: Station, alert: str) -> None:
    compact_all(station)
    again = Station(station.path.parent, now_ms=station.now_ms, seed=9)
    again.do(c.NoteAlert(alert_id=alert, text="after"))
    again.close()
    with closing(StationReader(station.path)) as reader:
        entries = reader.log_entries([alert])
        assert entries[-1].event.body == {"epoch": "n1", "text": "after"}
        assert entries[-1].pos > 0
        assert entries[0].event.kind == "alert.fired"
        page = reader.log_entries([alert], limit=1)
        assert page == entries[-1:]
        assert reader.log_entries([alert], before_pos=page[0].pos) == entries[:-1]


def test_nothing_is_made_up_where_there_is_no_archive(station: Station, alert: str) -> None:
    compact_all(station)
    archive_path(station.path).unlink()
    with closing(StationReader(station.path)) as reader:
        assert reader.history([alert]) == []
        assert reader.history(["A-NONE"]) == []


def test_a_damaged_archive_is_told_in_words(station: Station, alert: str) -> None:
    compact_all(station)
    archive_path(station.path).write_bytes(b"not a database at all, not even close" * 40)
    reader = StationReader(station.path)
    with closing(reader), pytest.raises(StoreUnavailable, match="archive"):
        reader.history([alert])

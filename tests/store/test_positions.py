"""Positions go on behind what a snapshot was given; the notes are read as they were written."""

from __future__ import annotations

from contextlib import closing

from crisisdesk.store.files import writing_connection
from crisisdesk.store.positions import (
    INSTALLED_POS,
    LAST_POS,
    TAKING,
    is_unchecked,
    note_of,
    taking_of,
    write_note,
)

from tests.store.workload import Station


def test_the_next_position_is_behind_events_and_installed_states(station: Station) -> None:
    station.fire(3)
    station.close()
    with closing(writing_connection(station.path)) as raw:
        assert raw.execute(LAST_POS).fetchone() == (3,)
        write_note(raw, INSTALLED_POS, "2")
        assert raw.execute(LAST_POS).fetchone() == (3,)
        write_note(raw, INSTALLED_POS, "70")
        assert raw.execute(LAST_POS).fetchone() == (70,)
        assert note_of(raw, INSTALLED_POS) == "70"
    again = Station(station.path.parent, now_ms=station.now_ms)
    again.fire(1, first=10)
    assert again.journal.head().pos == 71
    again.close()


def test_a_snapshot_is_unchecked_until_its_note_says_so(station: Station) -> None:
    station.close()
    with closing(writing_connection(station.path)) as raw:
        assert taking_of(raw) == {}
        assert not is_unchecked(raw)
        write_note(raw, TAKING, '{"number":3}')
        assert is_unchecked(raw)
        write_note(raw, TAKING, '{"number":3,"checked":true}')
        assert not is_unchecked(raw)

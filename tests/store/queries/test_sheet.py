"""The contact sheet as it is read from a station's file."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest

from crisisdesk.engine import commands as c
from crisisdesk.store.queries import StationReader, StoreUnavailable
from crisisdesk.store.queries.sheet import read_sheet

from tests.store.workload import START, Station


def test_it_names_the_people_the_station_and_who_leads_what_is_open(tmp_path: Path) -> None:
    station = Station(tmp_path)
    station.do(c.NameStation(name="BRNO-1"), c.SaveContact(name="Zoë"), c.SaveContact(name="Ana"))
    gone = station.do(c.SaveContact(name="Gone"))[0]
    leads, over = station.do(
        c.OpenIncident(title="Payments", severity="major", commander="Tom Weber"),
        c.OpenIncident(title="Over", severity="major", commander="Eve"),
    )
    station.do(
        c.RemoveContact(contact_id=gone),
        c.ChangeIncidentStatus(incident_id=over, status="resolved"),
    )
    reader = StationReader(station.path)
    sheet = read_sheet(reader, START, UTC)
    reader.close()
    assert sheet.station == "BRNO-1"
    assert [person.name for person in sheet.people] == ["Ana", "Zoë"]
    assert list(sheet.heads) == [
        ("Station", "BRNO-1"),
        ("Stations", "BRNO-1"),
        (leads, "Tom Weber commands “Payments”"),
    ]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        read_sheet(StationReader(tmp_path / "none.db"), START, UTC)

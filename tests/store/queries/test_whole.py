"""The reader tells an incident as a whole: its record for a viewer, and its impact."""

from __future__ import annotations

from pathlib import Path

from crisisdesk.engine import commands as c
from crisisdesk.engine.incident_commands import RestrictIncident
from crisisdesk.store.queries import StationReader

from tests.store.workload import Station


def test_record_and_impact_come_from_the_reader_itself(tmp_path: Path) -> None:
    station = Station(tmp_path)
    [made] = station.do(c.OpenIncident(title="Out", severity="major"))
    station.do(RestrictIncident(incident_id=made, restricted=True))
    reader = StationReader(station.path)
    try:
        record = reader.record_of(made, "Klára Langová")
        assert record is not None
        stood = record.at(None)
        assert stood is not None
        assert stood.incident.title == "Out"
        assert reader.record_of(made, "Mallory") is None
        found = reader.impact_of(made, station.now_ms)
        assert found is not None
        assert found.promises == ()
        assert reader.impact_of("INC-NONE", station.now_ms) is None
    finally:
        reader.close()
        station.close()

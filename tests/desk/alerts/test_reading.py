"""What is read about the alert that is looked at, and when it is read again."""

from __future__ import annotations

from pathlib import Path

from crisisdesk.desk.alerts.reading import concerns, read_dossier
from crisisdesk.desk.snapshot import Change
from crisisdesk.engine.correlation_commands import MindCandidates
from crisisdesk.store.queries import StationReader

from tests.engine.handlers.test_correlating import fire
from tests.store.workload import Station


def test_an_alert_comes_with_the_open_candidates_that_hold_it(tmp_path: Path) -> None:
    station = Station(tmp_path)
    fired = fire(station, 1, 2, 3)
    (other,) = fire(station, 4, service="mail")
    station.do(MindCandidates(), actor="engine")
    reader = StationReader(station.path)
    try:
        dossier = read_dossier(reader, fired[0])
        assert dossier is not None
        assert [one.title for one in dossier.candidates] == ["3 related alerts on db"]
        assert [entry.event.kind for entry in dossier.entries] == ["alert.fired"]
        alone = read_dossier(reader, other)
        assert alone is not None
        assert alone.candidates == []
        assert read_dossier(reader, "A-NONE") is None
    finally:
        reader.close()
        station.close()


def test_it_is_read_again_when_it_its_pages_or_candidates_change() -> None:
    assert concerns(Change(touched=frozenset({"A-1"})), "A-1")
    assert concerns(Change(touched=frozenset({"CAN-1"})), "A-1")
    assert concerns(Change(deliveries_changed=True), "A-1")
    assert not concerns(Change(touched=frozenset({"A-2", "C-1"})), "A-1")

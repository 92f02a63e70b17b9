"""What is read about the alert that is looked at, and when it is read again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crisisdesk.desk.alerts.reading import concerns, read_dossier
from crisisdesk.desk.alerts.sections import Fact
from crisisdesk.desk.snapshot import Change
from crisisdesk.engine.correlation_commands import MindCandidates
from crisisdesk.store.queries import StationReader

from tests.engine.handlers.test_causing import down, publish
from tests.engine.handlers.test_correlating import fire
from tests.engine.handlers.test_escalating import person
from tests.store.workload import Station


def test_an_alert_comes_with_the_open_candidates_that_hold_it(tmp_path: Path) -> None:
    station = Station(tmp_path)
    fired = fire(station, 1, 2, 3)
    (other,) = fire(station, 4, service="mail")
    station.do(MindCandidates(), actor="engine")
    reader = StationReader(station.path)
    try:
        dossier = read_dossier(reader, fired[0], {}, station.now_ms)
        assert dossier is not None
        assert [one.title for one in dossier.candidates] == ["3 related alerts on db"]
        assert [entry.event.kind for entry in dossier.entries] == ["alert.fired"]
        assert dossier.context is not None
        assert dossier.context.services == ("db",)
        alone = read_dossier(reader, other, {}, station.now_ms)
        assert alone is not None
        assert alone.candidates == []
        assert read_dossier(reader, "A-NONE", {}, station.now_ms) is None
    finally:
        reader.close()
        station.close()


def test_it_is_read_again_when_it_its_pages_or_candidates_change() -> None:
    assert concerns(Change(touched=frozenset({"A-1"})), "A-1")
    assert concerns(Change(touched=frozenset({"CAN-1"})), "A-1")
    assert concerns(Change(touched=frozenset({"CHG-1"})), "A-1")
    assert concerns(Change(touched=frozenset({"POL-1"})), "A-1")
    assert concerns(Change(deliveries_changed=True), "A-1")
    assert not concerns(Change(touched=frozenset({"A-2", "C-1"})), "A-1")


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    made = Station(tmp_path / "data")
    person(made, "A")
    publish(made)
    yield made
    made.close()


def test_a_cause_tells_of_what_it_keeps_quiet_and_that_of_its_next_page(station: Station) -> None:
    db, shop = down(station, "db", 1), down(station, "shop", 2)
    reader = StationReader(station.path)
    assert read_dossier(reader, "A-NONE", {}, station.now_ms) is None
    cause = read_dossier(reader, db, {db: 1}, station.now_ms)
    one = read_dossier(reader, shop, {db: 1}, station.now_ms)
    reader.close()
    assert cause is not None
    assert one is not None
    assert cause.quiet == (Fact("Keeps quiet", "1 alert"),)
    assert (len(cause.deliveries), len(one.deliveries)) == (1, 0)
    assert one.quiet == ()
    assert one.next_page is not None
    assert one.next_page.strong == "Kept quiet until then"
    assert f"by {db}" in one.next_page.text

"""The audit of a station's own file."""

from __future__ import annotations

from pathlib import Path

from crisisdesk.domain.reachability_reading import audit_people
from crisisdesk.engine.commands import ClaimDeliveries, SendTestPage, SettleDelivery
from crisisdesk.engine.ports import Outcome
from crisisdesk.store.queries import StationReader

from tests.store.workload import Station


def test_a_test_page_that_was_taken_is_a_proof(tmp_path: Path) -> None:
    station = Station(tmp_path / "data")
    ann = station.add_contact("Ann", "m1")
    reader = StationReader(station.path)
    assert audit_people(reader, station.now_ms).unproven == 1
    (delivery_id,) = station.do(SendTestPage(contact_id=ann, method_id="m1"))
    station.do(ClaimDeliveries())
    station.do(
        SettleDelivery(delivery_id=delivery_id, attempt=1, outcome=Outcome(ok=True, words=""))
    )
    found = audit_people(reader, station.now_ms)
    assert (found.unproven, found.people[0].name) == (0, "Ann")
    reader.close()
    station.close()

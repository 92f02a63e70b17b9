"""Alike alerts out of the station's file: by what is published about services, for the viewer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crisisdesk.engine import commands as c
from crisisdesk.engine.escalation_commands import PublishPolicy
from crisisdesk.engine.incident_commands import MergeIncident, RestrictIncident
from crisisdesk.store.queries import StationReader

from tests.store.workload import Station, signal

CATALOGUE: dict[str, Any] = {
    "kind": "catalogue",
    "services": {"db": {}, "shop": {"depends_on": ["db"]}, "far": {"depends_on": ["shop"]}},
}


def test_what_hangs_together_is_offered_until_it_is_attached(tmp_path: Path) -> None:
    station = Station(tmp_path)
    station.do(PublishPolicy(name="Ctx", content=CATALOGUE), actor="Ann")
    names = ("db", "db", "shop", "far", "mail")
    signals = [signal(n, service=name) for n, name in enumerate(names)]
    own, same, near, _far, _mail = station.do(c.TakeIn(signals=signals))[0]
    order = c.OpenIncident(title="Slow", severity="major", alerts=[own])
    other = c.OpenIncident(title="All", severity="major")
    incident, whole = station.do(order, other, actor="Ann")
    reader = StationReader(station.path)

    def seen(name: str = incident, viewer: str = "Ann") -> list[tuple[str, str]]:
        found = reader.alike_of(name, viewer)
        return [(one.alert.alert_id, one.because.partition(",")[0]) for one in found]

    try:
        assert seen() == [(same, "same service db"), (near, "shop needs db")]
        station.do(c.LinkAlert(incident_id=incident, alert_id=same, linked=True), actor="Ann")
        assert seen() == [(near, "shop needs db")]
        assert seen(whole) == []
        merge = MergeIncident(incident_id=incident, into=whole)
        assert station.do(merge, actor="Ann") == [whole]
        assert seen() == []
        assert seen(whole) == [(near, "shop needs db")]
        station.do(RestrictIncident(incident_id=whole, restricted=True), actor="Ann")
        assert seen(whole, "Mallory") == []
        assert reader.alike_of("INC-NONE", "Ann") == ()
        assert reader.alike_alerts([]) == ()
    finally:
        reader.close()
        station.close()

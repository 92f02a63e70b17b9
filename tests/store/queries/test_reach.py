"""What the map is made of is read from the file as the engine has it at hand."""

from __future__ import annotations

from crisisdesk.domain.channel_survey import outages_of
from crisisdesk.engine import commands as c
from crisisdesk.engine.handlers.reaching import out_now
from crisisdesk.engine.outage_commands import SetOutage
from crisisdesk.store.queries import StationReader
from crisisdesk.store.queries.reach import read_known

from tests.engine.handlers.test_reaching import _named, ann
from tests.store.queries.test_silences import reader, station
from tests.store.workload import Station

__all__ = ["reader", "station"]


def test_file_and_engine_agree_on_what_is_out(station: Station, reader: StationReader) -> None:
    ann(station, "email", "sms")
    alert_id = _named(station, "dns")
    incident_id = station.do(c.EscalateAlert(alert_id=alert_id))[0]
    station.do(SetOutage(dependency="fax", reason="x", incident_id=incident_id))

    def both() -> tuple[list[str], list[str]]:
        station.bench.begin("engine", station.now_ms)
        known = read_known(reader._rows, station.now_ms)
        here = [f"{n} {o.because()}" for n, o in out_now(station.bench).items()]
        return [f"{n} {o.because()}" for n, o in outages_of(known, station.now_ms).items()], here

    there, here = both()
    assert (
        there
        == here
        == [
            f"dns because {incident_id} names it",
            f"fax said by Klára Langová for {incident_id}: x",
        ]
    )
    station.do(c.LinkAlert(incident_id=incident_id, alert_id=alert_id, linked=False))
    there, here = both()
    assert there == here == [f"fax said by Klára Langová for {incident_id}: x"]
    station.do(c.ChangeIncidentStatus(incident_id=incident_id, status="resolved"))
    assert both() == ([], [])


def test_the_uses_are_those_of_the_board(station: Station, reader: StationReader) -> None:
    ann(station, "email", "sms")
    known = reader.board().known(station.now_ms)
    assert known.uses == reader.board().uses(["m1", "m2"], station.now_ms)
    assert [one.name for one in known.contacts] == ["Ann"]

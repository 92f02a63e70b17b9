"""Outages are said, take the place of earlier words, end, and reroute what waits."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.errors import Conflict, DomainError, Malformed, NotFound
from crisisdesk.domain.outages import TakenOut
from crisisdesk.engine import commands as c
from crisisdesk.engine.handlers.outages import LONGEST_MS
from crisisdesk.engine.handlers.reaching import out_now
from crisisdesk.engine.outage_commands import EndOutage, SetOutage
from crisisdesk.store.queries import StationReader

from tests.engine.handlers.test_paging import BUSY, claim, page, settle
from tests.engine.handlers.test_reaching import _named, ann, deliveries, told
from tests.store.workload import Station


def out(station: Station) -> dict[str, TakenOut]:
    station.bench.begin("engine", station.now_ms)
    return out_now(station.bench)


def incident(station: Station) -> str:
    incident_id: str = station.do(c.OpenIncident(title="Fibre cut", severity="critical"))[0]
    return incident_id


def titles(station: Station, incident_id: str) -> list[str]:
    reader = StationReader(station.path)
    try:
        return [update.title for update in reader.updates_of(incident_id)]
    finally:
        reader.close()


def test_one_is_said_and_ended(station: Station) -> None:
    assert station.do(SetOutage(dependency=" ISP:Acme ", reason="fibre cut")) == ["isp:acme"]
    assert out(station)["isp:acme"].because() == "said by Klára Langová: fibre cut"
    station.do(EndOutage(dependency="ISP:acme"))
    assert out(station) == {}
    [refused] = station.do(EndOutage(dependency="isp:acme"))
    assert isinstance(refused, NotFound)


def test_a_newer_word_takes_the_place_of_the_older_and_the_same_is_said_once(
    station: Station,
) -> None:
    station.do(SetOutage(dependency="dns", reason="x"))
    head = station.journal.head().seq
    station.do(SetOutage(dependency="dns", reason="x"))
    assert station.journal.head().seq == head
    station.do(SetOutage(dependency="dns", reason="x", duration_ms=1_000))
    assert out(station)["dns"].until is not None
    assert len(out(station)["dns"].version_ids) == 1


def test_it_is_over_with_its_incident_which_tells_of_it(station: Station) -> None:
    incident_id = incident(station)
    station.do(SetOutage(dependency="dns", reason="cable", incident_id=incident_id))
    assert titles(station, incident_id) == ["dns counts as out"]
    station.do(c.ChangeIncidentStatus(incident_id=incident_id, status="resolved"))
    assert out(station) == {}
    station.do(c.ReopenIncident(incident_id=incident_id, reason="again"))
    assert list(out(station)) == ["dns"]
    station.do(EndOutage(dependency="dns"))
    assert titles(station, incident_id)[1:] == ["dns is there again"]
    assert out(station) == {}


def test_ending_what_an_incident_names_overrules_it(station: Station) -> None:
    ann(station, "email")
    incident_id = station.do(c.EscalateAlert(alert_id=_named(station, "dns")))[0]
    assert out(station)["dns"].because() == f"because {incident_id} names it"
    station.do(SetOutage(dependency="dns", reason="x"))
    station.do(EndOutage(dependency="dns"))
    assert out(station) == {}
    assert titles(station, incident_id) == ["dns does not count as out"]
    station.do(SetOutage(dependency="dns", reason="after all"))
    assert out(station)["dns"].said


def test_what_waits_for_a_way_that_is_taken_out_goes_by_another_as_well(station: Station) -> None:
    ann(station, "email", "sms")
    page(station)
    [mail] = claim(station)
    settle(station, mail, BUSY)
    station.do(SetOutage(dependency="dns", reason="x"))
    assert [d.channel for d in deliveries(station)] == ["email", "sms"]
    [sms] = claim(station)
    assert sms.channel == "sms"
    assert told(station, sms)[1].startswith("By SMS, because mail depends on dns")


@pytest.mark.parametrize("channels", [("email",), ("email", "slack")])
def test_what_waits_is_left_where_no_working_way_is_left(
    station: Station, channels: tuple[str, ...]
) -> None:
    ann(station, *channels)
    page(station)
    settle(station, claim(station)[0], BUSY)
    station.do(SetOutage(dependency="dns", reason="x"))
    assert len(deliveries(station)) == 1


def test_what_waits_for_nobody_is_left(station: Station) -> None:
    ann(station, "email", "sms")
    alert_id = page(station)
    settle(station, claim(station)[0], BUSY)
    station.do(c.AcknowledgeAlerts(alert_ids=[alert_id]))
    station.do(SetOutage(dependency="dns", reason="x"))
    assert len(deliveries(station)) == 1


@pytest.mark.parametrize(
    ("changes", "kind", "field"),
    [
        ({"dependency": ""}, Malformed, "dependency"),
        ({"dependency": "a,b"}, Malformed, "dependency"),
        ({"reason": " "}, Malformed, "reason"),
        ({"incident_id": "INC-NONE"}, NotFound, "incident_id"),
        ({"until": 1}, Malformed, "until"),
        ({"duration_ms": 0}, Malformed, "duration"),
        ({"duration_ms": LONGEST_MS + 1}, Malformed, "duration"),
        ({"duration_ms": 5, "until": 5}, Malformed, "until"),
    ],
)
def test_what_cannot_be_used_is_refused_and_changes_nothing(
    station: Station, changes: dict[str, Any], kind: type[DomainError], field: str
) -> None:
    head = station.journal.head().seq
    given = {"dependency": "dns", "reason": "x", **changes}
    [refused] = station.do(SetOutage(**given))
    assert isinstance(refused, kind)
    assert refused.field == field
    assert station.journal.head().seq == head


def test_one_for_an_incident_that_is_over_is_refused(station: Station) -> None:
    incident_id = incident(station)
    station.do(c.ChangeIncidentStatus(incident_id=incident_id, status="closed"))
    [refused] = station.do(SetOutage(dependency="dns", reason="x", incident_id=incident_id))
    assert isinstance(refused, Conflict)

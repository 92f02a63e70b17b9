"""Channels through the engine: set, taken away, from the plan, and told in pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.errors import Conflict, DomainError
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.incident_channels import CHANNELS_LIMIT
from crisisdesk.engine import commands as c
from crisisdesk.engine.handlers.paging import page_contacts
from crisisdesk.engine.incident_commands import RemoveChannel, RestrictIncident, SetChannel
from crisisdesk.engine.policy import Policy

from tests.domain.playbook.test_content import ACTION
from tests.store.workload import Station, signal

PLAN = {
    "kind": "playbook",
    "title": "Outage",
    "channels": [
        {"name": "War room", "kind": "bridge", "address": "tel:+420221000000", "use": "for all"},
        {"name": "war ROOM", "kind": "chat"},
        {"name": "Hall", "kind": "in_person"},
    ],
    "actions": [{**ACTION, "severities": ["critical"]}],
}


@pytest.fixture
def opened(station: Station) -> str:
    made: str = station.do(c.OpenIncident(title="Orders split", severity="major"))[0]
    return made


def incident(station: Station, name: str) -> Incident:
    state = station.bench.get(name)
    assert isinstance(state, Incident)
    return state


def put(name: str, incident_id: str, **more: Any) -> SetChannel:
    told = {"kind": "bridge", "address": "tel:+1234", **more}
    return SetChannel(incident_id=incident_id, name=name, **told)


def test_it_is_set_changed_and_taken_away(station: Station, opened: str) -> None:
    assert station.do(put(" War   room ", opened)) == ["War room"]
    before = incident(station, opened)
    assert station.do(put("War room", opened)) == ["War room"]
    assert incident(station, opened) == before
    station.do(put("WAR ROOM", opened, address="https://meet.example.org/7", kind="video"))
    [one] = incident(station, opened).channels.values()
    assert (one["name"], one["kind"], one["by"]) == ("WAR ROOM", "video", "Klára Langová")
    assert incident(station, opened).overwritten == []
    assert station.do(RemoveChannel(incident_id=opened, name="war room")) == [None]
    assert incident(station, opened).channels == {}


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"kind": "telepathy"}, "kind"),
        ({"address": "file:///etc/passwd"}, "address"),
        ({"use": "x" * 501}, "use"),
        ({"incident_id": "INC-NONE"}, "incident_id"),
    ],
)
def test_what_cannot_be_set_names_its_field(
    station: Station, opened: str, more: dict[str, Any], field: str
) -> None:
    told = {"name": "War room", "incident_id": opened, **more}
    [refused] = station.do(put(**told))
    assert isinstance(refused, DomainError)
    assert refused.field == field
    assert incident(station, opened).channels == {}


def test_their_number_is_bounded_and_strangers_change_nothing(
    station: Station, opened: str
) -> None:
    station.do(*(put(f"C{n}", opened) for n in range(CHANNELS_LIMIT)))
    [full] = station.do(put("One more", opened))
    assert isinstance(full, Conflict)
    [unknown] = station.do(RemoveChannel(incident_id=opened, name="Nowhere"))
    assert isinstance(unknown, DomainError)
    assert "there are C0" in str(unknown)
    station.do(RestrictIncident(incident_id=opened, restricted=True))
    [hidden] = station.do(put("C0", opened, address="tel:+99"), actor="Mallory")
    assert isinstance(hidden, Conflict)


def test_a_plan_brings_its_own_once_and_what_people_said_stands(tmp_path: Path) -> None:
    station = Station(tmp_path, policy=Policy(playbooks={"outage": PLAN}))
    try:
        [name] = station.do(c.OpenIncident(title="A", severity="major", crisis_type="outage"))
        found = incident(station, name).channels
        assert {key: one["kind"] for key, one in found.items()} == {
            "hall": "in_person", "war room": "bridge",
        }  # fmt: skip
        assert found["war room"]["plan"]
        station.do(RemoveChannel(incident_id=name, name="Hall"))
        station.do(put("War room", name))
        station.do(c.EditIncident(incident_id=name, changes={"severity": "critical"}))
        assert [one["address"] for one in incident(station, name).channels.values()] == [
            "tel:+1234"
        ]
    finally:
        station.close()


def page_of(station: Station, opened: str) -> Delivery:
    [[alert_id]] = station.do(c.TakeIn(signals=[signal(0, severity="critical")]))
    station.do(c.LinkAlert(incident_id=opened, alert_id=alert_id, linked=True))
    contact = station.add_contact()
    alert = station.bench.get(alert_id)
    assert isinstance(alert, Alert)
    page_contacts(station.bench, alert, [contact], "step 2", "nobody answered")
    return [s for s in station.bench._states.values() if isinstance(s, Delivery)][-1]


def test_a_page_says_where_to_meet_unless_that_is_restricted(station: Station, opened: str) -> None:
    station.do(put("War room", opened))
    assert page_of(station, opened).note == "nobody answered Join: War room, tel:+1234"


def test_a_page_of_a_restricted_incident_does_not(station: Station, opened: str) -> None:
    station.do(put("War room", opened))
    station.do(RestrictIncident(incident_id=opened, restricted=True))
    assert page_of(station, opened).note == "nobody answered"

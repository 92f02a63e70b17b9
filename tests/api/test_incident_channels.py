"""The routes of an incident's channels: set, changed, taken away, and hidden where restricted."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.api.incident_channels import Kind
from crisisdesk.domain.incident_channels import CHANNEL_KINDS

from tests.api.station import OPERATOR, Station

ROOM = {"name": "War room", "kind": "bridge", "address": "tel:+420221000000", "use": "for all"}


def path(station: Station) -> str:
    order = {"title": "Orders", "severity": "major"}
    made = station.ask("POST", "/crisis/incidents/", json=order, headers=OPERATOR).json()
    return f"/crisis/incidents/{made['id']}/"


def test_a_channel_is_set_changed_and_taken_away(station: Station) -> None:
    where = f"{path(station)}channels/"
    assert station.ask("GET", where).json()["results"] == []
    [one] = station.ask("POST", where, json=ROOM).json()["results"]
    assert {name: one[name] for name in ROOM} == ROOM
    assert (one["plan"], bool(one["set_by"])) == (None, True)
    station.ask("POST", where, json={"name": "WAR ROOM", "kind": "video"})
    [one] = station.ask("GET", where).json()["results"]
    assert (one["name"], one["kind"], one["address"]) == ("WAR ROOM", "video", "")
    assert station.ask("DELETE", f"{where}war%20room/").json()["results"] == []
    assert station.ask("DELETE", f"{where}war%20room/").status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"kind": "telepathy"}, "kind"),
        ({"address": "javascript:alert(1)"}, "address"),
        ({"address": "https://a:b@example.org/"}, "address"),
        ({"use": "x" * 501}, "use"),
        ({"more": 1}, "more"),
    ],
)
def test_what_is_no_channel_names_its_field(
    station: Station, change: dict[str, Any], field: str
) -> None:
    where = f"{path(station)}channels/"
    refused = station.ask("POST", where, json={**ROOM, **change})
    assert (refused.status_code, refused.json()["error"]["field"]) == (400, field)
    assert station.ask("GET", where).json()["results"] == []


def test_of_a_restricted_incident_only_its_own_people_read_them(station: Station) -> None:
    where = path(station)
    station.ask("POST", f"{where}channels/", json=ROOM)
    station.ask("PUT", f"{where}restriction/", json={"readers": []})
    other = {"X-CrisisDesk-Operator": "Mallory"}
    assert station.ask("GET", f"{where}channels/", headers=other).status_code == 409
    assert station.ask("GET", f"{where}channels/").status_code == 200


def test_the_kinds_are_those_of_the_domain() -> None:
    assert Kind.__args__ == CHANNEL_KINDS  # type: ignore[attr-defined]

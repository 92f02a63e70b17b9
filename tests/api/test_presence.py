"""The routes of presence: a sign, who is there, a closed desk, and what is no sign."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.station import BEARER, INTAKE, OPERATOR, Station

PATH = "/crisis/presence/"


def test_a_desk_gives_signs_and_is_closed(station: Station) -> None:
    assert station.ask("GET", PATH).json()["results"] == []
    sign = {"desk": "d-1", "incident": "INC-A", "idle_s": 400}
    told = station.ask("POST", PATH, json=sign, headers=OPERATOR).json()
    [one] = told["results"]
    assert (one["standing"], one["incident"], one["station"]) == ("idle", "INC-A", "Test station")
    assert one["touched_at"] < one["seen_at"] <= told["at"]
    station.ask("POST", PATH, json={"desk": "d-1"}, headers=OPERATOR)
    [one] = station.ask("GET", PATH).json()["results"]
    assert (one["standing"], one["incident"]) == ("here", None)
    [gone] = station.ask("DELETE", f"{PATH}d-1/").json()["results"]
    assert gone["standing"] == "away"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "desk"),
        ({"desk": "x" * 41}, "desk"),
        ({"desk": "a b"}, "desk"),
        ({"desk": "d", "incident": "../x"}, "incident"),
        ({"desk": "d", "idle_s": -1}, "idle_s"),
        ({"desk": "d", "mood": "good"}, "mood"),
    ],
)
def test_what_is_no_sign_names_its_field(
    station: Station, body: dict[str, Any], field: str
) -> None:
    refused = station.ask("POST", PATH, json=body, headers=OPERATOR)
    assert (refused.status_code, refused.json()["error"]["field"]) == (400, field)
    assert station.ask("GET", PATH).json()["results"] == []


def test_nobody_signs_without_a_name_and_no_intake_token_opens_it(station: Station) -> None:
    assert station.bare("POST", PATH, json={"desk": "d"}, headers=BEARER).status_code == 400
    headers = {"authorization": f"Bearer {INTAKE}"}
    assert station.bare("GET", PATH, headers=headers).status_code == 403

"""The shifts of a schedule over the door: who, from when to when, and why."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.station import Station
from tests.api.test_policies import contact, publish, schedule

HOUR = 3_600_000
SATURDAY = 1_793_487_600_000  # 2026-10-31T23:00Z, 00:00 of Sunday in Prague
MONDAY = "2026-11-02"


def shifts(station: Station, query: str) -> Any:
    return station.ask("GET", f"/crisis/oncall/shifts/?schedule=Database{query}")


def test_shifts_and_gaps_come_whole_and_in_order(station: Station) -> None:
    ann, bob = contact(station, "Ann"), contact(station, "Bob")
    publish(station, "Database", schedule(ann, bob))
    told = shifts(station, f"&from={MONDAY}T12:00:00Z&to=2026-11-03T12:00:00Z").json()
    assert (told["schedule"], told["zone"]) == ("Database", "Europe/Prague")
    first, second = told["results"]
    assert {first["contacts"][0]["name"], second["contacts"][0]["name"]} == {"Ann", "Bob"}
    assert (first["start"], first["end"]) == (
        "2026-11-02T08:00:00.000Z",
        "2026-11-03T08:00:00.000Z",
    )
    assert (first["layers"], first["override"]) == (["One"], None)
    weekend = shifts(station, "&from=2026-10-31T12:00:00Z&to=2026-10-31T13:00:00Z").json()
    [gap] = weekend["results"]
    assert (gap["contacts"], gap["start"]) == ([], "2026-10-30T23:00:00.000Z")


def test_an_override_says_why_and_whose_place_it_takes(station: Station) -> None:
    ann, bob = contact(station, "Ann"), contact(station, "Bob")
    publish(station, "Database", schedule(ann))
    order = {
        "kind": "override",
        "schedule": "Database",
        "contact": bob,
        "from": SATURDAY + 36 * HOUR,
        "to": SATURDAY + 38 * HOUR,
        "reason": "swapped",
    }
    publish(station, "Swap", order)
    publish(station, "Place", order | {"replaces": ann, "from": SATURDAY + 40 * HOUR,
                                       "to": SATURDAY + 41 * HOUR, "reason": ""})  # fmt: skip
    told = shifts(station, f"&from={MONDAY}T00:00:00Z&to=2026-11-02T18:00:00Z").json()["results"]
    swaps = [one for one in told if one["override"] is not None]
    assert [one["contacts"][0]["name"] for one in swaps] == ["Bob", "Bob"]
    assert swaps[0]["override"] == {"reason": "swapped", "replaces": None}
    assert swaps[1]["override"]["replaces"] == {"contact_id": ann, "name": "Ann"}


def test_without_moments_it_is_the_next_fourteen_days(station: Station) -> None:
    publish(station, "Database", schedule(contact(station, "Ann")))
    told = shifts(station, "").json()["results"]
    named = shifts(station, f"&from={told[0]['start']}&to={told[-1]['end']}").json()["results"]
    assert named == told


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("&from=noon", "from"),
        ("&to=noon", "to"),
        ("&from=2026-11-02T00:00:00Z&to=2026-11-02T00:00:00Z", "to"),
        ("&from=2026-11-02T00:00:00Z&to=2027-11-02T00:00:00Z", "to"),
        ("&from=2300-11-02T00:00:00Z&to=2300-11-03T00:00:00Z", "to"),
    ],
)
def test_a_range_that_cannot_be_told_names_its_field(
    station: Station, query: str, field: str
) -> None:
    publish(station, "Database", schedule(contact(station, "Ann")))
    answer = shifts(station, query)
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, field)


def test_a_schedule_that_is_not_there_is_named(station: Station) -> None:
    answer = shifts(station, "")
    assert (answer.status_code, answer.json()["error"]["field"]) == (404, "schedule")
    assert station.ask("GET", "/crisis/oncall/shifts/").status_code == 400

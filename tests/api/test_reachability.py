"""The audit of people at the door."""

from __future__ import annotations

from tests.api.station import OPERATOR, Station

AUDIT = "/crisis/contacts/audit/"


def test_who_is_not_proven_is_told_with_the_reasons(station: Station) -> None:
    told = station.ask("GET", AUDIT).json()
    assert (told["unproven"], told["results"]) == (0, [])
    assert (told["paged"], told["last_run"]) == ("there are no people", None)
    assert told["next_run"] is None
    card = {"name": "Ann", "methods": [{"url": "mailto://u:p@example.org"}]}
    station.ask("POST", "/crisis/contacts/", json=card, headers=OPERATOR)
    told = station.ask("GET", AUDIT).json()
    assert told["headline"] == "1 of 1 person is not proven reachable"
    assert told["paged"] == "1 of 1 person has no proven way"
    (one,) = told["results"]
    assert (one["name"], one["proven"], one["proven_at"]) == ("Ann", False, None)
    assert "nothing was ever sent to them" in one["findings"]

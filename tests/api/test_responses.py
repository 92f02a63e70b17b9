"""Response times through the door."""

from __future__ import annotations

from tests.api.station import Station

PATH = "/crisis/response-times/"


def test_who_took_how_many_and_how_soon(station: Station) -> None:
    for severity in ("critical", "low"):
        taken = station.raised(severity=severity)
        station.ask("POST", f"/crisis/alerts/{taken['id']}/acknowledge/")
    station.raised(severity="critical")
    told = station.ask("GET", PATH).json()
    [row] = told["results"]
    assert (told["by"], row["who"], row["taken"], row["late"]) == ("person", "Zoë Ng", 2, 0)
    assert told["since"] < told["until"]
    [row] = station.ask("GET", f"{PATH}?by=team&severity=critical").json()["results"]
    assert (row["who"], row["taken"]) == ("", 1)
    before = station.ask("GET", f"{PATH}?until=2026-01-01T00:00:00Z").json()
    assert before["results"] == []


def test_times_that_cannot_be_are_refused_by_name(station: Station) -> None:
    wrong = station.ask("GET", f"{PATH}?since=yesterday")
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (400, "since")
    query = "since=2026-02-01T00:00:00Z&until=2026-01-01T00:00:00Z"
    wrong = station.ask("GET", f"{PATH}?{query}")
    assert wrong.json()["error"]["problem"] == "is not before until"

"""The route of what surrounds an alert."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.detection.series import Sample, series
from crisisdesk.engine.clock import ManualClock
from crisisdesk.store.samples import FILE as SAMPLES
from crisisdesk.store.samples.keeping import StationSamples

from tests.api.station import INTAKE, Station

AT = 1_770_861_902_000

CATALOGUE: dict[str, Any] = {
    "kind": "catalogue",
    "services": {
        "ctx-db": {"owner": "Kim", "runbook": "https://wiki.example/db"},
        "ctx-shop": {"depends_on": ["ctx-db"], "users": 9_000, "money_per_minute": "1.50"},
    },
}
EVENT: dict[str, Any] = {
    "routing_key": INTAKE,
    "payload": {"summary": "ctx deployed", "custom_details": {"service": "ctx-db"}},
}


def published(station: Station) -> None:
    order = {"name": "Ctx", "content": CATALOGUE}
    assert station.ask("POST", "/crisis/policies/", json=order).status_code == 201


def test_an_alert_comes_with_all_that_is_known_around_it(station: Station) -> None:
    published(station)
    listed = station.ask("GET", "/crisis/policies/?kind=catalogue").json()["results"]
    assert [one["name"] for one in listed] == ["Ctx"]
    assert station.bare("POST", "/v2/change/enqueue", json=EVENT).status_code == 202
    one = station.raised(service="ctx-db", severity="critical")["id"]
    near = station.raised(service="ctx-shop", severity="high", title="Shop is slow")["id"]
    told = station.ask("GET", f"/crisis/alerts/{one}/context/").json()
    assert (told["alert_id"], told["services"], told["owner"]) == (one, ["ctx-db"], "Kim")
    assert told["runbooks"] == [{"url": "https://wiki.example/db", "because": "of ctx-db"}]
    [change] = told["changes"]
    assert (change["change"]["summary"], change["relation"]) == ("ctx deployed", "")
    assert change["change"]["recorded_by"] == "source:pagerduty"
    [neighbour] = told["neighbours"]
    assert (neighbour["alert_id"], neighbour["severity"]) == (near, "high")
    impact = told["impact"]
    assert (impact["users"], impact["money_per_minute_cents"]) == (9_000, 150)
    assert impact["services"][1] == {
        "service": "ctx-shop",
        "because_of": "ctx-db",
        "distance": 1,
    }
    words = {part["label"]: part["lines"] for part in told["words"]}
    assert words["Owner"] == ["Kim, ctx-db"]
    made = station.ask("POST", f"/crisis/alerts/{one}/escalate/").json()
    assert made["user_impact_count"] == 9_000
    assert "ctx-shop, because it depends on ctx-db" in made["business_impact"]


def test_no_alert_no_context_and_hours_have_bounds(station: Station) -> None:
    assert station.ask("GET", "/crisis/alerts/A-NONE/context/").status_code == 404
    one = station.raised(service="x")["id"]
    for hours in (0, 169, "x"):
        answer = station.ask("GET", f"/crisis/alerts/{one}/context/?hours={hours}")
        assert answer.status_code == 400
        assert answer.json()["error"]["field"] == "hours"


def test_what_was_measured_of_its_host_is_told_with_its_time(station: Station) -> None:
    store = StationSamples(station.path.with_name(SAMPLES), ManualClock(AT))
    info = series("SRC-1", "host_info", {"host": "ctx-h1", "os": "Debian 12"})
    store.write([Sample(info, AT, 1.0)])
    store.close()
    one = station.raised(service="x", labels={"host": "ctx-h1"})["id"]
    told = station.ask("GET", f"/crisis/alerts/{one}/context/").json()
    assert told["host"] == {
        "host": "ctx-h1",
        "measured_at": "2026-02-12T02:05:02.000Z",
        "facts": [{"name": "system", "words": "Debian 12"}],
    }
    other = station.raised(service="x", labels={"host": "ctx-h2"})["id"]
    told = station.ask("GET", f"/crisis/alerts/{other}/context/").json()
    assert told["host"] is None
    words = {part["label"]: part["lines"] for part in told["words"]}
    assert words["Host"][0].startswith("nothing is known of ctx-h2")

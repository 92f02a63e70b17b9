"""The routes of an incident's papers: impact with promises, export in its forms, ICS sheets."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.station import Station

CATALOGUE: dict[str, Any] = {
    "kind": "catalogue",
    "services": {
        "papers-db": {"availability": "99.9"},
        "papers-shop": {
            "depends_on": ["papers-db"], "users": 900, "money_per_minute": "2.00",
        },
    },
}  # fmt: skip
MALLORY = {"X-CrisisDesk-Operator": "Mallory"}


@pytest.fixture
def path(station: Station) -> str:
    """An incident with an alert of a described service and an entry; where it stands."""
    station.ask("POST", "/crisis/policies/", json={"name": "Papers", "content": CATALOGUE})
    alert = station.raised(service="papers-db", severity="low", title="Slow <b>rows</b>")["id"]
    order = {"title": "Orders & <papers>", "severity": "major", "alerts": [alert]}
    made = station.ask("POST", "/crisis/incidents/", json=order).json()
    where = f"/crisis/incidents/{made['id']}/"
    entry = {"title": "Two writers were found", "update_type": "note"}
    assert station.ask("POST", f"{where}updates/", json=entry).status_code == 201
    return where


def test_impact_tells_services_people_money_and_promises(station: Station, path: str) -> None:
    told = station.ask("GET", f"{path}impact/").json()
    assert [a["service"] for a in told["impact"]["services"]] == ["papers-db", "papers-shop"]
    assert told["impact"]["users"] == 900
    [promise] = told["promises"]
    assert (promise["service"], promise["target_ppm"]) == ("papers-db", 999_000)
    assert promise["window_s"] == 30 * 86_400
    assert promise["budget_s"] == pytest.approx(promise["window_s"] / 1000)
    left = promise["budget_s"] - promise["before_s"] - promise["by_this_s"]
    assert promise["left_s"] == pytest.approx(left)
    assert promise["is_out"]
    assert promise["breaches_at"] > told["at"]
    assert promise["words"]


def test_alike_alerts_are_offered(station: Station, path: str) -> None:
    assert station.ask("GET", f"{path}alike/").json()["results"] == []
    near = station.raised(service="papers-shop", severity="high", title="Shop is slow")["id"]
    [one] = station.ask("GET", f"{path}alike/").json()["results"]
    assert (one["alert_id"], one["severity"]) == (near, "high")
    assert one["because"].startswith("papers-shop needs papers-db")


def test_it_is_exported_as_json_markdown_and_a_page(station: Station, path: str) -> None:
    answer = station.ask("GET", f"{path}export/")
    told = answer.json()
    assert answer.headers["content-type"] == "application/json"
    assert told["incident"]["title"] == "Orders & <papers>"
    assert any("Two writers were found" in str(entry) for entry in told["timeline"])
    text = station.ask("GET", f"{path}export/?format=markdown")
    assert text.headers["content-type"].startswith("text/markdown")
    assert text.text.startswith("# INC-")
    assert "Two writers were found" in text.text
    shown = station.ask("GET", f"{path}export/?format=html")
    assert shown.headers["content-type"].startswith("text/html")
    assert shown.headers["content-security-policy"].startswith("default-src 'none'")
    assert "<papers>" not in shown.text
    assert "<b>rows" not in shown.text
    assert "Orders &amp; &lt;papers&gt;" in shown.text


def test_it_is_told_as_it_stood_and_not_before_it_was(station: Station, path: str) -> None:
    created = station.ask("GET", path).json()["created_at"]
    told = station.ask("GET", f"{path}export/?at={created}").json()
    assert told["as_of"] == created
    assert "Two writers were found" not in str(told)
    early = station.ask("GET", f"{path}export/?at=2001-01-01T00:00:00Z")
    assert (early.status_code, early.json()["error"]["field"]) == (409, "at")


def test_forms_are_filled_in(station: Station, path: str) -> None:
    for number in ("201", "202", "214"):
        shown = station.ask("GET", f"{path}forms/{number}/")
        assert shown.status_code == 200, shown.text
        assert f"ICS {number}" in shown.text
    log = station.ask("GET", f"{path}forms/214/?format=markdown&of=Nobody").text
    assert "Nobody" in log
    assert "Two writers" not in log


@pytest.mark.parametrize(
    ("route", "status", "field"),
    [
        ("export/?format=pdf", 400, "format"),
        ("export/?at=yesterday", 400, "at"),
        ("forms/999/", 400, "number"),
        ("forms/201/?since=2999-01-01T00:00:00Z", 400, "since"),
    ],
)
def test_what_cannot_be_told_names_its_field(
    station: Station, path: str, route: str, status: int, field: str
) -> None:
    answer = station.ask("GET", f"{path}{route}")
    assert (answer.status_code, answer.json()["error"]["field"]) == (status, field)


def test_a_restricted_one_is_for_its_own_people(station: Station, path: str) -> None:
    station.ask("PUT", f"{path}restriction/", json={"readers": []})
    for route in ("impact/", "alike/", "export/", "export/?format=html", "forms/201/"):
        assert station.ask("GET", f"{path}{route}", headers=MALLORY).status_code == 409
        assert station.ask("GET", f"{path}{route}").status_code == 200
    assert station.ask("GET", "/crisis/incidents/INC-NONE/export/").status_code == 404

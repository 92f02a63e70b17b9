"""Response plans at the door: listed, checked, published, reset."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.planned import PlannedStation
from tests.domain.playbook.test_content import ACTION

ROUTE = "/crisis/playbooks/"
DRAFT: dict[str, Any] = {"name": "outage", "content": {"title": "Ours", "actions": [ACTION]}}


@pytest.fixture
def station(tmp_path: Path) -> Iterator[PlannedStation]:
    made = PlannedStation(tmp_path)
    try:
        yield made
    finally:
        made.close()


def test_plans_are_listed_published_and_reset(station: PlannedStation) -> None:
    listed = station.ask("GET", ROUTE).json()["results"]
    assert len(listed) == 8
    assert not any(one["is_own"] for one in listed)
    before = station.ask("GET", f"{ROUTE}outage/").json()
    made = station.ask("POST", ROUTE, json=DRAFT)
    assert made.status_code == 201
    assert (made.json()["title"], made.json()["is_own"]) == ("Ours", True)
    history = station.ask("GET", f"{ROUTE}outage/history/").json()["results"]
    assert [one["version_id"] for one in history] == [made.json()["version_id"]]
    assert station.ask("DELETE", f"{ROUTE}outage/").json() == {"withdrawn": 1}
    assert station.ask("GET", f"{ROUTE}outage/").json() == before


def test_what_is_shown_can_be_published(station: PlannedStation) -> None:
    shown = station.ask("GET", f"{ROUTE}ddos/").json()
    order = {"name": "ddos", "content": shown["content"] | {"title": "Ours"}}
    assert station.ask("POST", ROUTE, json=order).status_code == 201


def test_a_draft_is_checked_and_nothing_kept(station: PlannedStation) -> None:
    before = station.head()
    found = station.ask("POST", f"{ROUTE}check/", json=DRAFT).json()["findings"]
    assert {one["level"] for one in found} == {"error", "warning"}
    bad = DRAFT | {"content": {"title": "x", "actions": [ACTION | {"due": "soon"}]}}
    refused = station.ask("POST", f"{ROUTE}check/", json=bad)
    assert (refused.status_code, refused.json()["error"]["field"]) == (400, "actions[0].due")
    assert station.ask("GET", f"{ROUTE}flood/").status_code == 404
    assert station.ask("DELETE", f"{ROUTE}flood/").status_code == 404
    assert station.head() == before

"""Incidents as they are told: to whom they are for, and to everybody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crisisdesk.api.incident_views import incident_out
from crisisdesk.domain.incident import Incident

from tests.api.planned import PlannedStation


@pytest.fixture
def station(tmp_path: Path) -> Iterator[PlannedStation]:
    made = PlannedStation(tmp_path)
    try:
        yield made
    finally:
        made.close()


def test_nothing_of_it_is_told_to_others() -> None:
    words = "kept-from-others"
    one = Incident(
        incident_id="INC-1",
        title=words,
        description=words,
        severity="major",
        category="security",
        commander="Ana",
        response_team=[words],
        communication_lead=words,
        created_at=1,
        created_by="Ana",
        business_impact=words,
        financial_impact_cents=4_200,
        root_cause=words,
        resolution_summary=words,
        lessons_learned=words,
        alerts=[f"A-{words}"],
        crisis_type="data_breach",
        by_hand={"priority": words},
        restricted=True,
        readers=[words],
        overwritten=[{"value": words}],
    )
    told = incident_out(one, "Mallory", [one])
    assert words not in told.model_dump_json()
    assert "42.00" not in told.model_dump_json()
    assert (told.title, told.readable, told.restricted) == ("Restricted incident", False, True)
    assert (told.incident_commander, told.severity) == ("Ana", "major")
    assert incident_out(one, "ana").title == words


def test_a_restricted_incident_is_there_for_others_and_says_nothing(
    station: PlannedStation,
) -> None:
    made = station.opened(title="Whistle", restricted=True, readers=["Bo"])
    path = f"/crisis/incidents/{made['id']}/"
    station.ask("POST", f"{path}updates/", json={"title": "Whistle again"})
    assert (made["readable"], made["readers"]) == (True, ["Bo", "Zoë Ng"])
    assert station.ask("GET", path).json()["title"] == "Whistle"
    for asked in (station.by_other("GET", path), station.by_nobody(path)):
        assert asked.json()["title"] == "Restricted incident"
        assert not asked.json()["readable"]
    [listed] = station.by_other("GET", "/crisis/incidents/").json()["results"]
    assert "Whistle" not in str(listed)
    assert station.by_other("GET", "/crisis/incidents/?q=whistle").json()["results"] == []
    assert len(station.ask("GET", "/crisis/incidents/?q=whistle").json()["results"]) == 1
    for more in ("updates/", "history/", "tasks/", "plan/"):
        assert station.by_other("GET", path + more).status_code == 409, more
        assert station.by_nobody(path + more).status_code == 409, more
        assert station.ask("GET", path + more).status_code == 200, more
    for method, more, body in (
        ("PATCH", "", {"title": "x"}),
        ("PATCH", "", {"status": "resolved"}),
        ("POST", "updates/", {"title": "x"}),
        ("DELETE", "restriction/", None),
    ):
        assert station.by_other(method, path + more, json=body).status_code == 409, more


def test_the_feed_gives_no_body_of_what_is_restricted(station: PlannedStation) -> None:
    from crisisdesk.api.feed import _batch

    made = station.opened(title="Whistle", restricted=True)
    station.ask("POST", f"/crisis/incidents/{made['id']}/updates/", json={"title": "Whistle"})
    station.opened(title="Open to all")
    rows = station.reader(lambda reader: _batch(0, reader))
    bodies = b"".join(body for _pos, _raw, body in rows)
    assert b"Whistle" not in bodies
    assert b"Open to all" in bodies
    assert len(rows) == station.head()

"""The client's calls about incidents, against the real application."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crisisdesk.api.incident_calls import IncidentCalls

from tests.api.called import Called
from tests.api.planned import PlannedStation


class Calls(Called[PlannedStation], IncidentCalls):
    """Asks a station of the tests."""


@pytest.fixture
def calls(tmp_path: Path) -> Iterator[Calls]:
    station = PlannedStation(tmp_path)
    try:
        yield Calls(station)
    finally:
        station.close()


def test_every_call_leads_somewhere(calls: Calls) -> None:
    a, b = (calls.open_incident(title, "major")["id"] for title in "ab")
    assert {one["id"] for one in calls.incidents()["results"]} == {a, b}
    assert calls.merge_incident(b, a, "same")["parts"] == [b]
    assert calls.unmerge_incident(b)["part_of"] is None
    assert calls.restrict_incident(a, ["Bo"], "names")["restricted"]
    assert not calls.unrestrict_incident(a)["restricted"]
    assert calls.incident_plan(a)["playbook"]["name"] == "outage"
    calls.set_incident_channel(a, "War room", "bridge", address="tel:+1234")
    assert "tel:+1234" in [one["address"] for one in calls.incident_channels(a)]
    left = calls.remove_incident_channel(a, "war room")["results"]
    assert all(one["plan"] and not one["address"] for one in left)
    alert = calls.station.raised()["id"]
    assert calls.link_alert(a, alert)["alerts"] == [alert]
    made = calls.split_incident(a, [alert], title="Apart")
    assert (made["title"], calls.incident(a)["alerts"]) == ("Apart", [])
    assert calls.unlink_alert(made["id"], alert)["alerts"] == []
    posted = calls.post_update(a, "Seen")["update_id"]
    assert calls.edit_update(a, posted, title="Not seen")["title"] == "Not seen"
    assert [u["title"] for u in calls.updates(a)["results"]] == ["Not seen"]
    assert calls.incident_status(a, "resolved", "over")["status"] == "resolved"
    assert calls.reopen_incident(a, "back")["status"] == "investigating"
    assert calls.incident_history(a)[0]["kind"] == "incident.opened"
    assert calls.edit_incident(a, title="A")["title"] == "A"

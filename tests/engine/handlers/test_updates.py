"""Timeline entries through the engine: on the whole incident, and their edits."""

from __future__ import annotations

import pytest

from crisisdesk.domain.errors import Conflict, Malformed
from crisisdesk.domain.update import IncidentUpdate
from crisisdesk.engine import commands as c
from crisisdesk.engine.incident_commands import MergeIncident, RestrictIncident

from tests.store.workload import Station


@pytest.fixture
def opened(station: Station) -> str:
    made: str = station.do(c.OpenIncident(title="Orders split", severity="critical"))[0]
    return made


def test_what_is_part_of_another_one_takes_no_entries(station: Station, opened: str) -> None:
    whole = station.do(c.OpenIncident(title="All", severity="critical"))[0]
    station.do(MergeIncident(incident_id=opened, into=whole))
    [refused] = station.do(c.PostUpdate(incident_id=opened, title="x"))
    assert isinstance(refused, Conflict)
    assert whole in refused.remedy


def test_a_restricted_one_is_edited_by_those_it_is_for(station: Station, opened: str) -> None:
    [update_id] = station.do(c.PostUpdate(incident_id=opened, title="Seen"))
    station.do(RestrictIncident(incident_id=opened, restricted=True))
    edit = c.EditUpdate(update_id=update_id, changes={"title": "Not seen"})
    [refused] = station.do(edit, actor="Mallory")
    assert isinstance(refused, Conflict)
    [refused] = station.do(c.PostUpdate(incident_id=opened, title="x"), actor="Mo")
    assert isinstance(refused, Conflict)
    station.do(edit)
    state = station.bench.get(update_id)
    assert isinstance(state, IncidentUpdate)
    assert state.title == "Not seen"


def test_what_lies_ahead_and_unknown_fields_are_refused(station: Station, opened: str) -> None:
    ahead = c.PostUpdate(incident_id=opened, title="x", happened_at=station.now_ms + 120_000)
    odd = c.PostUpdate(incident_id=opened, title="x", update_type="song")
    refused = station.do(ahead, odd)
    assert [r.field for r in refused if isinstance(r, Malformed)] == ["happened_at", "update_type"]

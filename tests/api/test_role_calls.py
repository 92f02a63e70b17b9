"""The client's calls about roles and decisions, against the real application."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crisisdesk.api.calls import Json
from crisisdesk.api.role_calls import RoleCalls

from tests.api.called import Called
from tests.api.planned import PlannedStation


class Calls(Called[PlannedStation], RoleCalls):
    """The calls, asking a station of the tests as whoever ``operator`` is."""


@pytest.fixture
def calls(tmp_path: Path) -> Iterator[Calls]:
    station = PlannedStation(tmp_path)
    told = Calls(station)
    told.operator = "Zoe"
    try:
        yield told
    finally:
        station.close()


def holders(told: Json, role: str) -> list[str]:
    return [h["who"] for one in told["results"] if one["role"] == role for h in one["holders"]]


def test_every_call_about_roles_leads_somewhere(calls: Calls) -> None:
    incident = calls.station.opened(incident_commander="Zoe")["id"]
    calls.station.ask("POST", "/crisis/contacts/", json={"name": "Bo", "methods": []})
    assert holders(calls.assume_role(incident, "scribe", "Cy"), "scribe") == ["Cy"]
    assert holders(calls.renounce_role(incident, "scribe", "Cy"), "scribe") == []
    brief = calls.draft_brief(incident, "commander")
    for _ in range(3):
        calls.offer_role(incident, "commander", "Bo", brief)
        assert holders(calls.withdraw_role(incident, "commander"), "commander") == ["Zoe"]
    calls.offer_role(incident, "commander", "Bo", brief, within_s=600)
    calls.operator = "Bo"
    assert holders(calls.decline_role(incident, "commander", "x"), "commander") == ["Zoe"]
    calls.operator = "Zoe"
    calls.offer_role(incident, "commander", "Bo", brief)
    calls.operator = "Bo"
    assert holders(calls.accept_role(incident, "commander", "I have it"), "commander") == ["Bo"]
    assert holders(calls.roles(incident), "commander") == ["Bo"]


def test_every_call_about_decisions_leads_somewhere(calls: Calls) -> None:
    incident = calls.station.opened()["id"]
    made = calls.log_decision(incident, "Fail over", risk="4 s")["decision_id"]
    assert calls.edit_decision(incident, made, risk="none")["risk"] == "none"
    [one] = calls.object_to_decision(incident, made, "too early")["objections"]
    told = calls.answer_objection(incident, made, one["objection"], "no")
    assert told["objections"][0]["answer"] == "no"
    assert calls.check_decision(incident, made, result="holds")["checks"][0]["result"] == "holds"
    assert calls.revert_decision(incident, made, "worse")["status"] == "reverted"
    assert [d["decision_id"] for d in calls.decisions(incident)] == [made]

"""What an incident makes of facts about plans, ranks, merging and restriction."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.incident import Incident, plan_key
from crisisdesk.domain.incident_fold import INCIDENT_KINDS, apply_incident

from tests.domain.events import JONAS, KLARA, Log
from tests.domain.test_incident import IncidentLog


def ranks(incident: Incident) -> tuple[str, str, str]:
    return incident.severity, incident.impact, incident.priority


def edit(log: Log, field: str, value: str, **more: Any) -> None:
    log.add("incident.edited", field=field, value=value, base="", **more)


def test_impact_and_priority_follow_the_severity() -> None:
    log = IncidentLog()
    assert ranks(log.incident()) == ("major", "medium", "p3")
    edit(log, "severity", "emergency")
    assert ranks(log.incident()) == ("emergency", "critical", "p1")
    assert log.incident().by_hand == {}


def test_what_was_set_by_hand_stays_until_it_is_taken_back() -> None:
    log = IncidentLog()
    edit(log, "impact", "critical", reason="all of the south")
    assert ranks(log.incident()) == ("major", "critical", "p2")
    edit(log, "priority", "p1", reason="the election is today")
    edit(log, "severity", "minor")
    assert ranks(log.incident()) == ("minor", "critical", "p1")
    assert log.incident().by_hand == {
        "impact": "all of the south",
        "priority": "the election is today",
    }
    edit(log, "priority", "")
    assert ranks(log.incident()) == ("minor", "critical", "p3")
    edit(log, "impact", "")
    assert ranks(log.incident()) == ("minor", "low", "p4")


def test_an_older_opening_says_by_its_values_what_was_set_by_hand() -> None:
    usual = IncidentLog(severity="critical", impact="high", priority="p2").incident()
    assert (ranks(usual), usual.by_hand) == (("critical", "high", "p2"), {})
    own = IncidentLog(severity="critical", impact="low", priority="p2").incident()
    assert (ranks(own), own.by_hand) == (("critical", "low", "p3"), {"impact": ""})


def test_severity_and_impact_set_apart_give_one_priority_on_both_sides() -> None:
    log = IncidentLog()
    edit(log, "severity", "critical")
    edit(log, "impact", "critical", reason="all")
    other = IncidentLog()
    edit(other, "impact", "critical", reason="all")
    edit(other, "severity", "critical")
    assert ranks(log.incident()) == ranks(other.incident()) == ("critical", "critical", "p1")


def test_of_two_versions_of_a_plan_the_first_is_kept() -> None:
    log = IncidentLog(crisis_type="outage")
    plan: dict[str, Any] = {"crisis_type": "outage", "tasks": 1}
    log.add("incident.planned", version_id="POL-1", severity="major", **plan)
    log.add("incident.planned", version_id="POL-2", severity="critical", **plan)
    incident = log.incident()
    assert incident.policies == {plan_key("outage"): "POL-1"}
    assert incident.planned_for == ["outage critical", "outage major"]


def test_of_two_merges_at_the_same_moment_the_first_stands() -> None:
    log = IncidentLog()
    log.add("incident.merged", into="INC-2", generation=1)
    log.add("incident.merged", into="INC-3", generation=1, actor=JONAS)
    assert (log.incident().merged_into, log.incident().also_done[-1]["into"]) == ("INC-2", "INC-3")
    log.add("incident.unmerged", into="", generation=2)
    assert log.incident().merged_into == ""


def test_what_was_absorbed_is_a_set() -> None:
    log = IncidentLog()
    for name in ("INC-3", "INC-2", "INC-3"):
        log.add("incident.absorbed", incident_id=name)
    assert log.incident().absorbed == ["INC-2", "INC-3"]
    log.add("incident.released", incident_id="INC-3")
    assert log.incident().absorbed == ["INC-2"]


@pytest.mark.parametrize("order", [(True, False), (False, True)])
def test_of_two_words_at_the_same_moment_fewer_see_it(order: tuple[bool, bool]) -> None:
    log = IncidentLog()
    for on in order:
        log.add("incident.restricted", restricted=on, readers=["Zoë"] if on else [], generation=1)
    assert (log.incident().restricted, log.incident().readers) == (True, ["Zoë"])


def test_readers_named_at_the_same_moment_are_those_whom_both_named() -> None:
    log = IncidentLog()
    log.add("incident.restricted", restricted=True, readers=["Ana", "Zoë"], generation=1)
    log.add("incident.restricted", restricted=True, readers=["Bo", "Zoë"], generation=1)
    assert log.incident().readers == ["Zoë"]
    log.add("incident.restricted", restricted=False, readers=[], generation=2)
    assert not log.incident().restricted


def test_a_restricted_one_is_for_those_who_work_on_it_and_its_readers() -> None:
    log = IncidentLog(commander=JONAS, response_team=["Bo"], restricted=True, readers=["Zoë"])
    incident = log.incident()
    for name in (KLARA, JONAS, "bo", "ZOË"):
        assert incident.may_see(name)
    assert not incident.may_see("Mallory")
    assert not incident.may_see("")
    assert IncidentLog().incident().may_see("Mallory")


def test_unknown_kinds_leave_it_as_it_is() -> None:
    incident = IncidentLog().incident()
    stranger = Log("INC-1").add("incident.sung", text="la")
    assert apply_incident(incident, stranger) is incident
    assert "incident.merged" in INCIDENT_KINDS

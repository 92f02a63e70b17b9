"""Response plans at work: the seed's case, pins, rising severities, and two stations at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crisisdesk.domain.errors import Malformed, NotFound
from crisisdesk.domain.incident import Incident, plan_key
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.domain.task import Task
from crisisdesk.engine import commands as c
from crisisdesk.engine.escalation_commands import PublishPolicy
from crisisdesk.engine.handlers.playbooks import follow_plan
from crisisdesk.engine.playbook_commands import ListPlaybooks, ResetPlaybook
from crisisdesk.engine.policy import Policy
from crisisdesk.settings.playbooks import shipped_plans
from crisisdesk.store.queries import StationReader

from tests.domain.playbook.test_content import ACTION, PLAN
from tests.store.workload import Station

MINUTE = 60_000


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    """A station with the plans that come with the program."""
    made = Station(tmp_path / "data", policy=Policy(playbooks=shipped_plans()))
    yield made
    made.close()


def tasks(station: Station, incident_id: str) -> dict[str, Task]:
    reader = StationReader(station.path)
    try:
        return {task.title: task for task in reader.tasks_of(incident_id)}
    finally:
        reader.close()


def incident(station: Station, incident_id: str) -> Incident:
    state = station.bench.get(incident_id)
    assert isinstance(state, Incident)
    return state


def test_a_critical_data_breach_asks_for_what_the_case_asks_for(station: Station) -> None:
    crisis = {"type": "data_breach", "detected_at": "2025-05-13T21:48:00", "severity": "critical"}
    detected = datetime.fromisoformat(crisis["detected_at"]).replace(tzinfo=UTC)
    detected_ms = round(detected.timestamp() * 1000)
    station.now_ms = detected_ms + 12 * MINUTE
    order = c.OpenIncident(
        title="Customer records were read",
        severity=crisis["severity"],
        category="security",
        crisis_type=crisis["type"],
        detected_at=detected_ms,
    )
    [incident_id] = station.do(order)
    one, found = incident(station, incident_id), tasks(station, incident_id)
    told = {
        title: (task.role, ((task.due_at or 0) - one.created_at) // MINUTE, task.phase)
        for title, task in found.items()
    }
    assert told["Isolate systems"] == ("operations_lead", 15, "containment")
    assert told["Notify legal team"] == ("liaison", 30, "stakeholder_communication")
    assert told["Engage PR team"] == ("communications_lead", 45, "stakeholder_communication")
    assert (one.detected_at, one.crisis_type) == (detected_ms, "data_breach")
    assert {task.phase for task in found.values()} == {
        "initial_response",
        "containment",
        "stakeholder_communication",
        "root_cause",
        "restoration",
        "review",
        "monitoring",
    }


def test_a_lesser_one_gets_the_rest_when_it_gets_worse(station: Station) -> None:
    [incident_id] = station.do(
        c.OpenIncident(title="Odd sign-in", severity="minor", category="security")
    )
    before = tasks(station, incident_id)
    assert "Isolate systems" in before
    assert "Engage PR team" not in before
    station.now_ms += 90 * MINUTE
    station.do(c.EditIncident(incident_id=incident_id, changes={"severity": "critical"}))
    after = tasks(station, incident_id)
    engaged = after["Engage PR team"]
    assert ((engaged.due_at or 0) - engaged.added_at) // MINUTE == 45
    assert {title: after[title] for title in before} == before
    assert incident(station, incident_id).planned_for == [
        "data_breach critical",
        "data_breach minor",
    ]
    station.do(c.EditIncident(incident_id=incident_id, changes={"severity": "minor"}))
    assert tasks(station, incident_id) == after
    assert follow_plan(station.bench, incident_id) == 0


def test_the_type_follows_from_the_category_unless_it_is_said(station: Station) -> None:
    orders = [
        c.OpenIncident(title="x", severity="minor", category=category, crisis_type=crisis_type)
        for category, crisis_type in (
            ("availability", None),
            ("data", None),
            ("other", None),
            ("availability", "ddos"),
            ("availability", ""),
        )
    ]
    made = station.do(*orders)
    assert [incident(station, one).crisis_type for one in made] == [
        "outage",
        "data_integrity",
        "",
        "ddos",
        "",
    ]
    assert tasks(station, made[2]) == tasks(station, made[4]) == {}
    [refused] = station.do(c.OpenIncident(title="x", severity="minor", crisis_type="flood"))
    assert isinstance(refused, Malformed)
    assert refused.field == "crisis_type"


def test_what_comes_with_the_program_is_published_when_it_is_followed(station: Station) -> None:
    [first, second] = station.do(
        c.OpenIncident(title="a", severity="minor"), c.OpenIncident(title="b", severity="minor")
    )
    pinned = {incident(station, one).policies[plan_key("outage")] for one in (first, second)}
    [version_id] = pinned
    version = station.bench.get(version_id)
    assert isinstance(version, PolicyVersion)
    assert version.content == shipped_plans()["outage"]


def test_what_people_publish_counts_for_incidents_declared_after(station: Station) -> None:
    [old] = station.do(c.OpenIncident(title="a", severity="minor"))
    own: dict[str, Any] = PLAN | {"title": "Ours", "actions": [ACTION | {"title": "Ring Kim"}]}
    [version_id] = station.do(PublishPolicy(name="outage", content=own))
    [new] = station.do(c.OpenIncident(title="b", severity="minor"))
    assert set(tasks(station, new)) == {"Ring Kim"}
    assert incident(station, new).policies[plan_key("outage")] == version_id
    station.do(c.EditIncident(incident_id=old, changes={"severity": "critical"}))
    assert "Ring Kim" not in tasks(station, old)
    [known] = station.do(ListPlaybooks())
    assert (known["outage"].is_own, known["outage"].version_id) == (True, version_id)
    assert station.do(ResetPlaybook(name="outage")) == [1]
    assert station.do(ListPlaybooks())[0]["outage"].is_own is False
    assert station.do(ResetPlaybook(name="outage")) == [0]
    assert isinstance(station.do(ResetPlaybook(name="insider"))[0], NotFound)


def test_another_type_adds_its_own_tasks(station: Station) -> None:
    [incident_id] = station.do(c.OpenIncident(title="a", severity="major"))
    before = tasks(station, incident_id)
    station.do(c.EditIncident(incident_id=incident_id, changes={"crisis_type": "ransomware"}))
    after = tasks(station, incident_id)
    assert "Take the backups off the network" in after
    assert set(before) < set(after)
    assert set(incident(station, incident_id).policies) == {
        plan_key("outage"),
        plan_key("ransomware"),
    }

"""The plans that come with the program: whole, readable, and with what a breach asks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from crisisdesk.domain.incident import CRISIS_TYPE_OF
from crisisdesk.domain.playbook.checking import check_playbook
from crisisdesk.domain.playbook.choosing import actions_for
from crisisdesk.domain.playbook.content import read_playbook
from crisisdesk.domain.severity import IncidentSeverity
from crisisdesk.domain.task import PHASES
from crisisdesk.settings.playbooks import plans_in, shipped_plans

NAMES = {
    "data_breach",
    "data_integrity",
    "ddos",
    "lost_comms",
    "outage",
    "physical",
    "ransomware",
    "third_party",
}


def test_there_is_a_plan_for_every_type_that_a_category_means() -> None:
    assert set(shipped_plans()) == NAMES
    assert set(CRISIS_TYPE_OF.values()) <= NAMES


@pytest.mark.parametrize("name", sorted(NAMES))
def test_each_plan_is_whole(name: str) -> None:
    plan = read_playbook(name, shipped_plans()[name])
    assert plan.shipped
    assert {action.phase for action in plan.actions} == set(PHASES)
    # Procedures are named; which of them are written is each station's own affair.
    procedures = {*plan.procedures, *(a.procedure for a in plan.actions)}
    assert [f.words for f in check_playbook(plan, procedures)] == []
    assert plan.summary
    assert plan.roles
    assert plan.channels
    assert plan.templates
    assert plan.clocks
    for severity in IncidentSeverity:
        assert len(actions_for(plan, severity)) >= 5


def test_a_critical_data_breach_asks_for_the_press_and_a_lesser_one_does_not() -> None:
    plan = read_playbook("data_breach", shipped_plans()["data_breach"])
    titles = {
        severity: {action.title for _place, action in actions_for(plan, severity)}
        for severity in IncidentSeverity
    }
    always = {"Isolate systems", "Notify legal team"}
    assert all(always <= found for found in titles.values())
    engaged = {severity for severity, found in titles.items() if "Engage PR team" in found}
    assert engaged == {"critical", "emergency"}


def test_a_file_that_is_named_otherwise_than_its_plan_is_refused(tmp_path: Path) -> None:
    (tmp_path / "outage.yaml").write_text("name: other\ntitle: x\n", encoding="utf-8")
    with pytest.raises(ValueError, match="holds no plan named outage"):
        plans_in(tmp_path)

"""What a plan will do, said before it is chosen."""

from __future__ import annotations

from typing import Any

from crisisdesk.desk.incidents.plan_words import (
    BY_CATEGORY,
    PlanChoice,
    read_plans,
    type_of,
    will_do,
)
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.settings.playbooks import shipped_plans

ACTION = {"title": "Call", "phase": "containment", "role": "scribe", "due": "15m"}


class Published:
    """A reader that knows these published plans."""

    def __init__(self, **contents: dict[str, Any]) -> None:
        self._versions = [
            PolicyVersion(
                version_id=f"POL-{name}", name=name, content=content, published_at=1,
                published_by="Klára Langová",
            )
            for name, content in contents.items()
        ]  # fmt: skip

    def policies(self) -> list[PolicyVersion]:
        return self._versions


def plans(reader: Any) -> dict[str, PlanChoice]:
    return {plan.name: plan for plan in read_plans(reader)}


def test_shipped_and_published_plans_can_be_chosen():
    own = {
        "kind": "playbook",
        "title": "Flood",
        "actions": [
            {"id": "a", **ACTION},
            {"id": "b", **ACTION, "severities": ["emergency"], "role": "commander"},
        ],
    }
    found = plans(Published(flood=own, storm={"kind": "playbook", "of": "a later form"}))
    assert set(found) == {"flood", "storm", *shipped_plans()}
    assert list(found) == sorted(found, key=lambda name: found[name].word.casefold())
    assert will_do(found, "flood", "major") == "Flood: 1 task, 1 role."
    assert will_do(found, "flood", "emergency") == "Flood: 2 tasks, 2 roles."
    assert "newer form" in will_do(found, "storm", "major")
    assert will_do(found, "outage", "major").startswith(f"{found['outage'].word}: ")
    assert will_do(found, "outage", "major") != will_do(found, "outage", "emergency")


def test_no_plan_and_an_unknown_one_are_said():
    assert will_do({}, "", "major") == "No response plan: no tasks are written down."
    assert will_do({}, "sea_monster", "major") == "No plan is known here for sea monster."


def test_the_category_chooses_unless_something_is_said():
    assert type_of(BY_CATEGORY, "security") == "data_breach"
    assert type_of(BY_CATEGORY, "other") == ""
    assert type_of("ddos", "security") == "ddos"
    assert type_of("", "security") == ""

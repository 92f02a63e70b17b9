"""Which plan counts, and which of its actions an incident is given."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.ids import policy_version_id_of
from crisisdesk.domain.playbook.choosing import actions_for, in_force, is_own
from crisisdesk.domain.playbook.content import read_playbook
from crisisdesk.domain.policy_version import PolicyVersion

from tests.domain.playbook.test_content import ACTION, PLAN

SHIPPED: dict[str, dict[str, Any]] = {"data_breach": PLAN | {"shipped": True}}


def version(name: str, content: dict[str, Any], at: int, **more: Any) -> PolicyVersion:
    version_id = policy_version_id_of(name, content)
    return PolicyVersion(version_id=version_id, name=name, content=content, published_at=at, **more)


def test_what_comes_with_the_program_counts_until_people_publish() -> None:
    [one] = in_force((), SHIPPED).values()
    assert (one.is_own, one.is_published, one.content) == (False, False, SHIPPED["data_breach"])
    followed = version("data_breach", SHIPPED["data_breach"], 1)
    [one] = in_force([followed], SHIPPED).values()
    assert (one.is_own, one.is_published, one.version_id) == (False, True, followed.version_id)
    own = version("data_breach", PLAN | {"title": "Ours"}, 2)
    later = version("data_breach", SHIPPED["data_breach"] | {"edition": 2}, 3)
    [one] = in_force([followed, own, later], SHIPPED).values()
    assert (one.is_own, one.version_id) == (True, own.version_id)
    assert (is_own(own), is_own(later)) == (True, False)


def test_what_people_withdrew_leaves_what_was_before() -> None:
    own = version("data_breach", PLAN | {"title": "Ours"}, 2, withdrawn_at=3)
    assert in_force([own], SHIPPED)["data_breach"].is_own is False
    assert in_force([own], {}) == {}


def test_types_of_their_own_count_beside_the_others() -> None:
    insider = version("insider", PLAN, 1)
    other = version("mail", {"kind": "escalation"}, 2)
    assert list(in_force([insider, other], SHIPPED)) == ["data_breach", "insider"]


def test_actions_come_in_the_order_of_the_phases() -> None:
    actions = [
        ACTION | {"id": "review", "phase": "review"},
        ACTION | {"id": "first", "phase": "initial_response"},
        ACTION | {"id": "late", "severities": ["emergency"]},
        ACTION,
    ]
    plan = read_playbook("data_breach", PLAN | {"actions": actions})

    def ids(severity: str, *taken: str) -> list[str]:
        return [action.action_id for _place, action in actions_for(plan, severity, taken)]

    assert ids("major") == ["first", "isolate", "review"]
    assert ids("emergency", "isolate") == ["first", "late", "review"]

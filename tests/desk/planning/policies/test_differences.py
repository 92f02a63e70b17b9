"""What changed between two versions is said in words, and nothing is passed over."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from crisisdesk.desk.planning.policies.content import Content, Target
from crisisdesk.desk.planning.policies.differences import FIRST, ONLY_WRITING, SAME, changes
from crisisdesk.domain.escalation.policy import read_policy

from tests.desk.planning.policies.test_content import CONTENTS


def name(target: Target) -> str:
    return str(next(iter(target.values())))


def step(*people: str, **more: Any) -> Content:
    return {"to": [{"contact": one} for one in people], **more}


def policy(*steps: Content, **more: Any) -> Content:
    return {"kind": "escalation", "steps": list(steps), **more}


def told(old: Content, new: Content) -> list[str]:
    return changes(old, new, name)


def test_fields_say_what_they_are_and_were() -> None:
    old, new = policy(step("A")), policy(step("A"), **{"for": "service=db", "place": 3})
    assert told(old, new) == [
        "Matches service=db, before every alert.",
        "Place 3, before 0.",
    ]
    assert told(new | {"repeat": 2, "otherwise": [{"contact": "B"}]}, new) == [
        "Repeats 0, before 2.",
        "A step that finds nobody pages True, before B.",
    ]


def test_a_step_that_changed_says_how() -> None:
    old = policy(step("A", "B", wait_s=300), step("C"))
    assert told(old, policy(step("A", "D", wait_s=600, ack="all"), step("C"))) == [
        "Step 1 also pages D.",
        "Step 1 no longer pages B.",
        "Step 1 waits 10 min, before 5 min.",
        "Step 1 now: everybody in it must answer.",
    ]
    assert told(old, policy(step("B", "A"), step("C"))) == ["Step 1 pages B, A, in another order."]


def test_steps_that_come_go_and_move_are_told_apart() -> None:
    a, b, c = step("A"), step("B", wait_s=60), step("C")
    assert told(policy(a, b), policy(a, c, b)) == ["Step 2 is new: pages C, waits 5 min."]
    assert told(policy(a, b, c), policy(a, c)) == [
        "Step 2 of before is gone: pages B, waits 1 min."
    ]
    assert told(policy(a, b, c), policy(c, a, b)) == ["Step 3 became step 1."]


def test_the_first_and_the_same_say_so() -> None:
    content = policy(step("A"))
    assert changes(None, content, name) == [FIRST]
    assert told(content, content) == [SAME]
    assert told(content, content | {"for": "  ", "repeat": 0}) == [ONLY_WRITING]


def test_what_is_no_policy_is_said_to_be_none() -> None:
    [words] = told({"steps": "x"}, policy(step("A")))
    assert "no policy" in words


@given(old=CONTENTS, new=CONTENTS)
def test_two_policies_that_run_differently_are_never_called_the_same(
    old: Content, new: Content
) -> None:
    differ = read_policy("N", old) != read_policy("N", new)
    said = changes(old, new, name)
    assert said
    if differ:
        assert not {SAME, ONLY_WRITING, FIRST} & set(said)

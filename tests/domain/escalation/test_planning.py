"""Steps: who is meant, who is paged instead, when the next one is due, for ever."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.escalation.planning import (
    AGAIN_MS,
    NOBODY_MS,
    NOBODY_ROUND_MS,
    WAIT_MS,
    Directory,
    find,
    plan,
    take_step,
)
from crisisdesk.domain.escalation.policy import EVERYONE
from crisisdesk.domain.severity import Severity

from tests.domain.escalation.people import (
    EVERYBODY,
    MINUTE,
    START,
    contact,
    directory,
    person,
    policy,
)

DAY = 86_400_000


def test_every_kind_of_target_finds_its_people_each_once() -> None:
    people = directory(
        person("A"), person("B", groups=["DBA"]), person("C", groups=["DBA"]), Night=["A", "B"]
    )
    told = policy([{"schedule": "Night"}, {"group": "DBA"}, contact("A")])
    found, why = find(told.steps[0].targets, "critical", people, START)
    assert (found, why) == (("C-A", "C-B", "C-C"), "")
    everyone, _ = find(policy([EVERYBODY]).steps[0].targets, "critical", people, START)
    assert everyone == ("C-A", "C-B", "C-C")


def test_who_takes_no_such_page_is_not_counted() -> None:
    people = directory(person("A", severity="emergency"), person("B", enabled=False))
    found, why = find(policy([contact("A"), contact("B")]).steps[0].targets, "high", people, START)
    assert found == ()
    assert "A cannot be paged for severity high" in why
    assert "B cannot be paged" in why


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ({"schedule": "Empty"}, "nobody is on call by Empty"),
        ({"schedule": "Gone"}, "there is no schedule Gone"),
        ({"group": "None"}, "nobody is in group None"),
        ({"contact": "C-Z"}, "C-Z cannot be paged"),
    ],
)
def test_a_step_in_vain_pages_those_instead_and_says_why(target: dict[str, str], why: str) -> None:
    people = directory(person("A"), person("B"), Empty=[])
    taken = take_step(policy([target]), 1, "critical", people, START)
    assert taken.contacts == ("C-A", "C-B")
    assert why in taken.words
    assert "paged instead: everyone" in taken.words
    other = policy([target], otherwise=[contact("B")])
    assert take_step(other, 1, "critical", people, START).contacts == ("C-B",)


def test_where_nobody_can_be_reached_the_next_step_comes_soon() -> None:
    told = policy({"to": [contact("A")], "wait_s": 3_600}, {"to": [EVERYBODY], "wait_s": 3_600})
    taken = take_step(told, 1, "critical", directory(), START)
    assert (taken.contacts, taken.due) == ((), START + NOBODY_MS)
    last = take_step(told, 2, "critical", directory(), START)
    assert last.due == START + NOBODY_ROUND_MS, "not every half minute all night"
    assert "nobody else can be reached" in taken.words


def test_steps_repeat_and_then_go_on_at_the_pace_of_the_severity() -> None:
    people = directory(person("A"), person("B"))
    told = policy([contact("A")], {"to": [contact("B")], "wait_s": 60}, repeat=1)
    taken = plan(told, "critical", people, START, for_ms=60 * MINUTE)
    assert [
        (t.number, t.round, t.step, t.contacts[0], (t.at - START) // MINUTE) for t in taken
    ] == [
        (1, 1, 1, "C-A", 0),
        (2, 1, 2, "C-B", 5),
        (3, 2, 1, "C-A", 6),
        (4, 2, 2, "C-B", 11),
        (5, 3, 1, "C-A", 26),
        (6, 3, 2, "C-B", 31),
        (7, 4, 1, "C-A", 46),
        (8, 4, 2, "C-B", 51),
    ]


@pytest.mark.parametrize("severity", list(Severity))
def test_the_first_page_waits_for_what_may_go_away_by_itself(severity: Severity) -> None:
    people = directory(person("A", severity="low"))
    first = plan(EVERYONE, severity, people, START, for_ms=DAY)[0]
    assert first.at - START == WAIT_MS[severity]
    assert WAIT_MS["critical"] == WAIT_MS["emergency"] == 0


def test_all_hands_need_more_than_one_pair() -> None:
    people = directory(person("A"), person("B"))
    told = {"to": [contact("A"), contact("B")], "ack": "all"}
    assert take_step(policy(told), 1, "critical", people, START).all_hands
    alone = policy({"to": [contact("A")], "ack": "all"})
    assert not take_step(alone, 1, "critical", people, START).all_hands


TARGETS = st.sampled_from([contact("A"), contact("B"), contact("Z"), EVERYBODY, {"group": "G"}])
STEPS = st.lists(
    st.fixed_dictionaries(
        {
            "to": st.lists(TARGETS, min_size=1, max_size=3),
            "wait_s": st.integers(30, 7 * 86_400),
            "ack": st.sampled_from(["one", "all"]),
        }
    ),
    min_size=1,
    max_size=5,
)
PEOPLE: list[Directory] = [
    directory(),
    directory(person("A")),
    directory(person("A"), person("B", groups=["G"])),
]


@given(STEPS, st.integers(0, 9), st.sampled_from(list(Severity)), st.sampled_from(PEOPLE))
def test_there_is_always_a_next_moment_and_nobody_reachable_is_left_out(
    steps: list[dict[str, object]], repeat: int, severity: Severity, people: Directory
) -> None:
    told = policy(*steps, repeat=repeat)
    taken = plan(told, severity, people, START, for_ms=30 * DAY)
    assert taken
    longest = max(step.wait_ms for step in told.steps)
    for number, one in enumerate(taken, start=1):
        assert one.number == number
        assert one.at < one.due <= one.at + max(longest, AGAIN_MS[severity], NOBODY_MS)
        # Somebody is paged at every step as long as anybody takes pages at all.
        assert bool(one.contacts) is bool(people.reachable(severity, one.at))
    for before, after in pairwise(taken):
        assert after.at == before.due

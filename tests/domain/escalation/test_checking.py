"""The linter names what would leave somebody unreached, and the choice of a policy is certain."""

from __future__ import annotations

import pytest

from crisisdesk.domain.escalation.checking import Surroundings, check, choose
from crisisdesk.domain.escalation.policy import EVERYONE

from tests.domain.escalation.people import (
    EVERYBODY,
    START,
    contact,
    directory,
    person,
    policy,
)

HOUR = 3_600_000
PEOPLE = directory(person("A", "sms", "mailto"), person("B", "sms"), Night=["A"], Empty=[])


def words(told: object, around: Surroundings | None = None) -> list[str]:
    found = check(told, around or Surroundings(people=PEOPLE), START)  # type: ignore[arg-type]
    return [f"{one.level} {one.field}: {one.words}" for one in found]


def test_a_sound_policy_has_no_findings() -> None:
    assert words(policy([{"schedule": "Night"}], [contact("B")], repeat=2)) == []


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (policy([contact("Z")], [EVERYBODY]), "warning steps[0].to[0]: C-Z cannot be paged"),
        (policy([contact("Z")], [EVERYBODY]), "warning steps[0]: reaches nobody now"),
        (policy([{"schedule": "Gone"}], [EVERYBODY]), "there is no schedule Gone"),
        (policy([EVERYBODY], otherwise=[contact("Z")]), "error otherwise: nobody would be"),
        (policy([contact("A")], [contact("A")], [contact("B")]), "pages the same as the step"),
        (policy([contact("A")], repeat=9), "only one person is paged within 30 min"),
        (policy([contact("B")], [contact("B")]), "every page goes by sms"),
    ],
)
def test_what_is_wrong_is_found(told: object, expected: str) -> None:
    assert any(expected in one for one in words(told)), words(told)


def test_gaps_of_a_schedule_are_counted() -> None:
    around = Surroundings(
        people=PEOPLE, gaps=lambda _name, start, _end: [(start, start + 90 * 60_000)]
    )
    found = words(policy([{"schedule": "Night"}], [contact("B")]), around)
    [gap] = found
    assert gap.endswith("nobody is on call by Night for 1.5 h of the next 30 days (1 gap)")


def test_a_policy_behind_one_that_takes_all_is_never_run() -> None:
    first = policy([EVERYBODY], name="All", place=1)
    mine = policy([EVERYBODY], name="Mine", place=2, **{"for": "service=db"})
    around = Surroundings(people=PEOPLE, others=[first])
    assert any("never run: All (place 1)" in one for one in words(mine, around))
    ahead = policy([EVERYBODY], name="Mine", place=0, **{"for": "service=db"})
    assert not any("never run" in one for one in words(ahead, around))


def test_errors_come_first() -> None:
    told = policy([contact("Z")], otherwise=[contact("Z")])
    assert words(told)[0].startswith("error")


def test_the_lowest_place_and_then_the_name_is_chosen() -> None:
    db = policy([EVERYBODY], name="B", place=1, **{"for": "service=db"})
    web = policy([EVERYBODY], name="A", place=1, **{"for": "service=web"})
    rest = policy([EVERYBODY], name="Rest", place=9)
    known = {"3": rest, "2": web, "1": db}
    assert choose(known, lambda p: p.matching == "service=web") == ("2", web)
    assert choose(known, lambda _p: True) == ("2", web)
    assert choose(known, lambda _p: False) == ("3", rest)
    assert choose({}, lambda _p: True) is None
    assert EVERYONE.place > 999, "the built-in one comes behind all others"

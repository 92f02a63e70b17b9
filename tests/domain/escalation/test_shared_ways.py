"""Steps and people whom one thing takes out whole are named, with what it is."""

from __future__ import annotations

from crisisdesk.domain.channel_dependencies import Dependencies
from crisisdesk.domain.contact import ContactMethod
from crisisdesk.domain.escalation.checking import Surroundings, check
from crisisdesk.domain.escalation.shared_ways import shared, steps_that_hang_on_one

from tests.domain.escalation.people import START, contact, directory, person, policy

MODEM = Dependencies([{"sms": ("-internet", "-dns")}])
PEOPLE = directory(
    person("A", "email", "slack"), person("B", "sms", "email"), person("C", "desktop")
)


def words(*steps: list[dict[str, str]], needs: Dependencies = MODEM) -> list[str]:
    told = steps_that_hang_on_one(policy(*steps), PEOPLE, needs, "critical", START)
    return [f"{field}: {said.partition(';')[0]}" for field, said in told]


def test_a_step_that_hangs_on_one_thing_is_told_with_it() -> None:
    assert words([contact("A")]) == ["steps[0]: everyone in step 1 hangs on internet and dns"]
    assert words([contact("B")]) == []
    assert words([contact("C")]) == []
    # SMS through a provider on the internet is no way around it.
    assert words([contact("B")], needs=Dependencies()) == [
        "steps[0]: everyone in step 1 hangs on internet and dns"
    ]


def test_steps_of_the_same_are_told_together_and_a_person_where_the_step_does_not() -> None:
    assert words([contact("A")], [contact("A")]) == [
        "steps: everyone in steps 1 and 2 hangs on internet and dns"
    ]
    assert words([contact("B"), contact("A")]) == [
        "steps[0]: all ways to A hang on internet and dns"
    ]


def test_the_check_warns_of_it_where_it_knows_what_ways_need() -> None:
    told = policy([contact("A")], [contact("B")])
    around = Surroundings(people=PEOPLE, dependencies=MODEM)
    found = [one for one in check(told, around, START) if "hangs on" in one.words]
    assert [(one.level, one.field) for one in found] == [("warning", "steps[0]")]
    assert not any("hang" in one.words for one in check(told, Surroundings(people=PEOPLE), START))


def test_nothing_is_shared_by_no_method_or_with_one_that_needs_nothing() -> None:
    email, desktop = (
        ContactMethod(method_id="m", channel=channel, label="", masked="x")
        for channel in ("email", "desktop")
    )
    assert shared([], MODEM) == ()
    assert shared([email], MODEM) == ("mail-relay", "internet", "dns")
    assert shared([email, desktop], MODEM) == ()

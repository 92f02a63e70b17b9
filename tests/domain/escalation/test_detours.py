"""A plan goes around what is out as pages do, and says which steps reach nobody."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.channel_dependencies import Dependencies
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.escalation.detours import Detour, Gone, detour, lost_steps
from crisisdesk.domain.escalation.planning import TakenStep
from crisisdesk.domain.rehearsal import by_id
from crisisdesk.domain.routing import route

from tests.domain.escalation.people import START, person

# SMS by an own modem needs neither.
NEEDS = Dependencies([{"sms": ("-internet", "-dns")}])
OUT = {"dns": Gone()}
PEOPLE = by_id([person("A", "email", "sms"), person("B", "email", "slack"), person("C", "sms")])


def step(*names: str, number: int = 1, index: int = 1, at: int = START) -> TakenStep:
    contacts = tuple(f"C-{name}" for name in names)
    return TakenStep(number=number, step=index, round=1, at=at, due=at + 1, contacts=contacts)


def go(taken: TakenStep, out: Mapping[str, Gone]) -> Detour:
    return detour(taken, PEOPLE, NEEDS, out, "critical")


def test_who_has_another_way_is_paged_by_it() -> None:
    assert go(step("A"), OUT) == Detour(words="A by SMS instead of mail")
    assert go(step("A"), {}) == Detour()
    assert go(step("C"), OUT) == Detour(), "the usual way needs nothing of it"


def test_who_has_none_is_told_and_a_step_of_such_people_reaches_nobody() -> None:
    assert go(step("A", "B"), OUT) == Detour(
        words="A by SMS instead of mail; B has no way without dns"
    )
    assert go(step("B"), OUT) == Detour(words="B has no way without dns", missing=("dns",))
    assert go(step(), OUT) == Detour(), "a step that finds nobody is told by its own words"


def test_an_outage_counts_until_its_end() -> None:
    out = {"dns": Gone(until=START + 60_000)}
    assert go(step("B", at=START + 59_999), out).missing == ("dns",)
    assert go(step("B", at=START + 60_000), out) == Detour()


def test_a_step_that_reaches_nobody_is_found_once_in_all_rounds() -> None:
    taken = [step("B"), step("A", number=2, index=2), step("B", number=3)]

    def found(out: Mapping[str, Gone]) -> list[tuple[str, str, str]]:
        around = [go(one, out) for one in taken]
        return [(f.level, f.field, f.words) for f in lost_steps(taken, around, out)]

    words = "reaches nobody while dns is out"
    assert found(OUT) == [("warning", "steps[0]", words)]
    assert found({"dns": Gone(supposed=True)}) == [("error", "steps[0]", words)]
    assert found({}) == []
    both = {"dns": Gone(), "internet": Gone()}
    assert found(both)[0][2].endswith("are out")


channels = st.lists(st.sampled_from(("email", "sms", "slack", "webhook")), unique=True, min_size=1)
gone = st.sets(st.sampled_from(("dns", "internet", "slack", "aws", "mail relay")))


@given(channels, gone)
def test_it_says_what_routing_does(names: list[str], out: set[str]) -> None:
    card: Contact = person("X", *names)
    routed = route(card.ways("critical", START), NEEDS, out)
    found = detour(step("X"), by_id([card]), NEEDS, dict.fromkeys(out, Gone()), "critical")
    assert found.missing == routed[0].missing
    usual = routed[0].method.channel == names[0]
    assert bool(found.words) == (bool(routed[0].missing) or not usual)

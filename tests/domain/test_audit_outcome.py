"""What the weekly audit says of those who may be paged."""

from __future__ import annotations

from crisisdesk.domain.audit_outcome import NAMED, Outcome, Unproven, on_call_within, outcome
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.reachability import Audit, Audited
from crisisdesk.domain.rota import Rota

from tests.domain.escalation.people import START
from tests.domain.test_rota import DAY, schedule, version


def audited(name: str, *findings: str, proven: bool = False) -> Audited:
    return Audited(
        contact_id=f"C-{name}",
        name=name,
        role="",
        proven_at=START if proven else None,
        is_proven=proven,
        findings=findings,
    )


def found_of(
    *people: Audited, rota: Rota | None = None, cards: tuple[Contact, ...] = ()
) -> Outcome:
    return outcome(Audit(people=people), rota or Rota([]), cards, START)


NIGHT = Rota([version("Night", schedule("A", "B"))])


def test_without_a_schedule_everybody_may_be_paged() -> None:
    found = found_of(audited("A", "nothing was ever sent to them"), audited("B", proven=True))
    assert found.title == "Reachability: 1 of 2 people has no proven way"
    assert found.severity == "low"
    assert found.description.splitlines()[0] == "A: nothing was ever sent to them"
    assert found_of(audited("A", "x")).severity == "medium", "nobody is left"


def test_with_schedules_only_those_on_call_within_the_week_count() -> None:
    people = (audited("A", proven=True), audited("B", "no time zone"), audited("C", "x"))
    found = found_of(*people, rota=NIGHT)
    assert found.title == "Reachability: 1 of 2 on-call people has no proven way"
    assert [one.name for one in found.unproven] == ["B"]
    both = found_of(audited("B", "x"), audited("A", "x"), rota=NIGHT)
    assert [one.name for one in both.unproven] == ["A", "B"], "the one who is on call now is first"


def test_who_is_on_call_and_cannot_be_paged_at_all_is_named() -> None:
    cards = (Contact(contact_id="C-A", name="Ann", enabled=False),)
    found = found_of(rota=NIGHT, cards=cards)
    assert {(one.name, one.why) for one in found.unproven} == {
        ("Ann", "is switched off"),
        ("C-B", "is in no contact list any more"),
    }
    assert found.headline == "2 of 2 on-call people have no proven way"


def test_who_is_on_call_from_when() -> None:
    found = on_call_within(NIGHT, START)
    assert set(found) == {"C-A", "C-B"}
    assert min(found.values()) == START
    assert START < max(found.values()) <= START + DAY
    assert on_call_within(Rota([]), START) == {}
    assert on_call_within(NIGHT, START, 1).keys() < found.keys()


def test_it_is_graver_the_sooner_they_are_on_call() -> None:
    def one(from_ms: int, people: int = 2) -> Outcome:
        lost = Unproven(name="Ann", why="x", from_ms=from_ms)
        return Outcome(people=people, unproven=(lost,), by_schedule=True, at=START)

    assert one(START).severity == "medium"
    assert one(START + DAY).severity == "low"
    assert one(START + DAY, people=1).severity == "medium"
    assert "Ann (on call now): x" in one(START).description
    assert "Ann (on call from " in one(START + DAY).description


def test_the_words_fit_every_count() -> None:
    assert found_of().headline == "there are no people"
    assert found_of(audited("A", proven=True)).headline == "1 person has a proven way"
    both = found_of(audited("A", proven=True), audited("B", proven=True))
    assert both.headline == "all 2 people have a proven way"


def test_many_are_counted_and_not_all_named() -> None:
    found = found_of(*(audited(f"P{n}", "x") for n in range(NAMED + 5)))
    lines = found.description.splitlines()
    assert lines[NAMED] == "and 5 more; crisisdesk reachability names all"
    assert len(lines) == NAMED + 2

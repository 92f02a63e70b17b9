"""What correlation has at hand: noted at once, taken up later, never more than it must keep."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from crisisdesk.domain.alert import AlertStatus
from crisisdesk.domain.correlation.candidate import Candidate, CandidateStatus
from crisisdesk.domain.correlation.rule import BUILT_IN
from crisisdesk.engine.related import NEWS_KEPT, Related

from tests.domain.correlation.making import START, alert
from tests.reliability.bench import MemoryJournal

RULE = next(rule for rule in BUILT_IN if rule.name == "same service")
PLACE = (RULE.name, (("service", "db"),))


def candidate(name: str = "CAN-1", **changes: Any) -> Candidate:
    plain = Candidate(
        candidate_id=name,
        rule=RULE.name,
        group={"service": "db"},
        template="{count}",
        opened_at=START,
        proposed_at=START,
        alerts=["A-1", "A-2"],
        worst="high",
    )
    return replace(plain, **changes)


def related(*states: Any) -> Related:
    journal = MemoryJournal("0" * 32, "S-1")
    journal.states = {getattr(s, "candidate_id", getattr(s, "alert_id", "")): s for s in states}
    made: Any = journal
    return Related(made)


def test_alerts_are_taken_up_once_and_their_groups_are_due() -> None:
    hand = related()
    for number in range(5):
        hand.note(f"A-{number}", alert(number))
    assert hand.catch_up(BUILT_IN, START, 3) == 3
    assert hand.catch_up(BUILT_IN, START, 3) == 2
    assert hand.take_groups(START - 1, 9) == []
    assert hand.take_groups(START, 9) == [PLACE]
    assert hand.take_groups(START, 9) == []
    members = hand.members(PLACE, RULE, START + 10_000)
    assert [member.alert_id for member in members] == [f"A-{n}" for n in range(5)]
    hand.note("A-0", None)
    hand.note("A-1", replace(alert(1), status=AlertStatus.RESOLVED))
    hand.catch_up(BUILT_IN, START, 9)
    assert len(hand.members(PLACE, RULE, START)) == 3


def test_what_began_long_ago_is_no_news() -> None:
    hand = related()
    hand.note("A-1", alert(1))
    hand.catch_up(BUILT_IN, START, 9)
    assert hand.members(PLACE, RULE, START + 899_999) != []
    assert hand.members(PLACE, RULE, START + 900_000) == []


def test_the_store_is_taken_up_first_and_what_was_noted_goes_over_it() -> None:
    hand = related(alert(1), alert(2), candidate())
    hand.note("A-2", replace(alert(2), severity="critical"))
    hand.keep("CAN-1", candidate(status=CandidateStatus.DISMISSED, rest_until=START + 9))
    hand.catch_up(BUILT_IN, START, 9)
    assert [m.severity for m in hand.members(PLACE, RULE, START)] == ["high", "critical"]
    assert [one.status for one in hand.holders(PLACE)] == ["dismissed"]


def test_what_an_open_candidate_or_an_incident_holds_is_not_free() -> None:
    hand = related(candidate())
    hand.note("A-4", replace(alert(4), incident_id="INC-1"))
    for number in (1, 3):
        hand.note(f"A-{number}", alert(number))
    hand.catch_up(BUILT_IN, START, 9)
    members = hand.members(PLACE, RULE, START)
    assert [member.alert_id for member in hand.free(RULE, members)] == ["A-3"]
    other = replace(RULE, name="Another")
    assert [member.alert_id for member in hand.free(other, members)] == ["A-1", "A-3"]
    hand.keep("CAN-1", None)
    assert [member.alert_id for member in hand.free(RULE, members)] == ["A-1", "A-3"]
    assert hand.holders(PLACE) == []


def test_rivals_share_a_group_or_an_alert_and_the_rule() -> None:
    first = candidate()
    same_group = candidate("CAN-2", alerts=["A-9"])
    same_alert = candidate("CAN-3", group={"storm": "yes"}, alerts=["A-2"])
    other_rule = candidate("CAN-4", rule="Another")
    gone = candidate("CAN-5", status=CandidateStatus.EXPIRED)
    hand = related(first, same_group, same_alert, other_rule, gone)
    hand.catch_up(BUILT_IN, START, 9)
    assert [one.candidate_id for one in hand.rivals(first)] == ["CAN-2", "CAN-3"]
    assert set(hand.take_candidates(START, 9)) == {f"CAN-{n}" for n in range(1, 6)}
    assert hand.proposed_since(RULE.name, START - 1) == 3
    assert hand.proposed_since(RULE.name, START) == 0
    hand.let_go("CAN-2")
    assert [one.candidate_id for one in hand.holders(PLACE)] == ["CAN-1"]


def test_a_candidate_is_due_again_when_one_of_its_alerts_changes() -> None:
    hand = related(candidate())
    hand.catch_up(BUILT_IN, START, 9)
    assert hand.take_candidates(START, 9) == ["CAN-1"]
    hand.note("A-1", replace(alert(1), status=AlertStatus.RESOLVED))
    hand.catch_up(BUILT_IN, START + 5, 9)
    assert hand.take_candidates(START + 4, 9) == []
    assert hand.take_candidates(START + 5, 9) == ["CAN-1"]


def test_notes_nobody_takes_up_do_not_pile_up() -> None:
    hand = related()
    for number in range(NEWS_KEPT + 10):
        hand.note(f"A-{number}", None)
    taken = 0
    while found := hand.catch_up(BUILT_IN, START, 7_000):
        taken += found
    assert taken == NEWS_KEPT


def test_other_rules_sort_the_same_alerts_anew() -> None:
    hand = related()
    hand.note("A-1", alert(1, place="Brno"))
    hand.catch_up(BUILT_IN, START, 9)
    assert len(hand.take_groups(START, 9)) == 2
    by_source = replace(RULE, name="Source", by=("source",))
    hand.catch_up([by_source], START, 9)
    assert hand.take_groups(START, 9) == [("Source", (("source", "test"),))]

"""The book of alert rules tells them apart by their ids."""

from __future__ import annotations

from crisisdesk.desk.planning.alert_rules.book import AlertRuleBook
from crisisdesk.desk.planning.alert_rules.reading import known_of

from tests.desk.planning.alert_rules.cases import DISK, NOW, version

LOW = {**DISK, "severity": "low"}


def book() -> AlertRuleBook:
    made = AlertRuleBook()
    made.take(known_of([version(1)]))
    made.select("name:RULE-DISK")
    return made


def test_a_rule_keeps_its_place_under_another_name() -> None:
    made = book()
    draft = made.working()
    assert draft is not None
    assert (draft.of, draft.began, draft.content) == ("RULE-DISK", "POL-RULE-DISK-1", DISK)
    renamed = draft._replace(name="Disks", content=LOW)
    made.put(renamed)
    assert (made.ident_of(renamed), made.replaces(renamed)) == ("RULE-DISK", False)
    made.sent("POL-RULE-DISK-2", renamed)
    made.take(known_of([version(1, gone=NOW + 2_000), version(2, LOW, name="Disks")]))
    assert (made.selected, made.is_draft()) == ("name:RULE-DISK", False)
    counts = made.counts()
    assert counts is not None
    assert counts.name == "Disks"


def test_a_new_one_is_opened_under_the_id_that_it_was_given() -> None:
    made = book()
    draft = made.begin("New", DISK, NOW)
    made.sent("POL-RULE-NEW-5", draft)
    made.take(known_of([version(1), version(5, rule_id="RULE-NEW", name="New")]))
    assert made.selected == "name:RULE-NEW"
    assert made.listed() == []


def test_a_removed_one_can_be_taken_up_and_its_draft_knows_of_what() -> None:
    made = book()
    made.take(known_of([version(1, gone=NOW + 9_000)]))
    assert (made.selected, made.counts()) == ("gone:RULE-DISK", None)
    draft = made.working()
    assert draft is not None
    assert draft.of == "RULE-DISK"


def test_switching_leaves_a_draft_that_says_the_same() -> None:
    made = book()
    draft = made.working()
    assert draft is not None
    made.switched("POL-none", on=False)
    assert not made.is_draft()
    made.put(draft._replace(content=LOW))
    made.switched("POL-RULE-DISK-2", on=False)
    kept = made.working()
    assert kept is not None
    assert (kept.content, kept.began) == ({**LOW, "is_active": False}, "POL-RULE-DISK-2")
    made.take(known_of([version(2, {**DISK, "is_active": False})]))
    assert (made.is_outdated(), made.counts_word()) == (False, "switched off")
    made.switched("POL-RULE-DISK-3", on=True)
    kept = made.working()
    assert kept is not None
    assert kept.content == LOW

"""The words of the page."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from crisisdesk.desk.planning.oncall.reading import outlook
from crisisdesk.desk.planning.oncall.words import (
    Fact,
    clock_in,
    contact_facts,
    facts_of,
    fitting,
    gap_words,
    gaps_count_words,
    hold_words,
    on_words,
    place_word,
    range_in,
    short_range,
    until_words,
    why_words,
)
from crisisdesk.domain.oncall.reasons import holds

from tests.desk.planning.oncall.published import (
    DATABASE,
    DAY,
    HOUR,
    NOW,
    ZONE,
    contact,
    published,
    swap,
    version,
)
from tests.domain.oncall.rosters import ms, weekly
from tests.domain.oncall.rosters import schedule as made

PRAGUE = ZoneInfo(ZONE)


def test_a_range_names_the_second_day_only_when_it_is_another() -> None:
    assert range_in(NOW, NOW + HOUR, PRAGUE) == "Thu 22 Oct 14:00 to 15:00"
    assert range_in(NOW, NOW + DAY, PRAGUE) == "Thu 22 Oct 14:00 to Fri 23 Oct 14:00"
    assert place_word("America/New_York") == "New York"
    assert clock_in(NOW, ZONE) == "14:00"


def test_a_day_within_the_next_six_is_named_by_its_weekday() -> None:
    assert short_range(NOW, NOW + HOUR, PRAGUE) == "Thu 22 Oct 14:00 to 15:00"
    assert short_range(NOW, NOW + DAY, PRAGUE) == "Thu 22 Oct 14:00 to Fri 14:00"
    assert short_range(NOW, NOW + 7 * DAY, PRAGUE) == "Thu 22 Oct 14:00 to Thu 29 Oct 13:00"


def test_within_a_repeated_hour_both_ends_are_named_whole() -> None:
    at = ms("2026-10-25T00:30Z")
    assert range_in(at, at + HOUR, PRAGUE) == "Sun 25 Oct 02:30 to Sun 25 Oct 02:30"


def test_a_standing_is_told_with_names_or_nobody() -> None:
    found = published()
    database, office = outlook(found, NOW).standings
    assert on_words(database, found) == "Cy Cole"
    assert until_words(database, found, NOW) == "until Mon 09:00, then Ann Alder"
    assert until_words(office, found, NOW).startswith("until Fri 09:00, then ")
    assert until_words(database, found, NOW - 7 * DAY).startswith("until Mon 26 Oct 09:00,")
    assert until_words(database, found, ms("2026-10-26T07:00Z")).startswith("until 09:00,")
    weekend = outlook(found, ms("2026-10-24T12:00Z")).standings[1]
    assert on_words(weekend, found) == "NOBODY"
    assert gap_words(*office.gaps[0], ZONE) == "Sat 24 Oct 00:00 to Mon 26 Oct 00:00, 2 d 1 h"
    assert gaps_count_words(outlook(found, NOW)) == "5 in the next 30 days"
    alone = published(version("Database", DATABASE))
    assert gaps_count_words(outlook(alone, NOW)) == "none in the next 30 days"


def test_one_who_is_on_call_for_good_has_no_hand_over() -> None:
    told = DATABASE | {"layers": [weekly(members=["C-ANN"])]}
    found = published(version("Database", told))
    assert (
        until_words(outlook(found, NOW).standings[0], found, NOW) == "no hand-over within two years"
    )
    [hold] = holds(found.rota.schedules["Database"], (), NOW, NOW + DAY)
    facts = {fact.label: fact.value for fact in facts_of(hold, ZONE, found)}
    assert facts["Prague"].endswith(", and longer both ways")
    assert facts["Lasts"].startswith("more than ")


def test_an_override_says_by_whom_and_why() -> None:
    found = published(
        version("Database", DATABASE),
        version("Swap", swap(NOW, NOW + HOUR, replaces="C-CY"), 1),
        version("Swap 2", swap(NOW + HOUR, NOW + 2 * HOUR, reason=""), 2),
    )
    plan = found.rota.schedules["Database"]
    turn, swapped, bare, _ = holds(plan, found.rota.overrides("Database"), NOW - 1, NOW + 3 * HOUR)
    assert why_words(turn, found) == "Rotation: their turn in Primary."
    assert why_words(swapped, found) == ("Override by Klára Langová, in place of Cy Cole: swapped")
    assert why_words(bare, found) == (
        "Override by Klára Langová, for the whole schedule: no reason was given"
    )
    facts = facts_of(swapped, ZONE, found)
    [utc] = [f.value for f in facts if f.label == "UTC"]
    assert utc == "Thu\u00a022\u00a0Oct\u00a012:00 to 13:00", "no moment is torn apart"
    assert Fact("Layer", "Primary") in facts
    assert hold_words(swapped, ZONE, found) == "Dee Dorn, override, Thu 22 Oct 14:00 to 15:00"


def test_a_gap_says_why_nobody_is_there() -> None:
    found = published()
    at = ms("2026-10-24T12:00Z")
    [hold] = holds(found.rota.schedules["Office"], (), at, at + 1)
    assert hold_words(hold, ZONE, found).startswith("gap, nobody is on call, Sat 24 Oct 00:00")
    facts = facts_of(hold, ZONE, found)
    assert facts[-1].ink == "down"
    assert "No layer is in force" in facts[-1].value


def test_a_contact_is_told_by_masked_methods_and_numbers() -> None:
    known = contact("C-ANN", emergency={"phones": ["+420 777 123 456"], "mails": ["a@example.org"]})
    assert [tuple(fact)[:2] for fact in contact_facts(known)] == [
        ("Reached by", "mail a***@example.org, from high on"),
        ("By hand", "+420 777 123 456"),
        ("", "a@example.org"),
    ]


@pytest.mark.parametrize(
    ("person", "words"),
    [
        (None, "no such contact"),
        (contact("C-ANN", enabled=False), "switched off"),
        (contact("C-ANN", removed=True), "removed"),
        (contact("C-ANN", methods=[]), "no method is switched on"),
    ],
)
def test_one_who_cannot_be_reached_says_so(person: object, words: str) -> None:
    [fact] = contact_facts(person)  # type: ignore[arg-type]
    assert (fact.ink, words in fact.value) == ("down", True)


def test_a_name_is_shortened_before_it_is_cut() -> None:
    for width, form in ((20, "Klára Langová"), (10, "K. Langová"), (8, "Langová"), (4, "K.L."),
                        (2, "KL"), (1, "")):  # fmt: skip
        assert fitting("Klára Langová", width, len) == form
    assert made(weekly()).name == "Database"

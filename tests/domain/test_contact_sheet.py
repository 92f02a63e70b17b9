"""The contact sheet: whom to call, who leads, and nothing that a page or a terminal would obey."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.contact import Contact
from crisisdesk.domain.contact_sheet import (
    FACT_LIMIT,
    NOBODY,
    Commanding,
    ContactSheet,
    sheet_html,
    sheet_of,
    sheet_text,
)

NOW = 1_770_861_902_000
CET = timezone(timedelta(hours=1), "CET")
LEADS = Commanding(incident_id="INC-1", title="Payments stand still", commander="Klára Langová")
ANA = Contact(
    contact_id="C-1",
    name="Ana Malá",
    role="DBA",
    zone="Europe/Prague",
    locale="cs",
    groups=["Night", "DBA"],
    notes="Ring\ntwice.",
    quiet=[{"days": [4], "from": "22:00", "to": "06:00", "min_severity": "critical"}],
    emergency={"mails": ["ana@example.org"], "phones": ["+420 1"]},
    methods=[
        {"method_id": "m", "channel": "mailto", "label": "Work", "masked": "mailtos://***"},
        {"method_id": "n", "channel": "sms", "label": "", "masked": "", "enabled": False},
    ],
)


def sheet(*contacts: Contact, leads: tuple[Commanding, ...] = (LEADS,), **how: Any) -> ContactSheet:
    return sheet_of(contacts, leads, "BRNO-1", ["BRNO-1", "FRA-2"], NOW, how.get("local", CET))


def test_it_says_who_leads_where_and_when() -> None:
    told = sheet(ANA)
    assert told.made == "Thu 12 February 2026, 02:05 UTC (03:05 CET)"
    assert list(told.heads) == [
        ("Station", "BRNO-1"),
        ("Stations", "BRNO-1, FRA-2"),
        ("INC-1", "Klára Langová commands “Payments stand still”"),
    ]
    nobody = sheet(ANA, leads=(replace(LEADS, commander=""),))
    assert nobody.heads[-1] == ("INC-1", "nobody yet commands “Payments stand still”")
    assert sheet(leads=()).heads[-1] == ("Commander", "No incident is open.")


@pytest.mark.parametrize(
    ("local", "words"),
    [
        (UTC, "Thu 12 February 2026, 02:05 UTC"),
        (timezone(timedelta(hours=-8), "PST"), "Thu 12 February 2026, 02:05 UTC (Wed 18:05 PST)"),
    ],
)
def test_the_moment_is_told_in_both_times(local: timezone, words: str) -> None:
    assert sheet(local=local).made == words


def test_a_person_has_numbers_to_dial_first() -> None:
    [person] = sheet(ANA).people
    assert list(person.numbers) == ["+420 1", "ana@example.org"]
    assert list(person.facts) == [
        ("Groups", "Night, DBA"),
        ("Paged by", "Work, mailtos://*** (high and worse)"),
        ("Quiet", "Fri 22:00-06:00 only critical (Europe/Prague)"),
        ("Speaks", "cs"),
        ("Notes", "Ring twice."),
    ]
    off = sheet(replace(ANA, enabled=False)).people[0]
    assert ("Paged by", "switched off") in off.facts
    bare = sheet(Contact(contact_id="C", name="X")).people[0]
    assert (list(bare.numbers), list(bare.facts)) == ([], [("Paged by", "nothing: call")])


def test_a_long_note_is_cut_and_says_so() -> None:
    [person] = sheet(replace(ANA, notes="x" * 2_000)).people
    note = dict(person.facts)["Notes"]
    assert note.startswith("x" * FACT_LIMIT)
    assert note.endswith("… (more at the desk)")


def test_the_text_has_all_of_it_within_the_width() -> None:
    text = sheet_text(sheet(ANA, Contact(contact_id="C-2", name="Bob " * 30)))
    assert all(len(line) <= 78 for line in text.splitlines())
    for word in ("Ana Malá, DBA", "    +420 1", "Klára Langová", "02:05 UTC"):
        assert word in text
    assert NOBODY in sheet_text(sheet())
    assert NOBODY in sheet_html(sheet())


@given(st.text(max_size=40).filter(str.strip))
def test_nothing_that_is_written_down_is_obeyed(hostile: str) -> None:
    ana = replace(ANA, name=hostile, notes=hostile, emergency={"phones": [hostile]})
    text = sheet_text(sheet(ana))
    assert all(c.isprintable() or c == "\n" for c in text)
    page = sheet_html(sheet(replace(ana, role=f"<script>{hostile}")))
    assert "<script" not in page
    assert page.count("<article>") == 1

"""Calendar events as overrides: whose they are, and what is published for them."""

from __future__ import annotations

from crisisdesk.domain.contact import Contact
from crisisdesk.domain.ical.events import Entry
from crisisdesk.domain.ical.overrides import ids_by_name, override_of
from crisisdesk.domain.publishing import checked_content


def test_a_name_that_two_have_and_one_that_is_removed_are_nobodys() -> None:
    people = [
        Contact(contact_id="C-1", name="Ann Alder"),
        Contact(contact_id="C-2", name="ann alder"),
        Contact(contact_id="C-3", name="Cy Cole"),
        Contact(contact_id="C-4", name="Dee Dahl", removed=True),
    ]
    assert ids_by_name(people) == {"cy cole": "C-3"}


def test_what_an_event_asks_for_can_be_published() -> None:
    entry = Entry(
        who="Cy Cole", mail="", start_ms=1_800_000_000_000, end_ms=1_800_000_060_000, uid="u" * 300
    )
    content = override_of("Database", entry, "C-3")
    assert checked_content("Database: Cy", content) == content
    assert (content["contact"], len(content["reason"])) == ("C-3", 200)

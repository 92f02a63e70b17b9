"""Files of contacts: which form is read, and what is refused as a whole."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crisisdesk.domain.errors import Malformed
from crisisdesk.sources.contact_files import READERS, read_contacts


def test_both_forms_are_read() -> None:
    assert read_contacts("Name\nAna\n", "csv").people[0].card == {"name": "Ana"}
    card = "BEGIN:VCARD\nVERSION:4.0\nFN:Ana\nEND:VCARD\n"
    assert read_contacts(card, "vcard").people[0].card == {"name": "Ana"}


@pytest.mark.parametrize(
    ("text", "form", "field"),
    [
        ("Name\nAna\n", "xlsx", "format"),
        ("Name\nAna\nB\0b\n", "csv", "text"),
        ("BEGIN:VCARD\nFN:\0\nEND:VCARD", "vcard", "text"),
    ],
)
def test_other_forms_and_nul_are_refused(text: str, form: str, field: str) -> None:
    with pytest.raises(Malformed) as refused:
        read_contacts(text, form)
    assert refused.value.field == field


def test_the_line_of_a_nul_is_told() -> None:
    with pytest.raises(Malformed, match="in line 3"):
        read_contacts("Name\nAna\nB\0b\n", "csv")


@given(st.text(max_size=300), st.sampled_from(list(READERS)))
@example("name\rx", "csv")
@example("\rname", "csv")
def test_any_text_is_read_or_refused(text: str, form: str) -> None:
    try:
        found = read_contacts(text, form)
    except Malformed:
        return
    assert all(person.row >= 1 for person in found.people)

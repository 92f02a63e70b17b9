"""vCards 3.0 and 4.0: folded lines, escapes, groups; older ones are refused in words."""

from __future__ import annotations

from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.errors import Malformed
from crisisdesk.engine.contact_file import PEOPLE_LIMIT, FilePerson
from crisisdesk.sources.contact_vcard import read_vcards


def vcard(*lines: str, version: str = "3.0") -> str:
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])


def person(*lines: str, version: str = "3.0") -> FilePerson:
    [found] = read_vcards(vcard(*lines, version=version)).people
    return found


def test_a_card_of_3_0_is_read() -> None:
    found = person(
        "N:Malá;Ana;;Ing.;",
        "FN:Ing. Ana Malá",
        "ORG:Shop\\, Ltd;Databases",
        "TITLE:DBA",
        "TEL;TYPE=CELL,VOICE:+420 777 123 456",
        "item1.TEL:+420 1",
        "EMAIL;TYPE=INTERNET,WORK:ana@example.org",
        "CATEGORIES:Night,On\\,call",
        "NOTE:first\\nsecond\\; third",
        "TZ:Europe/Prague",
        "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRg",
        "X-SOMETHING:else",
    )
    assert found.problem is None
    assert found.card == {
        "name": "Ing. Ana Malá",
        "role": "DBA, Shop, Ltd, Databases",
        "phones": ["+420 777 123 456 (cell)", "+420 1"],
        "mails": ["ana@example.org"],
        "groups": ["Night", "On,call"],
        "notes": "first\nsecond; third",
        "zone": "Europe/Prague",
    }


def test_a_card_of_4_0_is_read() -> None:
    found = person(
        "FN:Ana",
        "ROLE:DBA",
        "LANG;PREF=1:cs",
        "LANG;PREF=2:en",
        'TEL;VALUE=uri;TYPE="voice,home":tel:+420-777;ext=5',
        "EMAIL;PREF=1:mailto:ana@example.org",
        "TZ;VALUE=text:Asia/Kolkata",
        version="4.0",
    )
    assert found.card == {
        "name": "Ana",
        "role": "DBA",
        "locale": "cs",
        "phones": ["+420-777 (home)"],
        "mails": ["ana@example.org"],
        "zone": "Asia/Kolkata",
    }


def test_a_name_is_put_together_where_none_is_written_out() -> None:
    assert person("N:Malá;Ana;Marie;Ing.;PhD").card["name"] == "Ing. Ana Marie Malá PhD"
    assert person("N:Malá").card["name"] == "Malá"
    assert person("FN:", "N:;Ana;;;").card["name"] == "Ana"


def test_an_offset_is_no_zone_and_is_told() -> None:
    found = read_vcards(vcard("FN:Ana", "TZ:+02:00"))
    assert found.people[0].card == {"name": "Ana"}
    assert "'+02:00'" in found.notes[0]
    many = read_vcards(vcard("FN:Ana", "TZ:+02:00") * 30)
    assert len(many.notes) == 21
    assert many.notes[-1] == "and 10 more like these"


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (vcard("FN:Ana", version="2.1"), "VERSION"),
        ("BEGIN:VCARD\nFN:Ana\nEND:VCARD\n", "VERSION"),
        (vcard("FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Mal=C3=A1"), "FN"),
        (vcard("FN:Ana", "this is no property"), "line"),
    ],
    ids=lambda text: text[:40],
)
def test_a_card_that_cannot_be_read_says_so_and_the_others_are(text: str, field: str) -> None:
    bad, good = read_vcards(text + vcard("FN:Bob")).people
    assert bad.problem is not None
    assert bad.problem.field == field
    assert bad.problem.remedy
    assert good.card == {"name": "Bob"}


@pytest.mark.parametrize(
    "text", ["", "Name\nAna\n", "BEGIN:VCARD\nFN:Ana\n", "BEGIN:VCARD\nBEGIN:VCARD\nEND:VCARD\n"]
)
def test_what_holds_no_whole_card_is_refused(text: str) -> None:
    with pytest.raises(Malformed) as refused:
        read_vcards(text)
    assert refused.value.field == "text"


def test_rows_are_the_lines_at_which_cards_begin() -> None:
    text = "\ufeff" + vcard("FN:Ana") + "\r\n" + vcard("FN:Bob")
    assert [p.row for p in read_vcards(text).people] == [1, 6]


def test_ten_thousand_cards_and_hostile_lines_cost_little() -> None:
    begun = monotonic()
    with pytest.raises(Malformed, match=str(PEOPLE_LIMIT)):
        read_vcards(vcard("FN:x") * 10_000)
    for line in ("FN" + ";" * 50_000, 'FN;"' * 20_000, "a." * 50_000, "\\" * 100_000):
        assert person(line).problem is not None
    assert monotonic() - begun < 10


def folded(line: str, width: int) -> str:
    return "\r\n ".join(line[i : i + width] for i in range(0, len(line), width))


def escaped(text: str) -> str:
    for plain, written in (("\\", "\\\\"), (",", "\\,"), (";", "\\;"), ("\n", "\\n")):
        text = text.replace(plain, written)
    return text


words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.just("\n"),
    min_size=1,
    max_size=40,
).filter(str.strip)


@given(words, st.lists(words, max_size=3), st.integers(8, 75))
def test_what_was_escaped_and_folded_comes_back(name: str, groups: list[str], width: int) -> None:
    lines = [f"FN:{escaped(name)}"]
    if groups:
        lines.append("CATEGORIES:" + ",".join(escaped(group) for group in groups))
    found = person(*(folded(line, width) for line in lines))
    assert found.card["name"] == name.strip()
    assert found.card.get("groups", []) == [group.strip() for group in groups]

"""CSV of contacts: heads in any order and many words, cells kept as they are, bad rows told."""

from __future__ import annotations

import csv
import io
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.errors import Malformed
from crisisdesk.engine.contact_file import PEOPLE_LIMIT, FilePerson
from crisisdesk.sources.contact_csv import DELIMITERS, read_csv


def people(text: str) -> list[FilePerson]:
    return list(read_csv(text).people)


def card(heads: str, cells: str) -> dict[str, object]:
    [person] = people(f"{heads}\n{cells}\n")
    assert person.problem is None
    return dict(person.card)


@pytest.mark.parametrize("delimiter", list(DELIMITERS))
def test_the_delimiter_is_the_one_that_gives_known_heads(delimiter: str) -> None:
    text = "Role,Name,E-mail,Time zone\nDBA,Ana,a@x.org,UTC\n".replace(",", delimiter)
    [person] = people(text)
    assert person.card == {"name": "Ana", "role": "DBA", "mails": ["a@x.org"], "zone": "UTC"}


def test_heads_are_known_by_many_words() -> None:
    assert card("First Name,Last Name,Job Title,Company", "Ana,Malá,DBA,Shop") == {
        "name": "Ana Malá",
        "role": "DBA, Shop",
    }
    assert card("NAME,E-mail 1 - Value,E-mail 2 - Value,Phone 1 - Value", "Ana,a@x,b@x,1") == {
        "name": "Ana",
        "mails": ["a@x", "b@x"],
        "phones": ["1"],
    }
    assert card("full_name,Mobile Phone,Business Phone,Lang", "Ana,1,2,cs") == {
        "name": "Ana",
        "phones": ["1 (mobile)", "2 (business)"],
        "locale": "cs",
    }
    assert card("Name;Teams;Quiet hours;Remarks", 'Ana;"DBA, Night | Ops";Fri 22:00-06:00;x') == {
        "name": "Ana",
        "groups": ["DBA", "Night", "Ops"],
        "quiet": [{"days": [4], "from": "22:00", "to": "06:00", "min_severity": "critical"}],
        "notes": "x",
    }


def test_addresses_are_kept_apart_from_the_card() -> None:
    [person] = people("Name,Address,Severity\nAna,webhooks://x.org/secret,Critical\n")
    assert person.card == {"name": "Ana"}
    assert (list(person.addresses), person.min_severity) == (
        ["webhooks://x.org/secret"],
        "critical",
    )


def test_a_column_without_a_meaning_is_told() -> None:
    assert list(read_csv("Name,Fax,,Home address\nAna,1,,x\n").notes) == [
        "column 'Fax' is not used",
        "column 'Home address' is not used",
    ]


def test_rows_are_counted_by_the_lines_of_the_file() -> None:
    text = '\ufeffName,Notes\r\nAna,"one\r\ntwo"\r\n\r\n,\r\nBob,\r\n'
    assert [(p.row, p.card["name"]) for p in people(text)] == [(2, "Ana"), (6, "Bob")]


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ("Ana,,,more", "row"),
        (f"Ana,{'x' * 10_001},", "row"),
        ("Ana,,loud", "min_severity"),
    ],
    ids=lambda text: text[:12],
)
def test_a_bad_row_says_so_and_the_others_are_read(cells: str, field: str) -> None:
    bad, good = people(f"Name,Notes,Severity\n{cells}\nBob,,\n")
    assert bad.problem is not None
    assert (bad.problem.field, bad.card["name"]) == (field, "Ana")
    assert good.problem is None


def test_quiet_hours_that_cannot_be_read_are_the_rows_problem() -> None:
    [bad] = people("Name,Quiet\nAna,sometimes\n")
    assert bad.problem is not None
    assert bad.problem.field == "quiet"


@pytest.mark.parametrize(
    "text",
    ["", " \n\n", "a,b\n1,2\n", 'Name\n"Ana\n', "Name\n" + "x" * 200_000],
    ids=lambda text: repr(text[:8]),
)
def test_what_tells_nothing_is_refused(text: str) -> None:
    with pytest.raises(Malformed) as refused:
        read_csv(text)
    assert refused.value.field == "text"
    assert refused.value.remedy


def test_ten_thousand_rows_are_refused_before_they_cost_anything() -> None:
    text = "Name\n" + "".join(f"P{n}\n" for n in range(10_000))
    begun = monotonic()
    with pytest.raises(Malformed, match=str(PEOPLE_LIMIT)):
        read_csv(text)
    assert monotonic() - begun < 5


names = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=20)


@given(st.lists(st.tuples(names, names), min_size=1, max_size=5), st.sampled_from(list(DELIMITERS)))
def test_cells_come_out_as_they_were_written(rows: list[tuple[str, str]], delimiter: str) -> None:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(["Name", "Notes"])
    writer.writerows(rows)
    found = [(p.card.get("name", ""), p.card.get("notes", "")) for p in people(written.getvalue())]
    told = [(name.strip(), notes.strip()) for name, notes in rows]
    assert found == [pair for pair in told if any(pair)]


@pytest.mark.parametrize("cell", ["=1+1", "+420 777", "-1", "@SUM(A1)", "=cmd|'/C calc'!A0"])
def test_what_a_spreadsheet_would_reckon_stays_text(cell: str) -> None:
    assert card("Name\tNotes", f"{cell}\t{cell}") == {"name": cell, "notes": cell}

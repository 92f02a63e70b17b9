"""A document on pages: all of its text, in order, and no line beyond a page."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crisisdesk.desk.sheet.document import blocks_of_document, document_pdf, write_document
from crisisdesk.desk.sheet.layout import pages_of
from crisisdesk.desk.sheet.paper import SheetError
from crisisdesk.domain.papers.document import Block, Document, Facts, Heading, Table, Text

pytestmark = pytest.mark.usefixtures("look")

LONG = Document(
    title="INC-1: A title",
    under="As it stood",
    mark="CRITICAL",
    foot="Times are UTC.",
    blocks=[
        Facts(pairs=[("Status", "open"), ("Team", "Ana, Bo")]),
        Heading(text="What happened", number="5"),
        Text(text="\n".join(f"line {n} of a text that goes on" for n in range(200))),
        Table(
            heads=("When", "What"), rows=[(f"{n}", f"did {n}") for n in range(60)], shares=(1, 3)
        ),
    ],
)


def words_of(pdf: Path) -> str:
    return subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True
    ).stdout


def test_a_text_longer_than_a_page_goes_on_on_the_next(tmp_path: Path) -> None:
    out = tmp_path / "it.pdf"
    write_document(LONG, out)
    text = words_of(out)
    for n in range(200):
        assert f"line {n} of a text that goes on" in text
    assert all(f"did {n}" in text for n in range(60))
    pages = text.count("\f")
    assert pages >= 4
    assert text.count("INC-1: A title") == pages
    assert text.count("Times are UTC.") == pages


@given(st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=300), max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_row_is_taller_than_a_few_lines(texts: list[str]) -> None:
    blocks = [Text(text=text) for text in texts]
    rows = [
        row
        for block in blocks_of_document(Document(title="t", under="u", blocks=blocks), 400.0)
        for row in block
    ]
    assert len(rows) >= len(texts)
    assert all(row.height < 60 for row in rows)
    assert [r for p in pages_of([[r] for r in rows], 200.0) for r in p] == rows


def test_a_heading_stays_with_what_it_heads() -> None:
    blocks: list[Block] = [
        Heading(text="One"),
        Text(text="first"),
        Heading(text="Two"),
        Text(text="second"),
    ]
    found = list(blocks_of_document(Document(title="t", under="u", blocks=blocks), 400.0))
    assert [len(block) for block in found] == [2, 2]
    alone = Document(title="t", under="u", blocks=[Heading(text="Alone")])
    assert len(list(blocks_of_document(alone, 400.0))) == 1


def test_both_papers_and_an_empty_document() -> None:
    empty = Document(title="t", under="u")
    assert document_pdf(empty, "letter").startswith(b"%PDF-")
    assert document_pdf(empty, "a4").startswith(b"%PDF-")


def test_letters_beyond_the_first_plane_are_not_torn(tmp_path: Path) -> None:
    out = tmp_path / "it.pdf"
    write_document(Document(title="t", under="u", blocks=[Text(text="𝔸 " * 300 + "end")]), out)
    assert "end" in words_of(out)
    assert "\ufffd" not in words_of(out)


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="cannot be written"):
        write_document(LONG, tmp_path / "none" / "it.pdf")

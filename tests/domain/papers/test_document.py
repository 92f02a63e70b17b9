"""A document is text and nothing else, whatever was typed into it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.papers.carried import document_json, document_of
from crisisdesk.domain.papers.document import (
    Document,
    Facts,
    Heading,
    Image,
    Table,
    Text,
    image_files,
    markdown,
    page,
)

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
documents = st.builds(
    Document,
    title=words,
    under=words,
    mark=words,
    foot=words,
    blocks=st.lists(
        st.one_of(
            st.builds(Heading, text=words, number=words),
            st.builds(Text, text=words),
            st.builds(
                Image, caption=words, name=words, media=words, data=st.sampled_from(("", "AA=="))
            ),
            st.builds(Facts, pairs=st.lists(st.tuples(words, words), max_size=3)),
            st.builds(
                lambda rows: Table(heads=("A", "B"), rows=rows, shares=(1, 3)),
                st.lists(st.tuples(words, words), max_size=3),
            ),
        ),
        max_size=5,
    ),
)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text: list[str] = []
        self.sources: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.sources += [value or "" for name, value in attrs if name == "src"]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@given(documents)
def test_a_page_holds_only_our_own_tags(document: Document):
    reader = _Tags()
    reader.feed(page(document))
    ours = {
        "html", "head", "meta", "title", "style", "body", "div", "h1", "h2", "p", "dl", "dt", "dd",
        "table", "colgroup", "col", "thead", "tbody", "tr", "th", "td", "figure", "img",
        "figcaption",
    }  # fmt: skip
    assert reader.tags <= ours
    sized = {"src", "alt", "width", "height"}
    assert reader.attributes <= {"lang", "charset", "class", "style"} | sized
    assert all(source.startswith("data:") for source in reader.sources)


def test_a_page_shows_what_was_typed():
    hostile = '<script>alert(1)</script>" onload="x'
    reader = _Tags()
    reader.feed(page(Document(title=hostile, under="", blocks=[Text(text=hostile)])))
    assert reader.text.count(hostile) == 3


@given(documents)
def test_markdown_has_as_many_headings_and_rows_as_the_document(document: Document):
    lines = markdown(document).split("\n")
    headings = [b for b in document.blocks if isinstance(b, Heading)]
    assert sum(line.startswith("## ") for line in lines) == len(headings)
    assert sum(bool(re.match(r"#(?!#)", line)) for line in lines) == 1
    tables = [b for b in document.blocks if isinstance(b, Table)]
    rows = sum(2 + len(table.rows) for table in tables)
    assert sum(line.startswith("|") for line in lines) == rows
    assert all(len(re.findall(r"(?<!\\)\|", line)) == 3 for line in lines if line.startswith("|"))


def test_markdown_takes_nothing_typed_for_a_mark():
    typed = "# one\n- two\n3. three\n> four `x` [a](b) <b> a|b\n---"
    told = markdown(Document(title="t", under="u", blocks=[Text(text=typed)]))
    assert r"\# one  " in told
    assert r"\- two  " in told
    assert r"3\. three" not in told.split("\n")
    assert r"\[a\](b) \<b\> a\|b" in told
    assert "\n---" not in told


@given(documents)
def test_it_comes_back_from_its_json(document: Document):
    again = document_of(document_json(document))
    assert document_json(again) == document_json(document)
    assert page(again) == page(document)


def test_an_image_stands_in_the_page_and_beside_the_markdown():
    one = Image(
        caption="The *rack*", name="a.png", media="image/png", width=4, height=3, data="AAEC"
    )
    gone = Image(caption="Another: not on this station", name="IMG-2")
    document = Document(title="T", under="", blocks=[one, gone])
    html = page(document)
    assert '<img src="data:image/png;base64,AAEC" width="4" height="3" alt="The *rack*">' in html
    assert "<p>Another: not on this station</p>" in html
    told = markdown(document, "it (1)-images")
    assert "![The \\*rack\\*](it%20%281%29-images/a.png)" in told
    assert "Another: not on this station" in told
    assert image_files(document) == {"a.png": b"\x00\x01\x02"}
    assert document_of(document_json(document)).blocks == [one, gone]

"""Notes in Markdown: what CommonMark says of them, in styled words; nothing is fetched or lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.desk.incidents.note_markdown import marked, marked_line
from crisisdesk.domain.told import Segment

from tests.domain.hostile_wordings import wordings


def told(segments: tuple[Segment, ...]) -> list[tuple[str, str]]:
    return [(one.text, one.style) for one in segments]


def shown(text: str) -> str:
    return "".join(one.text for one in marked(text))


def test_strong_words_code_and_links() -> None:
    text = "Lag **41 s** on `fra2`, see [the graph](https://g.example/d/1), *soon*"
    assert told(marked(text)) == [
        ("Lag ", "plain"),
        ("41 s", "strong"),
        (" on ", "plain"),
        ("fra2", "mono"),
        (", see the graph", "plain"),
        (" (https://g.example/d/1)", "mono"),
        (", soon", "plain"),
    ]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one\ntwo\n\nthree", ["one", "two", "", "three"]),
        ("# Head\ntext", ["Head", "text"]),
        ("- a\n- b\n  1. c\n  2. d\n\nend", ["• a", "• b", "  1. c", "  2. d", "", "end"]),
        ("3. c\n4. d", ["3. c", "4. d"]),
        ("> said\n> twice", ["│ said", "│ twice"]),
        ("```\npg_ctl **x**\n```", ["pg_ctl **x**"]),
        ("a\n\n---\n\nb", ["a", "", "———", "", "b"]),
        ("no_marks_in_words 2*3", ["no_marks_in_words 2*3"]),
    ],
)
def test_blocks_are_lines(text: str, lines: list[str]) -> None:
    assert shown(text).split("\n") == lines


def test_a_heading_is_strong_and_code_is_mono() -> None:
    assert told(marked("## Head"))[0] == ("Head", "strong")
    assert told(marked("    two\n    lines")) == [("two\nlines", "mono")]


def test_html_and_images_of_the_web_stay_text() -> None:
    text = '<img src="http://x/y"> ![cap](http://x/z) <script>alert(1)</script>'
    assert '<img src="http://x/y">' in shown(text)
    assert "<script>alert(1)</script>" in shown(text)
    assert "http://x/z" in shown(text)


def test_a_line_has_no_blocks() -> None:
    assert told(marked_line("- **41 s**")) == [("- ", "plain"), ("41 s", "strong")]
    assert told(marked_line("# no head")) == [("# no head", "plain")]


def test_hostile_notes_are_words() -> None:
    for text in wordings(200):
        assert all(one.style in {"plain", "strong", "mono"} for one in marked(text))


@given(st.text(max_size=200))
def test_whatever_is_written_can_be_shown_and_no_letter_is_lost(text: str) -> None:
    both = (shown(text), "".join(one.text for one in marked_line(" ".join(text.split()))))
    for words in both:
        for letter in set(text):
            assert not letter.isalpha() or "&" in text or letter in words or "```" in text

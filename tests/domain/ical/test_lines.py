"""Content lines go out and come back, and hostile ones are refused."""

from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.ical.lines import (
    SIZE_LIMIT,
    Line,
    escaped,
    folded,
    read_calendars,
    unescaped,
)

from tests.domain.ical.calendars import calendar

words = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=200)


def read(*lines: str) -> list[Line]:
    return read_calendars(calendar(*lines))[0].lines[2:]


@given(st.lists(words, max_size=4))
def test_a_text_comes_back_as_it_went_out(parts: list[str]):
    text = "\n".join(parts)
    data = folded(["BEGIN:VCALENDAR", f"SUMMARY:{escaped(text)}", "END:VCALENDAR"])
    (line,) = read_calendars(data)[0].lines
    assert (line.name, unescaped(line.value)) == ("SUMMARY", text)


@example(["x" * 400, "é" * 200, "\u5f20" * 200, "a\U0001f600" * 100])
@given(st.lists(words, min_size=1, max_size=4))
def test_no_line_is_longer_than_75_octets_and_no_character_is_torn(texts: list[str]):
    lines = [f"X:{escaped(text)}" for text in texts]
    data = folded(lines)
    assert data.endswith(b"\r\n")
    for octets in data[:-2].split(b"\r\n"):
        assert len(octets) <= 75
        octets.decode()  # raises for half a character
    assert data.replace(b"\r\n ", b"") == "".join(f"{line}\r\n" for line in lines).encode()


def test_what_is_special_is_escaped():
    assert escaped("a,b;c\\d\r\ne\x00\x07") == "a\\,b\\;c\\\\d\\ne"
    assert unescaped("a\\,b\\;c\\\\n\\Ne") == "a,b;c\\n\ne"


@pytest.mark.parametrize("fold", [b"\r\n ", b"\r\n\t", b"\n ", b"\n\t"])
def test_a_fold_within_a_character_is_unfolded_before_it_is_decoded(fold: bytes):
    data = calendar("SUMMARY:Žofie").replace("Ž".encode(), b"\xc5" + fold + b"\xbd")
    assert read_calendars(data)[0].lines[-1].value == "Žofie"


def test_parameters_are_read_quoted_or_not():
    (line,) = read('attendee;CN="Ann; the: first, of all";role=A,B:mailto:ann@example.org')
    assert (line.name, line.value) == ("ATTENDEE", "mailto:ann@example.org")
    assert line.params == {"CN": "Ann; the: first, of all", "ROLE": "A"}


def test_components_keep_what_stands_in_them():
    parts = ("BEGIN:VEVENT", "UID:1", "BEGIN:VALARM", "UID:2", "END:VALARM", "END:VEVENT")
    (event,) = read_calendars(calendar(*parts))[0].inner
    assert [line.value for line in event.lines] == ["1"]
    assert [(inner.name, inner.lines[0].value) for inner in event.inner] == [("VALARM", "2")]


def test_a_mark_before_the_first_line_and_plain_line_ends_do_no_harm():
    data = b"\xef\xbb\xbf" + calendar("X:1").replace(b"\r\n", b"\n") + b"\n\n"
    assert read_calendars(data)[0].lines[-1].value == "1"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "calendar: is no iCalendar file"),
        (b"{}", "line '{}': has no NAME:value"),
        (b"BEGIN:VCARD\nEND:VCARD", "calendar: is no iCalendar file"),
        (b"X:1", "X: stands outside"),
        (b"BEGIN:VCALENDAR\nX:1", "BEGIN:VCALENDAR: never ends"),
        (b"BEGIN:VCALENDAR\nEND:VEVENT", "END:VEVENT: ends what was not begun"),
        (b"END:VCALENDAR", "END:VCALENDAR: ends what was not begun"),
        (b'BEGIN:VCALENDAR\nX;A="b:1\nEND:VCALENDAR', "has no NAME:value"),
        (b"BEGIN:VCALENDAR\n\xff:1\nEND:VCALENDAR", "calendar: is not UTF-8"),
        ("BEGIN:VCALENDAR".encode("utf-16"), "calendar: is not UTF-8"),
        (b"BEGIN:VCALENDAR\n" + b"BEGIN:X\n" * 50_000, "calendar: is nested too deeply"),
        (b"X" * (SIZE_LIMIT + 1), "more than 2000000"),
        (b"X" * SIZE_LIMIT, "has no NAME:value"),
    ],
)  # fmt: skip
def test_what_is_no_calendar_is_refused_in_few_words(data: bytes, words: str):
    with pytest.raises(Malformed) as refused:
        read_calendars(data)
    assert words in str(refused.value)
    assert len(str(refused.value)) < 200


@given(st.binary(max_size=300) | st.text(st.sampled_from('BEGINEND:;=," \n\\VCALR'), max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes | str):
    inside = data if isinstance(data, bytes) else data.encode()
    for attempt in (inside, b"BEGIN:VCALENDAR\n" + inside + b"\nEND:VCALENDAR"):
        try:
            assert read_calendars(attempt)
        except Malformed:
            continue


@pytest.mark.parametrize(
    "line", [';A="' * 90_000, ",".join(['"x"'] * 90_000), "X;A=" + ",b" * 90_000, "\n " * 90_000]
)
def test_long_lines_take_no_long_time(line: str):
    began = perf_counter()
    with pytest.raises(Malformed):
        read_calendars(calendar(f"X{line}")[:SIZE_LIMIT])
    assert perf_counter() - began < 2.0

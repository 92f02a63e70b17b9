"""Files in any of four encodings are read alike; what is no text is refused in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.file_text import FILE_LIMIT, text_of

TEXT = "Name;Město\nŽofie;Brno\n"
HEAD = "Name;Town\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_says_its_encoding_is_read_by_it(encoding: str) -> None:
    assert text_of(TEXT.encode(encoding)) == (TEXT, "")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_known_without_its_mark(encoding: str) -> None:
    assert text_of((HEAD + TEXT).encode(encoding)) == (HEAD + TEXT, "")


def test_what_is_no_utf_8_is_read_as_old_windows_and_says_so() -> None:
    text, said = text_of("Name;Ort\nJürgen;Köln\n".encode("cp1252"))
    assert text.endswith("Jürgen;Köln\n")
    assert "Windows-1252" in said


@pytest.mark.parametrize(
    "data",
    [
        b"a\0b",
        b"PK\x03\x04\0\0\0",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"Caf\xe9 \x81",
        b"\xff\xfeN",
        b"\xef\xbb\xbf\xff",
        "Name\0".encode("utf-16"),
        b"x" * (FILE_LIMIT + 1),
    ],
    ids=lambda data: repr(data[:8]),
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed) as refused:
        text_of(data)
    assert refused.value.field == "file"


@given(st.binary(max_size=80))
def test_any_bytes_are_text_without_nul_or_refused(data: bytes) -> None:
    try:
        text, _ = text_of(data)
    except Malformed:
        return
    assert "\0" not in text


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), max_size=60))
def test_every_text_in_utf_8_comes_back(text: str) -> None:
    assert text_of(text.encode()) == (text, "")

"""The text of a file whose encoding nobody has told: UTF-8, UTF-16, or that of old Windows."""

from __future__ import annotations

import codecs

from crisisdesk.domain.errors import Malformed

FILE_LIMIT = 1024 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GUESSED = "read as Windows-1252, for it is no UTF-8: look whether the accents are right"


def text_of(data: bytes) -> tuple[str, str]:
    """The text of a file, and a sentence to show when its encoding was guessed ("" when not).

    Raises Malformed for a file beyond `FILE_LIMIT` and for one that is no text.
    """
    if len(data) > FILE_LIMIT:
        problem = f"has {len(data)} bytes"
        raise Malformed("file", problem, f"take in at most {FILE_LIMIT} at once; split it")
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _decoded(data, name), ""
    if b"\0" in data:
        if len(data) % 2 == 0 and 0 in (data[0], data[1]):
            return _decoded(data, "utf-16-be" if data[0] == 0 else "utf-16-le"), ""
        raise Malformed("file", "is no text: it holds NUL bytes", "save it as CSV in UTF-8")
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        return _decoded(data, "cp1252"), _GUESSED


def _decoded(data: bytes, name: str) -> str:
    try:
        text = data.decode(name)
    except UnicodeDecodeError as error:
        problem = f"is no text in {name} (byte {error.start})"
        raise Malformed("file", problem, "save it as CSV in UTF-8") from None
    if "\0" in text:
        raise Malformed("file", "holds a NUL character", "save it as CSV in UTF-8")
    return text


def form_of(name: str, text: str) -> str:
    """The form of a file of contacts by its name and what it begins with: "vcard" or "csv"."""
    begins = text.lstrip("\ufeff \t\r\n")[:11].upper() == "BEGIN:VCARD"
    return "vcard" if begins or name.lower().endswith((".vcf", ".vcard")) else "csv"

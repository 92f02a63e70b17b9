"""Contacts from files: which reader a form has."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from crisisdesk.domain.errors import Malformed
from crisisdesk.engine.contact_file import ContactFile
from crisisdesk.sources.contact_csv import read_csv
from crisisdesk.sources.contact_vcard import read_vcards

READERS: Mapping[str, Callable[[str], ContactFile]] = {"csv": read_csv, "vcard": read_vcards}


def read_contacts(text: str, form: str) -> ContactFile:
    """Implements `engine.contact_file.ContactFileReader`."""
    reader = READERS.get(form)
    if reader is None:
        raise Malformed("format", f"{form!r:.40} is not read here", f"use {' or '.join(READERS)}")
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        problem = f"holds a NUL character in line {line}"
        raise Malformed("text", problem, "save the file as UTF-8 text")
    return reader(text)

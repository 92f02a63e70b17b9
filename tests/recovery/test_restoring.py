"""Dumps by their first bytes; whole restores are shown by the verification of backups."""

from __future__ import annotations

import pytest

from crisisdesk.recovery.plain_dump import Unreadable
from crisisdesk.recovery.restoring import CUSTOM, PLAIN, _end_of, _is_of_here, form_of


def test_a_dump_is_known_by_its_first_bytes() -> None:
    assert form_of(b"PGDMP\x01") == CUSTOM
    assert form_of(b"--\n-- PostgreSQL database dump\n") == PLAIN
    tar = bytes(257).replace(b"\0", b"x") + b"ustar" + bytes(100)
    for data, words in (
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b"\x1f\x8b\x08", "compressed"),
        (tar, "tar archive"),
        (b"\x7fELF\0\0", "no dump"),
    ):
        with pytest.raises(Unreadable, match=words):
            form_of(data)


def test_entries_that_need_an_administrator_are_left_out() -> None:
    assert _is_of_here("3456; 1259 16385 TABLE public orders admin")
    assert _is_of_here("3457; 0 16385 TABLE DATA public orders admin")
    assert not _is_of_here("3458; 3466 16500 EVENT TRIGGER - watch admin")
    assert not _is_of_here("3459; 0 0 COMMENT - EXTENSION pgcrypto ")
    assert not _is_of_here("; Archive created at 2026-11-30")


def test_the_error_is_told_and_not_the_last_line() -> None:
    said = ["pg_restore: error: could not read from input file: end of file\n", "pg_restore: bye\n"]
    assert _end_of(said).startswith("truncated: pg_restore: error: could not read")
    assert _end_of(["nothing\x07 good\n"]) == "nothing? good"
    assert _end_of([]) == "it said nothing"

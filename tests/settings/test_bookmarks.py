"""Bookmarks outlive the engine; a file that is broken is begun anew."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from crisisdesk.settings.bookmarks import BookmarkFile


def test_what_is_saved_is_loaded_again(tmp_path: Path) -> None:
    kept = BookmarkFile(tmp_path / "bookmarks.json")
    assert kept.load() == {}
    kept.save({"SRC-1": {"offset": 5, "name": "ä"}})
    assert BookmarkFile(tmp_path / "bookmarks.json").load() == {"SRC-1": {"offset": 5, "name": "ä"}}
    assert stat.S_IMODE((tmp_path / "bookmarks.json").stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000, b"[]"])
@pytest.mark.expect_log("bookmarks of sources", "ERROR")
def test_a_broken_file_is_begun_anew(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bookmarks.json"
    path.write_bytes(content)
    kept = BookmarkFile(path)
    assert kept.load() == {}
    kept.save({"SRC-1": {"offset": 5}})
    assert kept.load() == {"SRC-1": {"offset": 5}}


def test_what_is_no_bookmark_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "bookmarks.json"
    path.write_text('{"SRC-1": {"a": 1}, "SRC-2": 5}')
    assert BookmarkFile(path).load() == {"SRC-1": {"a": 1}}


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        BookmarkFile(tmp_path / "none" / "bookmarks.json").save({})

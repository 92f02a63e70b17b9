"""The file and the note beside it: whichever of them an accident reaches, a copy is found out."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crisisdesk.store import incarnation
from crisisdesk.store.files import writing_connection
from crisisdesk.store.incarnation import Name, Note, look, own_origin, say_beside, settle_origin
from crisisdesk.store.opening import Opened, open_station

from tests.store.workload import Station


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A closed station."""
    station = Station(tmp_path)
    station.fire(2)
    station.close()
    return station.path


def reopen(path: Path) -> Opened:
    opened = open_station(path)
    opened.journal.close()
    return opened


def set_back(path: Path, data: bytes) -> None:
    """In place, so that it stays the very same file to the system."""
    inode = path.stat().st_ino
    path.write_bytes(data)
    assert path.stat().st_ino == inode


def test_an_older_copy_written_over_the_file_is_found_out(path: Path) -> None:
    old = path.read_bytes()
    was = reopen(path)
    set_back(path, old)
    again = reopen(path)
    assert again.origin != was.origin
    assert again.station_id != was.station_id
    assert reopen(path).origin == again.origin


def test_a_copy_made_while_the_engine_ran_is_found_out_once_it_has_ended(path: Path) -> None:
    opened = open_station(path)
    opened.journal.head()
    running = path.read_bytes()
    opened.journal.close()
    set_back(path, running)
    assert reopen(path).origin != opened.origin


def test_an_engine_that_died_goes_on_under_its_origin(path: Path) -> None:
    opened = open_station(path)
    opened.journal._drop()
    assert opened.journal._on_close is not None
    opened.journal._on_close()
    assert reopen(path).origin == opened.origin


def test_files_from_before_there_were_generations_are_known(path: Path) -> None:
    was = reopen(path).origin
    with closing(writing_connection(path)) as raw:
        raw.execute("DELETE FROM meta WHERE name = 'generation'")
    beside = path.with_name("station.db.origin")
    beside.write_text(json.dumps({"origin": was, "file": path.stat().st_ino}))
    assert reopen(path).origin == was
    say_beside(path, was)
    assert reopen(path).origin != was


@pytest.mark.parametrize("write", [1, 2])
def test_a_power_cut_around_the_note_makes_no_copy_of_a_file(
    path: Path, monkeypatch: pytest.MonkeyPatch, write: int
) -> None:
    was, real, count = reopen(path), incarnation._write_beside, 0

    def cut(*given: Any) -> None:
        nonlocal count
        count += 1
        if count == write:
            raise KeyboardInterrupt
        real(*given)

    monkeypatch.setattr(incarnation, "_write_beside", cut)
    with pytest.raises(KeyboardInterrupt):
        open_station(path)
    monkeypatch.undo()
    assert reopen(path).origin == was.origin


def test_a_power_cut_while_a_copy_is_renamed_does_not_make_it_the_first_one(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    was = reopen(path).origin
    shutil.copytree(tmp_path, tmp_path.parent / "copy")
    copy = tmp_path.parent / "copy" / "station.db"
    with closing(writing_connection(copy)) as raw:
        raw.execute("BEGIN")
        settle_origin(raw, copy)
        raw.execute("ROLLBACK")
    with closing(writing_connection(copy)) as raw:
        assert look(raw, copy).copied
    assert reopen(copy).origin != was


def test_a_full_disk_keeps_nobody_from_starting(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: Any) -> None:
        raise OSError(28, "No space left on device")

    was = reopen(path).origin
    monkeypatch.setattr(incarnation, "put_in_place", full)
    opened = open_station(path)
    monkeypatch.undo()
    opened.journal.close()
    assert opened.origin == was == reopen(path).origin


def test_the_machine_was_started_anew_when_both_know_a_boot_and_differ(path: Path) -> None:
    inode = path.stat().st_ino
    with closing(writing_connection(path)) as raw:
        name = incarnation._name_in(raw)
        assert name is not None
        assert own_origin(raw) == name.origin
        for noted, now, rebooted in (("a", "b", True), ("a", "a", False), ("", "b", False)):
            incarnation._write_beside(path, Note(file=inode, now=name, boot=noted))
            assert look(raw, path, now).rebooted is rebooted
        assert not look(raw, path).rebooted


def test_a_note_knows_what_is_and_what_will_be() -> None:
    note = Note(file=1, now=Name("a", "1"), soon=Name("a", "2"))
    assert note.knows(1, Name("a", "1"))
    assert note.knows(1, Name("a", "2"))
    assert not note.knows(2, Name("a", "1"))
    assert not note.knows(1, Name("b", "1"))

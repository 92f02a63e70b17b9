"""The ballast holds real room, goes when the disk is full, and comes back with the room."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from crisisdesk.store.ballast import Ballast

SIZE = 256 * 1024


class Measured(Ballast):
    """A ballast on a disk whose free room the test says."""

    room = 10 * SIZE

    @property
    def free(self) -> int:
        return self.room - (SIZE if self.is_there else 0)


def ballast(folder: Path) -> Measured:
    return Measured(folder, size=SIZE, reserve=4 * SIZE, full=SIZE // 4)


@pytest.mark.skipif(sys.platform == "win32", reason="blocks are counted on POSIX")
def test_it_takes_real_blocks(tmp_path: Path) -> None:
    made = ballast(tmp_path)
    made.look()
    assert made.is_there
    assert (tmp_path / "ballast").stat().st_blocks * 512 >= SIZE
    assert made.problem == ""


@pytest.mark.expect_log("the disk is full: the reserve of 0 MiB is given up")
def test_it_goes_before_a_group_has_to_fail_and_comes_back(tmp_path: Path) -> None:
    made = ballast(tmp_path)
    made.look()
    made.room = SIZE + SIZE // 8
    made.look()
    assert not made.is_there
    assert "the disk is full" in made.problem
    made.look()
    assert not made.is_there
    made.room = 10 * SIZE
    made.look()
    assert made.is_there
    assert made.problem == ""


def test_little_room_is_said_while_all_still_works(tmp_path: Path) -> None:
    made = ballast(tmp_path)
    made.look()
    made.room = 4 * SIZE
    made.look()
    assert made.is_there
    assert "no backups are made" in made.problem


def test_a_folder_that_cannot_be_looked_at_is_a_problem(tmp_path: Path) -> None:
    made = Ballast(tmp_path / "nowhere", size=SIZE)
    made.look()
    assert "cannot be looked at" in made.problem


@pytest.mark.expect_log("the disk is full")
def test_giving_up_twice_is_harmless(tmp_path: Path) -> None:
    made = ballast(tmp_path)
    made.look()
    made.give_up()
    made.give_up()
    assert not made.is_there

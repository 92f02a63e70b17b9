"""A log that lost what was on disk is told from one that was cut in its last transaction."""

from __future__ import annotations

from pathlib import Path

import pytest

from crisisdesk.store.durable import side
from crisisdesk.store.waltail import lost_frames

from tests.store.workload import Station

FRAME = 24 + 4096


@pytest.fixture
def wal(tmp_path: Path) -> Path:
    """The log of a station at work, with some groups in it."""
    station = Station(tmp_path)
    for n in range(6):
        station.fire(2, first=2 * n)
    data = side(station.path, "-wal").read_bytes()
    station.close()
    copy = tmp_path / "copy-wal"
    copy.write_bytes(data)
    return copy


def spoil(wal: Path, at: int) -> None:
    data = bytearray(wal.read_bytes())
    data[at] ^= 0x10
    wal.write_bytes(data)


def test_a_whole_log_and_none_at_all_are_well(wal: Path, tmp_path: Path) -> None:
    assert lost_frames(wal) == ""
    assert lost_frames(tmp_path / "none") == ""


@pytest.mark.parametrize("offset", [3, 9, 17, 500])
def test_damage_before_a_later_group_is_found(wal: Path, offset: int) -> None:
    spoil(wal, 32 + 2 * FRAME + offset)
    assert "is damaged at frame 3 of" in lost_frames(wal)


def test_damage_at_the_beginning_is_found(wal: Path) -> None:
    spoil(wal, 17)
    assert "damaged beginning" in lost_frames(wal)


def test_a_cut_in_the_last_group_is_what_a_power_cut_leaves(wal: Path) -> None:
    data = wal.read_bytes()
    wal.write_bytes(data[: -FRAME - 100])
    assert lost_frames(wal) == ""
    wal.write_bytes(data[:-200] + bytes(200))
    assert lost_frames(wal) == ""


def test_what_an_earlier_round_left_behind_the_end_is_no_damage(wal: Path) -> None:
    frames = (wal.stat().st_size - 32) // FRAME
    data = bytearray(wal.read_bytes())
    for n in range(frames // 2, frames):
        data[32 + n * FRAME + 8] ^= 0xFF
    wal.write_bytes(data)
    assert lost_frames(wal) == ""

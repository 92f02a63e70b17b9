"""Opening settles under which origin a file writes, and changes nothing when it refuses."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from crisisdesk.store.errors import StoreError
from crisisdesk.store.files import writing_connection
from crisisdesk.store.opening import open_station

from tests.store.workload import Station


def reopened_origin(folder: Path) -> str:
    station = Station(folder)
    station.close()
    return station.opened.origin


def test_a_new_file_is_said_to_be_new_once(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "station.db"
    first = open_station(path)
    first.journal.close()
    second = open_station(path)
    second.journal.close()
    assert (first.is_new, second.is_new) == (True, False)
    assert first.origin == second.origin
    assert len(first.origin) == 32


def test_a_copied_station_writes_under_another_origin(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    station = Station(mine)
    station.fire(3)
    station.close()
    shutil.copytree(mine, tmp_path / "copy")
    assert reopened_origin(tmp_path / "copy") != station.opened.origin
    assert reopened_origin(tmp_path / "copy") == reopened_origin(tmp_path / "copy")
    assert reopened_origin(mine) == station.opened.origin


def test_a_file_put_back_by_hand_writes_under_another_origin(tmp_path: Path) -> None:
    station = Station(tmp_path)
    station.fire(3)
    station.close()
    by_hand = tmp_path / "kept.db"
    shutil.copyfile(station.path, by_hand)
    Station(tmp_path).close()
    by_hand.replace(station.path)
    again = Station(tmp_path)
    assert again.opened.origin != station.opened.origin
    assert again.journal.head().pos == 3
    assert again.journal.head().hlc > 0
    again.close()


@pytest.mark.parametrize("said", [None, "", "{}", "[]", '{"origin": "x", "file": "y"}'])
def test_without_what_stands_beside_nobody_is_trusted(tmp_path: Path, said: str | None) -> None:
    first = reopened_origin(tmp_path)
    beside = tmp_path / "station.db.origin"
    if said is None:
        beside.unlink()
    else:
        beside.write_text(said)
    second = reopened_origin(tmp_path)
    assert second != first
    assert reopened_origin(tmp_path) == second


def test_what_goes_wrong_on_the_way_is_said_and_the_lock_given_back(tmp_path: Path) -> None:
    station = Station(tmp_path)
    station.close()
    with closing(writing_connection(station.path)) as raw:
        raw.execute("DROP TABLE meta")
    for _ in range(2):
        with pytest.raises(StoreError, match=r"cannot be opened.*no such table: meta"):
            open_station(station.path)

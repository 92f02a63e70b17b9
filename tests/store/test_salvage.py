"""Events are read out of a file page by page, whatever has become of the pages around them."""

from __future__ import annotations

from pathlib import Path

import pytest

from crisisdesk.engine import commands as c
from crisisdesk.store.durable import side
from crisisdesk.store.salvage import scan

from tests.reliability.spoiling import events_of
from tests.store.workload import Station

PAGE = 4096


def found(path: Path) -> set[tuple[str, int]]:
    return {(one.stored.origin, one.stored.seq) for one in scan(path)}


def whole(path: Path) -> set[tuple[str, int]]:
    return {(event.origin, event.seq) for event in events_of(path)}


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A closed station with a log of every kind of event."""
    station = Station(tmp_path)
    station.work_at_random(60)
    station.close()
    return station.path


def test_a_whole_file_gives_every_event_as_it_stands(kept: Path) -> None:
    by_place = {(e.origin, e.seq): e for e in events_of(kept)}
    for one in scan(kept):
        assert one.stored == by_place.pop((one.stored.origin, one.stored.seq))
        assert one.agrees
    assert by_place == {}


def test_the_log_beside_is_read_too(station: Station) -> None:
    station.fire(30)
    assert side(station.path, "-wal").stat().st_size > PAGE
    assert found(station.path) == whole(station.path)


def test_bodies_of_many_pages_are_put_together(tmp_path: Path) -> None:
    station = Station(tmp_path)
    alert = station.fire(1)[0]
    for size in (3_000, 4_000, 4_100, 9_000, 40_000):
        station.do(c.NoteAlert(alert_id=alert, text="é" * (size // 2)))
    station.close()
    assert found(station.path) == whole(station.path)


@pytest.mark.parametrize("lost", ["first", "schema and roots"])
def test_without_its_first_pages_sqlite_reads_nothing_and_this_the_rest(
    kept: Path, lost: str
) -> None:
    every = whole(kept)
    data = bytearray(kept.read_bytes())
    pages = 1 if lost == "first" else 3
    data[: pages * PAGE] = bytes(pages * PAGE)
    kept.write_bytes(data)
    assert len(found(kept)) > len(every) * 0.9


def test_an_event_with_a_flipped_bit_is_not_taken_for_one(kept: Path) -> None:
    event = events_of(kept)[20]
    data = bytearray(kept.read_bytes())
    data[data.find(event.body) + 3] ^= 1
    kept.write_bytes(data)
    assert (event.origin, event.seq) not in found(kept)


def test_noise_and_nothing_give_nothing(tmp_path: Path) -> None:
    import random

    noise = tmp_path / "noise.db"
    noise.write_bytes(random.Random(4).randbytes(PAGE * 40))
    assert found(noise) == set()
    assert found(tmp_path / "none.db") == set()

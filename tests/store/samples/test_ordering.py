"""Ordering: the same whatever the slices, and after a crash between two of them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from crisisdesk.store.samples import ordering
from crisisdesk.store.samples.file import SERIES_LIMIT, open_for_writing
from crisisdesk.store.samples.ordering import (
    forget_series,
    horizon,
    let_age,
    make_room,
    put_in_order,
    transaction,
    used_pages,
)
from crisisdesk.store.samples.packing import Arrived
from crisisdesk.store.samples.reading import BY_MINUTE, HOURLY, RAW

from tests.store.samples.bench import HOUR, NOW

NOW_HOUR = NOW // HOUR


def arrived(series: int = 10, each: int = 30, gap: int = 240_000) -> Arrived:
    ids = np.repeat(np.arange(1, series + 1), each)
    at = NOW + np.tile(np.arange(each), series) * gap
    return Arrived(ids, at, np.sin(ids * at))


def content(raw: sqlite3.Connection) -> list[Any]:
    return raw.execute("SELECT key, count, grain, data FROM hour ORDER BY key").fetchall()


@pytest.mark.parametrize("slice_size", [1, 3, 1_000])
def test_slices_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slice_size: int
) -> None:
    with closing(open_for_writing(tmp_path / "whole", 1 << 24)) as raw:
        put_in_order(raw, arrived(), 1)
        wanted = content(raw)
    monkeypatch.setattr(ordering, "SLICE", slice_size)
    with closing(open_for_writing(tmp_path / "sliced", 1 << 24)) as raw:
        put_in_order(raw, arrived(), 1)
        assert content(raw) == wanted
        # As after a crash before what arrived was taken off the list.
        put_in_order(raw, arrived(), 1)
        assert content(raw) == wanted
    assert len(wanted) == 10 * 3


def test_what_is_older_than_raw_is_left_out(tmp_path: Path) -> None:
    with closing(open_for_writing(tmp_path / "s", 1 << 24)) as raw:
        let_age(raw, NOW_HOUR + 48 + 1)
        put_in_order(raw, arrived(), 1)
        assert {key // SERIES_LIMIT for key, *_ in content(raw)} == {NOW_HOUR + 1, NOW_HOUR + 2}


def test_a_few_hours_at_a_time_grow_old(tmp_path: Path) -> None:
    with closing(open_for_writing(tmp_path / "s", 1 << 24)) as raw:
        put_in_order(raw, arrived(series=2, each=150), 1)
        let_age(raw, NOW_HOUR + 1_000)
        grains = [grain for _, _, grain, _ in content(raw)]
        assert (len(grains), grains.count(HOURLY)) == (2 * 11, 2 * 4)
        for _ in range(5):
            let_age(raw, NOW_HOUR + 1_000)
        assert {grain for _, _, grain, _ in content(raw)} == {HOURLY}
        assert horizon(raw, RAW) == NOW_HOUR + 1_000 - 48


def test_a_sample_a_minute_is_kept_in_place_of_its_minute(tmp_path: Path) -> None:
    with closing(open_for_writing(tmp_path / "s", 1 << 24)) as raw:
        put_in_order(raw, arrived(series=1, each=15), 1)
        before = content(raw)
        let_age(raw, NOW_HOUR + 100)
        assert content(raw) == before
        assert horizon(raw, RAW) == NOW_HOUR + 52


def test_room_is_made_oldest_raw_first(tmp_path: Path) -> None:
    with closing(open_for_writing(tmp_path / "s", 1 << 24)) as raw:
        put_in_order(raw, arrived(series=10, each=10_800, gap=2_000), 1)
        before = used_pages(raw)
        assert make_room(raw, NOW_HOUR + 12, before - before // 8)
        grains = [grain for _, _, grain, _ in content(raw)]
        assert grains == sorted(grains)
        assert set(grains) == {BY_MINUTE, RAW}
        assert used_pages(raw) <= before - before // 8
        assert not make_room(raw, NOW_HOUR + 10, 1)


def test_a_series_goes_with_its_last_hour(tmp_path: Path) -> None:
    with closing(open_for_writing(tmp_path / "s", 1 << 24)) as raw:
        insert = "INSERT INTO series VALUES (?, 's', ?, '[]', ?)"
        raw.executemany(insert, [(1, "old", NOW_HOUR), (2, "new", NOW_HOUR)])
        put_in_order(raw, Arrived(np.array([2]), np.array([NOW + 9 * HOUR]), np.array([1.0])), 0)
        assert not forget_series(raw)
        let_age(raw, NOW_HOUR + 5 + 400 * 24)
        assert forget_series(raw)
        assert raw.execute("SELECT metric FROM series").fetchall() == [("new",)]


def test_a_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    def half_done() -> None:
        with transaction(raw):
            raw.execute("INSERT INTO horizon VALUES (0, 5)")
            raise RuntimeError

    with closing(open_for_writing(tmp_path / "s", 1 << 24)) as raw:
        with pytest.raises(RuntimeError):
            half_done()
        assert not raw.in_transaction
        assert horizon(raw, HOURLY) < 0

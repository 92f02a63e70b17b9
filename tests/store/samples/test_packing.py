"""What is packed comes out the same, bit by bit; what is torn is seen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from crisisdesk.store.samples.columns import HOUR_MS, MINUTE_MS, coarser, raw_points
from crisisdesk.store.samples.packing import (
    Arrived,
    Torn,
    pack_arrived,
    pack_minutes,
    pack_raw,
    unpack_arrived,
    unpack_minutes,
    unpack_raw,
)

START = 498_896 * HOUR_MS
HOURS = st.dictionaries(st.integers(0, HOUR_MS - 1), st.floats(width=64), min_size=1, max_size=50)


def columns(of: dict[int, float]) -> tuple[NDArray[Any], NDArray[Any]]:
    offsets = sorted(of)
    return np.array(offsets, np.int64) + START, np.array([of[at] for at in offsets], np.float64)


def bits(values: NDArray[Any]) -> list[Any]:
    return list(values.view(np.uint64).tolist())


@given(HOURS)
def test_an_hour_comes_out_as_it_went_in(of: dict[int, float]) -> None:
    at, value = columns(of)
    found = unpack_raw(pack_raw(at, value, START), START)
    assert found.at.tolist() == at.tolist()
    assert bits(found.last) == bits(value)


@given(HOURS)
def test_minutes_come_out_as_they_went_in(of: dict[int, float]) -> None:
    minutes = coarser(raw_points(*columns(of)), MINUTE_MS)
    found = unpack_minutes(pack_minutes(minutes, START), START)
    assert found.at.tolist() == minutes.at.tolist()
    assert found.count.tolist() == minutes.count.tolist()
    assert [bits(c) for c in found[1:5]] == [bits(np.ascontiguousarray(c)) for c in minutes[1:5]]


@given(st.lists(st.tuples(st.integers(1, 2**24 - 1), st.integers(0, 2**50), st.floats(width=64))))
def test_what_arrived_comes_out_in_its_order(rows: list[tuple[int, int, float]]) -> None:
    ids, at = (np.array([row[n] for row in rows], np.int64) for n in (0, 1))
    value = np.array([row[2] for row in rows], np.float64)
    found = unpack_arrived(pack_arrived(Arrived(ids, at, value)))
    assert (found.ids.tolist(), found.at.tolist()) == (ids.tolist(), at.tolist())
    assert bits(found.value) == bits(value)


@given(HOURS, st.data())
def test_a_changed_byte_is_seen(of: dict[int, float], data: st.DataObject) -> None:
    at, value = columns(of)
    for packed, unpack in (
        (pack_raw(at, value, START), lambda d: unpack_raw(d, START)),
        (pack_minutes(coarser(raw_points(at, value), MINUTE_MS), START), _minutes),
    ):
        place = data.draw(st.integers(2, len(packed) - 1))
        torn = bytearray(packed)
        torn[place] ^= data.draw(st.integers(1, 255))
        before = unpack(packed)
        try:
            after = unpack(bytes(torn))
        except Torn:
            continue
        # A byte that the packing does not look at may change and change nothing.
        assert [bits(c) for c in after[1:5]] == [bits(c) for c in before[1:5]]


def _minutes(data: bytes):
    return unpack_minutes(data, START)


@pytest.mark.parametrize("data", [b"", b"x", b"\0" * 24])
def test_bytes_that_never_were_packed_are_torn(data: bytes) -> None:
    with pytest.raises(Torn):
        unpack_raw(data, START)
    with pytest.raises(Torn):
        unpack_minutes(data, START)
    with pytest.raises(Torn):
        unpack_arrived(data + b"\x01")


def test_times_out_of_order_are_torn() -> None:
    at = np.array([START + 10, START + 10])
    with pytest.raises(Torn, match="out of order"):
        unpack_raw(pack_raw(at, np.array([1.0, 2.0]), START), START)


def test_a_steady_hour_is_small() -> None:
    at = np.arange(360) * 10_000 + START
    value = 0.25 + np.round(np.sin(np.arange(360) / 20), 2)
    assert len(pack_raw(at, value, START)) < 360 * 8
    assert len(pack_raw(at, np.ones(360), START)) < 120

"""Samples as bytes: an hour of one series raw, the same by the minute, and what just came in.

Times are kept as differences, values as what changed against the one before, and both with their
like bytes together, which is what makes them small. Everything carries a checksum.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from crisisdesk.store.samples.columns import HOUR_MS, MINUTE_MS, Points, raw_points

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from crisisdesk.store.samples.columns import Times, Values

_COUNT = struct.Struct("<I")
_LEVEL = 1


class Torn(ValueError):
    """Bytes that are not what was once packed."""


class Arrived(NamedTuple):
    """Samples of many series in the order in which they came: number of the series, time, value."""

    ids: Times
    at: Times
    value: Values


NOTHING = Arrived(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))


def pack_raw(at: Times, value: Values, start: int) -> bytes:
    """One hour's samples, ascending; ``start`` is the hour's first ms."""
    return _pack(len(at), [_steps((at - start).astype("<u4")), _changes(value)])


def unpack_raw(data: bytes, start: int) -> Points:
    """What `pack_raw` was given; raises Torn."""
    offsets, value = _unpack(data, ("<u4", "<f8"))
    at = np.cumsum(offsets.astype(np.int64))
    _check_times(at)
    return raw_points(at + start, _undo_changes(value))


def pack_minutes(points: Points, start: int) -> bytes:
    """One hour's buckets by the minute."""
    minutes = ((points.at - start) // MINUTE_MS).astype("<u4")
    values = [_changes(column) for column in points[1:5]]
    return _pack(len(minutes), [_steps(minutes), points.count.astype("<u4"), *values])


def unpack_minutes(data: bytes, start: int) -> Points:
    """What `pack_minutes` was given; raises Torn."""
    minutes, count, *values = _unpack(data, ("<u4", "<u4", *["<f8"] * 4))
    at = np.cumsum(minutes.astype(np.int64)) * MINUTE_MS
    _check_times(at)
    low, high, last, mean = (_undo_changes(column) for column in values)
    return Points(at + start, low, high, last, mean, count.astype(np.int64))


def pack_arrived(arrived: Arrived) -> bytes:
    """A few seconds of all series, quick to write and to read."""
    columns = zip(arrived, ("<u4", "<i8", "<f8"), strict=True)
    body = b"".join(column.astype(kind).tobytes() for column, kind in columns)
    return _COUNT.pack(zlib.crc32(body)) + body


def unpack_arrived(data: bytes) -> Arrived:
    """What `pack_arrived` was given; raises Torn."""
    body = data[_COUNT.size :]
    if len(data) < _COUNT.size or len(body) % 20 or _COUNT.unpack_from(data)[0] != zlib.crc32(body):
        raise Torn("what came in last is torn")
    n = len(body) // 20
    ids = np.frombuffer(body, "<u4", n).astype(np.int64)
    at = np.frombuffer(body, "<i8", n, offset=4 * n).astype(np.int64)
    return Arrived(ids, at, np.frombuffer(body, "<f8", n, offset=12 * n).astype(np.float64))


def _pack(n: int, columns: Sequence[NDArray[Any]]) -> bytes:
    body = b"".join(_like_together(column) for column in columns)
    return zlib.compress(_COUNT.pack(n) + body, _LEVEL)


def _unpack(data: bytes, kinds: Sequence[str]) -> list[NDArray[Any]]:
    try:
        body = zlib.decompress(data)
        (n,) = _COUNT.unpack_from(body)
    except (zlib.error, struct.error) as error:
        raise Torn(f"an hour is torn: {error}") from error
    sizes = [np.dtype(kind).itemsize for kind in kinds]
    if len(body) != _COUNT.size + n * sum(sizes):
        raise Torn("an hour has another length than it says")
    found, at = [], _COUNT.size
    for kind, size in zip(kinds, sizes, strict=True):
        plain = np.frombuffer(body, np.uint8, n * size, offset=at).reshape(size, n)
        found.append(np.ascontiguousarray(plain.T).view(kind).reshape(n))
        at += n * size
    return found


def _like_together(column: NDArray[Any]) -> bytes:
    size = column.itemsize
    return np.ascontiguousarray(column).view(np.uint8).reshape(-1, size).T.tobytes()


def _steps(ascending: NDArray[Any]) -> NDArray[Any]:
    return np.diff(ascending, prepend=ascending.dtype.type(0)).astype("<u4")


def _changes(value: Values) -> NDArray[Any]:
    bits = np.ascontiguousarray(value, "<f8").view("<u8").copy()
    bits[1:] ^= bits[:-1].copy()
    return bits


def _undo_changes(value: NDArray[Any]) -> Values:
    bits = np.bitwise_xor.accumulate(value.view("<u8"))
    return bits.astype(np.uint64).view(np.float64)


def _check_times(at: Times) -> None:
    if len(at) and (at[-1] >= HOUR_MS or at[0] < 0 or bool((np.diff(at) <= 0).any())):
        raise Torn("the times of an hour are out of order")

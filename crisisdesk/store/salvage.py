"""Reading events out of a file that SQLite refuses: page by page, each judged by its own hashes.

Every page of the database and every frame of its log is looked at by itself
(https://sqlite.org/fileformat2.html): a leaf of a table whose records have the shape of an event
gives events, whatever is wrong with the pages around it. Nothing here writes.
"""

from __future__ import annotations

import hashlib
import logging
import mmap
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.event import Event, Stored, unseal
from crisisdesk.store.durable import side

log = logging.getLogger(__name__)

PAGE_BYTES = 4096
_WAL_HEADER = 32
_FRAME_HEADER = 24
_TABLE_LEAF = 0x0D
# pos is the rowid and stands as NULL; 10 columns follow, the last four of them blobs.
_COLUMNS = 11
_MAX_PAYLOAD = 64 * 1024 * 1024


class Found(NamedTuple):
    """An event whose body belongs to its envelope; its place in the chain is not judged yet.

    ``agrees`` says that the columns beside the envelope tell the same.
    """

    pos: int
    event: Event
    stored: Stored
    agrees: bool


def scan(path: Path) -> Iterator[Found]:
    """Every event that still can be read in the file and its log; the same one may come twice."""
    with ExitStack() as stack:
        pages = _Pages(_map(stack, path), _map(stack, side(path, "-wal")))
        for page in pages:
            for rowid, values in _leaf_records(page, pages):
                found = _judge(rowid, values)
                if found is not None:
                    yield found


def _map(stack: ExitStack, path: Path) -> mmap.mmap | bytes:
    """The file's bytes, without loading them; none when there is no such file or nothing in it."""
    try:
        file = stack.enter_context(path.open("rb"))
        if path.stat().st_size == 0:
            return b""
        return stack.enter_context(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except OSError as error:
        if not isinstance(error, FileNotFoundError):
            log.warning("%s cannot be read for salvage: %s", path.name, error)
        return b""


class _Pages:
    """The pages of both files; of one that stands several times, every version."""

    def __init__(self, main: mmap.mmap | bytes, wal: mmap.mmap | bytes) -> None:
        self._main = main
        self._wal = wal
        step = _FRAME_HEADER + PAGE_BYTES
        self._frames: dict[int, list[int]] = {}
        for at in range(_WAL_HEADER, len(wal) - step + 1, step):
            number = int.from_bytes(wal[at : at + 4], "big")
            self._frames.setdefault(number, []).append(at + _FRAME_HEADER)

    def __iter__(self) -> Iterator[bytes]:
        for offsets in self._frames.values():
            for at in reversed(offsets):
                yield self._wal[at : at + PAGE_BYTES]
        for at in range(0, len(self._main) - PAGE_BYTES + 1, PAGE_BYTES):
            yield self._main[at : at + PAGE_BYTES]

    def page(self, number: int) -> bytes:
        """The newest version of one page; empty when there is none."""
        if number in self._frames:
            at = self._frames[number][-1]
            return self._wal[at : at + PAGE_BYTES]
        at = (number - 1) * PAGE_BYTES
        return self._main[at : at + PAGE_BYTES]


def _leaf_records(page: bytes, pages: _Pages) -> Iterator[tuple[int, list[Any]]]:
    """(rowid, values) of each cell that is a record of as many columns as an event has."""
    if page[0] != _TABLE_LEAF:
        return
    cells = int.from_bytes(page[3:5], "big")
    for n in range(min(cells, (PAGE_BYTES - 8) // 2)):
        at = int.from_bytes(page[8 + 2 * n : 10 + 2 * n], "big")
        try:
            size, at = _varint(page, at)
            rowid, at = _varint(page, at)
            if size <= _MAX_PAYLOAD:
                values = _record(_payload(page, at, size, pages))
                if len(values) == _COLUMNS:
                    yield rowid, values
        except (IndexError, UnicodeDecodeError):
            # A cell that points outside: what it was is not to be had from this page.
            continue


def _payload(page: bytes, at: int, size: int, pages: _Pages) -> bytes:
    usable = PAGE_BYTES
    if size <= usable - 35:
        return page[at : at + size]
    least = (usable - 12) * 32 // 255 - 23
    local = least + (size - least) % (usable - 4)
    local = least if local > usable - 35 else local
    parts = [page[at : at + local]]
    following = int.from_bytes(page[at + local : at + local + 4], "big")
    left = size - local
    while left > 0 and following:
        overflow = pages.page(following)
        parts.append(overflow[4 : 4 + min(left, usable - 4)])
        following = int.from_bytes(overflow[:4], "big")
        left -= usable - 4
    return b"".join(parts)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for n in range(9):
        byte = data[at + n]
        if n == 8:
            return (value << 8) | byte, at + 9
        value = (value << 7) | (byte & 0x7F)
        if byte < 0x80:
            return value, at + n + 1
    raise IndexError


def _record(payload: bytes) -> list[Any]:
    end, at = _varint(payload, 0)
    values: list[Any] = []
    body = end
    while at < end and len(values) <= _COLUMNS:
        kind, at = _varint(payload, at)
        value, body = _value(payload, kind, body)
        values.append(value)
    return values


_INTEGER_BYTES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


def _value(payload: bytes, kind: int, at: int) -> tuple[Any, int]:
    if kind in _INTEGER_BYTES:
        size = _INTEGER_BYTES[kind]
        return int.from_bytes(payload[at : at + size], "big", signed=True), at + size
    if kind >= 12:
        size = (kind - 12) // 2
        data = payload[at : at + size]
        if len(data) != size:
            raise IndexError
        return (data.decode() if kind % 2 else data), at + size
    return {8: 0, 9: 1}.get(kind), at


def _judge(rowid: int, values: list[Any]) -> Found | None:
    """The event in a record; None when it is none, or its bytes do not belong together."""
    raw, body, salt, digest = values[7:]
    if not all(isinstance(part, bytes) for part in (raw, body, salt, digest)):
        return None
    try:
        if f'"body_hash":"{hashlib.sha256(salt + body).hexdigest()}"'.encode() not in raw:
            return None
        event = unseal(raw, body)
    except (Malformed, UnicodeDecodeError, RecursionError):
        return None
    stored = Stored(origin=event.origin, seq=event.seq, raw=raw, body=body, salt=salt, hash=digest)
    told = [event.origin, event.seq, event.hlc, event.agg, event.kind, event.wall_ms]
    return Found(rowid, event, stored, told == values[1:7])

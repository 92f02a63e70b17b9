"""The archive: events that were compacted out of the log, whole, in a file beside it.

Segments are written once, flushed before their events leave the log, and never changed. A hub that
was restored from an old copy is filled from here as well, and an alert's history is read from here
when its older events are no longer in the log.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from crisisdesk.domain.event import Stored
from crisisdesk.store.errors import Damaged

_SCHEMA = """
CREATE TABLE IF NOT EXISTS segment (
    id INTEGER PRIMARY KEY, origin TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    last_hash BLOB NOT NULL, data BLOB NOT NULL, UNIQUE (origin, first)
);
CREATE TABLE IF NOT EXISTS place (
    agg TEXT NOT NULL, segment INTEGER NOT NULL REFERENCES segment (id),
    PRIMARY KEY (agg, segment)
) WITHOUT ROWID;
"""
_LEVEL = 3


def archive_path(store: Path) -> Path:
    """Where the archive of this station's file lies."""
    return store.with_name(f"{store.stem}-archive.sqlite3")


def put_away(store: Path, runs: Iterable[tuple[Sequence[Stored], Iterable[str]]]) -> None:
    """Keep runs of consecutive events of one origin each, with the aggregates they touch.

    On disk when this returns. A run that is there already (the power went before its events left
    the log) is left as it is.
    """
    with closing(sqlite3.connect(archive_path(store), isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode=DELETE")
        raw.execute("PRAGMA synchronous=FULL")
        raw.executescript(_SCHEMA)
        raw.execute("BEGIN IMMEDIATE")
        for events, aggregates in runs:
            first, last = events[0], events[-1]
            known = raw.execute(
                "SELECT 1 FROM segment WHERE origin = ? AND last >= ?", (last.origin, last.seq)
            ).fetchone()
            if known is not None:
                continue
            row = (first.origin, first.seq, last.seq, last.hash, _packed(events))
            segment = raw.execute(
                "INSERT INTO segment (origin, first, last, last_hash, data) VALUES (?,?,?,?,?)", row
            ).lastrowid
            raw.executemany(
                "INSERT INTO place (agg, segment) VALUES (?, ?)",
                [(aggregate, segment) for aggregate in sorted(set(aggregates))],
            )
        raw.execute("COMMIT")


class Archive:
    """Reads the archive; opened for each question, because questions are rare."""

    def __init__(self, store: Path) -> None:
        self._path = archive_path(store)

    def after(self, origin: str, seq: int, limit: int) -> list[Stored]:
        """Consecutive events behind ``seq``; none when the next one is not in the archive."""
        sql = (
            "SELECT data FROM segment WHERE origin = ? AND last > ? AND first <= ? "
            "ORDER BY first LIMIT 1"
        )
        for (data,) in self._rows(sql, (origin, seq, seq + 1)):
            return [event for event in _unpacked(data) if event.seq > seq][:limit]
        return []

    def hash_at(self, origin: str, seq: int) -> bytes | None:
        """The chain hash of an archived event."""
        sql = "SELECT data FROM segment WHERE origin = ? AND first <= ? AND last >= ?"
        for (data,) in self._rows(sql, (origin, seq, seq)):
            return next((e.hash for e in _unpacked(data) if e.seq == seq), None)
        return None

    def story(self, aggregate: str) -> Iterator[Stored]:
        """Every archived event in the segments that touch this aggregate; the caller chooses."""
        sql = (
            "SELECT s.data FROM place AS p JOIN segment AS s ON s.id = p.segment "
            "WHERE p.agg = ? ORDER BY s.id"
        )
        for (data,) in self._rows(sql, (aggregate,)):
            yield from _unpacked(data)

    def _rows(self, sql: str, values: tuple[Any, ...]) -> list[Any]:
        if not self._path.exists():
            return []
        try:
            uri = f"{self._path.absolute().as_uri()}?mode=ro"
            with closing(sqlite3.connect(uri, uri=True)) as raw:
                return raw.execute(sql, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise Damaged(f"{self._path.name} cannot be read ({error})") from error


def _packed(events: Sequence[Stored]) -> bytes:
    rows = [
        (e.origin, e.seq, e.raw.decode(), e.body.decode(), e.salt.hex(), e.hash.hex())
        for e in events
    ]
    return zlib.compress(json.dumps(rows, ensure_ascii=False).encode(), _LEVEL)


def _unpacked(data: bytes) -> Iterator[Stored]:
    try:
        rows = json.loads(zlib.decompress(data))
    except (zlib.error, ValueError) as error:
        raise Damaged(f"a segment of the archive is damaged ({error})") from error
    for origin, seq, raw, body, salt, digest in rows:
        yield Stored(
            origin=origin,
            seq=seq,
            raw=raw.encode(),
            body=body.encode(),
            salt=bytes.fromhex(salt),
            hash=bytes.fromhex(digest),
        )

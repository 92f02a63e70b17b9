"""Checking the log: every event's bytes against its hash, every hash against the one before."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from crisisdesk.domain.event import GENESIS, verify
from crisisdesk.store.errors import Damaged
from crisisdesk.store.files import reading_connection

_CHUNK = 2_000
# Half a millisecond of work.
_SMALL_CHUNK = 100
_COPIED = ("origin", "seq", "hlc", "agg", "kind", "wall_ms")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was checked: ``events`` good ones up to ``pos``, and the first bad one if any.

    ``first_bad`` is (origin, seq, why); seq 0 says that the log as a whole is to blame. ``heads``
    maps each origin to its last good (seq, hash).
    """

    events: int
    pos: int
    first_bad: tuple[str, int, str] | None
    heads: dict[str, tuple[int, bytes]] = field(default_factory=dict)

    @property
    def in_words(self) -> str:
        """One sentence: how many events agree, or which one is the first that does not."""
        if self.first_bad is None:
            return f"{self.events} events verified, every hash agrees"
        origin, seq, why = self.first_bad
        return f"event {seq} of origin {origin[:8]} is damaged: {why}"


def verify_log(path: Path, *, after: Verdict | None = None) -> Verdict:
    """Check the chain of every origin, a chunk at a time, in the memory of one chunk.

    ``after`` is an earlier good verdict to go on from. Raises Damaged when SQLite cannot read the
    file at all.
    """
    try:
        raw = reading_connection(path)
        try:
            return verify_connection(raw, after=after)
        finally:
            raw.close()
    except sqlite3.DatabaseError as error:
        raise Damaged(f"{path.name} cannot be read ({error}); restore a backup") from error


def verify_connection(
    raw: sqlite3.Connection,
    *,
    after: Verdict | None = None,
    pause: Callable[[], None] | None = None,
) -> Verdict:
    """As `verify_log`, on an open connection; between chunks no snapshot is held.

    ``pause`` is called between small chunks, by who must leave the processor to others.
    """
    heads = kept_from(raw)
    for origin, (seq, digest) in (after.heads if after else {}).items():
        if seq >= heads.get(origin, (0, GENESIS))[0]:
            heads[origin] = (seq, digest)
    events, pos = (after.events, after.pos) if after else (0, 0)
    sql = (
        "SELECT pos, raw, body, salt, hash, origin, seq, hlc, agg, kind, wall_ms FROM event "
        "WHERE pos > ? ORDER BY pos LIMIT ?"
    )
    chunk = _CHUNK if pause is None else _SMALL_CHUNK
    while rows := raw.execute(sql, (pos, chunk)).fetchall():
        for pos_now, envelope, body, salt, digest, *columns in rows:
            origin, seq = columns[0], columns[1]
            last_seq, last_hash = heads.get(origin, (0, GENESIS))
            if seq != last_seq + 1:
                why = f"the log goes on with {seq} after {last_seq}"
                return Verdict(
                    events=events, pos=pos, first_bad=(origin, last_seq + 1, why), heads=heads
                )
            why = verify(envelope, body, salt, digest, last_hash) or _mismatch(envelope, columns)
            if why:
                return Verdict(events=events, pos=pos, first_bad=(origin, seq, why), heads=heads)
            heads[origin] = (seq, digest)
            events, pos = events + 1, pos_now
        if pause is not None:
            pause()
    return Verdict(events=events, pos=pos, first_bad=_check_heads(raw, heads, pos), heads=heads)


def kept_from(raw: sqlite3.Connection) -> dict[str, tuple[int, bytes]]:
    """(seq, hash) behind which the log of each compacted origin begins here."""
    known = raw.execute("SELECT 1 FROM sqlite_master WHERE name = 'base_head'").fetchone()
    if known is None:
        return {}
    rows = raw.execute("SELECT origin, seq, hash FROM base_head")
    return {origin: (seq, digest) for origin, seq, digest in rows}


def _mismatch(envelope: bytes, columns: list[object]) -> str:
    """The columns are copies of the envelope; a flipped bit in them no hash would notice."""
    told = orjson.loads(envelope)
    for name, value in zip(_COPIED, columns, strict=True):
        if told[name] != value:
            return f"its column {name} differs from its envelope"
    return ""


def _check_heads(
    raw: sqlite3.Connection, heads: dict[str, tuple[int, bytes]], pos: int
) -> tuple[str, int, str] | None:
    """A log that lost its end still chains; the heads kept beside it tell."""
    sql = (
        "SELECT h.origin, h.seq, h.hash FROM origin_head AS h "
        "WHERE NOT EXISTS (SELECT 1 FROM event AS e WHERE e.origin = h.origin AND e.pos > ?)"
    )
    for origin, seq, digest in raw.execute(sql, (pos,)):
        have_seq, have_hash = heads.get(origin, (0, GENESIS))
        if have_seq < seq:
            return (origin, have_seq + 1, f"the log ends at {have_seq}, its head says {seq}")
        if have_seq == seq and have_hash != digest:
            return (origin, seq, "its hash is not the one in the head")
    return None

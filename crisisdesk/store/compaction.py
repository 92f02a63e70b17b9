"""Compaction: events that nothing can precede any more leave the log; their effect stays.

For each aggregate the state they left is kept as its *base*, from which it is folded on; for each
origin where its kept log begins and the hash there, so that the chain still proves itself. The
events themselves go to the archive first. Done in pieces, each of them one transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import Any

from crisisdesk.domain.event import Event, Stored, unseal
from crisisdesk.domain.fold import FOLD_VERSION, TYPES, fold
from crisisdesk.domain.frontier import Standing, stable_hlc
from crisisdesk.engine.ports import Piece, StoreFailed
from crisisdesk.store.archive import put_away
from crisisdesk.store.files import reading_connection
from crisisdesk.store.positions import COMPACTED, is_unchecked
from crisisdesk.store.projections import table_of
from crisisdesk.store.states import decode, encode

PIECE_EVENTS = 2_000
# A piece is held in memory, and is read whole in the archive for each of its events.
PIECE_BYTES = 8 * 1024 * 1024
DAY_MS = 86_400_000


class CompactionPlanner:
    """Implements `engine.ports.Planner` for one station file.

    Events younger than ``keep_days`` stay, unless there are more than ``most_events``; then only
    those of the last day do.
    """

    def __init__(self, path: Path, *, keep_days: int, most_events: int) -> None:
        self._path = path
        self._keep_ms = keep_days * DAY_MS
        self._most_events = most_events

    def plan(self, now_ms: int, others: Sequence[Standing]) -> list[Piece]:
        """The next pieces, oldest first; none when nothing may leave.

        Nothing does while the snapshot that this log began with may still be thrown away.
        """
        try:
            with closing(reading_connection(self._path)) as raw:
                if is_unchecked(raw):
                    return []
                cut = _stable(raw, others)
                (total,) = raw.execute("SELECT count(*) FROM event").fetchone()
            crowded = total > self._most_events
            oldest_ms = now_ms - (DAY_MS if crowded else self._keep_ms)
            keep = self._most_events if crowded else 0
            return plan(self._path, min(cut, oldest_ms << 16), keep_events=keep)
        except sqlite3.Error as error:
            raise StoreFailed(f"the station's file cannot be read ({error})") from error


def _stable(raw: sqlite3.Connection, others: Sequence[Standing]) -> int:
    """Up to which hlc nothing can come late, by this log and the others' standings."""
    heads = raw.execute("SELECT origin, seq, hlc FROM origin_head").fetchall()
    here = {origin: seq for origin, seq, _hlc in heads}
    (own,) = raw.execute("SELECT value FROM meta WHERE name = 'origin'").fetchone()
    me = Standing(origin=own, vector=here, hlc=max((hlc for *_, hlc in heads), default=0))
    (before,) = raw.execute(
        "SELECT coalesce(max(CAST(value AS INTEGER)), 0) FROM meta WHERE name = ?", (COMPACTED,)
    ).fetchone()

    def hlc_at(origin: str, seq: int) -> int:
        row = raw.execute(
            "SELECT hlc FROM event WHERE origin = ? AND seq = ?", (origin, seq)
        ).fetchone()
        return int(before if row is None else row[0])

    return stable_hlc([me, *others], here, hlc_at)


def plan(path: Path, cut_hlc: int, *, keep_events: int, limit: int = 200_000) -> list[Piece]:
    """The pieces in which events up to ``cut_hlc`` leave, oldest first, at most ``limit`` events.

    ``keep_events`` of the newest stay in any case. Nothing at or behind an event that no state here
    can use leaves: a newer program may still need it.
    """
    raw = reading_connection(path)
    try:
        raw.execute("BEGIN")
        cut = min(cut_hlc, _first_unusable(raw) - 1, _last_arrived(raw) - 1)
        (total,) = raw.execute("SELECT count(*) FROM event").fetchone()
        spare = min(total - keep_events, limit)
        if spare <= 0:
            return []
        rows = raw.execute(
            "SELECT hlc, origin, seq, length(body) FROM event WHERE hlc <= ? "
            "ORDER BY hlc, origin, seq LIMIT ?",
            (cut, spare),
        ).fetchall()
    finally:
        raw.close()
    return list(_pieces(rows))


def _pieces(rows: list[tuple[int, str, int, int]]) -> Any:
    upto: dict[str, int] = {}
    count = size = 0
    for index, (hlc, origin, seq, length) in enumerate(rows):
        upto[origin] = seq
        count, size = count + 1, size + length
        last = index + 1 == len(rows)
        # A piece ends between two readings, so that its base sorts before all that stays.
        full = count >= PIECE_EVENTS or size >= PIECE_BYTES
        if last or (full and rows[index + 1][0] != hlc):
            yield Piece(upto=dict(upto), hlc=hlc, events=count)
            upto, count, size = {}, 0, 0


def _last_arrived(raw: sqlite3.Connection) -> int:
    """The hlc of the event at the log's end: it stays, or positions would begin anew."""
    row = raw.execute("SELECT hlc FROM event ORDER BY pos DESC LIMIT 1").fetchone()
    return 0 if row is None else int(row[0])


def _first_unusable(raw: sqlite3.Connection) -> int:
    """The least hlc of an event that is put aside, or of an aggregate of no known shape."""
    (spoilt,) = raw.execute(
        "SELECT min(e.hlc) FROM quarantine AS q JOIN event AS e USING (origin, seq)"
    ).fetchone()
    aggregates = raw.execute("SELECT agg, min(hlc) FROM event GROUP BY agg")
    strange = [hlc for agg, hlc in aggregates if table_of(agg) is None]
    return min([*strange, *([] if spoilt is None else [spoilt])], default=2**63 - 1)


def compact(raw: sqlite3.Connection, path: Path, piece: Piece) -> int:
    """Let one piece leave; ``raw`` is the writer's connection, outside a transaction.

    Returns how many events left. A power cut leaves either all of them in the log or none.
    """
    rows = _leaving(raw, piece)
    if not rows:
        return 0
    put_away(path, _runs(rows))
    raw.execute("BEGIN IMMEDIATE")
    try:
        for aggregate, events in _by_aggregate(rows):
            _keep_base(raw, aggregate, events)
        for origin, seq in piece.upto.items():
            (digest,) = raw.execute(
                "SELECT hash FROM event WHERE origin = ? AND seq = ?", (origin, seq)
            ).fetchone()
            raw.execute("DELETE FROM event WHERE origin = ? AND seq <= ?", (origin, seq))
            raw.execute(
                "INSERT INTO base_head (origin, seq, hash) VALUES (?, ?, ?) ON CONFLICT(origin) "
                "DO UPDATE SET seq = excluded.seq, hash = excluded.hash",
                (origin, seq, digest),
            )
        raw.execute(
            "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT(name) "
            "DO UPDATE SET value = excluded.value",
            (COMPACTED, str(piece.hlc)),
        )
        raw.execute("COMMIT")
    except BaseException:
        raw.rollback()
        raise
    return len(rows)


def _leaving(raw: sqlite3.Connection, piece: Piece) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for origin, seq in sorted(piece.upto.items()):
        rows += raw.execute(
            "SELECT origin, seq, agg, raw, body, salt, hash FROM event "
            "WHERE origin = ? AND seq <= ? ORDER BY seq",
            (origin, seq),
        ).fetchall()
    return rows


def _runs(rows: list[tuple[Any, ...]]) -> Any:
    for _origin, group in groupby(rows, key=lambda row: row[0]):
        kept = list(group)
        events = [
            Stored(origin=origin, seq=seq, raw=raw, body=body, salt=salt, hash=digest)
            for origin, seq, _agg, raw, body, salt, digest in kept
        ]
        yield events, [row[2] for row in kept]


def _by_aggregate(rows: list[tuple[Any, ...]]) -> Any:
    found: dict[str, list[Event]] = {}
    for _origin, _seq, aggregate, raw, body, *_rest in rows:
        found.setdefault(aggregate, []).append(unseal(raw, body))
    return found.items()


def _keep_base(raw: sqlite3.Connection, aggregate: str, events: list[Event]) -> None:
    place = table_of(aggregate)
    assert place is not None
    row = raw.execute("SELECT state FROM base WHERE agg = ?", (aggregate,)).fetchone()
    before = None if row is None else decode(TYPES[place[1]], row[0])
    after = fold(events, before)
    if after is None:
        # They did nothing (an acknowledgement of what never fired), so they leave nothing.
        return
    raw.execute(
        "INSERT INTO base (agg, hlc, fold_version, state) VALUES (?, ?, ?, ?) ON CONFLICT(agg) "
        "DO UPDATE SET hlc = excluded.hlc, fold_version = excluded.fold_version, "
        "state = excluded.state",
        (aggregate, max(e.hlc for e in events), FOLD_VERSION, encode(after)),
    )

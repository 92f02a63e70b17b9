"""The station's log as the exchange reads it: whole origins, in batches, beside the one writer."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from crisisdesk.domain.event import GENESIS, Stored
from crisisdesk.domain.fold import FOLD_VERSION
from crisisdesk.engine.exchange.ports import Absorbed, Digest, Mark
from crisisdesk.engine.ports import StoreFailed
from crisisdesk.store.archive import Archive
from crisisdesk.store.files import reading_connection
from crisisdesk.store.projections import TABLES


class ExchangeLog:
    """Implements `engine.exchange.ports.SyncLog`; opened on first use and bound to that thread.

    ``absorb`` and ``leave`` hand over to the one writer and return when it is on disk; ``own``
    tells the present incarnation. Questions raise StoreFailed when the file cannot be read.
    """

    def __init__(
        self,
        path: Path,
        *,
        own: Callable[[], str],
        absorb: Callable[[Sequence[Stored]], Absorbed],
        leave: Callable[[Mark], str],
    ) -> None:
        self._path = path
        self._own = own
        self._absorb = absorb
        self._leave = leave
        self._raw: sqlite3.Connection | None = None
        self._archive = Archive(path)

    def close(self) -> None:
        """Let go of the file; the next question opens it."""
        if self._raw is not None:
            raw, self._raw = self._raw, None
            raw.close()

    def own_origin(self) -> str:
        """The incarnation under which this station writes now."""
        return self._own()

    def marks(self) -> dict[str, Mark]:
        """How much of every origin's log is here."""
        rows = self._rows("SELECT origin, seq, hash FROM origin_head")
        return {origin: Mark(seq, digest) for origin, seq, digest in rows}

    def hash_at(self, origin: str, seq: int) -> bytes | None:
        """The chain hash at one place; None when that event is not, or no longer, here."""
        if seq == 0:
            return GENESIS
        sql = (
            "SELECT hash FROM event WHERE origin=? AND seq=? "
            "UNION ALL SELECT hash FROM base_head WHERE origin=? AND seq=?"
        )
        rows = self._rows(sql, (origin, seq, origin, seq))
        return rows[0][0] if rows else self._archive.hash_at(origin, seq)

    def read(self, origin: str, after_seq: int, limit: int, max_bytes: int) -> list[Stored]:
        """Consecutive events behind ``after_seq``, out of the archive where they were compacted.

        At most ``max_bytes``, but one at least; none when the next one is not kept here. No more is
        read than is given: hundreds of images may lie behind.
        """
        sql = (
            "SELECT seq, raw, body, salt, hash FROM event WHERE origin=? AND seq>? "
            "ORDER BY seq LIMIT ?"
        )
        try:
            with closing(self._connected().execute(sql, (origin, after_seq, limit))) as rows:
                told = (
                    Stored(origin=origin, seq=seq, raw=raw, body=body, salt=salt, hash=digest)
                    for seq, raw, body, salt, digest in rows
                )
                events = _beginning(told, after_seq, max_bytes)
        except sqlite3.Error as error:
            raise StoreFailed(f"the station's file cannot be read ({error})") from error
        if events:
            return events
        return _beginning(self._archive.after(origin, after_seq, limit), after_seq, max_bytes)

    def absorb(self, events: Sequence[Stored]) -> Absorbed:
        """Hand them to the writer; back when they are on disk."""
        return self._absorb(events)

    def start_new_incarnation(self, hub_head: Mark) -> str:
        """Hand over to the writer; the new origin."""
        return self._leave(hub_head)

    def quarantined(self) -> int:
        """How many events no state here can use."""
        count: int = self._rows("SELECT count(*) FROM quarantine")[0][0]
        return count

    def hlc(self) -> int:
        """The greatest reading in the log; the next event of this station sorts after it."""
        last: int = self._rows("SELECT coalesce(max(hlc), 0) FROM origin_head")[0][0]
        return last

    def digest(self) -> Digest:
        """SHA-256 over every aggregate's id and state, by table and id, in one snapshot."""
        whole = hashlib.sha256()
        raw = self._connected()
        try:
            raw.execute("BEGIN")
            try:
                vector = dict(raw.execute("SELECT origin, seq FROM origin_head").fetchall())
                for table in sorted(TABLES):
                    sql = f"SELECT agg, state FROM {table} ORDER BY agg"  # noqa: S608
                    for aggregate, state in raw.execute(sql):
                        whole.update(aggregate.encode() + b"\0" + hashlib.sha256(state).digest())
            finally:
                raw.execute("COMMIT")
        except sqlite3.Error as error:
            raise StoreFailed(f"the station's file cannot be read ({error})") from error
        return Digest(vector=vector, fold_version=FOLD_VERSION, digest=whole.digest())

    def _connected(self) -> sqlite3.Connection:
        if self._raw is None:
            try:
                self._raw = reading_connection(self._path)
            except sqlite3.Error as error:
                raise StoreFailed(f"the station's file cannot be read ({error})") from error
        return self._raw

    def _rows(self, sql: str, values: tuple[Any, ...] = ()) -> list[Any]:
        try:
            return self._connected().execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise StoreFailed(f"the station's file cannot be read ({error})") from error


def _beginning(events: Iterable[Stored], after_seq: int, max_bytes: int) -> list[Stored]:
    """Those that follow each other and are not too large together; the first in any case."""
    found: list[Stored] = []
    size = 0
    for event in events:
        size += len(event.raw) + len(event.body)
        if event.seq != after_seq + 1 or (found and size > max_bytes):
            break
        found.append(event)
        after_seq = event.seq
    return found

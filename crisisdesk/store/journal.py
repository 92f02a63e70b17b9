"""The journal: the writing side of the station's file, as the engine's committer uses it."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from crisisdesk.domain.event import GENESIS, Event, Sealed, Stored
from crisisdesk.domain.fold import State
from crisisdesk.engine.exchange.ports import SignedHead
from crisisdesk.engine.exchange.snapshots import Step
from crisisdesk.engine.ports import Head, Piece, StoreFailed
from crisisdesk.store import due
from crisisdesk.store.ballast import Ballast
from crisisdesk.store.checks import MENDED, RUNNING, verify_end
from crisisdesk.store.compaction import compact
from crisisdesk.store.files import writing_connection
from crisisdesk.store.heads import keep_heads
from crisisdesk.store.incarnation import own_origin, renew
from crisisdesk.store.journal_reads import JournalReads
from crisisdesk.store.leaving import leave_own
from crisisdesk.store.positions import LAST_POS
from crisisdesk.store.projections import write_states
from crisisdesk.store.snapshots import install
from crisisdesk.store.spool import UnpushedSpool

log = logging.getLogger(__name__)

_DAMAGE = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
_INSERT_EVENT = (
    "INSERT INTO event (pos,origin,seq,hlc,agg,kind,wall_ms,raw,body,salt,hash) "
    "VALUES (?,?,?,?,?,?,?,?,?,?,?)"
)
_UPSERT_HEAD = (
    "INSERT INTO origin_head (origin,seq,hash,hlc) VALUES (?,?,?,?) ON CONFLICT(origin) "
    "DO UPDATE SET seq=excluded.seq, hash=excluded.hash, hlc=max(hlc, excluded.hlc)"
)
_INSERT_SPOILT = (
    "INSERT INTO quarantine (origin,seq,agg,why) VALUES (?,?,?,?) ON CONFLICT DO NOTHING"
)


class SqliteJournal(JournalReads):
    """Implements `engine.ports.Journal`. Made on any thread, used by one.

    ``on_close`` is called once the file was let go. What this station writes also goes to the
    ``spool``, if there is one, until the hub has it. A full disk takes the ``ballast``: the next
    group can then be kept.
    """

    def __init__(
        self,
        path: Path,
        origin: str,
        station_id: str,
        *,
        on_close: Callable[[], None] | None = None,
        spool: UnpushedSpool | None = None,
        ballast: Ballast | None = None,
    ) -> None:
        self._path = path
        self.station_id = station_id
        self._origin = origin
        self._on_close = on_close
        self._spool = spool
        self._ballast = ballast
        self._damage = ""
        self._connection: sqlite3.Connection | None = None
        # The last position while it is known; only this journal writes.
        self._pos: int | None = None

    @property
    def short_of_space(self) -> str:
        """Why nothing big is to be written now, in words; empty while there is room."""
        return "" if self._ballast is None else self._ballast.short_of_space

    # -- reading ---------------------------------------------------------------------------

    def head(self) -> Head:
        """Where this station's own log ends."""
        rows = self._rows("SELECT seq, hash, hlc FROM origin_head WHERE origin=?", (self._origin,))
        seq, digest, _own = rows[0] if rows else (0, GENESIS, 0)
        hlc = self._rows("SELECT coalesce(max(hlc),0) FROM origin_head")[0][0]
        return Head(origin=self._origin, seq=seq, hash=digest, hlc=hlc, pos=self._last_pos())

    # -- writing ---------------------------------------------------------------------------

    def append(
        self,
        sealed: list[Sealed],
        states: dict[str, tuple[State, int]],
        spoilt: list[tuple[Event, str]] | None = None,
    ) -> int:
        """Keep events, states and heads in one transaction that is on disk when this returns."""
        try:
            return self._append(sealed, states, spoilt or [])
        except sqlite3.Error as error:
            if _is_full(error) and self._ballast is not None:
                self._ballast.give_up()
            raise self._failed(error) from error

    def _failed(self, error: Exception) -> StoreFailed:
        """The error in words; one that shows damage is remembered until the file is mended."""
        if _code(error).startswith(_DAMAGE):
            self._damage = str(error)
        return StoreFailed(_in_words(error))

    def _append(
        self,
        sealed: list[Sealed],
        states: dict[str, tuple[State, int]],
        spoilt: list[tuple[Event, str]],
    ) -> int:
        raw = self._connected()
        first = (self._last_pos() if self._pos is None else self._pos) + 1
        self._pos = None
        ends = {s.event.origin: s for s in sealed}
        clocks = dict.fromkeys(ends, 0)
        for s in sealed:
            # Not the last one's: a broken station's clock may go back within its log.
            clocks[s.event.origin] = max(clocks[s.event.origin], s.event.hlc)
        raw.execute("BEGIN IMMEDIATE")
        try:
            raw.executemany(_INSERT_EVENT, [_event_row(first + i, s) for i, s in enumerate(sealed)])
            write_states(raw, ((a, first + last, state) for a, (state, last) in states.items()))
            for origin, end in ends.items():
                raw.execute(_UPSERT_HEAD, (origin, end.event.seq, end.hash, clocks[origin]))
            raw.executemany(_INSERT_SPOILT, [_spoilt_row(event, why) for event, why in spoilt])
            raw.execute("COMMIT")
        except BaseException:
            # A full disk has already rolled back; rolling back twice is harmless.
            raw.rollback()
            raise
        self._pos = first + len(sealed) - 1
        self._keep_twice(sealed)
        return self._pos

    def _keep_twice(self, sealed: list[Sealed]) -> None:
        """Own events go to the spool as well; it says itself when it cannot take them."""
        if self._spool is None:
            return
        if self._spool.wants_rewrite:
            self._spool.rewrite(self._unpushed(self._spool))
        else:
            self._spool.append(s for s in sealed if s.event.origin == self._origin)

    def fill_spool(self) -> None:
        """Give the spool what an earlier engine could not, or all when it is new.

        What it holds behind the end of an origin that was left was written anew when it was left,
        unless the file was mended since: then it waits for what the hub has.
        """
        if self._spool is None:
            return
        ends = dict(self._rows("SELECT origin, seq FROM origin_head"))
        mended = {row[0] for row in self._rows("SELECT value FROM meta WHERE name=?", (MENDED,))}
        waiting = set(",".join(mended).split(","))
        for origin in self._spool.waiting:
            if origin != self._origin and origin not in waiting:
                self._spool.drop_behind(origin, ends.get(origin, 0))
        last = self._spool.waiting.get(self._origin, (0, 0))[1]
        if max(last, self._spool.pushed(self._origin)) < self.head().seq:
            self._spool.rewrite(self._unpushed(self._spool))

    def _unpushed(self, spool: UnpushedSpool) -> list[Stored]:
        sql = "SELECT seq, raw, body, salt, hash FROM event WHERE origin=? AND seq>? ORDER BY seq"
        return [
            Stored(origin=origin, seq=seq, raw=raw, body=body, salt=salt, hash=digest)
            for origin in sorted({self._origin, *spool.waiting})
            for seq, raw, body, salt, digest in self._rows(sql, (origin, spool.pushed(origin)))
        ]

    def compact(self, piece: Piece) -> int:
        """Let a piece leave for the archive, in a transaction of its own."""
        try:
            return compact(self._connected(), self._path, piece)
        except (sqlite3.Error, OSError) as error:
            raise StoreFailed(_in_words(error)) from error

    def install(self, step: Step) -> Head:
        """Do one step of taking a snapshot, in a transaction of its own; the head after it."""
        self._pos = None
        try:
            install(self._connected(), step)
        except sqlite3.Error as error:
            raise self._failed(error) from error
        return self.head()

    def leave(self, agreed: int) -> Head:
        """Go on under a fresh origin, own events behind ``agreed`` written anew under it."""
        self._pos = None
        try:
            left = leave_own(self._connected(), self._path, agreed)
            self._origin = left.origin
        except (sqlite3.Error, OSError) as error:
            raise StoreFailed(_in_words(error)) from error
        log.warning("%s", left.in_words)
        if self._spool is not None:
            self._spool.drop_behind(left.left, left.agreed)
            self._spool.rewrite(self._unpushed(self._spool))
        return self.head()

    def keep_heads(self, heads: Sequence[SignedHead]) -> None:
        """Keep signed heads, the newest few of each origin."""
        try:
            keep_heads(self._connected(), heads)
        except sqlite3.Error as error:
            raise StoreFailed(_in_words(error)) from error

    def reopen(self) -> Head:
        """Drop the connection and read from disk: after a failed flush memory proves nothing.

        The end of the log is verified again. Raises StoreFailed when it, or the file, is no good.
        """
        self._drop()
        if self._damage:
            raise StoreFailed(f"the file is damaged ({self._damage}); the next start mends it")
        try:
            self._origin = own_origin(self._connected())
            verify_end(self._connected())
        except sqlite3.Error as error:
            raise self._failed(error) from error
        return self.head()

    def close(self) -> None:
        """Give the file back, with the log's tail moved into it and a note that all ended well."""
        try:
            # A file that showed damage is not marked: its next start checks it whole.
            if self._connection is not None and not self._damage:
                renew(self._connection, self._path)
                self._connection.execute("DELETE FROM meta WHERE name=?", (RUNNING,))
        except (sqlite3.Error, OSError) as error:
            log.warning(
                "the file could not be marked as closed, its next start checks more: %s", error
            )
        finally:
            self._drop()
            if self._spool is not None:
                self._spool.close()
            if self._on_close is not None:
                self._on_close()

    def _drop(self) -> None:
        self._pos = None
        if self._connection is not None:
            raw, self._connection = self._connection, None
            raw.close()

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = writing_connection(self._path)
        return self._connection

    def _last_pos(self) -> int:
        pos: int = self._rows(LAST_POS)[0][0]
        return pos

    def _rows(self, sql: str, values: due.Values = ()) -> list[Any]:
        """Read outside a transaction, so that no snapshot is held between two groups."""
        try:
            return self._connected().execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise self._failed(error) from error


def _spoilt_row(event: Event, why: str) -> tuple[Any, ...]:
    return (event.origin, event.seq, event.agg, why)


def _event_row(pos: int, s: Sealed) -> tuple[Any, ...]:
    e = s.event
    return (
        pos,
        e.origin,
        e.seq,
        e.hlc,
        e.agg,
        e.kind,
        e.wall_ms,
        s.raw,
        s.body,
        s.salt,
        s.hash,
    )


def _code(error: Exception) -> str:
    """SQLite's name of the error, such as SQLITE_FULL."""
    return getattr(error, "sqlite_errorname", "")


def _is_full(error: Exception) -> bool:
    return _code(error) == "SQLITE_FULL"


def _in_words(error: Exception) -> str:
    text = str(error)
    if "full" in text:
        return f"the disk is full ({text}); free some space, nothing of this was saved"
    return f"the station's file refused the write ({text}); nothing of this was saved"

"""The journal: the writing side of the station's file, as the engine's committer uses it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from crisisdesk.domain.contact import Contact
from crisisdesk.domain.event import GENESIS, Sealed
from crisisdesk.domain.fold import State, state_from_bytes
from crisisdesk.engine.ports import Head, StoreFailed
from crisisdesk.store.files import writing_engine
from crisisdesk.store.projections import table_of, write_states

_CHUNK = 500
_INSERT_EVENT = (
    "INSERT INTO event (pos,origin,seq,hlc,agg,kind,wall_ms,raw,body,salt,hash) "
    "VALUES (?,?,?,?,?,?,?,?,?,?,?)"
)
_UPSERT_HEAD = (
    "INSERT INTO origin_head (origin,seq,hash,hlc) VALUES (?,?,?,?) ON CONFLICT(origin) "
    "DO UPDATE SET seq=excluded.seq, hash=excluded.hash, hlc=excluded.hlc"
)


class SqliteJournal:
    """Implements `engine.ports.Journal`. Made on any thread, used by one."""

    def __init__(self, path: Path, origin: str) -> None:
        self._path = path
        self._origin = origin
        self._engine: Engine = writing_engine(path)
        self._connection: Connection | None = None

    # -- reading ---------------------------------------------------------------------------

    def head(self) -> Head:
        """Where this station's own log ends."""
        rows = self._rows("SELECT seq, hash, hlc FROM origin_head WHERE origin=?", (self._origin,))
        seq, digest, _own = rows[0] if rows else (0, GENESIS, 0)
        hlc = self._rows("SELECT coalesce(max(hlc),0) FROM origin_head")[0][0]
        pos = self._rows("SELECT coalesce(max(pos),0) FROM event")[0][0]
        return Head(origin=self._origin, seq=seq, hash=digest, hlc=hlc, pos=pos)

    def load(self, aggregates: Iterable[str]) -> dict[str, State]:
        """The states of those that exist, some hundreds a query."""
        wanted: dict[tuple[str, str], list[str]] = {}
        for aggregate in aggregates:
            if (place := table_of(aggregate)) is not None:
                wanted.setdefault(place, []).append(aggregate)
        found: dict[str, State] = {}
        for (table, kind), names in wanted.items():
            for start in range(0, len(names), _CHUNK):
                chunk = tuple(names[start : start + _CHUNK])
                marks = ",".join("?" * len(chunk))
                sql = f"SELECT agg, state FROM {table} WHERE agg IN ({marks})"  # noqa: S608
                for aggregate, data in self._rows(sql, chunk):
                    found[aggregate] = state_from_bytes(kind, data)
        return found

    def contacts(self) -> list[Contact]:
        """All contacts that were not removed."""
        rows = self._rows("SELECT state FROM contact WHERE removed=0")
        states = [state_from_bytes("contact", data) for (data,) in rows]
        return [s for s in states if isinstance(s, Contact)]

    def due_alerts(self, now_ms: int, limit: int) -> list[str]:
        """Alerts whose next moment has come, soonest first."""
        sql = "SELECT agg FROM alert WHERE next_due<=? ORDER BY next_due LIMIT ?"
        return [agg for (agg,) in self._rows(sql, (now_ms, limit))]

    def due_deliveries(self, method_id: str, now_ms: int, limit: int) -> list[str]:
        """Deliveries of one method whose moment has come, soonest first."""
        sql = (
            "SELECT agg FROM delivery WHERE method_id=? AND next_due<=? AND next_due IS NOT NULL "
            "ORDER BY next_due LIMIT ?"
        )
        return [agg for (agg,) in self._rows(sql, (method_id, now_ms, limit))]

    def waiting_methods(self) -> list[str]:
        """Methods with a delivery that has not ended."""
        sql = "SELECT DISTINCT method_id FROM delivery WHERE next_due IS NOT NULL"
        return [method for (method,) in self._rows(sql)]

    def next_due(self) -> int | None:
        """The soonest due moment of alerts and deliveries."""
        sql = (
            "SELECT min(m) FROM (SELECT min(next_due) AS m FROM alert WHERE next_due IS NOT NULL "
            "UNION ALL SELECT min(next_due) FROM delivery WHERE next_due IS NOT NULL)"
        )
        soonest: int | None = self._rows(sql)[0][0]
        return soonest

    # -- writing ---------------------------------------------------------------------------

    def append(self, sealed: list[Sealed], states: dict[str, tuple[State, int]]) -> int:
        """Keep events, states and head in one transaction that is on disk when this returns."""
        connection = self._connected()
        try:
            with connection.begin():
                first = connection.exec_driver_sql(
                    "SELECT coalesce(max(pos),0)+1 FROM event"
                ).scalar_one()
                connection.exec_driver_sql(
                    _INSERT_EVENT, [_event_row(first + i, s) for i, s in enumerate(sealed)]
                )
                write_states(
                    connection, ((a, first + last, state) for a, (state, last) in states.items())
                )
                end = sealed[-1]
                connection.exec_driver_sql(
                    _UPSERT_HEAD, (end.event.origin, end.event.seq, end.hash, end.event.hlc)
                )
        except (DBAPIError, sqlite3.Error) as error:
            raise StoreFailed(_in_words(error)) from error
        last_pos: int = first + len(sealed) - 1
        return last_pos

    def reopen(self) -> Head:
        """Drop the connection and read from disk: after a failed flush memory proves nothing."""
        self.close()
        self._engine = writing_engine(self._path)
        return self.head()

    def close(self) -> None:
        """Give the file back, with the log's tail moved into it."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._engine.dispose()

    def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def _rows(self, sql: str, values: tuple[Any, ...] = ()) -> list[Any]:
        """Read outside a transaction, so that no snapshot is held between two groups."""
        try:
            raw = self._connected().connection.driver_connection
            rows: list[Any] = raw.execute(sql, values).fetchall()  # type: ignore[union-attr]
        except (DBAPIError, sqlite3.Error) as error:
            raise StoreFailed(_in_words(error)) from error
        return rows


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


def _in_words(error: Exception) -> str:
    text = str(getattr(error, "orig", error))
    if "full" in text:
        return f"the disk is full ({text}); free some space, nothing of this was saved"
    return f"the station's file refused the write ({text}); nothing of this was saved"

"""Projections made anew from the log, to prove them or after the fold has changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from sqlite3 import Connection, DatabaseError

from crisisdesk.domain.event import unseal
from crisisdesk.domain.fold import FOLD_VERSION, TYPES, State, fold, state_bytes
from crisisdesk.store.errors import Damaged
from crisisdesk.store.files import reading_connection, writing_connection
from crisisdesk.store.projections import PROJECTIONS, TABLES, table_of
from crisisdesk.store.states import decode

_DIFFERENT_TOLD = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """How many aggregates were folded, and how many rows were not what the fold says.

    ``examples`` are the first ids of those.
    """

    aggregates: int
    different: int
    examples: tuple[str, ...]


def rebuild(path: Path) -> Rebuilt:
    """Fold every aggregate of the log and put right what differs, in one transaction.

    The caller holds the engine's lock. Raises Damaged when an event cannot be read.
    """
    with closing(writing_connection(path)) as raw:
        raw.execute("BEGIN IMMEDIATE")
        try:
            result = rebuild_in(raw)
        except BaseException:
            raw.rollback()
            raise
        raw.commit()
    return result


def rebuild_in(raw: Connection, *, write: bool = True) -> Rebuilt:
    """As `rebuild`, in the transaction that is open; without ``write`` only compare."""
    aggregates, different = 0, []
    for aggregate, pos, state in _folded(raw):
        aggregates += 1
        if _stored(raw, aggregate) != (None if state is None else state_bytes(state), pos):
            different.append(aggregate)
            if write:
                _put(raw, aggregate, pos, state)
    orphans = list(_orphans(raw))
    for table, aggregate in orphans if write else ():
        raw.execute(f"DELETE FROM {table} WHERE agg = ?", (aggregate,))  # noqa: S608
    if write:
        for table in TABLES:
            sql = f"UPDATE {table} SET fold_version = ? WHERE fold_version != ?"  # noqa: S608
            raw.execute(sql, (FOLD_VERSION, FOLD_VERSION))
    different.extend(aggregate for _table, aggregate in orphans)
    return Rebuilt(
        aggregates=aggregates,
        different=len(different),
        examples=tuple(different[:_DIFFERENT_TOLD]),
    )


def _folded(raw: Connection) -> Iterator[tuple[str, int, State | None]]:
    """(aggregate, last position, state) of every aggregate whose id has a known shape.

    One whose events were all compacted keeps the position at which its row stands.
    """
    bases = dict(raw.execute("SELECT agg, state FROM base").fetchall())
    rows = raw.execute("SELECT agg, pos, raw, body FROM event ORDER BY agg, pos")
    for aggregate, group in groupby(rows, key=lambda row: str(row[0])):
        if table_of(aggregate) is None:
            continue
        kept = [(pos, unseal(envelope, body)) for _agg, pos, envelope, body in group]
        state = fold((event for _pos, event in kept), _base(aggregate, bases.pop(aggregate, None)))
        yield aggregate, 0 if state is None else kept[-1][0], state
    for aggregate, data in bases.items():
        yield aggregate, _stored(raw, aggregate)[1], _base(aggregate, data)


def _base(aggregate: str, data: bytes | None) -> State | None:
    place = table_of(aggregate)
    return None if data is None or place is None else decode(TYPES[place[1]], data)


def _stored(raw: Connection, aggregate: str) -> tuple[bytes | None, int]:
    place = table_of(aggregate)
    assert place is not None
    sql = f"SELECT state, pos FROM {place[0]} WHERE agg = ?"  # noqa: S608
    row = raw.execute(sql, (aggregate,)).fetchone()
    return (None, 0) if row is None else (row[0], row[1])


def _put(raw: Connection, aggregate: str, pos: int, state: State | None) -> None:
    if state is None:
        place = table_of(aggregate)
        assert place is not None
        raw.execute(f"DELETE FROM {place[0]} WHERE agg = ?", (aggregate,))  # noqa: S608
    else:
        projection = PROJECTIONS[type(state)]
        raw.execute(projection.upsert, projection.row(aggregate, pos, state))


def _orphans(raw: Connection) -> Iterator[tuple[str, str]]:
    """(table, aggregate) of rows that no event stands behind."""
    for table in TABLES:
        sql = (
            f"SELECT agg FROM {table} AS t "  # noqa: S608
            "WHERE NOT EXISTS (SELECT 1 FROM event AS e WHERE e.agg = t.agg) "
            "AND NOT EXISTS (SELECT 1 FROM base AS b WHERE b.agg = t.agg)"
        )
        for (aggregate,) in raw.execute(sql).fetchall():
            yield table, aggregate


def compare(path: Path) -> Rebuilt:
    """Fold every aggregate and compare with the stored rows; nothing is written."""
    try:
        with closing(reading_connection(path)) as raw:
            raw.execute("BEGIN")
            return rebuild_in(raw, write=False)
    except DatabaseError as error:
        raise Damaged(f"{path.name} cannot be read ({error}); restore a backup") from error

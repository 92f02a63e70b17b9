"""Leaving an origin that someone else writes on too: what only this file holds is written anew.

Up to the *agreed* place the others hold the same events; what stands behind it here, nobody else
can ever take under its number. Those events get new numbers in another chain, in their order; what
they say, who said it and when stays.
"""

from __future__ import annotations

import sqlite3
import uuid
from dataclasses import dataclass, replace
from pathlib import Path

from crisisdesk.domain import hlc
from crisisdesk.domain.event import GENESIS, Event, Sealed, seal, unseal
from crisisdesk.domain.fold import TYPES, fold
from crisisdesk.store.incarnation import change_origin, own_origin
from crisisdesk.store.positions import LAST_POS
from crisisdesk.store.projections import PROJECTIONS, table_of
from crisisdesk.store.states import decode


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """From where on events of ``left`` were written anew under ``origin``, and how many."""

    left: str
    origin: str
    agreed: int
    rewritten: int

    @property
    def in_words(self) -> str:
        """One sentence for people."""
        return (
            f"the hub holds other events of origin {self.left[:8]} behind {self.agreed}; this "
            f"station goes on as {self.origin[:8]} and wrote {self.rewritten} events anew"
        )


def leave_own(raw: sqlite3.Connection, path: Path, agreed: int) -> Left:
    """Leave the file's origin for a fresh one in a transaction of its own, on disk when it returns.

    Power cut anywhere: the file is whole under the one origin or the other, and the note beside it
    knows both.
    """
    origin = uuid.uuid4().hex
    raw.execute("BEGIN IMMEDIATE")
    try:
        left = leave_origin(raw, own_origin(raw), origin, agreed)
        confirm = change_origin(raw, path, origin)
        raw.execute("COMMIT")
    except BaseException:
        raw.rollback()
        raise
    confirm()
    return left


def leave_origin(raw: sqlite3.Connection, left: str, origin: str, agreed: int) -> Left:
    """Move the events of ``left`` behind seq ``agreed`` to the end of ``origin``'s chain.

    In the transaction that is open; states of what they touch are folded anew. Events that were
    compacted away cannot move: they count as agreed.
    """
    base = raw.execute("SELECT seq, hash FROM base_head WHERE origin = ?", (left,)).fetchone()
    agreed = agreed if base is None else max(agreed, base[0])
    rows = raw.execute(
        "SELECT seq, raw, body, salt FROM event WHERE origin = ? AND seq > ? ORDER BY seq",
        (left, agreed),
    ).fetchall()
    # Readers go by position and have seen those of the rows that go.
    (pos,) = raw.execute(LAST_POS).fetchone()
    raw.execute("DELETE FROM event WHERE origin = ? AND seq > ?", (left, agreed))
    _shorten_head(raw, left, agreed, base)
    moved = _append(raw, origin, pos, [(unseal(r, b), salt) for _seq, r, b, salt in rows])
    for (old_seq, *_parts), event in zip(rows, moved, strict=True):
        raw.execute(
            "UPDATE quarantine SET origin = ?, seq = ? WHERE origin = ? AND seq = ?",
            (event.origin, event.seq, left, old_seq),
        )
    # Signed under the old name about what is no more; the hub's chain has signatures of its own.
    raw.execute("DELETE FROM signed_head WHERE origin = ? AND seq > ?", (left, agreed))
    for aggregate in sorted({event.agg for event in moved}):
        _refold(raw, aggregate)
    return Left(left=left, origin=origin, agreed=agreed, rewritten=len(moved))


def _shorten_head(
    raw: sqlite3.Connection, left: str, agreed: int, base: tuple[int, bytes] | None
) -> None:
    if base is not None and base[0] == agreed:
        found: tuple[bytes] | None = (base[1],)
    else:
        found = raw.execute(
            "SELECT hash FROM event WHERE origin = ? AND seq = ?", (left, agreed)
        ).fetchone()
    if found is None:
        raw.execute("DELETE FROM origin_head WHERE origin = ?", (left,))
    else:
        # Its hlc stays: what is written next must sort after all that ever was here.
        raw.execute(
            "UPDATE origin_head SET seq = ?, hash = ? WHERE origin = ?", (agreed, found[0], left)
        )


def _append(
    raw: sqlite3.Connection, origin: str, pos: int, events: list[tuple[Event, bytes]]
) -> list[Event]:
    row = raw.execute("SELECT seq, hash FROM origin_head WHERE origin = ?", (origin,)).fetchone()
    seq, previous = row or (0, GENESIS)
    (newest,) = raw.execute("SELECT coalesce(max(hlc), 0) FROM event").fetchone()
    (told,) = raw.execute("SELECT coalesce(max(hlc), 0) FROM origin_head").fetchone()
    clock = max(newest, told, *(event.hlc for event, _salt in events), 0)
    moved = []
    for event, salt in events:
        seq, pos, clock = seq + 1, pos + 1, hlc.tick(clock, 0)
        sealed = seal(replace(event, origin=origin, seq=seq, hlc=clock), salt, previous)
        previous = sealed.hash
        _insert(raw, pos, sealed)
        moved.append(sealed.event)
    if moved:
        raw.execute(
            "INSERT INTO origin_head (origin, seq, hash, hlc) VALUES (?, ?, ?, ?) "
            "ON CONFLICT(origin) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, "
            "hlc = excluded.hlc",
            (origin, seq, previous, clock),
        )
    return moved


def _insert(raw: sqlite3.Connection, pos: int, s: Sealed) -> None:
    e = s.event
    raw.execute(
        "INSERT INTO event (pos,origin,seq,hlc,agg,kind,wall_ms,raw,body,salt,hash) "
        "VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        (pos, e.origin, e.seq, e.hlc, e.agg, e.kind, e.wall_ms, s.raw, s.body, s.salt, s.hash),
    )


def _refold(raw: sqlite3.Connection, aggregate: str) -> None:
    place = table_of(aggregate)
    if place is None:
        return
    base = raw.execute("SELECT state FROM base WHERE agg = ?", (aggregate,)).fetchone()
    rows = raw.execute(
        "SELECT pos, raw, body FROM event WHERE agg = ? ORDER BY pos", (aggregate,)
    ).fetchall()
    before = None if base is None else decode(TYPES[place[1]], base[0])
    state = fold((unseal(envelope, body) for _pos, envelope, body in rows), before)
    if state is None:
        raw.execute(f"DELETE FROM {place[0]} WHERE agg = ?", (aggregate,))  # noqa: S608
    else:
        projection = PROJECTIONS[type(state)]
        raw.execute(projection.upsert, projection.row(aggregate, rows[-1][0], state))

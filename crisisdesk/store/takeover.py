"""Taking events over into a file: those that continue a chain as they are, others written anew."""

from __future__ import annotations

import os
import sqlite3
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace

from crisisdesk.domain import hlc
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.event import GENESIS, Sealed, Stored, check_stored, seal, unseal
from crisisdesk.store.positions import LAST_POS
from crisisdesk.store.rebuild import rebuild_in
from crisisdesk.store.salvage import Found

_CANDIDATES = (
    "CREATE TEMP TABLE offered (origin TEXT, seq INTEGER, hlc INTEGER, raw BLOB, body BLOB, "
    "salt BLOB, hash BLOB, agrees INTEGER, taken INTEGER DEFAULT 0)"
)
_BY_ORIGIN = (
    "SELECT rowid, origin, seq, raw, body, salt, hash FROM offered ORDER BY origin, seq, rowid"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """How many events were taken over as they are, and how many were written anew.

    ``stranded`` could not be: an event between them and the end of their chain is missing here.
    """

    salvaged: int = 0
    rewritten: int = 0
    stranded: int = 0


def take_over(
    raw: sqlite3.Connection, found: Iterable[Found | Stored], *, now_ms: int, rewrite: bool
) -> Taken:
    """Add what is not in the file yet, in the transaction that is open, and fold it in.

    With ``rewrite`` events behind a gap in their chain are written anew under an origin of their
    own, in their order and with their wall clock; without it they are left out, for their originals
    are to be had elsewhere.
    """
    raw.execute(_CANDIDATES)
    try:
        heads = {o: (s, h) for o, s, h in raw.execute("SELECT origin, seq, hash FROM origin_head")}
        _gather(raw, found, heads)
        salvaged = _continue_chains(raw, heads)
        behind = _behind_gaps(raw, heads)
        rewritten = _write_anew(raw, behind, now_ms) if rewrite else 0
        if salvaged or rewritten:
            rebuild_in(raw)
        return Taken(salvaged=salvaged, rewritten=rewritten, stranded=0 if rewrite else len(behind))
    finally:
        raw.execute("DROP TABLE temp.offered")


def _gather(
    raw: sqlite3.Connection,
    found: Iterable[Found | Stored],
    heads: dict[str, tuple[int, bytes]],
) -> None:
    for one in found:
        stored, agrees = (one, True) if isinstance(one, Stored) else (one.stored, one.agrees)
        if stored.seq <= heads.get(stored.origin, (0, GENESIS))[0]:
            continue
        raw.execute(
            "INSERT INTO offered (origin, seq, hlc, raw, body, salt, hash, agrees) "
            "VALUES (?,?,0,?,?,?,?,?)",
            (stored.origin, stored.seq, stored.raw, stored.body, stored.salt, stored.hash, agrees),
        )


def _continue_chains(raw: sqlite3.Connection, heads: dict[str, tuple[int, bytes]]) -> int:
    """Mark, then insert, all that continues; by clock, so that every origin stays in order."""
    for rowid, origin, seq, *parts in raw.execute(_BY_ORIGIN):
        last_seq, last_hash = heads.get(origin, (0, GENESIS))
        if seq != last_seq + 1:
            continue
        envelope, body, salt, digest = parts
        stored = Stored(origin=origin, seq=seq, raw=envelope, body=body, salt=salt, hash=digest)
        try:
            event = check_stored(stored, last_hash).event
        except Malformed:
            continue
        heads[origin] = (seq, digest)
        raw.execute("UPDATE offered SET taken=1, hlc=? WHERE rowid=?", (event.hlc, rowid))
    taken = 0
    sql = "SELECT raw, body, salt, hash FROM offered WHERE taken ORDER BY hlc, origin, seq"
    for envelope, body, salt, digest in raw.execute(sql):
        event = unseal(envelope, body)
        _insert(raw, Sealed(event=event, raw=envelope, body=body, salt=salt, hash=digest))
        taken += 1
    return taken


def _behind_gaps(raw: sqlite3.Connection, heads: dict[str, tuple[int, bytes]]) -> list[Stored]:
    """One of each event that no chain reaches, whose columns agree with its envelope."""
    kept: dict[tuple[str, int], Stored] = {}
    sql = (
        "SELECT origin, seq, raw, body, salt, hash FROM offered "
        "WHERE NOT taken AND agrees ORDER BY origin, seq, rowid"
    )
    for origin, seq, envelope, body, salt, digest in raw.execute(sql):
        if seq > heads.get(origin, (0, GENESIS))[0]:
            stored = Stored(origin=origin, seq=seq, raw=envelope, body=body, salt=salt, hash=digest)
            kept.setdefault((origin, seq), stored)
    return list(kept.values())


def _write_anew(raw: sqlite3.Connection, behind: list[Stored], now_ms: int) -> int:
    """Nobody may have these under their numbers again, so they get others."""
    origin, seq, previous = uuid.uuid4().hex, 0, GENESIS
    (clock,) = raw.execute("SELECT coalesce(max(hlc), 0) FROM origin_head").fetchone()
    events = sorted((unseal(s.raw, s.body) for s in behind), key=lambda event: event.order)
    for event in events:
        seq, clock = seq + 1, hlc.tick(max(clock, event.hlc), now_ms)
        sealed = seal(replace(event, origin=origin, seq=seq, hlc=clock), os.urandom(16), previous)
        previous = sealed.hash
        _insert(raw, sealed)
    return len(events)


def _insert(raw: sqlite3.Connection, s: Sealed) -> None:
    e = s.event
    raw.execute(
        "INSERT INTO event (pos,origin,seq,hlc,agg,kind,wall_ms,raw,body,salt,hash) "  # noqa: S608
        f"VALUES (({LAST_POS})+1,?,?,?,?,?,?,?,?,?,?)",
        (e.origin, e.seq, e.hlc, e.agg, e.kind, e.wall_ms, s.raw, s.body, s.salt, s.hash),
    )
    raw.execute(
        "INSERT INTO origin_head (origin,seq,hash,hlc) VALUES (?,?,?,?) ON CONFLICT(origin) "
        "DO UPDATE SET seq=excluded.seq, hash=excluded.hash, hlc=excluded.hlc",
        (e.origin, e.seq, s.hash, e.hlc),
    )

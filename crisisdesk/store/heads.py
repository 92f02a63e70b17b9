"""Signed heads in the station's file: kept beside the log, and held against it.

Only heads that the log bears out are kept, so one that it does not bear out later proves that the
log was changed behind the engine's back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import orjson

from crisisdesk.domain.event import GENESIS, unseal
from crisisdesk.domain.heads import (
    Claim,
    Contradiction,
    Keys,
    against_log,
    between_claims,
    step_back,
)
from crisisdesk.domain.station import INCARNATED, announcement
from crisisdesk.engine.exchange.ports import SignedHead
from crisisdesk.engine.exchange.signing import Verifier, read_head
from crisisdesk.engine.ports import StoreFailed
from crisisdesk.store.files import reading_connection

KEPT_OF_EACH = 8


def keep_heads(raw: sqlite3.Connection, heads: Iterable[SignedHead]) -> None:
    """Add them and drop all but the newest few of each origin, in one transaction."""
    raw.execute("BEGIN IMMEDIATE")
    try:
        for head in heads:
            raw.execute(
                "INSERT INTO signed_head (origin, seq, hash, signature, witnesses) "
                "VALUES (?, ?, ?, ?, ?) ON CONFLICT(origin, seq) DO UPDATE SET "
                "hash = excluded.hash, signature = excluded.signature, "
                "witnesses = excluded.witnesses",
                (head.origin, head.seq, head.hash, head.signature, head.witnesses),
            )
            raw.execute(
                "DELETE FROM signed_head WHERE origin = ? AND seq NOT IN "
                "(SELECT seq FROM signed_head WHERE origin = ? ORDER BY seq DESC LIMIT ?)",
                (head.origin, head.origin, KEPT_OF_EACH),
            )
        raw.execute("COMMIT")
    except BaseException:
        raw.rollback()
        raise


def kept_heads(raw: sqlite3.Connection) -> list[SignedHead]:
    """All that are kept, by origin and seq."""
    rows = raw.execute(
        "SELECT origin, seq, hash, signature, witnesses FROM signed_head ORDER BY origin, seq"
    )
    return [
        SignedHead(origin=origin, seq=seq, hash=digest, signature=signature, witnesses=witnesses)
        for origin, seq, digest, signature, witnesses in rows
    ]


def keys_in(path: Path) -> Keys:
    """As `announced_keys`, of a station's file; raises StoreFailed when it cannot be read."""
    try:
        with closing(reading_connection(path)) as raw:
            return announced_keys(raw)
    except sqlite3.Error as error:
        raise StoreFailed(f"the station's file cannot be read ({error})") from error


def announced_keys(raw: sqlite3.Connection) -> Keys:
    """Which key signs for which origin, by the announcements in the log and in what it left."""
    keys = Keys()
    for origin, key in _compacted_keys(raw):
        keys.announce(origin, key)
    # By aggregate, for which there is an index: stations are few, events many.
    rows = raw.execute(
        "SELECT raw, body FROM event WHERE agg >= 'S-' AND agg < 'S.' AND kind = ? "
        "ORDER BY hlc, origin, seq",
        (INCARNATED,),
    )
    for envelope, body in rows:
        try:
            told = announcement(unseal(envelope, body))
        except (KeyError, TypeError, AttributeError):
            # The fold passes over it as well.
            continue
        if told is not None:
            keys.announce(*told)
    return keys


def _compacted_keys(raw: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    sql = "SELECT state FROM base WHERE agg >= 'S-' AND agg < 'S.' ORDER BY hlc, agg"
    for (state,) in raw.execute(sql):
        yield from orjson.loads(state).get("incarnations", {}).items()


def check_heads(
    raw: sqlite3.Connection, verifier: Verifier
) -> tuple[int, tuple[str, int, str] | None]:
    """Hold the kept signed heads against the log: how many are good, and the first bad event.

    For a log whose chain agrees already: a rewritten one agrees with itself. The bad one is
    (origin, seq, why).
    """
    kept = kept_heads(raw)
    claims: list[Claim] = []
    keys = announced_keys(raw)
    forged: tuple[str, int, str] | None = None
    for head in kept:
        claim, why = read_head(head, keys, verifier)
        if claim is None:
            forged = forged or (head.origin, min(head.seq, _end(raw, head.origin) + 1), why)
        else:
            claims.append(claim)
    found = _contradictions(raw, claims)
    if found:
        first = found[0]
        return len(claims), (first.origin, first.first_bad, first.why)
    return len(claims), forged


def _end(raw: sqlite3.Connection, origin: str) -> int:
    row = raw.execute("SELECT seq FROM origin_head WHERE origin = ?", (origin,)).fetchone()
    return 0 if row is None else int(row[0])


def _contradictions(raw: sqlite3.Connection, claims: list[Claim]) -> list[Contradiction]:
    ends = {o: (s, h) for o, s, h in raw.execute("SELECT origin, seq, hash FROM origin_head")}
    found = against_log(claims, ends, lambda origin, seq: hash_at(raw, origin, seq))
    found += between_claims(claims)
    for earlier, later in pairwise(claims):
        if earlier.origin == later.origin and (why := step_back(earlier, later)):
            found.append(
                Contradiction(
                    origin=later.origin, seq=later.seq, after=earlier.seq, why=f"its station: {why}"
                )
            )
    return found


def hash_at(raw: sqlite3.Connection, origin: str, seq: int) -> bytes | None:
    """The chain hash at one place; GENESIS at 0, None when it is not, or no longer, in the file."""
    if seq == 0:
        return GENESIS
    row = raw.execute(
        "SELECT hash FROM event WHERE origin = ? AND seq = ? "
        "UNION ALL SELECT hash FROM base_head WHERE origin = ? AND seq = ?",
        (origin, seq, origin, seq),
    ).fetchone()
    return None if row is None else bytes(row[0])

"""The whole proof of a log: its chains, where they begin and end, and what was signed of them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import orjson

from crisisdesk.engine.exchange.signing import Verifier
from crisisdesk.store.chain import Verdict, verify_connection
from crisisdesk.store.errors import Damaged
from crisisdesk.store.files import reading_connection
from crisisdesk.store.heads import check_heads


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was checked: the chain's verdict, how many signed heads are good, and the first bad.

    ``first_bad`` is (origin, seq, why); ``station`` is the name of who writes under that origin,
    empty when it never announced itself.
    """

    chain: Verdict
    heads: int
    first_bad: tuple[str, int, str] | None
    station: str = ""

    @property
    def in_words(self) -> str:
        """One sentence: what agrees, or which event of whom is the first that does not."""
        if self.first_bad is None:
            signed = f", {self.heads} signed heads bear it out" if self.heads else ""
            return f"{self.chain.in_words}{signed}"
        origin, seq, why = self.first_bad
        whose = f" ({self.station})" if self.station else ""
        return f"event {seq} of origin {origin[:8]}{whose} is damaged: {why}"


def prove(path: Path, verifier: Verifier) -> Proof:
    """Check every event, every chain and every signed head, in the memory of some thousand events.

    Raises Damaged when SQLite cannot read the file at all.
    """
    try:
        with closing(reading_connection(path)) as raw:
            chain = verify_connection(raw)
            if chain.first_bad is not None:
                return Proof(
                    chain=chain,
                    heads=0,
                    first_bad=chain.first_bad,
                    station=_station_of(raw, chain.first_bad[0]),
                )
            raw.execute("BEGIN")
            heads, bad = check_heads(raw, verifier)
            station = _station_of(raw, bad[0]) if bad else ""
            return Proof(chain=chain, heads=heads, first_bad=bad, station=station)
    except sqlite3.DatabaseError as error:
        raise Damaged(f"{path.name} cannot be read ({error}); restore a backup") from error


def _station_of(raw: sqlite3.Connection, origin: str) -> str:
    for (state,) in raw.execute("SELECT state FROM station ORDER BY agg"):
        told = orjson.loads(state)
        if origin in told.get("incarnations", {}):
            return str(told.get("name", ""))
    return ""

"""A large log of three origins with their signed heads, written straight into a station's file."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from crisisdesk.domain.event import GENESIS, Event, Sealed, seal
from crisisdesk.domain.heads import Claim, head_bytes, witness_bytes
from crisisdesk.domain.station import INCARNATED
from crisisdesk.engine.exchange.ports import SignedHead
from crisisdesk.settings.keys import Ed25519Signer
from crisisdesk.store.files import writing_connection
from crisisdesk.store.heads import KEPT_OF_EACH
from crisisdesk.store.migrate import migrate

START_MS = 1_770_861_902_000
INSERT_EVENT = (
    "INSERT INTO event (pos,origin,seq,hlc,agg,kind,wall_ms,raw,body,salt,hash) "
    "VALUES (?,?,?,?,?,?,?,?,?,?,?)"
)
INSERT_HEAD = (
    "INSERT OR REPLACE INTO signed_head (origin, seq, hash, signature, witnesses) "
    "VALUES (?,?,?,?,?)"
)
Ends = dict[str, tuple[int, bytes]]


@dataclass(slots=True)
class SignedLog:
    """The file, who writes in it, and what is known of it without reading it.

    The second origin is a later incarnation of the first one's station. ``places`` are the ends of
    all logs at every 500th position, ``signed`` the seqs of each origin that anyone signed.
    """

    path: Path
    chance: random.Random
    events: int
    origins: list[str] = field(default_factory=list)
    keys: dict[str, Ed25519Signer] = field(default_factory=dict)
    ends: Ends = field(default_factory=dict)
    places: dict[int, Ends] = field(default_factory=dict)
    signed: dict[str, set[int]] = field(default_factory=dict)
    heads: list[SignedHead] = field(default_factory=list)

    def build(self) -> None:
        """Write it all."""
        migrate(self.path)
        self.origins = [f"{self.chance.getrandbits(128):032x}" for _ in range(3)]
        self.keys = {o: Ed25519Signer(self.chance.randbytes(32)) for o in self.origins}
        self.signed = {origin: set() for origin in self.origins}
        raw = writing_connection(self.path)
        raw.execute("BEGIN")
        raw.executemany(INSERT_EVENT, self._rows())
        raw.executemany(
            "INSERT INTO origin_head (origin, seq, hash, hlc) VALUES (?,?,?,?)",
            [(o, seq, digest, self.events << 20) for o, (seq, digest) in self.ends.items()],
        )
        for head in self.heads:
            raw.execute(INSERT_HEAD, row_of(head))
        raw.execute("COMMIT")
        raw.close()

    def _rows(self) -> Iterator[tuple[object, ...]]:
        every = max(1, self.events // KEPT_OF_EACH)
        for pos in range(1, self.events + 1):
            sealed = self._event(pos)
            yield event_row(pos, sealed)
            if pos % 500 == 0:
                self.places[pos] = dict(self.ends)
            if pos == self.events or (pos % every == 0 and pos + every <= self.events):
                for origin in self.origins:
                    self._sign(origin)

    def _event(self, pos: int) -> Sealed:
        first = pos <= len(self.origins)
        origin = self.origins[pos - 1] if first else self.chance.choice(self.origins)
        seq, previous = self.ends.get(origin, (0, GENESIS))
        event = Event(
            origin=origin,
            seq=seq + 1,
            hlc=(START_MS + pos) << 16,
            id=f"{self.chance.getrandbits(128):032x}",
            agg=self._station(origin) if first else f"A-{pos % 1_000:012d}",
            kind=INCARNATED if first else "alert.noted",
            actor="Klára Langová",
            wall_ms=START_MS + pos,
            body=self._announcement(origin) if first else {"text": f"rang the data centre, {pos}"},
        )
        sealed = seal(event, self.chance.randbytes(16), previous)
        self.ends[origin] = (event.seq, sealed.hash)
        return sealed

    def _station(self, origin: str) -> str:
        return "S-PRAHA" if origin in self.origins[:2] else "S-BRNO"

    def _announcement(self, origin: str) -> dict[str, object]:
        return {
            "origin": origin,
            "station_id": self._station(origin),
            "public_key": self.keys[origin].public_key,
            "version": "0.3",
            "duty_rank": None,
            "name": self._station(origin).removeprefix("S-").title(),
        }

    def _sign(self, origin: str) -> None:
        seq, digest = self.ends[origin]
        others = {o: end for o, end in self.ends.items() if o != origin}
        self.heads.append(
            sign(self.keys[origin], Claim(origin=origin, seq=seq, hash=digest, witnesses=others))
        )
        for one, (at, _digest) in self.ends.items():
            self.signed[one].add(at)

    def newest_head(self, origin: str) -> SignedHead:
        """The last one it signed."""
        return next(head for head in reversed(self.heads) if head.origin == origin)

    def last_signed_before(self, origin: str, seq: int) -> int:
        """The last place of this origin below ``seq`` that anyone vouches for."""
        return max((at for at in self.signed[origin] if at < seq), default=0)


def sign(key: Ed25519Signer, claim: Claim) -> SignedHead:
    """The claim under this key."""
    return SignedHead(
        origin=claim.origin,
        seq=claim.seq,
        hash=claim.hash,
        signature=key.sign(head_bytes(claim)),
        witnesses=witness_bytes(claim.witnesses),
    )


def row_of(head: SignedHead) -> tuple[object, ...]:
    """Its row in the file."""
    return (head.origin, head.seq, head.hash, head.signature, head.witnesses)


def event_row(pos: int, s: Sealed) -> tuple[object, ...]:
    """The row of one event."""
    e = s.event
    return (pos, e.origin, e.seq, e.hlc, e.agg, e.kind, e.wall_ms, s.raw, s.body, s.salt, s.hash)


def connection(log: SignedLog) -> sqlite3.Connection:
    """A connection on which edits are tried and rolled back."""
    return writing_connection(log.path)

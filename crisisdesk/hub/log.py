"""The shared log in Postgres.

Lost answers: ``push`` locks the origin's head, compares what is there by hash and adds the rest, so
the same push again adds nothing; ``report`` and ``sign_head`` set what they set before; ``heads``
and ``pull`` change nothing. A push that was never taken is seen by the head it returns, or by the
next comparison of heads: nothing is remembered between two calls.

A login owns the origins that it announced as its own in a report. Any login may hand over any
origin's events all the same, or a hub set back to an older copy could not be refilled with what
dead stations wrote. What it could do wrong by that: alter an event (the chain, hashed anew by the
hub and by every reader, shows it), alter a body (the hub compares it with the hash in its
envelope), write on in another's name (the owner sees a head that it did not write and goes on under
a fresh origin; no signed head covers those events; the hub notes in ``cd.handed_over`` which login
handed over what).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg.types.json import Jsonb

from crisisdesk.domain.event import Stored
from crisisdesk.engine.exchange.ports import (
    PULL_EVENTS,
    Fleet,
    Mark,
    Report,
    SignedHead,
)
from crisisdesk.engine.exchange.sharing import pull_evenly
from crisisdesk.hub.address import HubAddress
from crisisdesk.hub.connection import HubLink

HEADS = "SELECT origin, seq, hash FROM cd.head WHERE seq > 0"
PUSH = "SELECT cd.push(%s, %s, %s::bytea[], %s::bytea[], %s::bytea[], %s::bytea[])"
PULL = """
SELECT seq, raw, body, salt, hash FROM (
    SELECT *, sum(octet_length(raw) + octet_length(body)) OVER (ORDER BY seq) AS size
    FROM (SELECT * FROM cd.ev WHERE origin = %s AND seq > %s ORDER BY seq LIMIT %s) behind
) counted WHERE size <= %s OR seq = %s ORDER BY seq
"""
REPORT = "SELECT * FROM cd.report(%s, %s, %s, %s, %s, %s, %s::integer, %s, %s::integer)"
SIGN_HEAD = "SELECT cd.sign_head(%s, %s, %s, %s, %s)"
SIGNED_HEADS = "SELECT origin, seq, hash, signature, witnesses FROM cd.signed_head ORDER BY origin"


class PgHub:
    """Implements `engine.exchange.ports.Hub`; used by one thread, closed by any."""

    def __init__(self, address: HubAddress) -> None:
        self._link = HubLink(address, "exchange")

    def close(self) -> None:
        """Break off what is under way and let go of the connection."""
        self._link.close()

    def heads(self) -> dict[str, Mark]:
        """How much of every origin's log the hub holds."""
        return {origin: Mark(seq, digest) for origin, seq, digest in self._link.ask(HEADS)}

    def push(self, origin: str, first_seq: int, events: Sequence[Stored]) -> int:
        """Hand over consecutive events; the hub's head afterwards. Raises Forked.

        An event that is no event of this place and all after it are not taken.
        """
        values = (
            origin,
            first_seq,
            [event.raw for event in events],
            [event.body for event in events],
            [event.salt for event in events],
            [event.hash for event in events],
        )
        head: int = self._link.ask(PUSH, values, origin=origin)[0][0]
        return head

    def pull(self, vector: Mapping[str, int], limit: int = PULL_EVENTS) -> list[Stored]:
        """Events behind ``vector``, of the origins that it names, by origin and seq, no gap."""
        return pull_evenly(vector, limit, self._read)

    def _read(self, origin: str, after: int, count: int, room: int) -> list[Stored]:
        rows = self._link.ask(PULL, (origin, after, count, room, after + 1))
        return [_stored(origin, row) for row in rows]

    def report(self, report: Report) -> Fleet:
        """Tell how this station stands; how all stand that were not evicted."""
        values = (
            report.station_id,
            report.origin,
            report.name,
            report.version,
            Jsonb(dict(report.vector)),
            report.hlc,
            report.fold_version,
            report.digest,
            report.duty_rank,
        )
        rows = self._link.ask(REPORT, values)
        return Fleet(reports=tuple(_report(row) for row in rows), hub_now_ms=rows[0][10])

    def sign_head(self, head: SignedHead) -> None:
        """Keep a signed head when it is the newest of its origin."""
        values = (head.origin, head.seq, head.hash, head.signature, head.witnesses)
        self._link.ask(SIGN_HEAD, values)

    def signed_heads(self) -> list[SignedHead]:
        """The newest signed head of every origin."""
        return [
            SignedHead(
                origin=origin, seq=seq, hash=digest, signature=signature, witnesses=witnesses
            )
            for origin, seq, digest, signature, witnesses in self._link.ask(SIGNED_HEADS)
        ]


def _stored(origin: str, row: tuple[int, bytes, bytes, bytes, bytes]) -> Stored:
    seq, raw, body, salt, digest = row
    return Stored(origin=origin, seq=seq, raw=raw, body=body, salt=salt, hash=digest)


def _report(row: Sequence[Any]) -> Report:
    return Report(
        station_id=row[0],
        origin=row[1],
        name=row[2],
        version=row[3],
        vector=row[4],
        hlc=row[5],
        fold_version=row[6],
        digest=row[7],
        duty_rank=row[8],
        seen_ms=row[9],
    )

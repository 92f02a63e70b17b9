"""Snapshots in Postgres: put there part by part, seen by others once they are complete."""

from __future__ import annotations

from crisisdesk.engine.exchange.snapshots import Offer
from crisisdesk.hub.connection import HubLink

NEWEST = """
SELECT id, maker, told, public_key, signature FROM cd.snapshot WHERE complete ORDER BY id DESC
"""
PART = "SELECT data FROM cd.snapshot_part WHERE snapshot = %s AND part = %s"
BEGIN = "SELECT cd.begin_snapshot(%s, %s)"
PUT = "SELECT cd.put_snapshot_part(%s, %s, %s, %s::integer, %s)"
FINISH = "SELECT cd.finish_snapshot(%s, %s, %s, %s, %s, %s)"


class PgSnapshots:
    """Implements `engine.exchange.snapshots.SnapshotHub` over a connection to the hub.

    Putting the same part again puts the same; what was begun and never finished is dropped when
    the next one is begun.
    """

    def __init__(self, link: HubLink) -> None:
        self._link = link

    def offers(self) -> list[Offer]:
        """The complete ones, newest first."""
        return [
            Offer(id=number, maker=maker, told=told, public_key=key, signature=signature)
            for number, maker, told, key, signature in self._link.ask(NEWEST)
        ]

    def part(self, number: int, part: int) -> bytes | None:
        """One part; None when it is not, or no longer, there."""
        rows = self._link.ask(PART, (number, part))
        return bytes(rows[0][0]) if rows else None

    def begin(self, holder: str, token: int) -> int:
        """The number of a new one; 0 when the lease is not held under this token."""
        number: int = self._link.ask(BEGIN, (holder, token))[0][0]
        return number

    def put(self, holder: str, token: int, number: int, part: int, data: bytes) -> bool:
        """Add a part; False when it is too late for that."""
        taken: bool = self._link.ask(PUT, (holder, token, number, part, data))[0][0]
        return taken

    def finish(self, holder: str, token: int, offer: Offer) -> bool:
        """Show it to all; False when its parts, its heads or the lease are not as it says."""
        values = (holder, token, offer.id, offer.told, offer.public_key, offer.signature)
        done: bool = self._link.ask(FINISH, values)[0][0]
        return done

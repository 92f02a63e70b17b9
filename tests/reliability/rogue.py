"""A station that nobody can believe: its second event does not continue its chain."""

from __future__ import annotations

from crisisdesk.domain.event import GENESIS, Event, Stored, seal

from tests.reliability.memhub import MemHub
from tests.reliability.station import content

# Sorts before all others, so that it stands at the head of every pull.
ORIGIN = "0" * 31 + "1"


class Rogue:
    """Two events on the hub: a good one of a kind that nobody knows, and a broken one."""

    def __init__(self) -> None:
        self.origin = ORIGIN
        body = {"text": "from elsewhere"}
        sealed = [
            seal(_event(seq, body), bytes(16), GENESIS if seq == 1 else b"another log")
            for seq in (1, 2)
        ]
        self.good = content(sealed[0].event, sealed[0].body)
        self.events = [
            Stored(origin=ORIGIN, seq=n, raw=s.raw, body=s.body, salt=s.salt, hash=s.hash)
            for n, s in enumerate(sealed, start=1)
        ]

    def write_to(self, hub: MemHub) -> None:
        """Past the hub's own checks, as only its owner could."""
        hub._has.events[ORIGIN] = list(self.events)


def _event(seq: int, body: dict[str, str]) -> Event:
    return Event(
        origin=ORIGIN,
        seq=seq,
        hlc=seq,
        id=f"{seq:032x}",
        agg="X-1",
        kind="riddle.posed",
        actor="nobody",
        wall_ms=seq,
        body=body,
    )

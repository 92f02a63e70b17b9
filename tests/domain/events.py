"""Makes events of one station in a row, for folds to be told by."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.event import Event
from crisisdesk.domain.fold import State, fold

ORIGIN = "0123456789abcdef" * 2
# 2026-02-12 02:05:02 UTC.
START = 1_770_861_902_000
KLARA, JONAS = "Klára Langová", "Jonas Weber"


class Log:
    """One aggregate's events; each is a second after the one before unless said otherwise."""

    def __init__(self, aggregate: str) -> None:
        self.aggregate = aggregate
        self.events: list[Event] = []

    def add(
        self,
        kind: str,
        /,
        *,
        actor: str = KLARA,
        at: int | None = None,
        offset: int = 0,
        **body: Any,
    ) -> Event:
        """Append one; ``at`` is UTC ms."""
        seq = len(self.events) + 1
        wall = START + seq * 1_000 if at is None else at
        event = Event(
            origin=ORIGIN,
            seq=seq,
            hlc=(START << 16) + seq,
            id=f"{seq:032x}",
            agg=self.aggregate,
            kind=kind,
            actor=actor,
            wall_ms=wall,
            hub_offset_ms=offset,
            body=body,
        )
        self.events.append(event)
        return event

    def state(self) -> State | None:
        """What the fold makes of them."""
        return fold(self.events)

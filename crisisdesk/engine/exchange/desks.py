"""Who is at a desk, told to other stations through the hub beside the exchange of events.

One small row for each station, written over each time; nothing of it goes into any log.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from crisisdesk.engine.exchange.exchange import Outcome
from crisisdesk.engine.presence import PresenceBoard

EVERY_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """What another station told last, ``age_ms`` ago by the hub's clock."""

    station: str
    rows: Any
    age_ms: int


class DeskHub(Protocol):
    """The hub's side. Blocking; raises `engine.exchange.ports.HubAway` and `HubRefused`."""

    def meet(self, rows: Sequence[dict[str, Any]]) -> list[Meeting] | None:
        """Tell of the own desks; what others told last. None of a hub that is too old for it."""


class DeskTeller:
    """A `Chore` of the exchange: every five seconds, and at once when something changed."""

    name = "telling who is at a desk"

    def __init__(self, hub: DeskHub, board: PresenceBoard, boottime: Callable[[], float]) -> None:
        self._hub, self._board, self._boottime = hub, board, boottime
        self._next = float("-inf")
        self._said: list[tuple[Any, ...]] = []

    def run(self, _outcome: Outcome | None = None) -> None:
        """Tell and hear, if it is time; may raise HubAway and HubRefused."""
        own, now = self._board.own(), self._boottime()
        said = [(p.desk, p.operator, p.incident_id, p.left) for p in own]
        if now < self._next and said == self._said:
            return
        met = self._hub.meet(self._board.told())
        self._next, self._said = now + EVERY_S, said
        for one in met or ():
            self._board.hear_told(one.station, one.rows, one.age_ms)

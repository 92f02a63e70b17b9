"""The board of desks: who sits at this station's, and what other stations tell of theirs.

It is in memory alone and bounded. Whoever restarts knows again within seconds, from the next signs.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.presence import Presence, at_desk, gone, kept, read_told, told

log = logging.getLogger(__name__)


class PresenceBoard:
    """May be used from any thread. ``now_ms`` is the engine's clock, ``station`` says what this
    station is called."""

    def __init__(
        self, now_ms: Callable[[], int] = lambda: 0, station: Callable[[], str] = lambda: ""
    ) -> None:
        self._now_ms = now_ms
        self._station = station
        self._lock = threading.Lock()
        self._own: dict[str, Presence] = {}
        self._others: dict[str, Presence] = {}
        self._garbled: set[str] = set()

    def sign(self, desk: str, operator: str, incident_id: str, idle_ms: int) -> None:
        """A desk of this station gives a sign; ``idle_ms`` is how long nobody has touched it."""
        now = self._now_ms()
        with self._lock:
            before = self._own.get(desk)
            if before is not None and (before.left or before.operator != operator):
                before = None
            stays = before is not None and before.incident_id == incident_id
            self._own[desk] = Presence(
                desk=desk,
                operator=operator,
                station=self._station(),
                incident_id=incident_id,
                opened_ms=now if before is None else before.opened_ms,
                since_ms=before.since_ms if before is not None and stays else now,
                touched_ms=now - max(0, idle_ms),
                seen_ms=now,
            )
            self._own = {p.desk: p for p in kept(list(self._own.values()), now)}

    def leave(self, desk: str) -> None:
        """A desk of this station was closed; once is enough."""
        with self._lock:
            before = self._own.get(desk)
            if before is not None and not before.left:
                self._own[desk] = gone(before, self._now_ms())

    def hear(self, presences: Sequence[Presence]) -> None:
        """Another station tells of its desks; what is older than known changes nothing."""
        with self._lock:
            for one in presences:
                known = self._others.get(one.desk)
                if one.desk not in self._own and (known is None or one.seen_ms >= known.seen_ms):
                    self._others[one.desk] = one
            self._others = {p.desk: p for p in kept(list(self._others.values()), self._now_ms())}

    def hear_told(self, station: str, rows: Any, age_ms: int = 0) -> None:
        """What a station of that name told ``age_ms`` ago. What cannot be read is left out, and
        said in the log once: it must not stand in the way of a heartbeat."""
        try:
            heard = read_told(rows, station, self._now_ms() - max(0, age_ms))
        except Malformed as error:
            if station not in self._garbled:
                self._garbled.add(station)
                log.warning("who is at the desks of %s cannot be read: %s", station, error)
            return
        self._garbled.discard(station)
        self.hear(heard)

    def told(self) -> list[dict[str, Any]]:
        """What to tell other stations of the desks of this one."""
        return told(self.own(), self._now_ms())

    def own(self) -> list[Presence]:
        """The desks of this station."""
        with self._lock:
            return kept([replace(p, station=self._station()) for p in self._own.values()], self.now)

    def all(self) -> list[Presence]:
        """Every desk that is known, the newest signs first."""
        own = self.own()
        with self._lock:
            return kept([*own, *self._others.values()], self.now)

    @property
    def now(self) -> int:
        """The board's clock, UTC ms."""
        return self._now_ms()

    def at_desk(self) -> frozenset[str]:
        """The names, in small letters, of those who are at a desk now."""
        return at_desk(self.all(), self.now)

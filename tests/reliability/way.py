"""A station's way to the hub, with all that can go wrong on it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from crisisdesk.domain.event import Stored
from crisisdesk.engine.exchange.ports import (
    PULL_EVENTS,
    Fleet,
    HubAway,
    Mark,
    Report,
    SignedHead,
)

from tests.reliability.memhub import MemHub

T = TypeVar("T")


class Way:
    """Implements `engine.exchange.ports.Hub` over a hub in memory.

    ``lossy`` is the share of calls that go wrong: away before anything was done, the answer lost
    after it was done, a push of which only the beginning arrived, or one that takes seconds.
    """

    def __init__(
        self, hub: MemHub, chance: random.Random, seen: Counter[str], pass_ms: Callable[[int], None]
    ) -> None:
        self._hub = hub
        self._chance = chance
        self._seen = seen
        self._pass_ms = pass_ms
        self.up = True
        self.lossy = 0.0
        self.spoils = 0.0
        # Whether anything arrived spoilt since somebody last set it to False.
        self.spoilt = False

    def heal(self) -> None:
        """Nothing goes wrong any more."""
        self.up, self.lossy, self.spoils = True, 0.0, 0.0

    def heads(self) -> dict[str, Mark]:
        """As the hub's."""
        return self._over(self._hub.heads)

    def push(self, origin: str, first_seq: int, events: Sequence[Stored]) -> int:
        """As the hub's; sometimes only the first few arrive."""
        if self.up and len(events) > 1 and self._chance.random() < self.lossy:
            self._seen["partial pushes"] += 1
            some = events[: self._chance.randrange(1, len(events))]
            return self._over(self._hub.push, origin, first_seq, some)
        return self._over(self._hub.push, origin, first_seq, events)

    def pull(self, vector: Mapping[str, int], limit: int = PULL_EVENTS) -> list[Stored]:
        """As the hub's; sometimes an event arrives spoilt, or not at all."""
        events = self._over(self._hub.pull, vector, limit)
        if events and self._chance.random() < self.spoils:
            self.spoilt = True
            self._seen["spoilt pulls"] += 1
            return _spoil(events, self._chance)
        return events

    def place(self, event: Stored) -> int:
        """As the hub's."""
        return self._hub.place(event)

    def report(self, report: Report) -> Fleet:
        """As the hub's."""
        return self._over(self._hub.report, report)

    def sign_head(self, head: SignedHead) -> None:
        """As the hub's."""
        self._over(self._hub.sign_head, head)

    def signed_heads(self) -> list[SignedHead]:
        """As the hub's."""
        return self._over(self._hub.signed_heads)

    def _over(self, call: Callable[..., T], *given: Any) -> T:
        if not self.up:
            raise HubAway("cut off")
        fate = self._chance.random() if self.lossy else 1.0
        if fate < self.lossy / 3:
            self._seen["lost requests"] += 1
            raise HubAway("the request was lost")
        answer = call(*given)
        if fate < self.lossy * 2 / 3:
            self._seen["lost answers"] += 1
            raise HubAway("the answer was lost")
        if fate < self.lossy:
            self._seen["slow answers"] += 1
            self._pass_ms(self._chance.randrange(100, 9_000))
        return answer


def _spoil(events: list[Stored], chance: random.Random) -> list[Stored]:
    """One event changed in one way, or left out."""
    at = chance.randrange(len(events))
    event, how = events[at], chance.randrange(4)
    if how == 0:
        return events[:at] + events[at + 1 :]
    changes: dict[str, Any] = {
        1: {"body": event.body.replace(b"}", b',"planted":1}', 1)},
        2: {"hash": bytes(reversed(event.hash))},
        3: {"raw": event.raw.replace(b'"actor":"', b'"actor":"X', 1)},
    }[how]
    return [*events[:at], replace(event, **changes), *events[at + 1 :]]

"""A station's way to the hub, with all that can go wrong on it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
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

    def heal(self) -> None:
        """Nothing goes wrong any more."""
        self.up, self.lossy = True, 0.0

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
        """As the hub's."""
        return self._over(self._hub.pull, vector, limit)

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

"""Circuit breakers: a provider that keeps failing is left alone for a while, and then tried once.

Only what may be tried again counts: no connection, no answer in time, 5xx. A refusal of one
recipient says nothing of the provider, nor does its wish to be asked later by this sender.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal

from crisisdesk.engine.ports import Clock, Outcome

FAILURES_TO_OPEN = 5
FIRST_PAUSE_S = 5.0
LONGEST_PAUSE_S = 60.0
SPREAD = 0.2
LANES_KEPT = 1_000

BreakerState = Literal["closed", "open", "half-open"]
Chance = Callable[[], float]


@dataclass(frozen=True, kw_only=True, slots=True)
class LaneState:
    """How one provider's lane stands. ``words`` are those of its last failure.

    ``failures`` counts those in a row; ``again_ms`` (UTC ms) is when it is tried again while open;
    ``under_way`` counts attempts that run now.
    """

    name: str
    state: BreakerState
    failures: int
    again_ms: int | None
    words: str
    under_way: int


@dataclass(slots=True)
class Breaker:
    """One lane's. ``chance`` gives 0..1 and spreads stations that all found the same provider down.

    The pause doubles from 5 s to 60 s with each trial that fails, and is a fifth longer or shorter.
    """

    name: str
    clock: Clock
    chance: Chance = field(default_factory=lambda: random.SystemRandom().random)
    failures: int = 0
    under_way: int = 0
    words: str = ""
    _openings: int = 0
    _again_at: float | None = None
    _trying: bool = False

    @property
    def state(self) -> BreakerState:
        """Closed lets all through, open none, half-open one at a time."""
        if self._again_at is None:
            return "closed"
        return "open" if self.clock.boottime() < self._again_at else "half-open"

    async def run(self, attempt: Callable[[], Awaitable[Outcome]]) -> Outcome:
        """One attempt, or at once an outcome that says when the next one may be made."""
        state = self.state
        if state == "open" or (state == "half-open" and self._trying):
            return self._not_tried()
        trial = state == "half-open"
        self._trying = self._trying or trial
        self.under_way += 1
        outcome = None
        try:
            outcome = await attempt()
            return outcome
        finally:
            # Without an outcome it was given up from outside, which says nothing.
            self._ended(outcome, trial=trial)

    def _not_tried(self) -> Outcome:
        now = self.clock.boottime()
        # While the one trial runs nobody knows; asking again in a second costs nothing.
        wait = max((self._again_at or now) - now, 1.0)
        words = (
            f"{self.name}: not tried, {self.failures} attempts in a row failed; tried again in "
            f"{wait:.0f} s. The last: {self.words}"
        )
        return Outcome(ok=False, words=words[:300], retry_after_s=wait)

    def _ended(self, outcome: Outcome | None, *, trial: bool) -> None:
        self.under_way -= 1
        if trial:
            self._trying = False
        if outcome is None:
            return
        if outcome.ok:
            self.failures, self._openings, self._again_at, self.words = 0, 0, None, ""
            return
        if not outcome.retryable or outcome.retry_after_s is not None:
            return
        self.failures += 1
        self.words = outcome.words
        if trial or (self._again_at is None and self.failures >= FAILURES_TO_OPEN):
            self._open()

    def _open(self) -> None:
        pause = min(FIRST_PAUSE_S * 2**self._openings, LONGEST_PAUSE_S)
        pause *= 1 + SPREAD * (2 * self.chance() - 1)
        self._openings = min(self._openings + 1, 10)
        self._again_at = self.clock.boottime() + pause

    def now(self) -> LaneState:
        """How it stands, for people."""
        again_ms = None
        if self._again_at is not None:
            left = max(self._again_at - self.clock.boottime(), 0.0)
            again_ms = self.clock.now_ms() + round(left * 1000)
        return LaneState(
            name=self.name,
            state=self.state,
            failures=self.failures,
            again_ms=again_ms,
            words=self.words,
            under_way=self.under_way,
        )


class Breakers:
    """One breaker for each lane, made when first asked for."""

    def __init__(self, clock: Clock, chance: Chance | None = None) -> None:
        self._clock = clock
        self._chance = chance or random.SystemRandom().random
        self._lanes: dict[str, Breaker] = {}

    def of(self, lane: str) -> Breaker:
        """That lane's breaker."""
        if lane not in self._lanes:
            self._forget_the_healthy()
            self._lanes[lane] = Breaker(lane, self._clock, self._chance)
        return self._lanes[lane]

    def lanes(self) -> list[LaneState]:
        """How all stand, by name."""
        return [self._lanes[name].now() for name in sorted(self._lanes)]

    def _forget_the_healthy(self) -> None:
        if len(self._lanes) >= LANES_KEPT:
            self._lanes = {
                name: one for name, one in self._lanes.items() if one.failures or one.under_way
            }

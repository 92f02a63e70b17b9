"""What the collector has in mind of each source, and what it makes of one more look."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field

from crisisdesk.domain.detection.reading import Reading, Verdict
from crisisdesk.domain.detection.source import (
    SECOND_MS,
    Freshness,
    Source,
    alert_key,
    freshness,
    next_look,
    stale_at,
)
from crisisdesk.domain.detection.source_state import State
from crisisdesk.domain.signal import Signal
from crisisdesk.engine.source_signals import down, silent, up

# An alert that somebody ended while the source is still down comes back after this long.
CRY_AGAIN_MS = 15 * 60 * SECOND_MS
# What was just declared, or taken over, is looked at within this span, spread by its id.
SOON_MS = 10 * SECOND_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One source as it stands here. ``reading`` is the last look, ``usable_at`` (UTC ms) the last
    that found it up or down, ``freshness`` None where this station does not look."""

    source: Source
    state: State
    reading: Reading | None
    usable_at: int | None
    freshness: Freshness | None
    next_at: int | None


@dataclass(slots=True, kw_only=True)
class Watched:
    """One source. ``fresh_from`` (UTC ms) is from when on its silence counts: sleep, a take-over
    and this station's own network take none of its time."""

    source: Source
    due: int
    fresh_from: int
    streak: int = 0
    usable_at: int | None = None
    reading: Reading | None = None
    bookmark: dict[str, object] = field(default_factory=dict)
    cried_at: int | None = None
    is_silent_told: bool = False

    def key(self, station_id: str) -> str:
        """The key of its alert at this station."""
        return alert_key(self.source, station_id)

    def begin(self, now: int) -> None:
        """Look at it anew: nothing of before counts."""
        self.streak, self.fresh_from = 0, now
        self.due = min(next_look(self.source, now), now + _spread(self.source))

    def came_back(self, now: int) -> None:
        """This station slept: one look at once if one was due, and no judgement of the time."""
        self.streak, self.fresh_from = 0, now
        self.due = now if self.due <= now else min(self.due, next_look(self.source, now))

    def since(self) -> int:
        """From when on its silence counts."""
        return max(self.fresh_from, self.usable_at or 0)

    def judge(self, reading: Reading, told: Collection[str], station: tuple[str, str]) -> Judged:
        """Take one more look in; what is to be reported of it."""
        self.reading = reading
        is_told = self.key(station[0]) in told
        if reading.verdict == Verdict.UNSURE:
            return Judged()
        self.usable_at = reading.at
        if reading.verdict == Verdict.UP:
            self.streak, self.cried_at = 0, None
            return Judged(up(self.source, station, reading) if is_told else None)
        self.streak += 1
        if self.streak < self.source.failures:
            return Judged()
        if is_told and not self.is_silent_told:
            return Judged()
        if not is_told and self._cried_lately(reading.at):
            return Judged()
        return Judged(down(self.source, station, reading, self.streak), again=is_told)

    def missed(self, now: int, told: Collection[str], station: tuple[str, str]) -> Signal | None:
        """The report that no look has found anything out for too long; None while that is not so,
        or its alert is open."""
        since = self.since()
        if now < stale_at(self.source, since) or self.key(station[0]) in told:
            return None
        if self._cried_lately(now):
            return None
        words = "" if self.reading is None else f"The last look said: {self.reading.words}"
        return silent(self.source, station, words or "No look has ended yet.", now - since)

    def _cried_lately(self, now: int) -> bool:
        return self.cried_at is not None and 0 <= now - self.cried_at < CRY_AGAIN_MS

    def standing(self, now: int, told: Collection[str], station_id: str, mine: bool) -> Standing:
        """How it stands for whoever asks."""
        one = self.source
        fresh = freshness(one, self.since(), now) if mine and not one.paused else None
        return Standing(
            source=one,
            state=self._state(self.key(station_id) in told, mine, fresh),
            reading=self.reading,
            usable_at=self.usable_at,
            freshness=fresh,
            next_at=self.due if fresh is not None else None,
        )

    def _state(self, is_told: bool, mine: bool, fresh: Freshness | None) -> State:
        if self.source.paused:
            return State.PAUSED
        if is_told:
            return State.STALE if self.is_silent_told else State.DOWN
        if not mine:
            return State.ELSEWHERE
        if fresh == Freshness.STALE:
            return State.STALE
        if self.reading is None:
            return State.NEW
        if self.reading.verdict == Verdict.DOWN:
            return State.FAILING
        return State.UP if self.reading.verdict == Verdict.UP else State.UNSURE


@dataclass(frozen=True, slots=True)
class Judged:
    """What a look is reported by; ``again`` also when its alert is open."""

    signal: Signal | None = None
    again: bool = False


def _spread(source: Source) -> int:
    """Where in the first seconds it is looked at first, ms."""
    digest = hashlib.sha256(b"first:" + source.source_id.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") % min(source.every_ms, SOON_MS)

"""The real clock, and one that tests and drills move by hand."""

from __future__ import annotations

import sys
import time


class SystemClock:
    """The machine's clocks. ``boottime`` runs through suspend where the system offers that."""

    def now_ms(self) -> int:
        """Wall clock, UTC milliseconds."""
        return time.time_ns() // 1_000_000  # noqa: TID251 - the one reader of the wall clock

    def boottime(self) -> float:
        """Seconds that never jump; on Linux they count suspend too (monotonic clocks do not)."""
        if sys.platform == "linux":
            return time.clock_gettime(time.CLOCK_BOOTTIME)
        return time.monotonic()


class ManualClock:
    """A clock that stands until it is moved."""

    def __init__(self, now_ms: int) -> None:
        self._now_ms = now_ms
        self._boot_s = 0.0

    def now_ms(self) -> int:
        """What it was last set to."""
        return self._now_ms

    def boottime(self) -> float:
        """Seconds it was moved forward so far."""
        return self._boot_s

    def advance(self, ms: int) -> None:
        """Move it forward."""
        self._now_ms += ms
        self._boot_s += ms / 1000

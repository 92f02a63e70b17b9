"""The desk's clock; the engine's own is out of reach here, the port is the same."""

from __future__ import annotations

import time


class WallClock:
    """Implements `engine.ports.Clock` with the machine's clocks."""

    def now_ms(self) -> int:
        """UTC milliseconds since the epoch."""
        return time.time_ns() // 1_000_000  # noqa: TID251  the one place of the desk that may

    def boottime(self) -> float:
        """Seconds on a clock that never jumps; runs through suspend where the system has one."""
        if hasattr(time, "CLOCK_BOOTTIME"):
            return time.clock_gettime(time.CLOCK_BOOTTIME)
        return time.monotonic()

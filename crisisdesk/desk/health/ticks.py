"""Where an axis has its lines and what stands at them. Plain arithmetic, shared by all charts."""

from __future__ import annotations

import math
import time
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000
_TIME_STEPS = (
    *(n * MINUTE_MS for n in (1, 2, 5, 10, 15, 30)),
    *(n * HOUR_MS for n in (1, 2, 3, 6, 12)),
    *(n * DAY_MS for n in (1, 2, 7, 14, 28, 56, 112)),
)
# What is smaller than this share of a step is the nought.
_DUST = 1e-9
# Steps that are so small beside the values themselves cannot be told apart.
_FINEST = 1e-9


class Tick(NamedTuple):
    """One line: its place (a value, or UTC ms) and its words."""

    at: float
    words: str


def value_ticks(low: float, high: float, most: int) -> tuple[Tick, ...]:
    """Round values within [low, high], no more than ``most``, in steps of 1, 2 or 5."""
    span = high - low
    if not (math.isfinite(low) and math.isfinite(high)) or span <= 0 or most < 1:
        return ()
    least = span / most
    if not 0 < least < math.inf:
        return ()
    power = 10.0 ** math.floor(math.log10(least))
    for times in (1, 2, 5, 10, 20, 50):
        step = times * power
        if not step > 0 or not max(abs(low), abs(high)) * _FINEST <= step < math.inf:
            continue
        first, last = math.ceil(low / step - _DUST), math.floor(high / step + _DUST)
        if last - first + 1 <= most:
            found = [number * step for number in range(first, last + 1)]
            words = _value_words(found)
            return tuple(Tick(at, told) for at, told in zip(found, words, strict=True))
    return ()


def _value_words(values: list[float]) -> list[str]:
    greatest = max((abs(value) for value in values), default=0.0)
    for factor, sign in ((1e12, " T"), (1e9, " G"), (1e6, " M"), (1e4, " k")):
        if greatest >= factor:
            unit = 1e3 if sign == " k" else factor
            return [f"{value / unit:.6g}{sign}" if value else "0" for value in values]
    return [f"{value:.6g}" if value else "0" for value in values]


@lru_cache(maxsize=64)
def time_ticks(since: int, until: int, most: int) -> tuple[Tick, ...]:
    """Round local times within [since, until] (UTC ms), no more than ``most``."""
    if until <= since or most < 1:
        return ()
    step = next((one for one in _TIME_STEPS if (until - since) / one <= most), _TIME_STEPS[-1])
    offset = _offset_ms(since)
    found: list[Tick] = []
    # From the first round local time on; where clocks are changed it is moved with them.
    local = -((-since - offset) // step) * step
    while len(found) < most:
        at = local - offset
        moved = _offset_ms(at)
        if moved != offset:
            at, offset = local - moved, moved
        if at > until:
            break
        if at >= since and (not found or at > found[-1].at):
            found.append(Tick(at, _time_words(at, step)))
        local += step
    return tuple(found)


def _offset_ms(at_ms: int) -> int:
    return time.localtime(at_ms / 1000).tm_gmtoff * 1000


def _time_words(at_ms: int, step: int) -> str:
    at = datetime.fromtimestamp(at_ms / 1000).astimezone()
    if step >= DAY_MS or (at.hour, at.minute) == (0, 0):
        return f"{at.day} {at:%b}"
    return f"{at:%H:%M}"

"""Spreading many events over a span: uneven as in life, and the same every time."""

from __future__ import annotations

import hashlib
import math


def fraction(*parts: str) -> float:
    """A number from 0 (included) to 1 (excluded) that depends on the words alone."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def spread_ms(seed: str, count: int, over_ms: int) -> list[int]:
    """``count`` whole seconds (in ms) within ``over_ms``, ascending, the first at 0.

    Evenly placed, then shaken by up to half a place to each side.
    """
    if count <= 1:
        return [0] * count
    place = over_ms / (count - 1)
    shaken = [
        place * (i + (fraction(seed, str(i)) - 0.5) * (0 < i < count - 1)) for i in range(count)
    ]
    return sorted(math.floor(at / 1000) * 1000 for at in shaken)


def burst_ms(seed: str, count: int, over_ms: int) -> list[int]:
    """As `spread_ms`, but thick at the beginning and thin at the end, as storms are."""
    last = max(1, count - 1)
    return sorted(
        math.floor(over_ms * (i / last) ** 2 / 1000) * 1000
        + math.floor(fraction(seed, str(i)) * 2) * 1000 * (0 < i < last)
        for i in range(count)
    )

"""Hybrid logical clock: 48 bits of UTC milliseconds and a 16 bit counter in one integer.

It orders events; it is never shown, never a cursor and never a reason to refuse one. The counter's
carry runs into the milliseconds, so it cannot overflow (Kulkarni et al., 2014, with that change).
"""

from __future__ import annotations


def tick(last: int, wall_ms: int) -> int:
    """The next reading after ``last`` for a local event at ``wall_ms``."""
    return max(last + 1, wall_ms << 16)


def witness(last: int, remote: int) -> int:
    """The reading after seeing ``remote``, however far off the other clock is."""
    return max(last, remote)

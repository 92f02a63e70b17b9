"""Flapping: an alert that opens and ends again and again pages once, and then keeps quiet a while.

A rule over the moments at which one alert opened or ended (`Alert.changes`), in the order of its
log, so that every station that knows the same events says the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from crisisdesk.domain.delivery import URGENT_SEVERITIES

MINUTE_MS = 60_000
FLAPPING = "flapping"


@dataclass(frozen=True, slots=True, kw_only=True)
class Damping:
    """More than ``changes`` within ``within_ms`` are flapping, until ``within_ms`` without any.

    One that stays open for ``stays_ms`` pages as it stands; an urgent one is paged again after
    ``again_ms``.
    """

    changes: int = 4
    within_ms: int = 30 * MINUTE_MS
    stays_ms: int = 5 * MINUTE_MS
    again_ms: int = 60 * MINUTE_MS


class Bout(NamedTuple):
    """A time of flapping that goes on: when it began (UTC ms), and the changes within the window.

    ``whole`` is False when its beginning may lie before what is kept of the alert's changes.
    """

    began: int
    times: int
    whole: bool = True


def bout_of(changes: Sequence[int], now_ms: int, damping: Damping, kept: int) -> Bout | None:
    """The bout an alert is in at ``now_ms``; None when it does not flap.

    ``changes`` are UTC ms, of which ``kept`` are kept at most; those later than now (a clock was
    wrong) count for nothing.
    """
    moments = sorted(at for at in changes if at <= now_ms)
    began: int | None = None
    first = 0
    for index, at in enumerate(moments):
        if began is not None and at - moments[index - 1] >= damping.within_ms:
            began = None
        while moments[first] <= at - damping.within_ms:
            first += 1
        if began is None and index - first + 1 > damping.changes:
            began = at
    if began is None or now_ms - moments[-1] >= damping.within_ms:
        return None
    times = sum(at > now_ms - damping.within_ms for at in moments)
    whole = len(changes) < kept or began > moments[min(damping.changes, len(moments) - 1)]
    return Bout(began, times, whole)


def damped_until(
    severity: str, opened_at: int, bout: Bout, paged_at: int | None, now_ms: int, damping: Damping
) -> int | None:
    """Until when (UTC ms) a flapping alert keeps quiet; None when it may page now.

    ``opened_at`` is when it opened last, ``paged_at`` when it paged anybody last, in whatever life.
    """
    if not opened_at <= now_ms < opened_at + damping.stays_ms:
        return None
    if paged_at is None or paged_at > now_ms:
        return None
    old = now_ms - paged_at >= damping.again_ms
    if paged_at < bout.began and (bout.whole or old):
        return None
    until = opened_at + damping.stays_ms
    if severity not in URGENT_SEVERITIES:
        return until
    return None if old else min(until, paged_at + damping.again_ms)


def flapping_words(times: int, damping: Damping) -> str:
    """``flapping: 7 times in 30 min``."""
    return f"{FLAPPING}: {_times(times, damping)}"


def flapping_times(changes: Sequence[int], now_ms: int, damping: Damping) -> str:
    """``7 times in 30 min``: how often it opened or ended of late."""
    since = now_ms - damping.within_ms
    return _times(sum(since < at <= now_ms for at in changes), damping)


def _times(times: int, damping: Damping) -> str:
    return f"{times} times in {damping.within_ms // MINUTE_MS} min"

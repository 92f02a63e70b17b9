"""What the chart of a trial shows, and where it stands: pure figures, without a painter."""

from __future__ import annotations

import math
from bisect import bisect_left
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_STEPS_S = (
    *(10, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400),
    *(2 * 86_400, 7 * 86_400),
)
# Above and below what is drawn, as a share of its height.
_MARGIN = 0.08


class Mark(NamedTuple):
    """A level that is drawn across, and the word at its end."""

    value: float
    word: str


class Drawn(NamedTuple):
    """One series over [since, until] (UTC ms). ``band`` are two values between which the ground is
    tinted, ``spans`` the stretches in which the rule would have fired. ``bars``: ``points`` are
    counts, each of the time up to the next. ``gap_ms``: points further apart are not joined."""

    since: int
    until: int
    points: tuple[tuple[int, float], ...] = ()
    marks: tuple[Mark, ...] = ()
    band: tuple[float, float] | None = None
    spans: tuple[tuple[int, int], ...] = ()
    bars: bool = False
    gap_ms: int = 300_000


class Column(NamedTuple):
    """What of a line falls on one column of pixels; ``joined`` says whether it goes on from the
    column before."""

    x: int
    low: float
    high: float
    first: float
    last: float
    joined: bool


def columns(drawn: Drawn, width: int) -> list[Column]:
    """The line as no more than ``width`` columns; what is no finite number is left out."""
    length = max(1, drawn.until - drawn.since)
    found: list[Column] = []
    before = None
    for at, value in drawn.points:
        if not drawn.since <= at <= drawn.until or not math.isfinite(value):
            continue
        x = min(width - 1, (at - drawn.since) * width // length)
        joined = before is not None and at - before <= drawn.gap_ms
        before = at
        if found and found[-1].x == x:
            last = found[-1]
            found[-1] = last._replace(
                low=min(last.low, value), high=max(last.high, value), last=value
            )
        else:
            found.append(Column(x, value, value, value, value, joined))
    return found


def value_range(drawn: Drawn) -> tuple[float, float]:
    """The least and greatest value in view, with a margin; marks are in view too."""
    values = [value for _at, value in drawn.points if math.isfinite(value)]
    values += [mark.value for mark in drawn.marks]
    if drawn.bars:
        values.append(0.0)
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    if high - low <= abs(high) * 1e-9:
        spread = abs(high) * 0.1 or 1.0
        return low - spread, high + spread
    margin = (high - low) * _MARGIN
    return (low if drawn.bars and low == 0 else low - margin), high + margin


def value_ticks(low: float, high: float, most: int = 4) -> list[float]:
    """Round values between the two, at most so many and at least one."""
    rough = (high - low) / max(1, most)
    if not math.isfinite(rough) or rough <= 0:
        return [low]
    size = 10.0 ** math.floor(math.log10(rough))
    for step in (size, 2 * size, 5 * size, 10 * size):
        found = [n * step for n in range(math.ceil(low / step), math.floor(high / step) + 1)]
        if len(found) <= most:
            return found or [low]
    return [low]


def time_ticks(since: int, until: int, most: int) -> list[tuple[int, str]]:
    """Round times (UTC ms) between the two with their words, at most so many."""
    length_s = max(1, (until - since) // 1_000)
    step_ms = 1_000 * next((s for s in _STEPS_S if length_s // s <= most), _STEPS_S[-1])
    first = -(-since // step_ms) * step_ms
    return [(at, _clock(at, step_ms)) for at in range(first, until + 1, step_ms)][: most + 1]


def _clock(at: int, step_ms: int) -> str:
    moment = datetime.fromtimestamp(at / 1_000, UTC)
    if step_ms >= 86_400_000 or (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return f"{moment.day} {moment:%b}"
    return f"{moment:%H:%M:%S}" if step_ms < 60_000 else f"{moment:%H:%M}"


def counted(moments: Sequence[int], since: int, until: int, slots: int) -> list[tuple[int, float]]:
    """How many of these moments lie in each of ``slots`` equal parts of [since, until]."""
    length = max(1, until - since)
    ordered = sorted(moments)
    edges = [since + length * n // slots for n in range(slots)] + [until + 1]
    places = [bisect_left(ordered, edge) for edge in edges]
    return [(edges[n], float(places[n + 1] - places[n])) for n in range(slots)]

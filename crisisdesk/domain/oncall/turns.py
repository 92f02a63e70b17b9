"""Whose turn it is in one layer, and when that may change."""

from __future__ import annotations

from collections.abc import Iterator

from crisisdesk.domain.oncall.schedule import Hours, Layer
from crisisdesk.domain.oncall.wall import DAY_MS, MINUTE_MS, moment_ms, wall_ms, weekday_of


def holder(layer: Layer, zone: str, at_ms: int, wall: int) -> str:
    """The contact whose turn it is at a moment (UTC ms) with that wall reading; "" for nobody."""
    end = layer.end_wall
    if wall < layer.begin_wall or (end is not None and wall >= end):
        return ""
    if layer.hours and not any(_is_open(hours, wall) for hours in layer.hours):
        return ""
    if layer.rotation == "hour":
        passed = at_ms - moment_ms(zone, layer.begin_wall)
    else:
        passed = wall - layer.anchor_wall
    return layer.members[passed // layer.turn_ms % len(layer.members)]


def changes(layer: Layer, zone: str, start_ms: int, end_ms: int) -> Iterator[int]:
    """Every moment in (start, end) at which the holder may change; unordered, some twice.

    Hand-overs at which nothing changes, because there is one member only, are left out.
    """
    low, high = wall_ms(zone, start_ms), wall_ms(zone, end_ms - 1)
    walls = [layer.begin_wall]
    if layer.end_wall is not None:
        walls.append(layer.end_wall)
    walls.extend(_edges(layer, low, high))
    if len(set(layer.members)) > 1:
        first = max(low, layer.begin_wall)
        last = high if layer.end_wall is None else min(high, layer.end_wall)
        if layer.rotation == "hour":
            yield from _hourly(layer, zone, start_ms, end_ms)
        else:
            walls.extend(_steps(layer.anchor_wall, layer.turn_ms, first, last))
    yield from (moment_ms(zone, wall) for wall in walls if low < wall <= high)


def _is_open(hours: Hours, wall: int) -> bool:
    """Whether it is within these hours, begun on the same day or the day before."""
    today = wall // DAY_MS
    for day in (today, today - 1):
        passed = wall - day * DAY_MS
        within = hours.start * MINUTE_MS <= passed < hours.end * MINUTE_MS
        if within and weekday_of(day) in hours.days:
            return True
    return False


def _edges(layer: Layer, low: int, high: int) -> Iterator[int]:
    """The wall readings at which the layer's hours begin and end."""
    if not layer.hours:
        return
    for day in range(low // DAY_MS - 1, high // DAY_MS + 1):
        for hours in layer.hours:
            if weekday_of(day) in hours.days:
                yield day * DAY_MS + hours.start * MINUTE_MS
                yield day * DAY_MS + hours.end * MINUTE_MS


def _hourly(layer: Layer, zone: str, start_ms: int, end_ms: int) -> Iterator[int]:
    begin = moment_ms(zone, layer.begin_wall)
    end = end_ms
    if layer.end_wall is not None:
        end = min(end, moment_ms(zone, layer.end_wall))
    yield from _steps(begin, layer.turn_ms, max(start_ms, begin), end - 1)


def _steps(anchor: int, step: int, low: int, high: int) -> range:
    """Every ``anchor + n * step`` in (low, high]."""
    return range(anchor + ((low - anchor) // step + 1) * step, high + 1, step)

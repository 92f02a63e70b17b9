"""What a run must meet and waits for, as it stands now: lines with value, limit and the last
minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crisisdesk.desk.health.sparkline import Spark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Json = dict[str, Any]

# How far the small charts reach back, and how many looks of the desk's own they hold.
BACK_MS = 15 * 60_000
MOST_LOOKS = 180
_FACES = {
    "holds": ("circle-check", "ok", "holds"),
    "does_not_hold": ("circle-x", "down", "does not hold"),
    "not_known": ("circle-help", "high", "not known"),
}
Points = tuple[tuple[int, float], ...]


class HealthLine(NamedTuple):
    """One criterion or wait. ``spark`` has no points where there is nothing to draw."""

    key: str
    title: str
    second: str
    icon: str
    tone: str
    spark: Spark = Spark()


def spoken(line: HealthLine) -> str:
    """A line for the screen reader."""
    return f"{line.title}, {line.second}"


def health_lines(
    results: Iterable[Json], looks: Mapping[str, Points], sparks: Mapping[str, Points], now_ms: int
) -> list[HealthLine]:
    """A line each; ``looks`` are the points of this desk's own looks by step, ``sparks`` those that
    the station measured, by the name of the source, which are preferred."""
    found = []
    for one in results:
        icon, tone, word = _FACES[one["now"]]
        points = sparks.get(one["source"]) if one["source"] else None
        spark = Spark(points or looks.get(one["step_id"], ()), now_ms - BACK_MS, now_ms)
        found.append(
            HealthLine(one["step_id"], one["title"], f"{word} · {_against(one)}", icon, tone, spark)
        )
    return found


def _against(one: Json) -> str:
    """The value beside its limit; what could not be looked at says why."""
    if one["now"] == "not_known" or not one["value"]:
        return str(one["words"])
    must = f", must be {one['limit']}" if one["limit"] else ""
    return f"{one['value']}{must}"


def point_of(one: Json) -> float | None:
    """What a look adds to a chart: the number found, else whether it holds; None for nothing."""
    if one["now"] == "not_known":
        return None
    try:
        return float(one["value"])
    except ValueError:
        return 1.0 if one["now"] == "holds" else 0.0


def with_look(
    looks: Mapping[str, Points], results: Iterable[Json], now_ms: int
) -> dict[str, Points]:
    """The points of the looks so far and of this one; what is older than the chart is let go."""
    found = {}
    for one in results:
        points = looks.get(one["step_id"], ())
        value = point_of(one)
        added = points if value is None else (*points, (now_ms, value))
        kept = tuple(point for point in added if now_ms - BACK_MS <= point[0] <= now_ms)
        found[one["step_id"]] = kept[-MOST_LOOKS:]
    return found


def head_words(at_words: str, problem: str) -> str:
    """The quiet words of the head: when it was looked at last, and why not since."""
    if problem:
        return f"as of {at_words}; {problem}" if at_words else problem
    return f"at {at_words} UTC" if at_words else "looking …"

"""What the section *Context* says: facts and curves, without a screen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.desk.alerts.runbook_words import KEY
from crisisdesk.domain.context.measured import Measured
from crisisdesk.domain.context.words import RUNBOOK, cut, parts_of

if TYPE_CHECKING:
    from crisisdesk.desk.alerts.sections import Fact
    from crisisdesk.domain.context.gathered import Context
    from crisisdesk.domain.context.words import Part

NAME_CHARS = 60
# A fact shows six lines; what is longer is to be had by `crisisdesk alert context`.
LINES = 6


class Spark(NamedTuple):
    """A curve: what it is of, its last value and range in words, its points from 0 to 1 (x to the
    right, y upwards)."""

    name: str
    words: str
    points: tuple[tuple[float, float], ...]


def context_facts(context: Context, now_ms: int) -> list[Fact]:
    """The parts as facts; curves stand in a section of their own."""
    from crisisdesk.desk.alerts.sections import Fact

    drawn = {"Measured"} if context.measured else set()
    return [
        Fact(part.label, "\n".join(_lines(part)))
        for part in parts_of(context, now_ms)
        if part.label not in drawn
    ]


def _lines(part: Part) -> list[str]:
    """Those that are shown; the first runbook says which key opens it."""
    lines = list(part.lines[:LINES])
    if part.label == RUNBOOK:
        lines[0] = f"{lines[0]}; {KEY} opens it"
    return lines


def sparks(context: Context) -> list[Spark]:
    """A curve for each series that has a number to show."""
    found = (_spark(one) for one in context.measured)
    return [one for one in found if one is not None]


def spoken(found: Sequence[Spark]) -> str:
    """All of them for a screen reader."""
    return "; ".join(f"{one.name}: {one.words}" for one in found)


def _spark(one: Measured) -> Spark | None:
    points = [(at, value) for at, value in one.points if math.isfinite(value)]
    if not points:
        return None
    first, last = points[0][0], points[-1][0]
    low, high = min(v for _at, v in points), max(v for _at, v in points)
    width, height = max(1, last - first), high - low
    placed = tuple(
        ((at - first) / width, (value - low) / height if height else 0.5) for at, value in points
    )
    words = f"{points[-1][1]:.3g}, {low:.3g} to {high:.3g}"
    return Spark(cut(one.name, NAME_CHARS), words, placed)

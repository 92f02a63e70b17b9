"""Where the limits of a chart are drawn and where their words stand, so that none hides another."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.desk.health.verdicts import broken, clear_words, limit_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crisisdesk.desk.health.reading import Charted
    from crisisdesk.desk.health.strokes import Frame
    from crisisdesk.domain.detection.watchers import Limit

# What stands at the top edge leaves room for the bar of an alert, px.
_BELOW_BAR = 4
DASHED, DOTTED = (5, 3), (2, 3)


class Label(NamedTuple):
    """A line across and its words, px: ``line`` is None for what lies outside the chart, ``top`` is
    None where there is no room for the words. ``severity`` is "" unless it is crossed now."""

    words: str
    line: int | None
    top: float | None
    dashes: tuple[int, int]
    severity: str


def labels_of(limits: Sequence[Limit], charted: Charted, frame: Frame, tall: int) -> list[Label]:
    """The lines of these limits and where they end, those that are crossed first; ``tall`` is the
    height of the words."""
    crossed = {id(one) for one in broken(charted)}
    ordered = sorted(limits, key=lambda one: id(one) not in crossed)
    found: list[Label] = []
    taken: list[float] = []
    for limit in ordered:
        severity = limit.severity if id(limit) in crossed else ""
        found.append(_label(limit_words(limit), limit.value, severity, DASHED, frame, tall, taken))
    for limit in ordered:
        if limit.clear != limit.value and not frame.scale.side(limit.clear):
            one = _label(clear_words(limit), limit.clear, "", DOTTED, frame, tall, taken)
            found.append(one)
    return found


def _label(
    words: str,
    value: float,
    severity: str,
    dashes: tuple[int, int],
    frame: Frame,
    tall: int,
    taken: list[float],
) -> Label:
    side = frame.scale.side(value)
    box = frame.box
    if side:
        arrow, top = ("↑", box.top() + _BELOW_BAR) if side > 0 else ("↓", box.bottom() - tall)
        return Label(f"{arrow} {words}", None, _free(top, tall, taken), dashes, severity)
    line = round(frame.y(value))
    # Above its line, as long as that is within the chart.
    top = line - tall if line - tall >= box.top() else line + 1
    return Label(words, line, _free(top, tall, taken), dashes, severity)


def _free(top: float, tall: int, taken: list[float]) -> float | None:
    if any(abs(top - other) < tall for other in taken):
        return None
    taken.append(top)
    return top

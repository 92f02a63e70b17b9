"""Why a value was strange, in a short sentence for people."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from statistics import median
from typing import NamedTuple

from crisisdesk.domain.amounts import span_words

# Rarer than one value in ten is worth a word; less is not strange.
_WORTH_A_WORD = 1.0
# A level has shifted when so many newest values all lie beyond what so many before them did.
NOW, BEFORE = 4, 64
_LEFT_OUT = 0.05


class Kind(StrEnum):
    """What can be strange about a value; the words are those that people read."""

    NOTHING = ""
    MISSING = "missing data"
    FLAT = "flat line"
    SHIFT = "level shift"
    SPIKE = "spike"
    SHAPE = "unusual shape"


class Why(NamedTuple):
    """The kind, and the sentence that begins with it; both empty where nothing was strange."""

    kind: Kind
    words: str


NOT_STRANGE = Why(Kind.NOTHING, "")


class Plain(NamedTuple):
    """A gap or a run: how rare it is, its length and the longest known before it."""

    surprise: float
    length: float
    longest: float


class Last(NamedTuple):
    """What is known of the last value. ``surprises`` are by the lengths in ``lengths``; ``recent``
    are the newest values, newest first; ``nearest`` is the value before that is nearest to it."""

    gap: Plain
    run: Plain
    surprises: Sequence[float]
    lengths: Sequence[int]
    recent: Sequence[float]
    nearest: float | None


def why(last: Last) -> Why:
    """The plainest cause that explains the value."""
    strangest = max(last.surprises)
    worth = max(_WORTH_A_WORD, strangest)
    if last.gap.surprise >= worth:
        return _missing(last.gap)
    if last.run.surprise >= worth:
        return _flat(last.run)
    if strangest < _WORTH_A_WORD or not last.recent:
        return NOT_STRANGE
    shift = _shift(last.recent)
    if shift is not None:
        return shift
    # The shortest of those nearly as strange: one value explains more simply than a stretch.
    length = next(
        length
        for length, surprise in zip(last.lengths, last.surprises, strict=True)
        if surprise >= 0.8 * strangest
    )
    if length == 1 and last.nearest is not None:
        value, near = number(last.recent[0]), number(last.nearest)
        return Why(Kind.SPIKE, f"spike: {value}, the nearest value before is {near}")
    stretch = "value" if length == 1 else f"{length} values"
    verb = "runs" if length == 1 else "run"
    return Why(Kind.SHAPE, f"unusual shape: the last {stretch} {verb} as none before")


def number(value: float) -> str:
    """Four significant digits."""
    return f"{value:.4g}"


def _missing(gap: Plain) -> Why:
    now, before = span_words(round(gap.length * 1000)), span_words(round(gap.longest * 1000))
    return Why(Kind.MISSING, f"missing data: nothing for {now}, never longer than {before} before")


def _flat(run: Plain) -> Why:
    # A run counts repetitions; people count values.
    now, before = round(run.length) + 1, round(run.longest) + 1
    return Why(Kind.FLAT, f"flat line: {now} values the same, never more than {before} before")


def _shift(recent: Sequence[float]) -> Why | None:
    now, before = recent[:NOW], sorted(recent[NOW : NOW + BEFORE])
    if len(before) < BEFORE // 2:
        return None
    left_out = int(len(before) * _LEFT_OUT)
    low, high = before[left_out], before[-1 - left_out]
    if not (min(now) > high or max(now) < low):
        return None
    was, became = number(median(before)), number(median(now))
    return Why(Kind.SHIFT, f"level shift: about {became} now, about {was} before")

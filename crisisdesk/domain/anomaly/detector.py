"""The detector of one series: each value's score, the band for the next one, and why."""

from __future__ import annotations

import math
from array import array
from datetime import UTC, datetime

from crisisdesk.domain.anomaly.ranges import Range, differs, learnt_range
from crisisdesk.domain.anomaly.shapes import LENGTHS, MEMORY, Shapes
from crisisdesk.domain.anomaly.tail import Longest, Tail
from crisisdesk.domain.anomaly.words import BEFORE, NOW, Last, Plain, Why, why

# A distance of a thousandth of the range is no distance.
DUST = 1e-3
# No length counts for more than one value in 100,000.
MOST = 5.0
# Between the mean of all lengths (1) and the strangest alone (infinite): one may speak for itself,
# and is believed more where others join in.
POWER = 4.0
# Surprise that means nothing yet, where surprises are compared among themselves.
QUIET = 0.2
# A flat line or a gap counts for this much beside the shapes.
PLAIN_SHARE = 0.6
# The surprise that gives a score of one half, from which on later ones are damped, and how
# sharply that sets in.
HALF = 1.25
SHARPNESS = 0.3
# A surprise is told once: it damps what follows for this share of all values seen so far, at
# least so many values.
SPAN = 0.05
SPAN_LEAST = 50.0
SPAN_MOST = 1000.0
# How many values go before a range is learnt, and how often it is looked at again.
LEARN = 32
LEARN_AGAIN = 512
# The band is made of so many followers of the most alike stretches.
FOLLOWERS = 24


class Detector:
    """One series. Without a range (None) it learns one from the first values, and goes on learning.

    Feed it each value once, in order of time; all state is in here and bounded.
    """

    __slots__ = (
        "_combined",
        "_damping",
        "_flat",
        "_gap",
        "_gaps",
        "_heard",
        "_learns",
        "_range",
        "_run",
        "_runs",
        "_seen",
        "_shapes",
        "_surprises",
        "_tails",
        "_unlearnt",
        "_value",
        "_values",
        "score",
        "surprise",
    )

    def __init__(self, known: Range | None) -> None:
        self._learns = known is None
        self._range = known
        # Only where a range is learnt: the values themselves, as far as anything remembers them.
        self._values = array("d")
        self._unlearnt = 0
        self._shapes = Shapes()
        self._tails = [Tail(DUST) for _ in LENGTHS]
        self._combined = Tail(QUIET)
        self._runs, self._gaps = Longest(), Longest()
        self._seen = self._run = 0
        self._damping = 0.0
        self._heard: datetime | None = None
        self._value: float | None = None
        self._gap, self._flat = Plain(0.0, 0.0, 0.0), 0.0
        self._surprises = [0.0] * len(LENGTHS)
        # Of the last value: 0 to 1; and before damping, -log10 of the share of values as strange.
        self.score = self.surprise = 0.0

    def update(self, when: datetime, value: float) -> float:
        """The score of this value, 0 to 1. A time without an offset is UTC.

        A value that is not a number is a missing one; an infinite one lies far outside the range.
        """
        self._note_time(when, missing=math.isnan(value))
        if math.isnan(value):
            self._surprises = [0.0] * len(LENGTHS)
            self._flat = 0.0
        else:
            self._note_run(value)
            self._note_shape(value)
            self._value = value
            self._seen += 1
        return self._judge()

    def band(self) -> tuple[float, float] | None:
        """From where to where the next value is expected, about nine times of ten.

        What came after the stretches most like the newest one; None while too little is known.
        """
        if self._range is None:
            return None
        followers = self._shapes.followers(FOLLOWERS)
        if not followers:
            return None
        return self._range.value(min(followers)), self._range.value(max(followers))

    def why(self) -> Why:
        """What was strange about the last value, and a short sentence; empty where nothing was."""
        recent: list[float] = []
        nearest = None
        if self._range is not None and self._seen:
            recent = [self._range.value(place) for place in self._shapes.recent(NOW + BEFORE)]
            near = self._shapes.nearest()
            nearest = None if near is None else self._range.value(near)
        run = Plain(self._flat, self._run, self._runs.longest)
        return why(Last(self._gap, run, self._surprises, LENGTHS, recent, nearest))

    def _note_time(self, when: datetime, *, missing: bool) -> None:
        when = when if when.tzinfo is not None else when.replace(tzinfo=UTC)
        if self._heard is None:
            self._heard = when
            return
        # Clocks are set back; no time is less than none.
        silent = max(0.0, (when - self._heard).total_seconds())
        self._gap = Plain(self._gaps.surprise(silent), silent, self._gaps.longest)
        if not missing:
            self._gaps.ended(silent)
            self._heard = when

    def _note_run(self, value: float) -> None:
        if value == self._value:
            self._run += 1
            self._flat = self._runs.surprise(self._run)
            return
        self._runs.ended(self._run)
        self._run, self._flat = 0, 0.0

    def _note_shape(self, value: float) -> None:
        if self._learns and not math.isinf(value):
            self._values.append(value)
            if len(self._values) >= 2 * MEMORY:
                del self._values[:-MEMORY]
        if self._range is None:
            self._learn_first()
            return
        self._surprises = self._compare(self._range, value)
        if self._learns and self._asks_to_learn(self._range, value):
            self._learn_again(self._range)

    def _compare(self, known: Range, value: float) -> list[float]:
        distances = self._shapes.push(known.place(value))
        return [
            min(tail.observe(far), MOST) for tail, far in zip(self._tails, distances, strict=True)
        ]

    def _learn_first(self) -> None:
        # What is infinite is no place on a line and teaches no range.
        if len(self._values) < LEARN:
            return
        self._range = learnt_range(self._values)
        for value in self._values:
            self._compare(self._range, value)

    def _asks_to_learn(self, known: Range, value: float) -> bool:
        self._unlearnt += 1
        if self._unlearnt >= LEARN and not known.reaches(value) and not math.isinf(value):
            return True
        return self._unlearnt >= min(self._shapes.count // 2, LEARN_AGAIN)

    def _learn_again(self, old: Range) -> None:
        """Another range, where the values of late ask for one: all that is known moves into it."""
        self._unlearnt = 0
        values = self._values[-min(MEMORY, self._shapes.count) :]
        new = learnt_range(values)
        if not differs(old, new):
            return
        self._range = new
        self._shapes.replace([new.place(value) for value in values])
        for tail in self._tails:
            tail.rescale(old.half / new.half)

    def _judge(self) -> float:
        together = sum(surprise**POWER for surprise in self._surprises) / len(LENGTHS)
        strangeness = together ** (1.0 / POWER)
        plain = max(self._gap.surprise, self._flat)
        strangeness = max(strangeness, PLAIN_SHARE * min(plain, MOST))
        self.surprise = min(self._combined.observe(strangeness), MOST)
        # How much of what was told lately is still in the ear.
        span = min(max(SPAN_LEAST, SPAN * self._seen), SPAN_MOST)
        self._damping *= math.exp(-1.0 / span)
        left = self.surprise * (1.0 - self._damping)
        self._damping = max(self._damping, 1.0 / (1.0 + math.exp((HALF - left) / SHARPNESS)))
        self.score = 1.0 - 2.0 ** (-left / HALF)
        return self.score

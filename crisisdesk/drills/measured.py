"""What a scenario measures: series that follow a course, the same at every playing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

from crisisdesk.domain.detection.series import Sample, Series, series
from crisisdesk.domain.errors import Malformed
from crisisdesk.drills.entry import Entry

DAY_MS = 86_400_000
LEAST_EVERY_MS, MOST_EVERY_MS = 1_000, 3_600_000


class Turn(NamedTuple):
    """From ``at_ms`` (from the end of the scenario) on the level goes to ``value`` within
    ``over_ms``, evenly."""

    at_ms: int
    value: float
    over_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One series. ``level`` is where it begins, ``daily`` how far it goes up and down with the day
    (most at 14:00 UTC), ``noise`` how far a value may lie from that; it is never below 0."""

    series: Series
    every_ms: int
    level: float
    daily: float = 0.0
    noise: float = 0.0
    turns: tuple[Turn, ...] = ()

    def value_at(self, offset_ms: int, wall_ms: int) -> float:
        """The value at a moment from the end of the scenario; ``wall_ms`` is when that is."""
        level = self.level
        for turn in self.turns:
            if offset_ms < turn.at_ms:
                break
            share = min(1.0, (offset_ms - turn.at_ms) / turn.over_ms) if turn.over_ms else 1.0
            level += (turn.value - level) * share
        of_day = (wall_ms % DAY_MS) / DAY_MS - 8 / 24
        swing = self.daily * math.sin(2 * math.pi * of_day)
        # Not `random`: the same moment of the same series has the same value at every playing.
        name = f"{self.series}{offset_ms // self.every_ms}".encode()
        drawn = int.from_bytes(blake2b(name, digest_size=4).digest()) / 2**32
        return max(0.0, level + swing + self.noise * (2 * drawn - 1))


def courses_of(entries: Iterable[Entry]) -> tuple[Course, ...]:
    """Those that a file names; raises ScenarioError naming entry, field and remedy."""
    return tuple(_course(entry) for entry in entries)


def _course(entry: Entry) -> Course:
    source, metric = entry.text("source"), entry.text("metric")
    try:
        name = series(source, metric, entry.text_mapping("labels"))
    except Malformed as error:
        raise entry.fault(error.field, error.problem, error.remedy) from None
    every_ms = entry.offset("every")
    if not LEAST_EVERY_MS <= every_ms <= MOST_EVERY_MS:
        raise entry.fault("every", "is out of range", "write 00:00:01 to 01:00:00")
    course = Course(
        series=name,
        every_ms=every_ms,
        level=entry.decimal("level"),
        daily=entry.decimal("daily", 0.0),
        noise=entry.decimal("noise", 0.0),
        turns=tuple(_turns(entry)),
    )
    entry.done()
    return course


def _turns(entry: Entry) -> Iterator[Turn]:
    before = None
    for one in entry.entries("turns"):
        turn = Turn(one.offset("at"), one.decimal("to"), one.offset("over", "00:00:00"))
        if turn.over_ms < 0:
            raise one.fault("over", "is negative", "write how long it takes")
        if before is not None and turn.at_ms < before:
            raise one.fault("at", "lies before the turn above", "write them in their order")
        one.done()
        before = turn.at_ms
        yield turn


def samples(courses: Iterable[Course], end_ms: int, since: int, until: int) -> list[Sample]:
    """What is measured in [since, until) (UTC ms) of a scenario that ends at ``end_ms``, by time
    within each series."""
    found = []
    for course in courses:
        first = -(-(since - end_ms) // course.every_ms) * course.every_ms
        for offset_ms in range(first, until - end_ms, course.every_ms):
            at = end_ms + offset_ms
            found.append(Sample(course.series, at, course.value_at(offset_ms, at)))
    return found

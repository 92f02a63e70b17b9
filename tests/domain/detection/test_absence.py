"""What never came, what stopped, and what comes again."""

from __future__ import annotations

from crisisdesk.domain.detection.absence import AbsenceLeaf
from crisisdesk.domain.detection.conditions import Absence
from crisisdesk.domain.detection.rule import key_of
from crisisdesk.domain.detection.series import series
from crisisdesk.domain.matchers import parse_matchers

LOAD = series("S-1", "load", {"host": "a"})
CONDITION = Absence(metric="load", where=parse_matchers('host="a"'), absent_ms=60_000)


def test_what_never_came_is_missed_and_ends_with_the_first_sample() -> None:
    leaf = AbsenceLeaf("R", CONDITION, (), 0)
    leaf.turn(59_999, 0)
    assert leaf.out == []
    leaf.turn(60_000, 0)
    leaf.follow(LOAD, 61_000, 1.0)
    assert [(str(one.series), one.fires, one.at) for one in leaf.out] == [
        ('load{host="a"}', True, 60_000),
        ('load{host="a"}', False, 61_000),
    ]


def test_what_stopped_is_missed_once() -> None:
    leaf = AbsenceLeaf("R", CONDITION, (), 0)
    leaf.follow(LOAD, 0, 1.0)
    for now in (30_000, 60_000, 90_000):
        leaf.turn(now, 0)
    assert [(one.series, one.fires, one.at) for one in leaf.out] == [(LOAD, True, 60_000)]


def test_what_is_missed_already_ends_without_beginning() -> None:
    leaf = AbsenceLeaf("R", CONDITION, [key_of("R", LOAD)], 0)
    leaf.follow(LOAD, 5, 1.0)
    assert [(one.fires, one.at) for one in leaf.out] == [(False, 5)]

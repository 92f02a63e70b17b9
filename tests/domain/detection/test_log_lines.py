"""Lines: so many within a span, one and then another, and none between."""

from __future__ import annotations

import pytest

from crisisdesk.domain.detection.conditions import Lines, LineTest
from crisisdesk.domain.detection.log_lines import LinesLeaf

SEQUENCE = Lines(
    first=LineTest(contains="begin"),
    then=LineTest(contains="end"),
    without=LineTest(contains="stop"),
    within_ms=10_000,
    clear_ms=60_000,
)


def fired(condition: Lines, *lines: tuple[int, str]) -> list[int]:
    """When it began."""
    leaf = LinesLeaf("R", condition, ())
    for at, text in lines:
        leaf.follow("app", at, text)
    return [one.at for one in leaf.out if one.fires]


def test_so_many_lines_within_a_span() -> None:
    condition = Lines(line=LineTest(contains="x"), at_least=3, within_ms=10_000)
    assert fired(condition, (0, "x"), (5_000, "x"), (10_000, "x")) == []
    assert fired(condition, (0, "x"), (5_000, "x"), (9_999, "x")) == [9_999]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([(0, "begin"), (10_000, "end")], [10_000]),
        ([(0, "begin"), (10_001, "end")], []),
        ([(0, "end"), (1, "begin")], []),
        ([(0, "begin"), (1, "stop"), (2, "end")], []),
        ([(0, "begin"), (1, "stop"), (2, "begin"), (3, "end")], [3]),
        ([(0, "begin end"), (1, "x")], []),
    ],
)
def test_one_and_then_another(lines: list[tuple[int, str]], expected: list[int]) -> None:
    assert fired(SEQUENCE, *lines) == expected


def test_one_beginning_is_good_for_one_end() -> None:
    leaf = LinesLeaf("R", SEQUENCE, ())
    for at, text in ((0, "begin"), (1, "end"), (9_000, "end")):
        leaf.follow("app", at, text)
    # Had the second end counted, it would hold until 69 s.
    leaf.turn(60_001, 0)
    assert [(one.fires, one.at) for one in leaf.out] == [(True, 1), (False, 60_001)]


def test_a_clock_set_back_does_not_keep_it_firing() -> None:
    leaf = LinesLeaf("R", Lines(line=LineTest(contains="x"), clear_ms=60_000), ())
    leaf.follow("app", 10_000_000, "x")
    leaf.turn(0, 0)
    leaf.turn(60_000, 0)
    assert [(one.fires, one.at) for one in leaf.out] == [(True, 10_000_000), (False, 60_000)]

"""Where limits and their words stand."""

from __future__ import annotations

import itertools

from PySide6.QtCore import QRectF

from crisisdesk.desk.health.labels import DASHED, DOTTED, Label, labels_of
from crisisdesk.desk.health.scale import Scale
from crisisdesk.desk.health.strokes import Frame

from tests.desk.health.shown import FULL, IDLE, charted

FRAME = Frame(QRectF(50, 10, 300, 100), 0, 1_000, Scale(0.0, 1.0))


def test_a_limit_has_its_words_above_and_says_where_it_ends() -> None:
    limit, end = labels_of([FULL], charted([0.5], FULL), FRAME, 14)
    assert limit == Label("over 0.9: Slow", 20, 21, DASHED, "")
    assert end == Label("ends at 0.8", 30, None, DOTTED, "")
    (low,) = labels_of([IDLE], charted([0.5], IDLE), FRAME, 14)
    assert (low.line, low.top) == (100, 86)


def test_a_crossed_one_comes_first_and_bears_its_severity() -> None:
    found = labels_of([IDLE, FULL], charted([0.95], IDLE, FULL), FRAME, 14)
    assert [(one.words.split(":")[0], one.severity) for one in found[:2]] == [
        ("over 0.9", "critical"),
        ("under 0.1", ""),
    ]


def test_words_never_stand_on_one_another() -> None:
    limits = [FULL._replace(value=0.5 + n / 100, clear=0.5 + n / 100) for n in range(30)]
    found = labels_of(limits, charted([0.0], *limits), FRAME, 14)
    tops = sorted(one.top for one in found if one.top is not None)
    assert len(tops) > 1
    assert all(b - a >= 14 for a, b in itertools.pairwise(tops))
    assert all(one.line is not None for one in found)


def test_what_lies_outside_is_told_at_the_edge() -> None:
    above, below = FULL._replace(value=9.0, clear=9.0), IDLE._replace(value=-9.0, clear=-9.0)
    up, down = labels_of([above, below], charted([0.5], above, below), FRAME, 14)
    assert (up.words, up.line, up.top) == ("↑ over 9: Slow", None, 14)
    assert (down.words, down.line, down.top) == ("↓ under -9: Idle", None, 96)


def test_of_a_series_without_a_sample_none_is_crossed() -> None:
    unlike = FULL._replace(op="!=", clear=0.9)
    (one,) = labels_of([unlike], charted([], unlike), FRAME, 14)
    assert one.severity == ""

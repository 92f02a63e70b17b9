"""Moments and places go both ways; ticks have room for their words."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.desk.incidents.time_scale import (
    Scale,
    fact_after,
    fact_before,
    marks_of,
    scale_of,
)
from crisisdesk.domain.timeline import build_timeline

from tests.domain.incident_log import INCIDENT, MINUTE, START, split_brain

YEAR = 366 * 24 * 60 * MINUTE
spans = st.integers(2 * MINUTE, 3 * YEAR)


@given(spans, st.integers(80, 4000), st.floats(0, 1))
def test_a_place_and_its_moment_agree(span: int, width: int, share: float):
    scale = Scale(since=START, until=START + span, left=20.0, width=float(width))
    x = 20.0 + share * width
    assert abs(scale.x(scale.at(x)) - x) <= width / span + 1e-6
    assert scale.at(-100.0) == START
    assert scale.at(width + 100.0) == START + span
    assert scale.x(START - YEAR) == 20.0


@given(spans, st.integers(300, 4000))
def test_ticks_are_in_order_inside_and_far_enough_apart(span: int, width: int):
    scale = Scale(since=START, until=START + span, left=20.0, width=float(width))
    ticks = [x for x, _ in scale.ticks(74)]
    assert all(20.0 <= x <= 20.0 + width for x in ticks)
    assert len(ticks) <= width / 74 + 1
    assert all(b - a >= 74 - 1e-6 for a, b in pairwise(ticks))


def test_ticks_say_minutes_then_days():
    hour = Scale(since=START, until=START + 40 * MINUTE, left=0.0, width=800.0)
    assert [word for _, word in hour.ticks(74)][:3] == ["02:10", "02:15", "02:20"]
    week = Scale(since=START, until=START + 7 * 24 * 60 * MINUTE, left=0.0, width=600.0)
    assert [word for _, word in week.ticks(74)][:2] == ["Fri 13 Feb", "Sat 14 Feb"]


def test_one_mark_a_pixel_carries_the_worst_of_it():
    log = split_brain()
    entries = build_timeline(INCIDENT, log.updates(), log.events)
    wide = scale_of(entries, START, START + 40 * MINUTE, 0.0, 40_000.0)
    assert len(marks_of(entries, wide)) > 10
    narrow = scale_of(entries, START, START + 40 * MINUTE, 0.0, 1.0)
    marks = marks_of(entries, narrow)
    assert max(len(marks), 2) == 2
    assert "critical" in {m.severity for m in marks}
    assert any(m.is_pinned for m in marks)


def test_an_incident_of_a_second_has_a_scale():
    scale = scale_of([], START, START + 1000, 0.0, 100.0)
    assert scale.until - scale.since == 2 * MINUTE
    assert scale_of([], START, START, 0.0, 0.0).width == 1.0


def test_the_facts_beside_a_moment():
    log = split_brain()
    entries = build_timeline(INCIDENT, log.updates(), log.events)
    moments = sorted({e.logged_at for e in entries})
    assert fact_before(entries, moments[3]) == moments[2]
    assert fact_after(entries, moments[3]) == moments[4]
    assert fact_before(entries, moments[0]) is None
    assert fact_after(entries, moments[-1]) is None

"""Alerts of a series as times that they were open, and as marks."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from crisisdesk.desk.health.raised import (
    Mark,
    in_view,
    mark_words,
    marks_of,
    nearest,
    open_now,
    spells_of,
    stepped,
)
from crisisdesk.domain.alert import Alert
from crisisdesk.domain.signal import SignalAction
from crisisdesk.engine import commands as c

from tests.desk.health.shown import NOW, spell
from tests.store.workload import Station, signal


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    made = Station(tmp_path)
    yield made
    made.close()


def alert_of(station: Station, alert_id: str) -> Alert:
    found = station.bench.get(alert_id)
    assert isinstance(found, Alert)
    return found


def test_an_alert_that_never_ended_is_one_time_that_goes_on(station: Station) -> None:
    (alert_id,) = station.fire(1)
    alert = alert_of(station, alert_id)
    (one,) = spells_of(alert)
    assert (one.alert_id, one.since, one.until) == (alert_id, alert.detected_at, None)
    assert (one.title, one.severity) == (alert.title, alert.severity)


def test_each_time_that_it_was_open_is_known(station: Station) -> None:
    (alert_id,) = station.fire(1)
    for _ in range(3):
        station.do(c.TakeIn(signals=[signal(0, action=SignalAction.RESOLVE)]))
        station.now_ms += 60_000
        station.fire(1)
        station.now_ms += 60_000
    found = spells_of(alert_of(station, alert_id))
    assert [one.until is None for one in found] == [False, False, False, True]
    moments = [at for one in found for at in (one.since, one.until) if at is not None]
    assert moments == sorted(moments)
    assert len(moments) == 7


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_done_with_it_the_times_never_overlap(station: Station, seed: int) -> None:
    (alert_id,) = station.fire(1)
    chance = random.Random(seed)
    for _ in range(150):
        station.now_ms += chance.choice((1_000, 60_000))
        station.do(
            chance.choice(
                (
                    c.TakeIn(signals=[signal(0, action=SignalAction.RESOLVE)]),
                    c.TakeIn(signals=[signal(0)]),
                    c.ResolveAlert(alert_id=alert_id, reason="x"),
                    c.ReopenAlert(alert_id=alert_id),
                    c.CloseAlert(alert_id=alert_id),
                )
            )
        )
        alert = alert_of(station, alert_id)
        found = spells_of(alert)
        assert (found[-1].until is None) == alert.is_open
        assert all(one.until is not None for one in found[:-1])
        assert all(one.since is not None for one in found[1:])
        for before, after in itertools.pairwise(found):
            assert (before.until or 0) <= (after.since or 0)
            assert before.since is None or before.since <= (before.until or 0)


def test_what_was_open_at_any_time_of_the_view_is_in_view() -> None:
    before, across, within = spell(900, 800), spell(700, 300), spell(500, 450, of="A-2")
    standing, older = spell(100, None), spell(None, 550, of="A-3")
    spells = [standing, within, before, across, older]
    since, until = NOW - 600_000, NOW
    assert in_view(spells, since, until) == (older, across, within, standing)
    assert marks_of([across, within, standing, older], since, until) == [
        Mark(NOW - 550_000, False, older),
        Mark(NOW - 500_000, True, within),
        Mark(NOW - 450_000, False, within),
        Mark(NOW - 300_000, False, across),
        Mark(NOW - 100_000, True, standing),
    ]


def test_of_open_ones_the_severest_is_told() -> None:
    assert open_now([]) is None
    assert open_now([spell(9, 5)]) is None
    worst = spell(9, None, "critical")
    assert open_now([spell(3, None, "low"), worst, spell(5, None, "high")]) == worst


def test_the_pointer_and_the_keys_find_marks() -> None:
    places = [10.0, 20.0, 21.0, 90.0]
    assert nearest(places, 19.0, 8) == 1
    assert nearest(places, 20.5, 8) == 2
    assert nearest(places, 50.0, 8) is None
    assert nearest([], 1.0, 8) is None
    assert (stepped(0, None, 1), stepped(4, None, -1), stepped(4, 2, 1)) == (None, 3, 3)
    assert (stepped(4, 3, 1), stepped(4, 0, -1)) == (3, 0)


def test_a_mark_says_what_and_when() -> None:
    standing, over = spell(120, None, "critical"), spell(300, 60)
    begun = mark_words(Mark(NOW - 120_000, True, standing), NOW)
    assert begun.startswith("Alert began 30 Nov ")
    assert begun.endswith(", critical: Slow: web-1 (open for 2 min)")
    assert mark_words(Mark(NOW - 300_000, True, over), NOW).endswith("(ended after 4 min)")
    ended = mark_words(Mark(NOW - 60_000, False, over), NOW)
    assert ended.startswith("Alert ended 30 Nov ")
    assert ended.endswith(": Slow: web-1 (after 4 min)")
    assert "after" not in mark_words(Mark(NOW, False, spell(None, 0)), NOW)

"""How a source stands by its last usable look, its alert and who looks."""

from __future__ import annotations

import pytest

from crisisdesk.domain.detection.source import EACH, Freshness
from crisisdesk.domain.detection.source_state import State
from crisisdesk.domain.service_board.watching import (
    LastLook,
    Looker,
    SourceCount,
    Told,
    count_sources,
    source_lines,
)

from tests.domain.service_board.facts import HERE, NOW, line

AWAY = Looker("ST-A", on_duty=False)


@pytest.mark.parametrize(
    ("ago", "state", "fresh"),
    [
        (0, State.UP, Freshness.FRESH),
        (19_999, State.UP, Freshness.FRESH),
        (20_000, State.UP, Freshness.LATE),
        (29_999, State.UP, Freshness.LATE),
        (30_000, State.STALE, Freshness.STALE),
    ],
)
def test_it_is_late_after_two_of_its_intervals_and_silent_after_three(
    ago: int, state: State, fresh: Freshness
) -> None:
    one = line(ago=ago)
    assert (one.state, one.freshness(NOW)) == (state, fresh)


def test_its_own_interval_counts() -> None:
    hourly = line(ago=7_199_000, every_ms=3_600_000, since=0)
    assert (hourly.state, hourly.freshness(NOW)) == (State.UP, Freshness.FRESH)
    assert hourly.freshness(NOW + 1_000) is Freshness.LATE


def test_one_of_a_short_interval_is_not_late_because_its_looks_are_read_late() -> None:
    fresh = {ago: line(ago=ago, every_ms=1_000).freshness(NOW) for ago in (8_999, 9_000, 15_000)}
    assert list(fresh.values()) == [Freshness.FRESH, Freshness.LATE, Freshness.STALE]


def test_what_the_last_look_and_the_alert_say() -> None:
    assert line(is_up=False).state is State.FAILING
    assert line(told=Told.DOWN).state is State.DOWN
    assert line(told=Told.SILENT).state is State.STALE
    assert line(told=Told.DOWN, paused=True).state is State.PAUSED
    assert line(told=Told.DOWN, looker=AWAY).state is State.DOWN


def test_one_that_was_just_declared_or_changed_has_all_its_time() -> None:
    assert line(ago=None, since=NOW - 5_000).state is State.NEW
    assert line(ago=None, since=NOW - 30_000).state is State.STALE
    assert line(ago=600_000, since=NOW - 5_000).state is State.NEW


def test_who_looks() -> None:
    assert line(looker=AWAY).state is State.ELSEWHERE
    assert line(looker=AWAY).freshness(NOW) is None
    assert line(looker=AWAY, where=EACH).state is State.UP
    assert line(paused=True).freshness(NOW) is None


def test_an_alert_of_another_station_is_not_its_own() -> None:
    one = line(where=EACH).source
    looks = {one.source_id: LastLook(NOW, True)}
    for station, state in (("ST-A", State.DOWN), ("ST-B", State.UP)):
        told = {f"{one.source_id}@{station}": Told.DOWN}
        assert [w.state for w in source_lines([one], looks, told, HERE, NOW)] == [state]


def test_where_looks_cannot_be_read_nothing_is_told_of_them() -> None:
    here, new, alarmed = line().source, line(since=NOW).source, line(name="x").source
    told = {alarmed.source_id: Told.DOWN}
    found = source_lines([here, new, alarmed], None, told, HERE, NOW)
    assert [w.state for w in found] == [State.UNSURE, State.UNSURE, State.DOWN]
    assert count_sources(found[:2], NOW) == SourceCount(stale=2)
    paused = line(paused=True).source
    assert [w.state for w in source_lines([paused], None, {}, HERE, NOW)] == [State.PAUSED]
    assert [w.state for w in source_lines([here], None, {}, AWAY, NOW)] == [State.ELSEWHERE]


def test_they_are_counted() -> None:
    of = [line(), line(ago=25_000), line(ago=99_000), line(looker=AWAY), line(paused=True)]
    assert count_sources(of, NOW) == SourceCount(fresh=1, late=1, stale=1, elsewhere=1)
    assert count_sources(of, NOW + 60_000) == SourceCount(stale=3, elsewhere=1)

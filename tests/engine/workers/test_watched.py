"""What is made of each look: rows of failures, silence, freshness."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crisisdesk.domain.detection.reading import Reading, Verdict
from crisisdesk.domain.detection.source import Freshness
from crisisdesk.domain.detection.source_state import State
from crisisdesk.domain.signal import SignalAction
from crisisdesk.engine.workers.watched import CRY_AGAIN_MS, SOON_MS, Watched

from tests.domain.detection.test_source import source

STATION = ("ST-A", "North")
KEY = "SRC-1"
NOW = 1_000_000


def watched() -> Watched:
    return Watched(source=source(), due=NOW, fresh_from=NOW)


def reading(verdict: Verdict, at: int = NOW) -> Reading:
    return Reading(source_id=KEY, verdict=verdict, at=at, took_ms=5, words="x")


def test_a_row_of_failures_fires_once_and_a_good_look_ends_it() -> None:
    one = watched()
    assert one.judge(reading(Verdict.DOWN), (), STATION).signal is None
    judged = one.judge(reading(Verdict.DOWN), (), STATION)
    assert judged.signal is not None
    assert (judged.signal.action, judged.again) == (SignalAction.FIRE, False)
    assert one.judge(reading(Verdict.DOWN), {KEY}, STATION).signal is None
    judged = one.judge(reading(Verdict.UP), {KEY}, STATION)
    assert judged.signal is not None
    assert judged.signal.action == SignalAction.RESOLVE
    assert one.judge(reading(Verdict.UP), (), STATION).signal is None


def test_what_was_told_as_silence_is_told_again_as_down() -> None:
    one = watched()
    silent = one.missed(NOW + 30_000, (), STATION)
    assert silent is not None
    assert one.missed(NOW + 30_000, {KEY}, STATION) is None
    one.is_silent_told = True
    one.judge(reading(Verdict.DOWN), {KEY}, STATION)
    judged = one.judge(reading(Verdict.DOWN), {KEY}, STATION)
    assert judged.signal is not None
    assert (judged.signal.title, judged.again) == ("shop is down", True)


@pytest.mark.parametrize("ago", [0, CRY_AGAIN_MS - 1])
def test_what_was_ended_by_hand_waits_before_it_is_told_again(ago: int) -> None:
    one = watched()
    one.cried_at = NOW - ago
    one.streak = 5
    assert one.judge(reading(Verdict.DOWN), (), STATION).signal is None
    assert one.missed(NOW + 30_000 - ago, (), STATION) is None or ago
    one.cried_at = NOW - CRY_AGAIN_MS
    assert one.judge(reading(Verdict.DOWN), (), STATION).signal is not None


def test_a_sleep_takes_no_time_and_begins_the_row_anew() -> None:
    one = watched()
    one.judge(reading(Verdict.DOWN), (), STATION)
    later = NOW + 3_600_000
    one.came_back(later)
    assert (one.streak, one.due) == (0, later)
    assert one.missed(later + 29_999, (), STATION) is None
    assert one.missed(later + 30_000, (), STATION) is not None


def test_a_clock_that_was_set_back_does_not_put_the_next_look_off() -> None:
    one = watched()
    one.due = NOW + 5
    one.came_back(NOW - 3_600_000)
    assert one.due <= NOW - 3_600_000 + one.source.every_ms


def test_what_was_just_declared_is_looked_at_soon_and_not_all_at_once() -> None:
    moments = []
    for number in range(200):
        one = Watched(
            source=source(source_id=f"SRC-{number}", every_ms=3_600_000), due=0, fresh_from=0
        )
        one.begin(NOW)
        assert NOW <= one.due <= NOW + SOON_MS
        moments.append(one.due)
    assert max(sum(at // 1000 == second for at in moments) for second in set(moments)) < 50


@pytest.mark.parametrize(
    ("found", "told", "mine", "paused", "state"),
    [
        (None, False, True, False, State.NEW),
        (Verdict.UP, False, True, False, State.UP),
        (Verdict.DOWN, False, True, False, State.FAILING),
        (Verdict.DOWN, True, True, False, State.DOWN),
        (Verdict.UNSURE, False, True, False, State.UNSURE),
        (Verdict.UP, False, False, False, State.ELSEWHERE),
        (None, True, False, False, State.DOWN),
        (Verdict.DOWN, True, True, True, State.PAUSED),
    ],
)
def test_each_state_has_its_word(
    found: Verdict | None, told: bool, mine: bool, paused: bool, state: State
) -> None:
    one = watched()
    one.source = replace(one.source, paused=paused)
    if found is not None:
        one.judge(reading(found), (), STATION)
    standing = one.standing(NOW, {KEY} if told else (), STATION[0], mine)
    assert standing.state == state
    assert (standing.freshness is None) == (paused or not mine)


def test_freshness_goes_with_the_last_usable_look() -> None:
    one = watched()
    one.judge(reading(Verdict.UP), (), STATION)
    one.judge(reading(Verdict.UNSURE, NOW + 15_000), (), STATION)
    found = [
        one.standing(NOW + after, (), STATION[0], True).freshness for after in (0, 20_000, 30_000)
    ]
    assert found == [Freshness.FRESH, Freshness.LATE, Freshness.STALE]
    assert one.standing(NOW + 30_000, (), STATION[0], True).state == State.STALE

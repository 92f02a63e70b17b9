"""What the status bar says of duty, hub and the last commit."""

from __future__ import annotations

import pytest

from crisisdesk.desk.fleet.bar_words import (
    commit_segment,
    durability_words,
    duty_segment,
    hub_segment,
    waits_here,
)
from crisisdesk.desk.fleet.standing import Standing

from tests.desk.fleet.fleets import NOW, STATES


@pytest.mark.parametrize(
    ("state", "strong", "tone"),
    [
        ("alone", "this station", "ok"),
        ("holds", "BRNO-1, this station", "ok"),
        ("follows", "BRNO-2", "ok"),
        ("waiting", "waiting 00:04", "stale"),
        ("acting", "BRNO-1, without hub", "stale"),
        ("not-paging", "NOT PAGING", "down"),
        ("stale-holds", "not from here", "down"),
        ("stale-follows", "BRNO-2 at 02:02:14", "stale"),
        ("not-known", "not known yet", "stale"),
    ],
)
def test_duty_says_who_pages(state: str, strong: str, tone: str) -> None:
    segment = duty_segment(STATES[state], "BRNO-1", NOW)
    assert (segment.strong, segment.tone) == (strong, tone)
    assert segment.tip


@pytest.mark.parametrize(
    ("state", "words", "tone"),
    [
        ("alone", "No hub", ""),
        ("holds", "Hub up", "ok"),
        ("lag", "Hub up, lag 15 events", "ok"),
        ("acting", "Hub away 02:14", "stale"),
        ("refused", "Hub refuses this station", "down"),
        ("stale-follows", "Hub up at 02:02:14", "stale"),
        ("not-known", "Hub not read", "stale"),
    ],
)
def test_hub_says_how_far_away_it_is(state: str, words: str, tone: str) -> None:
    segment = hub_segment(STATES[state], NOW)
    assert (f"{segment.label} {segment.strong}".strip(), segment.tone) == (words, tone)


def test_the_time_away_runs() -> None:
    assert hub_segment(STATES["acting"], NOW + 61_000).strong == "03:15"
    assert duty_segment(STATES["waiting"], "", NOW + 1_000).strong == "waiting 00:05"


@pytest.mark.parametrize(
    ("state", "dots", "tail"),
    [
        ("alone", (True, False, False), "disk only"),
        ("holds", (True, True, True), "disk, hub, station"),
        ("acting", (True, False, False), "disk only"),
        ("not-known", (True, False, False), "disk only"),
    ],
)
def test_the_dots_are_filled_as_is_true(
    state: str, dots: tuple[bool, bool, bool], tail: str
) -> None:
    segment = commit_segment(STATES[state], NOW)
    assert (segment.dots, segment.tail) == (dots, tail)


def test_acting_alone_is_told_in_short_words_too() -> None:
    assert duty_segment(STATES["acting"], "BRNO-1", NOW).short_strong == "BRNO-1, no hub"


def test_one_event_waits_and_several_wait() -> None:
    assert [waits_here(count) for count in (1, 6)] == ["1 event waits here", "6 events wait here"]


def test_nothing_is_claimed_before_the_first_commit() -> None:
    assert commit_segment(Standing(), 0).dots == ()


def test_what_would_be_lost_with_the_disk_is_said_in_words() -> None:
    assert "nothing would be lost." in durability_words(STATES["holds"])
    lag = durability_words(STATES["lag"])
    assert "Hub: 12 events not there yet" in lag
    assert "Another station: 24 events not there yet" in lag
    assert "If this disk died now, 12 events would be lost." in lag
    assert "everything since the last backup" in durability_words(STATES["alone"])
    assert "As heard at 02:02:14 UTC." in durability_words(STATES["stale-holds"])

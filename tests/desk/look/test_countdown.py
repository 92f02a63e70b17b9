"""What a clock says and how loudly, at every edge and for any time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.desk.look.countdown import countdown, format_span, speak_span

MINUTE_MS = 60_000


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "00:00"),
        (41, "00:41"),
        (3599, "59:59"),
        (3600, "1 h 00"),
        (6660, "1 h 51"),
        (86_399, "23 h 59"),
        (86_400, "1 d 00 h"),
        (187_200, "2 d 04 h"),
    ],
)
def test_spans_are_written_shortest_first(seconds: int, text: str) -> None:
    assert format_span(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 seconds"), (1, "1 second"), (41, "41 seconds"), (6661, "1 hour 51 minutes"),
     (90_061, "1 day 1 hour")],
)  # fmt: skip
def test_spans_are_spoken_in_two_units(seconds: int, words: str) -> None:
    assert speak_span(seconds) == words


@pytest.mark.parametrize(
    ("left_min", "total_min", "state"),
    [
        (9, 10, "calm"),
        (5.01, 10, "calm"),
        (5, 10, "soon"),
        (2, 10, "soon"),
        (1.99, 10, "urgent"),
        (0.99, 1, "urgent"),
        (1, 1, "calm"),
        (0, 10, "late"),
        (-3, 10, "late"),
    ],
)
def test_state_follows_what_is_left(left_min: float, total_min: float, state: str) -> None:
    clock = countdown(
        deadline_ms=round(left_min * MINUTE_MS), now_ms=0, total_ms=round(total_min * MINUTE_MS)
    )
    assert clock.state == state


def test_late_is_said_with_a_sign_and_a_word() -> None:
    clock = countdown(deadline_ms=0, now_ms=80_999, total_ms=1)
    assert (clock.text, clock.spoken) == ("+01:20 late", "1 minute 20 seconds late")
    assert clock.share == 0.0


def test_a_paused_clock_keeps_its_figures() -> None:
    clock = countdown(deadline_ms=6_660_000, now_ms=0, total_ms=1, paused=True)
    assert (clock.text, clock.state) == ("1 h 51", "paused")
    over = countdown(deadline_ms=-5, now_ms=0, total_ms=1, paused=True)
    assert (over.text, over.state) == ("00:00", "paused")


def test_zero_is_never_shown_while_time_remains() -> None:
    assert countdown(deadline_ms=1, now_ms=0, total_ms=1000).text == "00:01"
    assert countdown(deadline_ms=0, now_ms=0, total_ms=1000).text == "+00:00 late"


@given(
    st.integers(-(10**10), 10**10), st.integers(0, 10**13), st.integers(-10, 10**10), st.booleans()
)
def test_any_clock_is_consistent(left_ms: int, now_ms: int, total_ms: int, paused: bool) -> None:
    clock = countdown(deadline_ms=now_ms + left_ms, now_ms=now_ms, total_ms=total_ms, paused=paused)
    assert 0.0 <= clock.share <= 1.0
    assert (clock.state == "paused") == paused
    if not paused:
        assert (clock.state == "late") == (left_ms <= 0) == clock.text.endswith("late")
        if clock.state == "calm":
            assert left_ms >= 60_000

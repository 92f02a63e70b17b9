"""What the desk says about silences, and how long it offers to keep quiet."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.desk.alerts.faces import live, spoken
from crisisdesk.desk.alerts.silence_words import (
    HOUR_MS,
    covers_words,
    lastings,
    silenced_words,
    suggested,
    when_words,
)
from crisisdesk.domain.matchers import parse_matchers
from crisisdesk.domain.silence import Silence

from tests.desk.alerts.rows import NOW, alert_row, taken

PRAGUE = ZoneInfo("Europe/Prague")
SILENCE = Silence(
    silence_id="SIL-1",
    match={"service": "db"},
    until=NOW + HOUR_MS,
    reason="Planned work",
    set_at=NOW,
    set_by="Klára Langová",
)


@pytest.mark.parametrize(
    ("local", "word", "ends"),
    [
        (datetime(2026, 2, 12, 15, 0, tzinfo=PRAGUE), "till tomorrow 09:00", (13, 9)),
        (datetime(2026, 2, 12, 2, 5, tzinfo=PRAGUE), "till 09:00", (12, 9)),
        (datetime(2026, 2, 12, 6, 0, tzinfo=PRAGUE), "till tomorrow 09:00", (13, 9)),
        # The clocks go forward in the night to the 29th, back in that to the 25th.
        (datetime(2026, 3, 28, 20, 0, tzinfo=PRAGUE), "till tomorrow 09:00", (29, 9)),
        (datetime(2026, 10, 24, 20, 0, tzinfo=PRAGUE), "till tomorrow 09:00", (25, 9)),
    ],
)
def test_the_morning_is_that_of_the_wall_clock(
    local: datetime, word: str, ends: tuple[int, int]
) -> None:
    now = round(local.timestamp() * 1000)
    *plain, morning = lastings(now, PRAGUE)
    assert [(one.word, one.ms) for one in plain] == [
        ("30 min", HOUR_MS // 2),
        ("2 h", 2 * HOUR_MS),
        ("8 h", 8 * HOUR_MS),
    ]
    end = datetime.fromtimestamp((now + morning.ms) / 1000, PRAGUE)
    assert (morning.word, (end.day, end.hour), end.minute) == (word, ends, 0)


@given(st.integers(1_577_836_800_000, 2_051_222_400_000))
def test_the_morning_is_always_ahead_and_never_two_away(now: int) -> None:
    for zone in (PRAGUE, ZoneInfo("America/New_York"), UTC, None):
        morning = lastings(now, zone)[-1]
        # An hour of either side is that of summer time.
        assert 2 * HOUR_MS <= morning.ms <= 28 * HOUR_MS


def test_what_is_suggested_means_the_alert_and_can_be_read() -> None:
    row = alert_row("A-1", title='Queue "in", 5')
    assert suggested(row, {"alertname": "Lag"}) == 'service="db-primary", alertname="Lag"'
    [title] = parse_matchers(suggested(row._replace(service=""), {}))
    assert (title.name, title.op, title.value) == ("title", "=", 'Queue "in", 5')


def test_time_is_told_by_where_a_silence_stands() -> None:
    assert when_words(SILENCE, NOW) == "1 h 00 left"
    assert when_words(SILENCE, NOW + HOUR_MS - 900) == "00:01 left"
    planned = replace(SILENCE, starts_at=NOW + 60_000)
    assert when_words(planned, NOW) == "in 01:00, for 59:00"
    assert when_words(SILENCE, NOW + HOUR_MS).startswith("ended ")
    lifted = replace(SILENCE, active=False, lifted_at=NOW, lifted_by="Jonas Weber")
    assert when_words(lifted, NOW).endswith(" UTC by J. Weber")
    assert silenced_words(SILENCE, NOW).endswith(" UTC by K. Langová")
    assert " UTC in 2 d " in silenced_words(replace(SILENCE, until=NOW + 50 * HOUR_MS), NOW)


def test_what_would_be_hidden_is_told() -> None:
    assert covers_words(1, broad=False) == "Covers 1 open alert now."
    assert covers_words(7, broad=False) == "Covers 7 open alerts now."
    assert "Covers no open alert" in covers_words(0, broad=False)
    assert "nearly every alert" in covers_words(9, broad=True)


def test_a_silenced_row_pauses_its_clock_and_says_by_whom() -> None:
    row = alert_row("A-1", "critical")
    face = live(row, NOW, False, SILENCE)
    assert (face.owner, face.owner_icon) == ("silenced, K. Langová", "bell-off")
    assert face.clock is not None
    assert (face.clock.text, face.clock.state) == ("1 h 00", "paused")
    assert live(row, NOW, True, SILENCE).owner == "silenced, K.L."
    assert "silenced by Klára Langová" in spoken(row, NOW, {"A-1": SILENCE})
    mine = taken(row)
    assert live(mine, NOW, False, SILENCE) == live(mine, NOW, False)

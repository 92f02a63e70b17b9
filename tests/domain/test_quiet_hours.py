"""Quiet hours: the clock on the wall decides, also past midnight and when the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.quiet_hours import (
    EXAMPLE,
    checked_quiet,
    held_back,
    quiet_from_words,
    quiet_words,
    zone_of,
)
from crisisdesk.domain.severity import SEVERITY_RANK

PRAGUE = "Europe/Prague"
# Clocks change at midnight in one, by half an hour in another; one never changes.
ZONES = (PRAGUE, "America/New_York", "Australia/Lord_Howe", "America/Havana", "Asia/Kolkata")
NIGHT = {"days": [0, 1, 2, 3, 4, 5, 6], "from": "22:00", "to": "06:00", "min_severity": "critical"}


def ms(zone: str, *moment: int, fold: int = 0) -> int:
    local = datetime(*moment, fold=fold, tzinfo=ZoneInfo(zone))  # type: ignore[misc,arg-type]
    return int(local.timestamp() * 1000)


def night(**changes: Any) -> list[dict[str, Any]]:
    return [NIGHT | changes]


# ------------------------------------------------------------------------------------- the rule


def reads(clock: str) -> timedelta:
    hours, minutes = clock.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))


def by_calendar(span: dict[str, Any], zone: str, at_ms: int) -> bool:
    """The slow way: lay each span of the two last days out on the wall's calendar."""
    wall = datetime.fromtimestamp(at_ms / 1000, ZoneInfo(zone)).replace(tzinfo=None)
    for ago in (0, 1):
        begins: date = wall.date() - timedelta(days=ago)
        midnight = datetime.combine(begins, time())
        start, end = midnight + reads(span["from"]), midnight + reads(span["to"])
        if end <= start:
            end += timedelta(days=1)
        if begins.isoweekday() - 1 in span["days"] and start <= wall < end:
            return True
    return False


clocks = st.builds(lambda h, m: f"{h:02d}:{m:02d}", st.integers(0, 23), st.integers(0, 59))
spans = st.fixed_dictionaries(
    {
        "days": st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True).map(sorted),
        "from": clocks,
        "to": clocks | st.just("24:00"),
        "min_severity": st.sampled_from(list(SEVERITY_RANK)),
    }
).filter(lambda span: span["from"] != span["to"])
# All of 2026 to the minute, and the days around the changes of clocks much more often.
moments = st.integers(0, 365 * 24 * 60).map(lambda m: ms("UTC", 2026, 1, 1) + m * 60_000)
changes = st.builds(
    lambda day, minute: ms("UTC", *day) + minute * 60_000,
    st.sampled_from([(2026, 3, 28), (2026, 10, 24), (2026, 3, 7), (2026, 10, 31), (2026, 4, 4)]),
    st.integers(0, 48 * 60),
)


@given(st.lists(spans, max_size=3), st.sampled_from(ZONES), moments | changes)
@example([NIGHT], PRAGUE, ms(PRAGUE, 2026, 10, 25, 2, 30, fold=1))
def test_the_rule_is_that_of_the_calendar(
    quiet: list[dict[str, Any]], zone: str, at_ms: int
) -> None:
    for severity, rank in SEVERITY_RANK.items():
        expected = any(
            by_calendar(span, zone, at_ms) and rank < SEVERITY_RANK[span["min_severity"]]
            for span in quiet
        )
        assert held_back(quiet, zone, severity, at_ms) == expected


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        ((2026, 2, 12, 21, 59), False),
        ((2026, 2, 12, 22, 0), True),
        ((2026, 2, 13, 0, 0), True),
        ((2026, 2, 13, 5, 59), True),
        ((2026, 2, 13, 6, 0), False),
    ],
)
def test_a_night_ends_in_the_morning(moment: tuple[int, ...], quiet: bool) -> None:
    at_ms = ms(PRAGUE, *moment)
    assert held_back(night(), PRAGUE, "high", at_ms) is quiet
    assert held_back(night(), PRAGUE, "critical", at_ms) is False


def test_a_day_is_the_one_on_which_the_span_begins() -> None:
    friday = night(days=[4])
    assert held_back(friday, PRAGUE, "high", ms(PRAGUE, 2026, 2, 13, 23, 0))
    assert held_back(friday, PRAGUE, "high", ms(PRAGUE, 2026, 2, 14, 5, 0))
    assert not held_back(friday, PRAGUE, "high", ms(PRAGUE, 2026, 2, 13, 5, 0))
    sunday = night(days=[6])
    assert held_back(sunday, PRAGUE, "high", ms(PRAGUE, 2026, 2, 16, 5, 0))


def test_the_hour_that_comes_twice_is_quiet_twice_and_the_one_left_out_never() -> None:
    span = night(**{"from": "02:15", "to": "02:45"})
    for fold in (0, 1):
        assert held_back(span, PRAGUE, "low", ms(PRAGUE, 2026, 10, 25, 2, 30, fold=fold))
    begins = ms(PRAGUE, 2026, 3, 29, 0, 0)
    told = [held_back(span, PRAGUE, "low", begins + m * 60_000) for m in range(23 * 60)]
    assert not any(told)


def test_where_the_zone_is_not_known_nothing_is_held_back() -> None:
    for zone in ("", "Mars/Olympus", "../../etc/passwd", "Europe", "\0"):
        assert zone_of(zone) is None
        assert not held_back(night(), zone, "low", ms(PRAGUE, 2026, 2, 13, 0, 0))


# ------------------------------------------------------------------------------------- checking


@given(spans)
def test_what_is_kept_is_taken_as_it_is(span: dict[str, Any]) -> None:
    assert checked_quiet([span], "quiet") == [span]


def test_days_and_severity_may_be_left_out() -> None:
    assert checked_quiet([{"from": "22:00", "to": "06:00"}], "quiet") == night()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"from": "22:60"}, "quiet[0].from"),
        ({"from": "2:00"}, "quiet[0].from"),
        ({"from": "24:00"}, "quiet[0].from"),
        ({"from": None}, "quiet[0].from"),
        ({"to": "22:00"}, "quiet[0].to"),
        ({"to": 6}, "quiet[0].to"),
        ({"days": []}, "quiet[0].days"),
        ({"days": [7]}, "quiet[0].days"),
        ({"days": [True]}, "quiet[0].days"),
        ({"days": "01"}, "quiet[0].days"),
        ({"min_severity": "loud"}, "quiet[0].min_severity"),
        ({"min_severity": None}, "quiet[0].min_severity"),
        ({"until": "7"}, "quiet[0].until"),
    ],
    ids=str,
)
def test_a_wrong_member_is_named(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Malformed) as refused:
        checked_quiet([NIGHT | changes], "quiet")
    assert refused.value.field == field
    assert refused.value.remedy


def test_what_is_no_list_of_spans_is_refused() -> None:
    wrong: Any
    for wrong in ("22:00-06:00", {"from": 1}, [[]], [NIGHT] * 15):
        with pytest.raises(Malformed):
            checked_quiet(wrong, "quiet")


# ---------------------------------------------------------------------------------------- words


@given(st.lists(spans, max_size=5))
def test_words_say_all_and_are_read_back(quiet: list[dict[str, Any]]) -> None:
    assert quiet_from_words(quiet_words(quiet), "quiet") == quiet


@pytest.mark.parametrize(
    ("text", "days", "severity"),
    [
        ("22:00-06:00", range(7), "critical"),
        ("daily 22:00-6:00", range(7), "critical"),
        ("Every day 22:00 – 06:00", range(7), "critical"),
        ("Mon-Fri 22:00-06:00 emergency", range(5), "emergency"),
        (EXAMPLE, range(5), "critical"),
        ("22:00-06:00 high and worse sat, Sunday", (5, 6), "high"),
        ("Fri-Mon 22:00-06:00", (0, 4, 5, 6), "critical"),
    ],
)
def test_people_may_type_it_in_many_ways(text: str, days: Any, severity: str) -> None:
    expected = night(days=list(days), min_severity=severity)
    assert quiet_from_words(text, "quiet") == expected
    assert quiet_from_words(f"; {text};; {text}", "quiet") == expected * 2


@pytest.mark.parametrize("text", ["never", "22-6", "Mon 22:00", "Xyz 22:00-06:00", "25:00-06:00"])
def test_what_names_no_hours_is_refused(text: str) -> None:
    with pytest.raises(Malformed) as refused:
        quiet_from_words(text, "quiet hours")
    assert refused.value.field.startswith("quiet hours")


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read = quiet_from_words(text, "quiet")
    except Malformed:
        return
    assert checked_quiet(read, "quiet") == read


def test_a_year_in_every_zone_has_as_many_quiet_minutes_as_the_wall_shows() -> None:
    start = ms(PRAGUE, 2026, 1, 1)
    steps = [start + quarter * 900_000 for quarter in range(365 * 96)]
    quiet = sum(held_back(night(), PRAGUE, "low", at) for at in steps) / 4
    # Eight hours each night; one night has an hour less and one an hour more.
    assert quiet == 365 * 8
    walls = {datetime.fromtimestamp(at / 1000, UTC).minute for at in steps}
    assert walls == {0, 15, 30, 45}

"""Moments on paper."""

from __future__ import annotations

from datetime import timedelta, timezone

from crisisdesk.domain.papers.times import iso, minute, moment_words, read_iso, stamp

from tests.domain.incident_log import START


def test_a_moment_is_told_in_both_times():
    prague = timezone(timedelta(hours=1), "CET")
    assert moment_words(START, prague) == "Thu 12 February 2026, 02:05 UTC (03:05 CET)"
    assert moment_words(START, timezone.utc) == "Thu 12 February 2026, 02:05 UTC"  # noqa: UP017
    far = timezone(timedelta(hours=-9), "AKST")
    assert moment_words(START, far) == "Thu 12 February 2026, 02:05 UTC (Wed 17:05 AKST)"


def test_stamps_are_whole_seconds_and_what_has_not_happened_is_empty():
    assert stamp(START + 999) == "2026-02-12 02:05:02Z"
    assert stamp(None) == ""
    assert iso(START + 7) == "2026-02-12T02:05:02.007Z"
    assert iso(None) is None


def test_a_minute_and_a_moment_that_a_station_wrote() -> None:
    at_ms = 1_770_861_902_999
    assert minute(at_ms) == "2026-02-12 02:05"
    assert read_iso(iso(at_ms) or "") == at_ms
    assert read_iso("2026-02-12T03:05:02+01:00") == at_ms - 999

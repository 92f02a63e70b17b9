"""What the Health room reads: the series that are wanted, in the step that fits."""

from __future__ import annotations

from contextlib import closing

from crisisdesk.desk.health.reading import Charts, Samples, Wanted
from crisisdesk.desk.health.words import CHARTS, DAY_MS, HOUR_MS
from crisisdesk.store.queries import StationReader

from tests.desk.health.conftest import EVERY_MS, Measured, web


def ask(measured: Measured, words: str, span_ms: int, ago: int = 0) -> Charts:
    now = measured.desk.now
    with closing(StationReader(measured.desk.path)) as reader:
        return Samples().asked(Wanted(words, now - ago - span_ms, now - ago + 1, now))(reader)


def test_without_samples_there_are_no_charts(measured: Measured) -> None:
    assert ask(measured, "", HOUR_MS) == Charts()


def test_an_hour_is_read_sample_by_sample_and_a_day_by_the_minute(measured: Measured) -> None:
    measured.measure([web(1)], looks=700)
    (hour,) = ask(measured, "", HOUR_MS - 1).charts
    (day,) = ask(measured, "", DAY_MS - 1).charts
    assert len(hour.at) == 360
    assert 700 // 6 <= len(day.at) <= 700 // 6 + 2
    for charted in (hour, day):
        assert charted.newest_ms == measured.desk.now
        assert charted.rhythm_ms == EVERY_MS


def test_an_earlier_stretch_still_knows_how_fresh_the_series_is(measured: Measured) -> None:
    measured.measure([web(1)], looks=700, until=60_000)
    (charted,) = ask(measured, "", 1_000_000, ago=2_000_000).charts
    assert charted.newest_ms == measured.desk.now - 60_000
    assert charted.rhythm_ms == EVERY_MS


def test_no_more_are_read_than_are_shown(measured: Measured) -> None:
    measured.measure([web(n) for n in range(CHARTS + 3)], looks=3)
    found = ask(measured, "web", HOUR_MS)
    assert (len(found.charts), found.found, found.known) == (CHARTS, CHARTS + 3, CHARTS + 3)


def test_what_cannot_be_read_is_a_problem_in_words(measured: Measured) -> None:
    (measured.desk.path.parent / "samples.sqlite3").write_bytes(b"no database at all" * 1_000)
    assert "cannot be read" in ask(measured, "", HOUR_MS).problem

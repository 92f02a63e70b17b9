"""What the Health room reads: the series that are wanted, in the step that fits."""

from __future__ import annotations

from contextlib import closing

from crisisdesk.desk.health.beside import About
from crisisdesk.desk.health.reading import Charts, Samples, Wanted
from crisisdesk.desk.health.words import CHARTS, DAY_MS, HOUR_MS
from crisisdesk.domain.detection.series import Sample
from crisisdesk.store.queries import StationReader

from tests.desk.health.conftest import EVERY_MS, ODD, SLOW, Measured, web
from tests.store.queries.board_bench import Bench


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


def test_who_watches_a_series_and_what_it_raised_is_read_with_it(measured: Measured) -> None:
    measured.measure([web(1), web(2)])
    rule_id = measured.rule("Slow", SLOW)
    alert_id = measured.fire(rule_id, web(1), 600_000)
    measured.end(rule_id, web(1), 60_000)
    first, second = ask(measured, "", HOUR_MS).charts
    for charted in (first, second):
        assert [one.value for one in charted.over.watchers.limits] == [0.25]
        assert charted.over.band is None
    assert second.over.spells == ()
    (spell,) = first.over.spells
    assert spell.alert_id == alert_id
    now = measured.desk.now
    assert now - 600_000 <= (spell.since or 0) <= now - 599_000
    assert now - 60_000 <= (spell.until or 0) <= now - 59_000
    # 0.2 now, of web-2 0.284.
    assert first.verdict.words == "within limits"
    assert second.verdict.words.startswith("over 0.25 for ")
    assert second.verdict.tone == "critical"


def test_an_alert_that_is_open_is_known_in_an_earlier_view_too(measured: Measured) -> None:
    measured.measure([web(1)], looks=1_000)
    measured.fire(measured.rule("Slow", SLOW), web(1), 60_000)
    (charted,) = ask(measured, "", 1_000_000, ago=2_000_000).charts
    assert [one.until for one in charted.over.spells] == [None]


def test_bands_are_unfinished_until_they_are_whole(measured: Measured) -> None:
    measured.measure([web(n) for n in range(3)], looks=400)
    measured.rule("Odd", ODD)
    samples, now = Samples(), measured.desk.now
    wanted = Wanted("", now - HOUR_MS, now, now)
    asked = 0
    while True:
        with closing(StationReader(measured.desk.path)) as reader:
            found = samples.asked(wanted)(reader)
        bands = [one.over.band for one in found.charts]
        assert found.unfinished == any(band is not None and not band.whole for band in bands)
        asked += 1
        if not found.unfinished:
            break
    assert 1 < asked < 20
    assert all(band is not None and len(band.at) == 361 for band in bands)
    assert all("usual range" in one.verdict.words for one in found.charts)


def test_what_is_no_number_is_left_out_of_the_line(measured: Measured) -> None:
    now = measured.desk.now
    values = [0.1, float("nan"), 0.2, float("inf"), 0.3]
    measured.store.write(
        [Sample(web(1), now - EVERY_MS * n, value) for n, value in enumerate(values)]
    )
    measured.store.keep_house()
    (charted,) = ask(measured, "", HOUR_MS - 1).charts
    assert charted.high.tolist() == [0.3, 0.2, 0.1]
    assert charted.usual_ms == EVERY_MS


def test_the_declared_interval_goes_before_the_measured_one(bench: Bench) -> None:
    found = bench.declare("db", every_ms=60_000)
    for ago in (0, 5_000, 10_000, 15_000):
        bench.look(found, ago=ago)
    now = bench.station.now_ms
    (charted,) = Samples().asked(Wanted("", now - HOUR_MS, now + 1, now))(bench.reader).charts
    assert charted.rhythm_ms == 60_000


def test_only_what_is_asked_about_is_drawn(bench: Bench) -> None:
    found = bench.declare("db")
    bench.look(found)
    bench.look(bench.declare("mail"))
    now = bench.station.now_ms
    wanted = Wanted("no such word", now - HOUR_MS, now + 1, now, About("db", source_id=found))
    answer = Samples().asked(wanted)(bench.reader)
    assert [one.series.source_id for one in answer.charts] == [found]
    assert (answer.found, answer.known) == (1, 2)

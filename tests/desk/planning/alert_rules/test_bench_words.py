"""What the bench says of a trial, and what it draws."""

from __future__ import annotations

from dataclasses import replace

from crisisdesk.desk.planning.alert_rules.bench_words import (
    SLOTS,
    Tried,
    chart_title,
    drawn_of,
    notes,
    series_of,
    series_words,
    span_rows,
    spoken_span,
    summary,
)
from crisisdesk.domain.detection.reading import Line
from crisisdesk.domain.detection.series import Series, series

from tests.desk.planning.alert_rules.cases import ANY, DISK, ERRORS, NOW, disk, samples, tried

HIGH = samples(0.5, 0.95, 0.95, 0.97, 0.7, 0.5, 0.95, 0.96, 0.97)


def test_the_summary_says_how_noisy_it_would_have_been() -> None:
    words = summary(tried(DISK, HIGH))
    assert words.startswith("It would have fired 2 times: 2 alerts a day, 1 within 10 min")
    assert "Looked at 9 samples of 1 series over 4 min." in words
    assert summary(tried(DISK, samples(0.1, 0.2))).startswith("It would never have fired.")
    assert "once: 1 alert a day, none within" in summary(tried(DISK, HIGH[:5]))


def test_what_has_to_be_known_is_told() -> None:
    assert notes(tried(DISK, HIGH)) == ""
    off = tried(DISK, HIGH)
    off = off._replace(rule=replace(off.rule, is_active=False))
    assert "switched off" in notes(off)
    assert "masked" in notes(tried(ERRORS, (), (Line(at=NOW, name="a", text="ERROR"),)))
    assert "does not run" in notes(tried(ANY, HIGH))


def test_spans_are_told_the_newest_first() -> None:
    rows = span_rows(tried(DISK, HIGH))
    assert [row.is_open for row in rows] == [True, False]
    assert rows[0].when.endswith(", still")
    assert rows[1].when == "12 Feb 02:06:30 to 02:07:00"
    assert (rows[1].length, rows[1].series, rows[1].value) == ("30 s", "host=a", "0.97")
    assert "for 30 s" in spoken_span(rows[1])
    assert len({row.key for row in rows}) == 2


def test_the_chart_has_levels_band_and_spans_of_its_series() -> None:
    both = tried(DISK, (*samples(0.1, 0.2, 0.1, 0.1, 0.1, host="b"), *HIGH))
    assert series_of(both) == [disk("a"), disk("b")]
    drawn = drawn_of(both, disk("a"))
    assert [(mark.value, mark.word) for mark in drawn.marks] == [(0.9, "> 0.9"), (0.8, "over 0.8")]
    assert drawn.band == (0.8, 0.9)
    assert [at for at, _value in drawn.points] == [one.at for one in HIGH]
    assert len(drawn.spans) == 2
    assert drawn.spans[1][1] == both.trial.until
    assert drawn_of(both, disk("b")).spans == ()
    flat = {**DISK, "conditions": {"metric": "disk", "op": ">", "value": 0.9}}
    assert drawn_of(tried(flat, HIGH), disk("a")).band is None
    assert chart_title(both, disk("a")) == "disk"


def test_lines_are_counted_and_logs_without_a_span_can_be_drawn() -> None:
    lines = tuple(
        Line(at=NOW + n * 1_000, name=name, text=text)
        for n, (name, text) in enumerate(
            (("a", "ERROR 1"), ("a", "ok"), ("a", "ERROR 2"), ("b", "x"))
        )
    )
    found = tried(ERRORS, (), lines)
    logs = [series("", "log", {"log": name}) for name in "ab"]
    assert series_of(found) == logs
    drawn = drawn_of(found, logs[0])
    assert (drawn.bars, len(drawn.points)) == (True, SLOTS)
    assert sum(count for _at, count in drawn.points) == 2
    assert "Lines that are meant" in chart_title(found, logs[0])
    assert "4 lines of 2 logs" in summary(found)


def test_titles_say_what_the_line_is_of() -> None:
    rate = {"metric": "disk", "op": ">", "value": 1, "rate_over": "1m", "rate_per": "minute"}
    one = tried({**DISK, "conditions": rate}, HIGH)
    assert chart_title(one, disk("a")) == "Growth of disk per minute"
    strange = {"rule_type": "anomaly", "conditions": {"metric": "disk", "score": 0.7, "clear": 0.5}}
    found = Tried(tried(strange, HIGH).rule, one.given, one.trial)
    assert chart_title(found, disk("a")) == "Score of disk"
    assert drawn_of(found, disk("a")).band == (0.5, 0.7)
    whole = Tried(tried(ANY, HIGH).rule, one.given, one.trial)
    assert chart_title(whole, Series("", "", ())) == "Where it would have fired"
    assert series_words(Series("", "", ())) == "its conditions taken together"
    assert drawn_of(whole, disk("a")).marks == ()

"""What the test bench says of a trial: a summary, its spans, and which series is drawn."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.desk.planning.alert_rules.chart_points import Drawn, Mark, counted
from crisisdesk.domain.amounts import count_words, span_words
from crisisdesk.domain.detection.conditions import Anomaly, Composite, Lines, Threshold
from crisisdesk.domain.detection.log_lines import LOG
from crisisdesk.domain.detection.rule_words import value_words
from crisisdesk.domain.detection.trial import noise_of

if TYPE_CHECKING:
    from crisisdesk.domain.detection.conditions import LineTest
    from crisisdesk.domain.detection.reading import Line
    from crisisdesk.domain.detection.rule import AlertRule
    from crisisdesk.domain.detection.series import Series
    from crisisdesk.domain.detection.trial import Span, Trial
    from crisisdesk.domain.detection.trial_input import Given

# Bars of a chart of lines.
SLOTS = 96
SPANS_SHOWN = 500
# What a rule made of several conditions fires for, where no label has to be the same.
_TOGETHER = "its conditions taken together"


class Tried(NamedTuple):
    """A trial with what it was made of."""

    rule: AlertRule
    given: Given
    trial: Trial


class SpanRow(NamedTuple):
    """One stretch in which the rule would have fired."""

    key: str
    when: str
    length: str
    value: str
    series: str
    why: str
    is_open: bool


def summary(tried: Tried) -> str:
    """How noisy the rule would have been, in one line or two."""
    trial, noise = tried.trial, noise_of(tried.trial)
    looked = _looked(tried)
    if not noise.times:
        return f"It would never have fired. {looked}"
    times = "once" if noise.times == 1 else f"{count_words(noise.times)} times"
    a_day = f"{trial.alerts_a_day:.3g} {'alert' if trial.alerts_a_day == 1 else 'alerts'} a day"
    flaps = "none" if not trial.flaps else count_words(trial.flaps)
    longest = "" if noise.times == 1 else f"the longest {span_words(noise.longest_ms)}, "
    return (
        f"It would have fired {times}: {a_day}, {flaps} within 10 min of the one before; "
        f"{longest}{span_words(noise.total_ms)} in all. {looked}"
    )


def _looked(tried: Tried) -> str:
    samples, lines = len(tried.given.samples), len(tried.given.lines)
    parts = []
    if samples:
        series = len({one.series for one in tried.given.samples})
        parts.append(f"{_many(samples, 'sample')} of {count_words(series)} series")
    if lines:
        logs = len({one.name for one in tried.given.lines})
        parts.append(f"{_many(lines, 'line')} of {_many(logs, 'log')}")
    length = span_words(tried.trial.until - tried.trial.since)
    return f"Looked at {' and '.join(parts)} over {length}."


def _many(count: int, word: str) -> str:
    return f"{count_words(count)} {word}{'' if count == 1 else 's'}"


def notes(tried: Tried) -> str:
    """What has to be known to judge the trial; "" for nothing."""
    found = [f"{words[:1].upper()}{words[1:]}." for words in tried.trial.problems]
    if tried.given.lines:
        found.append("Lines are kept with secrets masked: a rule that looks for one differs.")
    if not tried.rule.is_active:
        found.append("The rule is switched off; it was tried as if it were on.")
    return " ".join(found)


def span_rows(tried: Tried) -> list[SpanRow]:
    """The spans, the newest first, bounded."""
    spans = sorted(tried.trial.spans, key=lambda s: (-s.since, str(s.series)))[:SPANS_SHOWN]
    return [_row(one, tried.trial.until) for one in spans]


def _row(span: Span, end: int) -> SpanRow:
    until = end if span.until is None else span.until
    return SpanRow(
        key=f"{span.since} {span.series.source_id} {span.series}",
        when=f"{_moment(span.since)}, still" if span.until is None else _from_to(span),
        length=span_words(until - span.since),
        value="" if span.value is None else value_words(span.value),
        series=series_words(span.series),
        why=span.why,
        is_open=span.until is None,
    )


def spoken_span(row: SpanRow) -> str:
    """A span for the screen reader."""
    value = f"value {row.value}" if row.value else ""
    parts = (row.when, f"for {row.length}", value, row.series, row.why)
    return ", ".join(part for part in parts if part)


def series_words(series: Series) -> str:
    """A series by its labels, or by its metric where it has none."""
    labels = ", ".join(f"{name}={value}" for name, value in series.labels)
    return labels or series.metric or _TOGETHER


def _moment(at: int) -> str:
    moment = datetime.fromtimestamp(at / 1_000, UTC)
    return f"{moment.day} {moment:%b %H:%M:%S}"


def _from_to(span: Span) -> str:
    assert span.until is not None
    same_day = span.since // 86_400_000 == span.until // 86_400_000
    moment = datetime.fromtimestamp(span.until / 1_000, UTC)
    until = f"{moment:%H:%M:%S}" if same_day else _moment(span.until)
    return f"{_moment(span.since)} to {until}"


# -------------------------------------------------------------------------------------- chart


def series_of(tried: Tried) -> list[Series]:
    """The series that can be drawn: those that fired first, then those that were compared."""
    fired = dict.fromkeys(span.series for span in reversed(tried.trial.spans))
    compared = dict.fromkeys(one.series for one in tried.trial.values)
    if isinstance(tried.rule.conditions, Lines):
        compared |= dict.fromkeys(
            _log(name) for name in sorted({one.name for one in tried.given.lines})
        )
    return [*fired, *(one for one in sorted(compared) if one not in fired)]


def drawn_of(tried: Tried, series: Series) -> Drawn:
    """The chart of one of them."""
    trial, condition = tried.trial, tried.rule.conditions
    spans = tuple(
        (one.since, trial.until if one.until is None else one.until)
        for one in trial.spans
        if one.series == series
    )
    drawn = Drawn(trial.since, max(trial.until, trial.since + 1), spans=spans)
    if isinstance(condition, Lines):
        return drawn._replace(points=_line_points(tried, condition, series), bars=True)
    points = tuple((one.at, one.value) for one in trial.values if one.series == series)
    drawn = drawn._replace(points=points, gap_ms=_gap(points))
    if isinstance(condition, Threshold):
        marks = [Mark(condition.value, f"{condition.op} {value_words(condition.value)}")]
        return _with_levels(drawn, marks, condition.value, condition.clear)
    if isinstance(condition, Anomaly):
        marks = [Mark(condition.score, f"score {value_words(condition.score)}")]
        return _with_levels(drawn, marks, condition.score, condition.clear)
    return drawn


def _with_levels(drawn: Drawn, marks: list[Mark], value: float, clear: float) -> Drawn:
    if clear == value:
        return drawn._replace(marks=tuple(marks))
    marks.append(Mark(clear, f"over {value_words(clear)}"))
    return drawn._replace(marks=tuple(marks), band=(min(value, clear), max(value, clear)))


def _gap(points: tuple[tuple[int, float], ...]) -> int:
    """Points that lie further apart than three times as usual are not joined."""
    apart = sorted(b[0] - a[0] for a, b in pairwise(points))
    return max(1, 3 * apart[len(apart) // 2]) if apart else 1


def _line_points(tried: Tried, condition: Lines, series: Series) -> tuple[tuple[int, float], ...]:
    name = dict(series.labels).get("log", "")
    tests = [t for t in (condition.line, condition.first, condition.then) if t is not None]
    moments = [line.at for line in tried.given.lines if line.name == name and _fits(line, tests)]
    return tuple(counted(moments, tried.trial.since, tried.trial.until, SLOTS))


def _fits(line: Line, tests: list[LineTest]) -> bool:
    return any(test.fits(line.text) for test in tests)


def _log(name: str) -> Series:
    from crisisdesk.domain.detection.series import Series

    return Series("", LOG, (("log", name),) if name else ())


def chart_title(tried: Tried, series: Series) -> str:
    """What the line is of."""
    condition = tried.rule.conditions
    if isinstance(condition, Lines):
        length = (tried.trial.until - tried.trial.since) // SLOTS
        return f"Lines that are meant, per {span_words(max(1_000, length))}"
    if isinstance(condition, Anomaly):
        return f"Score of {series.metric}"
    if isinstance(condition, Composite):
        return series.metric or "Where it would have fired"
    if isinstance(condition, Threshold) and condition.rate_ms:
        return f"Growth of {condition.metric} per {condition.rate_per}"
    return series.metric

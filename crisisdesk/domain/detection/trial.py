"""The test bench: a rule run over what has been, without anybody being paged for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from crisisdesk.domain.detection.leaves import NewDetector
from crisisdesk.domain.detection.machine import Machine
from crisisdesk.domain.detection.reading import Line
from crisisdesk.domain.detection.rule import AlertRule
from crisisdesk.domain.detection.series import Sample, Series
from crisisdesk.domain.errors import Malformed

TICK_MS = 10_000
# What is longer than so many steps of the one is looked at in steps of the other.
LONG_TICK_MS = 60_000
STEPS_MOST = 20_000
INPUT_MOST = 50_000
VALUES_MOST = 2_000
DAY_MS = 86_400_000
# Who fires again so soon after it ended is unsteady.
FLAP_MS = 600_000
_FOREVER = 2**62

# Told how far a trial is, from 0 to 1; may raise to end it.
Went = Callable[[float], None]


class Span(NamedTuple):
    """From when until when (UTC ms) it would have fired for a series, and the value that began it;
    ``until`` is None when it still does at the end."""

    series: Series
    since: int
    until: int | None
    value: float | None
    why: str = ""


class Value(NamedTuple):
    """What was compared at a moment."""

    series: Series
    at: int
    value: float


class _Steps(NamedTuple):
    """The moments at which a trial looks."""

    since: int
    until: int
    tick_ms: int
    went: Went | None

    def moments(self) -> Iterable[int]:
        """From the first to one step behind the last, so that what is due at the end is seen."""
        length = max(1, self.until - self.since)
        for now in range(self.since, self.until + 2 * self.tick_ms, self.tick_ms):
            if self.went is not None:
                self.went(min(1.0, (now - self.since) / length))
            yield now


class Trial(NamedTuple):
    """What came of it. ``flaps`` counts spans that began within 10 min of the end of the one
    before; ``alerts_a_day`` is taken over the span that was looked at, a day at least."""

    spans: tuple[Span, ...]
    alerts_a_day: float
    flaps: int
    since: int
    until: int
    values: tuple[Value, ...]
    values_left_out: int
    problems: tuple[str, ...]


def run(
    rule: AlertRule,
    samples: Iterable[Sample] = (),
    lines: Iterable[Line] = (),
    *,
    others: Sequence[AlertRule] = (),
    new_detector: NewDetector | None = None,
    most: int = INPUT_MOST,
    values_most: int = VALUES_MOST,
    went: Went | None = None,
) -> Trial:
    """Where this rule would have fired on these, as a station looks at them: each 10 s, or each
    minute where they lie further apart than 55 h.

    ``others`` are rules that it may be made of; ``most`` samples and lines are looked at, and of
    what was compared the first ``values_most`` are kept. ``went`` is called before each step with
    how far it is, from 0 to 1; what it raises ends the trial. Raises Malformed where there is
    nothing to look at, or too much of it.
    """
    samples, lines = sorted(samples, key=lambda s: s.at), sorted(lines, key=lambda x: x.at)
    if len(samples) + len(lines) > most:
        raise Malformed("samples", f"are {len(samples) + len(lines)}", f"send at most {most}")
    moments = [*(one.at for one in samples), *(one.at for one in lines)]
    if not moments:
        raise Malformed("samples", "are none", "send samples or lines")
    since, until = min(moments), max(moments)
    tick_ms = tick_for(until - since)
    values: list[Value] = []
    left_out = 0

    def seen(series: Series, at: int, value: float) -> None:
        nonlocal left_out
        if len(values) < values_most:
            values.append(Value(series, at, value))
        else:
            left_out += 1

    running = [*(one for one in others if one.rule_id != rule.rule_id), _active(rule)]
    watched = (rule.rule_id, seen)
    machine = Machine(running, since, (), new_detector, gap_ms=_FOREVER, watched=watched)
    steps = _Steps(since, until, tick_ms, went)
    spans = _spans(machine, rule.rule_id, samples, lines, steps)
    problems = list(machine.problems())
    if rule.rule_id not in machine.runs:
        problems.append("a rule that it is made of does not run")
    days = max(1.0, (until - since) / DAY_MS)
    return Trial(
        spans=tuple(spans),
        alerts_a_day=len(spans) / days,
        flaps=flaps_of(spans),
        since=since,
        until=until,
        values=tuple(values),
        values_left_out=left_out,
        problems=tuple(problems),
    )


def tick_for(length_ms: int) -> int:
    """How far the steps lie apart in which so long a time is looked at (ms); raises Malformed where
    it is too long for any."""
    for tick_ms in (TICK_MS, LONG_TICK_MS):
        if length_ms // tick_ms <= STEPS_MOST:
            return tick_ms
    days = STEPS_MOST * LONG_TICK_MS // DAY_MS
    raise Malformed("samples", "lie too far apart", f"send at most {days} d at once")


def _active(rule: AlertRule) -> AlertRule:
    return rule if rule.is_active else replace(rule, is_active=True)


def _spans(
    machine: Machine,
    rule_id: str,
    samples: Sequence[Sample],
    lines: Sequence[Line],
    steps: _Steps,
) -> list[Span]:
    """The machine stepped through all of it; what fired, in the order in which it began."""
    open_: dict[Series, int] = {}
    spans: list[Span] = []
    at_sample = at_line = 0
    for now in steps.moments():
        new_samples, new_lines = at_sample, at_line
        while new_samples < len(samples) and samples[new_samples].at <= now:
            new_samples += 1
        while new_lines < len(lines) and lines[new_lines].at <= now:
            new_lines += 1
        told = machine.step(samples[at_sample:new_samples], lines[at_line:new_lines], now)
        at_sample, at_line = new_samples, new_lines
        for one in told:
            if one.rule_id != rule_id:
                continue
            if one.fires:
                open_[one.series] = len(spans)
                spans.append(Span(one.series, one.at, None, one.value))
            elif one.series in open_:
                number = open_.pop(one.series)
                spans[number] = spans[number]._replace(until=one.at, why=one.why)
    return spans


def flaps_of(spans: Iterable[Span]) -> int:
    """How many began soon after the one before of the same series had ended."""
    ended: dict[Series, int] = {}
    count = 0
    for span in spans:
        last = ended.get(span.series)
        if last is not None and span.since - last <= FLAP_MS:
            count += 1
        if span.until is not None:
            ended[span.series] = span.until
    return count


class Noise(NamedTuple):
    """How much a rule would have been heard: how often, how long at most and in all (ms). What
    still fires counts until the end of what was looked at."""

    times: int
    longest_ms: int
    total_ms: int


def noise_of(trial: Trial) -> Noise:
    """The noise of all its spans; of several series at once each counts."""
    lengths = [
        max(0, (trial.until if span.until is None else span.until) - span.since)
        for span in trial.spans
    ]
    return Noise(len(lengths), max(lengths, default=0), sum(lengths))

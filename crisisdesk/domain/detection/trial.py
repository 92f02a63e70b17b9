"""The test bench: a rule run over what has been, without anybody being paged for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from crisisdesk.domain.detection.leaves import NewDetector
from crisisdesk.domain.detection.machine import Machine
from crisisdesk.domain.detection.reading import Line
from crisisdesk.domain.detection.rule import AlertRule
from crisisdesk.domain.detection.series import Sample, Series
from crisisdesk.domain.errors import Malformed

TICK_MS = 10_000
STEPS_MOST = 20_000
INPUT_MOST = 50_000
VALUES_MOST = 2_000
DAY_MS = 86_400_000
# Who fires again so soon after it ended is unsteady.
FLAP_MS = 600_000
_FOREVER = 2**62


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
    tick_ms: int = TICK_MS,
) -> Trial:
    """Where this rule would have fired on these, as a station looks at them: each ``tick_ms``.

    ``others`` are rules that it may be made of. Raises Malformed where there is nothing to look at,
    or too much of it.
    """
    samples, lines = sorted(samples, key=lambda s: s.at), sorted(lines, key=lambda x: x.at)
    if len(samples) + len(lines) > INPUT_MOST:
        remedy = f"send at most {INPUT_MOST}"
        raise Malformed("samples", f"are {len(samples) + len(lines)}", remedy)
    moments = [*(one.at for one in samples), *(one.at for one in lines)]
    if not moments:
        raise Malformed("samples", "are none", "send samples or lines")
    since, until = min(moments), max(moments)
    if (until - since) // tick_ms > STEPS_MOST:
        remedy = f"send at most {STEPS_MOST * tick_ms // DAY_MS or 1} d at once"
        raise Malformed("samples", "lie too far apart", remedy)
    values: list[Value] = []
    left_out = 0

    def seen(series: Series, at: int, value: float) -> None:
        nonlocal left_out
        if len(values) < VALUES_MOST:
            values.append(Value(series, at, value))
        else:
            left_out += 1

    running = [*(one for one in others if one.rule_id != rule.rule_id), _active(rule)]
    watched = (rule.rule_id, seen)
    machine = Machine(running, since, (), new_detector, gap_ms=_FOREVER, watched=watched)
    spans = _spans(machine, rule.rule_id, samples, lines, since, until, tick_ms)
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


def _active(rule: AlertRule) -> AlertRule:
    return rule if rule.is_active else replace(rule, is_active=True)


def _spans(
    machine: Machine,
    rule_id: str,
    samples: Sequence[Sample],
    lines: Sequence[Line],
    since: int,
    until: int,
    tick_ms: int,
) -> list[Span]:
    """The machine stepped through all of it; what fired, in the order in which it began."""
    open_: dict[Series, int] = {}
    spans: list[Span] = []
    at_sample = at_line = 0
    # One step more, so that what is due at the end is seen.
    for now in range(since, until + 2 * tick_ms, tick_ms):
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

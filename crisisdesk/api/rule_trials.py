"""What a rule would have done, as the test bench tells it."""

from __future__ import annotations

from crisisdesk.api.schemas import Out, Time
from crisisdesk.api.times import iso, iso_or_none
from crisisdesk.domain.detection.rule import AlertRule
from crisisdesk.domain.detection.rule_words import condition_words
from crisisdesk.domain.detection.trial import Trial, noise_of


class SpanOut(Out):
    """From when until when it would have fired; ``until`` is null where it still does at the
    end, ``value`` where nothing was compared."""

    series: str
    labels: dict[str, str]
    since: Time
    until: Time | None
    value: float | None
    why: str


class ValueOut(Out):
    """What was compared at a moment; null for what is no finite number."""

    series: str
    at: Time
    value: float | None


class TrialOut(Out):
    """What a rule would have done. ``flaps`` counts spans that began within 10 min of the end of
    the one before; ``longest_s`` and ``total_s`` are how long the longest and all of them lasted;
    of ``values`` only the first 2000 are told."""

    words: str
    since: Time
    until: Time
    spans: list[SpanOut]
    alerts_a_day: float
    flaps: int
    longest_s: int
    total_s: int
    values: list[ValueOut]
    values_left_out: int
    problems: list[str]


def trial_out(rule: AlertRule, trial: Trial) -> TrialOut:
    """What came of a trial, as it is told."""
    noise = noise_of(trial)
    return TrialOut(
        words=condition_words(rule.conditions),
        since=iso(trial.since),
        until=iso(trial.until),
        spans=[
            SpanOut(
                series=str(span.series),
                labels=dict(span.series.labels),
                since=iso(span.since),
                until=iso_or_none(span.until),
                value=_finite(span.value),
                why=span.why,
            )
            for span in trial.spans
        ],
        alerts_a_day=round(trial.alerts_a_day, 2),
        flaps=trial.flaps,
        longest_s=noise.longest_ms // 1_000,
        total_s=noise.total_ms // 1_000,
        values=[
            ValueOut(series=str(v.series), at=iso(v.at), value=_finite(v.value))
            for v in trial.values
        ],
        values_left_out=trial.values_left_out,
        problems=list(trial.problems),
    )


def _finite(value: float | None) -> float | None:
    return value if value is not None and value - value == 0.0 else None

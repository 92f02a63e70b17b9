"""What a station has kept of a rule's series and logs, for trying the rule on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from crisisdesk.domain.detection.conditions import (
    Composite,
    Condition,
    Lines,
    Measured,
    RuleRef,
    selects,
)
from crisisdesk.domain.detection.reading import Line
from crisisdesk.domain.detection.rule import AlertRule
from crisisdesk.domain.detection.series import Sample, Series
from crisisdesk.domain.detection.trial_input import Given, metrics_of
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.patterns import compiled

SERIES_MOST = 200
KEPT_MOST = 50_000
# In these steps (ms) more is looked at than there is room for as it was kept.
COARSE_MS = 60_000


class Spanned(Protocol):
    """What came of one span of time of a series; ``at`` is UTC ms."""

    @property
    def at(self) -> int: ...
    @property
    def last(self) -> float: ...


class Recorded(Protocol):
    """The reading half of a store of samples."""

    def known(self, source_id: str = "") -> list[Series]:
        """The series that have samples, of one source or of all, in order."""

    def between(
        self, series: Series, since: int, until: int, step_ms: int = 0
    ) -> Sequence[Spanned]:
        """What is kept of [since, until), oldest first, in spans of ``step_ms`` (0: as it is)."""

    def lines(self, since: int, until: int, name: str = "", limit: int = 1000) -> list[Line]:
        """The newest ``limit`` lines of [since, until), of one log or of all, oldest first."""


def recorded(
    store: Recorded,
    rule: AlertRule,
    since: int,
    until: int,
    *,
    others: Sequence[AlertRule] = (),
    most: int = KEPT_MOST,
) -> Given:
    """What was kept of the series and logs that a rule, and ``others`` it is made of, look at.

    Samples count by the last value of each span; where they are more than ``most``, by that of
    each minute. Blocking. Raises Malformed where there is nothing, or too much of it.
    """
    rules = [rule, *others]
    samples = _samples(store, rules, since, until, most)
    lines = _lines(store, rules, since, until, most)
    if not samples and not lines:
        what = _words([one.conditions for one in rules])
        raise Malformed("samples", f"were not kept of {what}", "send samples or CSV to try it on")
    return Given(samples=tuple(samples), lines=tuple(lines))


def _samples(
    store: Recorded, rules: Sequence[AlertRule], since: int, until: int, most: int
) -> list[Sample]:
    found: dict[Series, None] = {}
    for rule in rules:
        measured = _measured(rule.conditions)
        for one in store.known(rule.metric_source) if measured else ():
            labels = dict(one.labels)
            if any(c.metric == one.metric and selects(c, labels) for c in measured):
                found[one] = None
    if len(found) > SERIES_MOST:
        remedy = f"name a source or labels for at most {SERIES_MOST}"
        raise Malformed("samples", f"were kept of {len(found)} series", remedy)
    for step_ms in (0, COARSE_MS):
        samples: list[Sample] = []
        for one in found:
            samples += [
                Sample(one, b.at, b.last) for b in store.between(one, since, until, step_ms)
            ]
            if len(samples) > most:
                break
        else:
            return samples
    raise Malformed("samples", f"are more than {most}", "choose a shorter span")


def _lines(
    store: Recorded, rules: Sequence[AlertRule], since: int, until: int, most: int
) -> list[Line]:
    wanted = [one for rule in rules for one in _looking(rule.conditions)]
    if not wanted:
        return []
    names = [compiled(one.log) if one.log else None for one in wanted]
    # The newest; what came before them is not there to be looked at.
    kept = store.lines(since, until, limit=most)
    return [
        line for line in kept if any(name is None or name.fullmatch(line.name) for name in names)
    ]


def _measured(condition: Condition) -> list[Measured]:
    if isinstance(condition, Composite):
        inner = (one for one in condition.of if not isinstance(one, RuleRef))
        return [found for one in inner for found in _measured(one)]
    return [] if isinstance(condition, Lines) else [condition]


def _looking(condition: Condition) -> list[Lines]:
    if isinstance(condition, Composite):
        inner = (one for one in condition.of if not isinstance(one, RuleRef))
        return [found for one in inner for found in _looking(one)]
    return [condition] if isinstance(condition, Lines) else []


def _words(conditions: Sequence[Condition]) -> str:
    metrics = sorted({name for one in conditions for name in metrics_of(one)})
    logs = any(_looking(one) for one in conditions)
    return ", ".join([*metrics, *(["lines of logs"] if logs else [])]) or "what it is made of"

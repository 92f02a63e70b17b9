"""Which rules watch a series: the limits that its values are held against, where they are judged
by their own past, and under which keys alerts of it may stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from crisisdesk.domain.detection.conditions import (
    NONE,
    OPS,
    Absence,
    Anomaly,
    Composite,
    Condition,
    RuleRef,
    Threshold,
    selects,
)
from crisisdesk.domain.detection.rule import AlertRule, key_of
from crisisdesk.domain.detection.series import Series
from crisisdesk.domain.detection.watching import group_of


class Limit(NamedTuple):
    """A value that a rule compares the series' own values with. It holds where value ``op``
    ``value`` for ``for_ms``, and is over where not value ``op`` ``clear``. ``alone`` is False where
    other conditions must hold too."""

    rule_id: str
    rule: str
    severity: str
    op: str
    value: float
    clear: float
    alone: bool = True
    for_ms: int = 0

    def holds(self, value: float) -> bool:
        """Whether this value is beyond it."""
        return OPS[self.op](value, self.value)


class Unusual(NamedTuple):
    """A rule that judges the series by its own past. ``low`` and ``high`` are the known bounds of
    its values, both None where nobody knows them."""

    rule_id: str
    rule: str
    severity: str
    score: float
    low: float | None
    high: float | None


class Watchers(NamedTuple):
    """``others`` are the names of rules that look at what is made of the series (its growth, a sum,
    its absence, what others have too); ``keys`` are those of alerts, of rules that stand and of
    such that are gone."""

    limits: tuple[Limit, ...] = ()
    unusual: tuple[Unusual, ...] = ()
    others: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


NOBODY = Watchers()


def watchers_of(
    series: Series, standing: Sequence[AlertRule], ever: Iterable[AlertRule] = ()
) -> Watchers:
    """Who watches this series. ``standing`` are the rules in force, switched off or not; ``ever``
    every version of any, withdrawn ones too: of those only the keys count."""
    labels = dict(series.labels)
    limits: list[Limit] = []
    unusual: list[Unusual] = []
    others: dict[str, None] = {}
    for rule in standing:
        if not rule.is_active:
            continue
        for condition, alone in _own_conditions(rule):
            if not _is_about(rule, condition, series, labels):
                continue
            if isinstance(condition, Anomaly) and alone:
                unusual.append(_unusual(rule, condition))
            elif isinstance(condition, Threshold) and _is_plain(rule, condition):
                limits.append(_limit(rule, condition, alone=alone))
            else:
                others[rule.name] = None
    limits.sort(key=lambda one: (one.value, one.rule, one.rule_id))
    return Watchers(tuple(limits), tuple(unusual), tuple(others), _keys(series, standing, ever))


def _own_conditions(rule: AlertRule) -> list[tuple[Condition, bool]]:
    """The conditions that stand in the rule itself, and whether each is enough to fire."""
    whole = rule.conditions
    if not isinstance(whole, Composite):
        return [(whole, True)]
    return [(one, False) for one in whole.of if not isinstance(one, RuleRef)]


def _is_about(
    rule: AlertRule, condition: Condition, series: Series, labels: Mapping[str, str]
) -> bool:
    return (
        isinstance(condition, Threshold | Absence | Anomaly)
        and condition.metric == series.metric
        and rule.metric_source in ("", series.source_id)
        and selects(condition, labels)
    )


def _is_plain(rule: AlertRule, condition: Threshold) -> bool:
    """Whether it is the value itself that is compared, and being beyond it is what is feared."""
    feared = not (isinstance(rule.conditions, Composite) and rule.conditions.mode == NONE)
    return feared and not condition.aggregate and not condition.rate_ms


def _limit(rule: AlertRule, c: Threshold, *, alone: bool) -> Limit:
    return Limit(rule.rule_id, rule.name, rule.severity, c.op, c.value, c.clear, alone, c.for_ms)


def _unusual(rule: AlertRule, c: Anomaly) -> Unusual:
    return Unusual(rule.rule_id, rule.name, rule.severity, c.score, c.low, c.high)


def _keys(
    series: Series, standing: Sequence[AlertRule], ever: Iterable[AlertRule]
) -> tuple[str, ...]:
    every = [*standing, *ever]
    versions: dict[str, list[AlertRule]] = {}
    for rule in every:
        versions.setdefault(rule.rule_id, []).append(rule)
    found: dict[str, None] = {}
    labels = dict(series.labels)
    for rule in every:
        for told in _told_as(rule, series, labels, versions):
            found[key_of(rule.rule_id, told)] = None
    return tuple(found)


def _told_as(
    rule: AlertRule,
    series: Series,
    labels: Mapping[str, str],
    versions: Mapping[str, Sequence[AlertRule]],
) -> list[Series]:
    """Of what an alert speaks that this rule makes of the series."""
    c = rule.conditions
    if isinstance(c, Composite):
        if not _concerns(rule, series, labels, versions, set()):
            return []
        equal = group_of(series, c.equal)
        return [Series("", "", equal)] if len(equal) == len(c.equal) else []
    if not _is_about(rule, c, series, labels):
        return []
    if isinstance(c, Threshold) and c.aggregate:
        return [Series("", c.metric, group_of(series, c.by))]
    if isinstance(c, Absence):
        equal = tuple(sorted((m.name, m.value) for m in c.where if m.op == "=" and m.value))
        return [series, Series("", c.metric, equal)]
    return [series]


def _concerns(
    rule: AlertRule,
    series: Series,
    labels: Mapping[str, str],
    versions: Mapping[str, Sequence[AlertRule]],
    seen: set[str],
) -> bool:
    """Whether the series is behind anything that this rule looks at."""
    if any(_is_about(rule, one, series, labels) for one, _alone in _own_conditions(rule)):
        return True
    for needed in rule.needs():
        if needed in seen:
            continue
        seen.add(needed)
        if any(_concerns(one, series, labels, versions, seen) for one in versions.get(needed, ())):
            return True
    return False

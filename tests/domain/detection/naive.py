"""What rules mean, written plainly a second time: all that ever came is looked at again each time.

Slow and without any state but what came; `crisisdesk.domain.detection.machine` must say the same.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from crisisdesk.domain.detection.conditions import (
    Absence,
    Composite,
    Lines,
    RuleRef,
    Threshold,
)
from crisisdesk.domain.detection.reading import Line
from crisisdesk.domain.detection.rule import AlertRule
from crisisdesk.domain.detection.series import Sample, Series

from tests.domain.detection.naive_lines import found

STALE = 300_000
AHEAD = 300_000
Told = tuple[str, Series, bool, int]
# (when, value): a value of a series, or None: time has passed.
Moment = tuple[int, float | None]


def compare(value: float, op: str, bound: float) -> bool:
    """What a comparison means."""
    return {
        ">": value > bound,
        ">=": value >= bound,
        "<": value < bound,
        "<=": value <= bound,
        "==": value == bound,
        "!=": value != bound,
    }[op]


def run_of(values: Sequence[tuple[int, float]], wanted: object) -> int | None:
    """Since when all of the last values were wanted, without a gap among them."""
    start = None
    for number in range(len(values) - 1, -1, -1):
        at, value = values[number]
        if not wanted(value):  # type: ignore[operator]
            break
        if number + 1 < len(values) and values[number + 1][0] - at > STALE:
            break
        start = at
    return start


def phases(moments: Sequence[Moment], c: Threshold, began: int) -> list[tuple[bool, int]]:
    """When it began to fire and ended, out of everything that is known of a series."""
    told: list[tuple[bool, int]] = []
    values: list[tuple[int, float]] = []
    firing = False
    for at, value in moments:
        if value is not None:
            values.append((at, value))
        if not values:
            continue
        quiet = at - values[-1][0]
        if quiet > STALE:
            if firing and at - max(values[-1][0], began) >= c.forget_ms:
                firing = False
                told.append((False, at))
            if not firing:
                # Whatever comes late: a wait of which nothing was heard so long begins anew.
                values.clear()
            continue
        if firing:
            good = run_of(values, lambda v: not _still(c, v))
            if good is not None and at - good >= c.clear_ms:
                firing = False
                told.append((False, at))
        else:
            bad = run_of(values, lambda v: compare(v, c.op, c.value))
            if bad is not None and at - bad >= c.for_ms:
                firing = True
                told.append((True, at))
    return told


def _still(c: Threshold, value: float) -> bool:
    return compare(value, c.op, c.value) or compare(value, c.op, c.clear)


def growth(samples: Sequence[tuple[int, float]], c: Threshold) -> float | None:
    """How much the newest samples grew within the span."""
    finite = [(at, v) for at, v in samples if math.isfinite(v)]
    if not finite or not math.isfinite(samples[-1][1]):
        return None
    last = finite[-1][0]
    inside = [(at, v) for at, v in finite if last - at <= c.rate_ms]
    if len(inside) < 2:
        return None
    total = 0.0
    for (_, before), (_, after) in pairwise(inside):
        fell = after < before and c.rate_of == "counter"
        total += after if fell else after - before
    per = 1_000 if c.rate_per == "second" else 60_000
    return total * per / (inside[-1][0] - inside[0][0])


def whole(kind: str, values: Sequence[float]) -> float:
    """Several values as one."""
    total = 0.0
    for value in values:
        total += value
    if kind == "sum":
        return total
    if kind == "avg":
        return total / len(values)
    if kind == "count":
        return float(len(values))
    known = sorted(value for value in values if not math.isnan(value))
    if not known:
        return math.nan
    return known[0] if kind == "min" else known[-1]


@dataclass
class Leaf:
    """One condition and everything that came for it."""

    rule_id: str
    condition: Threshold | Absence | Lines
    began: int
    moments: dict[Series, list[Moment]] = field(default_factory=dict)
    raw: dict[Series, list[tuple[int, float]]] = field(default_factory=dict)
    fresh: dict[Series, tuple[Series, ...]] = field(default_factory=dict)
    lines: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    told: dict[Series, list[tuple[bool, int]]] = field(default_factory=dict)

    def firing(self) -> set[Series]:
        """For what it holds now."""
        return {s for s, told in self.told.items() if told and told[-1][0]}

    def about(self, series: Series) -> bool:
        """Whether a sample concerns it."""
        c = self.condition
        if isinstance(c, Lines) or c.metric != series.metric:
            return False
        labels = dict(series.labels)
        return all(m.accepts(labels.get(m.name, "")) for m in c.where)


def group(series: Series, names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The labels of these names."""
    return tuple(sorted((n, v) for n, v in series.labels if n in set(names)))


class Naive:
    """The same calls as the machine's."""

    def __init__(self, rules: Sequence[AlertRule], now: int) -> None:
        self.rules = rules
        self.began = now
        self.newest: dict[Series, int] = {}
        self.leaves: dict[str, list[Leaf]] = {}
        self.combined: dict[str, dict[tuple[tuple[str, str], ...], list[tuple[int, bool]]]] = {}
        self.combined_told: dict[str, dict[Series, list[tuple[bool, int]]]] = {}
        for rule in rules:
            c = rule.conditions
            if isinstance(c, Composite):
                inner = [one for one in c.of if not isinstance(one, RuleRef)]
                self.leaves[rule.rule_id] = [
                    Leaf(rule.rule_id, one, now)  # type: ignore[arg-type]
                    for one in inner
                ]
            else:
                self.leaves[rule.rule_id] = [Leaf(rule.rule_id, c, now)]  # type: ignore[arg-type]

    def step(self, samples: Sequence[Sample], lines: Sequence[Line], now: int) -> list[Told]:
        """What begins and ends."""
        before = self._all()
        touched: set[tuple[int, Series]] = set()
        for series, at, value in sorted(samples, key=lambda s: s.at):
            if at <= self.newest.get(series, -1) or at > now + AHEAD:
                continue
            self.newest[series] = at
            for leaf in self._leaves():
                if leaf.about(series):
                    self._sample(leaf, series, at, value, touched)
        for line in sorted(lines, key=lambda x: x.at):
            for leaf in self._leaves():
                if isinstance(leaf.condition, Lines) and re.fullmatch(
                    leaf.condition.log or ".*", line.name
                ):
                    kept = leaf.lines.setdefault(line.name, [])
                    newest = kept[-1][0] if kept else 0
                    kept.append((max(min(line.at, now), newest), line.text))
        for leaf in self._leaves():
            self._turn(leaf, now, touched)
        for rule in self.rules:
            if isinstance(rule.conditions, Composite):
                self._combine(rule, rule.conditions, now)
        return sorted((self._all() - before).elements())

    def _leaves(self) -> Iterable[Leaf]:
        for leaves in self.leaves.values():
            yield from leaves

    def _all(self) -> Counter[Told]:
        every: Counter[Told] = Counter()
        for rule in self.rules:
            if isinstance(rule.conditions, Composite):
                told = self.combined_told.get(rule.rule_id, {})
            else:
                told = self.leaves[rule.rule_id][0].told
            every.update((rule.rule_id, s, *one) for s, many in told.items() for one in many)
        return every

    def _sample(
        self, leaf: Leaf, series: Series, at: int, value: float, touched: set[tuple[int, Series]]
    ) -> None:
        c = leaf.condition
        if isinstance(c, Absence):
            leaf.moments.setdefault(series, []).append((at, value))
            leaf.moments.setdefault(expected(c), []).append((at, value))
            return
        assert isinstance(c, Threshold)
        raw = leaf.raw.setdefault(series, [])
        raw.append((at, value))
        made: float | None = growth(raw, c) if c.rate_ms else value
        if made is None:
            return
        if not c.aggregate:
            leaf.moments.setdefault(series, []).append((at, made))
            return
        of = Series("", c.metric, group(series, c.by))
        leaf.moments.setdefault(of, [])
        leaf.raw.setdefault(Series("made", series.metric, series.labels), []).append((at, made))
        touched.add((id(leaf), of))

    def _turn(self, leaf: Leaf, now: int, touched: set[tuple[int, Series]]) -> None:
        c = leaf.condition
        if isinstance(c, Absence):
            leaf.moments.setdefault(expected(c), [])
            for series, moments in leaf.moments.items():
                moments.append((now, None))
                leaf.told[series] = missing(moments, c, self.began, series == expected(c))
            return
        if isinstance(c, Lines):
            for name, kept in leaf.lines.items():
                one = Series("", "log", (("log", name),) if name else ())
                leaf.moments.setdefault(one, []).append((now, float(len(kept))))
                leaf.told[one] = found(kept, leaf.moments[one], c)
            return
        for series, moments in leaf.moments.items():
            if c.aggregate:
                self._whole(leaf, c, series, now, touched)
            moments.append((now, None))
            leaf.told[series] = phases(moments, c, self.began)

    def _whole(
        self, leaf: Leaf, c: Threshold, of: Series, now: int, touched: set[tuple[int, Series]]
    ) -> None:
        members = {
            s: raw[-1]
            for s, raw in leaf.raw.items()
            if s.source_id == "made" and group(s, c.by) == of.labels
        }
        fresh = {s: value for s, (at, value) in members.items() if now - at <= STALE}
        before = leaf.fresh.get(of, ())
        leaf.fresh[of] = tuple(fresh)
        if fresh and ((id(leaf), of) in touched or set(before) != set(fresh)):
            leaf.moments[of].append((now, whole(c.aggregate, list(fresh.values()))))

    def _combine(self, rule: AlertRule, c: Composite, now: int) -> None:
        groups = self.combined.setdefault(rule.rule_id, {})
        inner = iter(self.leaves[rule.rule_id])
        members = []
        known: set[tuple[tuple[str, str], ...]] = set(groups)
        for one in c.of:
            if isinstance(one, RuleRef):
                there = self.leaves[one.rule_id][0]
            else:
                there = next(inner)
            members.append({self._labels(s, c) for s in there.firing()})
            if c.mode == "none":
                known |= {self._labels(s, c) for s in self._seen(there)}
            known |= members[-1]
        for labels in known - {()} if c.equal else known:
            count = sum(labels in held for held in members)
            holds = {
                "all": count == len(members),
                "any": count >= 1,
                "none": count == 0,
                "at least": count >= c.least,
            }[c.mode]
            groups.setdefault(labels, []).append((now, holds))
        told = self.combined_told.setdefault(rule.rule_id, {})
        for labels, moments in groups.items():
            told[Series("", "", labels)] = combined(moments, c)

    def _labels(self, series: Series, c: Composite) -> tuple[tuple[str, str], ...]:
        labels = group(series, c.equal)
        return labels if len(labels) == len(c.equal) else ()

    def _seen(self, leaf: Leaf) -> Iterable[Series]:
        c = leaf.condition
        if isinstance(c, Lines):
            return [Series("", "log", (("log", n),) if n else ()) for n in leaf.lines]
        if isinstance(c, Threshold) and c.aggregate:
            return list(leaf.moments)
        return [s for s in self.newest if leaf.about(s)]


def expected(c: Absence) -> Series:
    """The series that stands for none having come at all."""
    equal = sorted((m.name, m.value) for m in c.where if m.op == "=" and m.value)
    return Series("", c.metric, tuple(equal))


def missing(
    moments: Sequence[Moment], c: Absence, began: int, is_expected: bool
) -> list[tuple[bool, int]]:
    """When samples were missing and when they came again."""
    told: list[tuple[bool, int]] = []
    newest: int | None = began if is_expected else None
    firing = False
    for at, value in moments:
        if value is not None:
            if firing:
                told.append((False, at))
            firing, newest = False, None if is_expected else at
            if is_expected:
                break
        elif not firing and newest is not None and at - max(newest, began) >= c.absent_ms:
            firing = True
            told.append((True, at))
    return told


def combined(moments: Sequence[tuple[int, bool]], c: Composite) -> list[tuple[bool, int]]:
    """When a combination began to hold and ended."""
    told: list[tuple[bool, int]] = []
    firing = False
    for number, (now, _holds) in enumerate(moments):
        wanted = not firing
        start = now
        if moments[number][1] is not wanted:
            continue
        for at, holds in reversed(moments[: number + 1]):
            if holds is not wanted:
                break
            start = at
        if now - start >= (c.clear_ms if firing else c.for_ms):
            firing = not firing
            told.append((firing, now))
    return told

"""Figures, ratios and their goals: what a round measures and what comes of all rounds."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

Figures = dict[str, float]


def percentile(values: Iterable[float], point: float) -> float:
    """Nearest-rank percentile: the smallest value with ``point`` % of all at or below it."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(point / 100 * len(ordered)) - 1)]


def latencies(name: str, seconds: Iterable[float]) -> Figures:
    """p50, p95, p99 and max in ms, under ``name``_p50_ms and so on."""
    kept = list(seconds)
    if not kept:
        return {}
    found = {f"{name}_p{p}_ms": percentile(kept, p) * 1e3 for p in (50, 95, 99)}
    return {**found, f"{name}_max_ms": max(kept) * 1e3}


def short(value: float) -> str:
    """Three significant digits, or whole numbers from 1,000 on."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{float(f'{value:.3g}'):g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How much work a round does: 1.0 for the figures in RESULTS.md, less for a look."""

    share: float = 1.0

    def of(self, full: int, least: int = 1) -> int:
        """A count of the full work, scaled."""
        return max(least, round(full * self.share))


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """One promise: figure ``ours`` over figure ``anchor`` (or alone) against a bound.

    ``row`` is its name in the table. Exactly one of ``at_least`` and ``at_most`` is set. A run that
    breaks one that ``must`` be kept fails.
    """

    row: str
    ours: str
    anchor: str = ""
    at_least: float | None = None
    at_most: float | None = None
    must: bool = False

    @property
    def bound(self) -> str:
        """The bound in words."""
        sign, value = (">=", self.at_least) if self.at_most is None else ("<=", self.at_most)
        return f"{sign} {short(value or 0.0)}{'x' if self.anchor else ''}"

    def met_by(self, value: float) -> bool:
        """Whether a ratio (or the figure itself) keeps the promise."""
        if self.at_least is not None:
            return value >= self.at_least
        return self.at_most is not None and value <= self.at_most


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A goal with the medians over all rounds; ``value`` is the median of the rounds' ratios."""

    goal: Goal
    ours: float
    anchor: float | None
    value: float
    spread: tuple[float, float]

    @property
    def met(self) -> bool:
        """Whether the median keeps the promise."""
        return self.goal.met_by(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """``measure`` does one round, A and B in turn, and returns every figure of both.

    ``more`` makes of the rounds' figures a table of those that have no goal; "" for none.
    """

    name: str
    measure: Callable[[Scale], Figures]
    goals: tuple[Goal, ...]
    more: Callable[[Sequence[Figures]], str] = lambda _rounds: ""


def judge(goals: Iterable[Goal], rounds: Sequence[Mapping[str, float]]) -> list[Verdict]:
    """Medians of the rounds' ratios; a goal whose figures no round has is a KeyError."""
    verdicts = []
    for goal in goals:
        ours = [r[goal.ours] for r in rounds]
        anchors = [r[goal.anchor] for r in rounds] if goal.anchor else []
        values = [_over(r[goal.ours], r[goal.anchor]) for r in rounds] if anchors else ours
        verdicts.append(
            Verdict(
                goal=goal,
                ours=median(ours),
                anchor=median(anchors) if anchors else None,
                value=median(values),
                spread=(min(values), max(values)),
            )
        )
    return verdicts


def _over(ours: float, anchor: float) -> float:
    """The ratio; a tiny run may take no measurable CPU, and over nothing everything is endless."""
    return ours / anchor if anchor else math.inf


def table(verdicts: Iterable[Verdict]) -> str:
    """A Markdown table, one line a goal."""
    lines = [
        "| what | CrisisDesk | beside | median | min - max | goal | met |",
        "|---|---|---|---|---|---|---|",
    ]
    for v in verdicts:
        beside = "-" if v.anchor is None else f"{short(v.anchor)} ({v.goal.anchor})"
        unit = "x" if v.goal.anchor else ""
        lines.append(
            f"| {v.goal.row} | {short(v.ours)} | {beside} | {short(v.value)}{unit} "
            f"| {short(v.spread[0])} - {short(v.spread[1])} | {v.goal.bound} "
            f"| {'yes' if v.met else '**no**'} |"
        )
    return "\n".join(lines)

"""All rules at work: samples and lines in, what begins to fire and what ends out.

Deterministic: the same rules, calls and times give the same transitions. Of a series the newest
sample counts; one that is not newer than what is known says nothing. Costs of a sample: finding
what it means for plain comparisons takes two bisections however many rules look at the series;
only what holds is kept for each series and rule.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from math import inf, nextafter
from operator import attrgetter
from typing import Any, NamedTuple

from crisisdesk.domain.detection.absence import AbsenceLeaf
from crisisdesk.domain.detection.composing import CompositeLeaf
from crisisdesk.domain.detection.conditions import (
    Absence,
    Anomaly,
    Composite,
    Lines,
    RuleRef,
    Threshold,
    selects,
)
from crisisdesk.domain.detection.leaves import (
    Leaf,
    NewDetector,
    Seen,
    TrackedLeaf,
    ValueLeaf,
)
from crisisdesk.domain.detection.log_lines import LinesLeaf
from crisisdesk.domain.detection.reading import Line
from crisisdesk.domain.detection.rule import AlertRule
from crisisdesk.domain.detection.series import Sample, Series
from crisisdesk.domain.detection.watching import STALE_MS, Transition

# So many series are known at once; one that came later is left out until others are forgotten.
KNOWN_MOST = 50_000
# A series without samples for this long is forgotten.
FORGET_MS = 3_600_000
# A sample so far ahead of the clock says nothing of now.
AHEAD_MS = 300_000
# Who did not look for longer than this does not miss what was to be seen meanwhile.
GAP_MS = 60_000

_when = attrgetter("at")


class _Route:
    """What looks at series of one kind: plain comparisons in order of their bounds, and others."""

    __slots__ = ("fixed", "high_leaves", "highs", "low_leaves", "lows", "tracked")

    def __init__(self, leaves: Iterable[Any], *, plainly: bool) -> None:
        above, below = [], []
        self.fixed: list[ValueLeaf] = []
        self.tracked: list[TrackedLeaf | AbsenceLeaf] = []
        for number, leaf in enumerate(leaves):
            if not isinstance(leaf, ValueLeaf) or isinstance(leaf, TrackedLeaf):
                self.tracked.append(leaf)
            elif not plainly or not isinstance(leaf.condition, Threshold):
                self.fixed.append(leaf)
            elif leaf.condition.op in (">", ">="):
                bound = leaf.condition.value
                above.append(
                    (bound if leaf.condition.op == ">" else nextafter(bound, -inf), number, leaf)
                )
            elif leaf.condition.op in ("<", "<="):
                bound = leaf.condition.value
                below.append(
                    (bound if leaf.condition.op == "<" else nextafter(bound, inf), number, leaf)
                )
            else:
                self.fixed.append(leaf)
        above.sort()
        below.sort()
        self.lows = [bound for bound, _number, _leaf in above]
        self.low_leaves = [leaf for _bound, _number, leaf in above]
        self.highs = [bound for bound, _number, _leaf in below]
        self.high_leaves = [leaf for _bound, _number, leaf in below]


class _Known:
    """One series: when its newest sample was, what looks at it, and what waits or fires for it."""

    __slots__ = ("active", "at", "route")

    def __init__(self, at: int, route: _Route) -> None:
        self.at = at
        self.route = route
        self.active: dict[ValueLeaf, None] = {}


class _Placed(NamedTuple):
    """A rule at work: its conditions, those within it, and when it began."""

    rule: AlertRule
    leaf: Leaf
    inner: tuple[Leaf, ...]
    began: int


class Machine:
    """The rules of one station at work. ``told`` are the keys of alerts of rules that are open.

    ``watched`` names a rule and is told every value that its conditions compare (test bench).
    """

    def __init__(
        self,
        rules: Sequence[AlertRule],
        now: int,
        told: Collection[str] = (),
        new_detector: NewDetector | None = None,
        *,
        gap_ms: int = GAP_MS,
        watched: tuple[str, Seen] | None = None,
    ) -> None:
        self._new_detector = new_detector
        self._gap_ms = gap_ms
        self._watched = watched
        self._placed: dict[str, _Placed] = {}
        self._known: dict[Series, _Known] = {}
        self._routes: dict[tuple[int, ...], _Route] = {}
        self._by_metric: dict[str, list[tuple[str, Any]]] = {}
        self._lines: list[LinesLeaf] = []
        self._order: list[Leaf] = []
        self._now = now
        self._awake_from = now
        self._swept_at = now
        self._crowded = False
        self.replace(rules, now, told)

    def replace(self, rules: Sequence[AlertRule], now: int, told: Collection[str] = ()) -> None:
        """Let these rules run from now on; one whose version stays goes on where it was.

        A rule whose members changed begins anew with them.
        """
        before, self._placed = self._placed, {}
        open_of: dict[str, list[str]] = {}
        for key in told:
            open_of.setdefault(key.rpartition(":")[0], []).append(key)
        for rule in _in_order([r for r in rules if r.is_active]):
            kept = before.get(rule.rule_id)
            same = kept is not None and kept.rule == rule
            if same and all(self._is_kept(before, name) for name in rule.needs()):
                self._placed[rule.rule_id] = kept  # type: ignore[assignment]
            else:
                self._place(rule, now, open_of.get(rule.rule_id, ()))
        self._arrange()

    def _is_kept(self, before: dict[str, _Placed], rule_id: str) -> bool:
        return self._placed.get(rule_id) is before.get(rule_id)

    def _place(self, rule: AlertRule, now: int, told: Collection[str]) -> None:
        condition = rule.conditions
        if not isinstance(condition, Composite):
            leaf = self._leaf(rule.rule_id, condition, now, told)
            self._placed[rule.rule_id] = _Placed(rule, leaf, (), now)
            return
        members: list[Leaf] = []
        inner: list[Leaf] = []
        for one in condition.of:
            if not isinstance(one, RuleRef):
                inner.append(self._leaf(rule.rule_id, one, now, ()))
                members.append(inner[-1])
            elif one.rule_id in self._placed:
                members.append(self._placed[one.rule_id].leaf)
        # One that needs a rule which does not run does not run either.
        if len(members) == len(condition.of):
            whole = CompositeLeaf(rule.rule_id, condition, told, members, now)
            self._placed[rule.rule_id] = _Placed(rule, whole, tuple(inner), now)

    def _leaf(self, rule_id: str, condition: Any, now: int, told: Collection[str]) -> Leaf:
        leaf: Leaf
        if isinstance(condition, Lines):
            leaf = LinesLeaf(rule_id, condition, told)
        elif isinstance(condition, Absence):
            leaf = AbsenceLeaf(rule_id, condition, told, now)
        elif isinstance(condition, Anomaly) or condition.aggregate or condition.rate_ms:
            leaf = TrackedLeaf(rule_id, condition, told, self._new_detector)
        else:
            leaf = ValueLeaf(rule_id, condition, told)
        if self._watched is not None and rule_id == self._watched[0]:
            leaf.on_value = self._watched[1]
        return leaf

    def _arrange(self) -> None:
        """Who looks at which metric and in which order they are turned; routes are made anew."""
        self._by_metric, self._lines, self._order = {}, [], []
        for placed in self._placed.values():
            source = placed.rule.metric_source
            for leaf in (*placed.inner, placed.leaf):
                self._order.append(leaf)
                if isinstance(leaf, LinesLeaf):
                    self._lines.append(leaf)
                elif isinstance(leaf, ValueLeaf | AbsenceLeaf):
                    metric = leaf.condition.metric
                    self._by_metric.setdefault(metric, []).append((source, leaf))
        self._routes = {}
        for leaf in self._order:
            leaf.known = []
        for leaf in self._order:
            if isinstance(leaf, CompositeLeaf):
                leaf.listen()
        running = set(map(id, self._order))
        for series, known in self._known.items():
            known.route = self._route_of(series)
            known.active = {leaf: None for leaf in known.active if id(leaf) in running}
            self._introduce(series, known)

    def _route_of(self, series: Series) -> _Route:
        labels = dict(series.labels)
        leaves = [
            leaf
            for source, leaf in self._by_metric.get(series.metric, ())
            if source in ("", series.source_id) and selects(leaf.condition, labels)
        ]
        key = tuple(map(id, leaves))
        route = self._routes.get(key)
        if route is None:
            route = self._routes[key] = _Route(leaves, plainly=self._watched is None)
        return route

    # -- step ------------------------------------------------------------------------------------

    def step(self, samples: Iterable[Sample], lines: Iterable[Line], now: int) -> list[Transition]:
        """What came since the last step, in any order, and that it is ``now`` (UTC ms).

        What begins and ends, in the order in which it did.
        """
        if not 0 <= now - self._now <= self._gap_ms:
            self._awake_from = now
        self._now = now
        self._take(samples, now)
        for line in sorted(lines, key=_when):
            at = min(line.at, now)
            for looking in self._lines:
                looking.follow(line.name, at, line.text)
        for leaf in self._order:
            leaf.turn(now, self._awake_from)
        if now - self._swept_at >= STALE_MS or now < self._swept_at:
            self._sweep(now)
        return self._told()

    def _take(self, samples: Iterable[Sample], now: int) -> None:
        known_of = self._known
        most = now + AHEAD_MS
        for series, at, value in sorted(samples, key=_when):
            known = known_of.get(series)
            if known is None:
                if at > most or (known := self._meet(series, at)) is None:
                    continue
            elif at <= known.at:
                if known.at <= most:
                    continue
                # The clock was set back: the series begins anew, whatever came before.
            elif at > most:
                continue
            known.at = at
            _spread(known, series, at, value)

    def _meet(self, series: Series, at: int) -> _Known | None:
        """A series is seen for the first time."""
        if len(self._known) >= KNOWN_MOST:
            self._crowded = True
            return None
        known = self._known[series] = _Known(at, self._route_of(series))
        self._introduce(series, known)
        return known

    def _introduce(self, series: Series, known: _Known) -> None:
        """Let whoever looks at a series know that there is one, and take up what is open of it."""
        route = known.route
        for leaf in (*route.low_leaves, *route.high_leaves):
            if leaf.adopt(series, known.at):
                known.active[leaf] = None
        for other in (*route.fixed, *route.tracked):
            if isinstance(other, ValueLeaf):
                other.adopt(series, known.at)
        for one in (*route.low_leaves, *route.high_leaves, *route.fixed, *route.tracked):
            if one.by_series:
                for tell in one.known:
                    tell(series)

    def _sweep(self, now: int) -> None:
        """Forget the series that give no samples any more."""
        self._swept_at = now
        for series, known in list(self._known.items()):
            if now - known.at >= FORGET_MS:
                for leaf in known.route.tracked:
                    if isinstance(leaf, TrackedLeaf):
                        leaf.forget(series)
                del self._known[series]
        self._crowded = False

    def _told(self) -> list[Transition]:
        found: list[Transition] = []
        for placed in self._placed.values():
            found += placed.leaf.out
            placed.leaf.out.clear()
            for leaf in placed.inner:
                leaf.out.clear()
        found.sort(key=_when)
        return found

    # -- asked -----------------------------------------------------------------------------------

    @property
    def runs(self) -> frozenset[str]:
        """The ids of the rules that run."""
        return frozenset(self._placed)

    def firing(self) -> list[tuple[str, Series]]:
        """(rule id, series) of all that fires now."""
        return [
            (rule_id, series)
            for rule_id, placed in self._placed.items()
            for series in placed.leaf.firing()
        ]

    def unseen(self, now: int) -> list[str]:
        """Keys that were open when their rule began and of whose series nothing was heard since."""
        found = []
        for placed in self._placed.values():
            if not isinstance(placed.leaf, AbsenceLeaf) and now - placed.began >= FORGET_MS:
                found += sorted(placed.leaf.told)
                placed.leaf.told.clear()
        return found

    def problems(self) -> list[str]:
        """What is left out because there is too much of it, in words."""
        found = [
            f"the rule {p.rule.name} is about more series than it can watch; some are left out"
            for p in self._placed.values()
            if any(leaf.overfull for leaf in (p.leaf, *p.inner))
        ]
        if self._crowded:
            found.append(f"rules look at {KNOWN_MOST} series; those that came later are left out")
        return found


def _spread(known: _Known, series: Series, at: int, value: float) -> None:
    """What one sample means to whoever looks at its series."""
    route = known.route
    active = known.active
    # A value that is no number is on neither side of any bound.
    held = bisect_left(route.lows, value)
    if held:
        active.update(dict.fromkeys(route.low_leaves[:held]))
    rest = bisect_right(route.highs, value)
    if rest < len(route.highs):
        active.update(dict.fromkeys(route.high_leaves[rest:]))
    if active:
        known.active = {leaf: None for leaf in active if leaf.take(series, at, value)}
    for leaf in route.fixed:
        leaf.take(series, at, value)
    for other in route.tracked:
        other.follow(series, at, value)


def _in_order(rules: Sequence[AlertRule]) -> list[AlertRule]:
    """Those that others are made of first; what needs itself or what is not there comes last."""
    waiting = {rule.rule_id: rule for rule in rules}
    found: list[AlertRule] = []
    done: set[str] = set()
    while ready := [r for r in waiting.values() if done.issuperset(r.needs())]:
        for rule in ready:
            found.append(rule)
            done.add(rule.rule_id)
            del waiting[rule.rule_id]
    return found

"""The causes at hand: open alerts that keep others quiet, indexed by what they are asked for.

Each rule has groups: those of `Inhibition` by the values that must be equal, those of
`Dependencies` by service. A group knows its gravest member at once, so that asking about one alert
costs as many looks as there are rules and needed services, however many alerts are open.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.inhibition import Dependencies, Inhibition, Rule, concerns
from crisisdesk.domain.matchers import matches
from crisisdesk.domain.severity import SEVERITY_RANK

# How many causes of causes are looked at before noise wins.
LOOKED_AT = 64

Key = tuple[Any, ...]
# The gravest first, then the oldest: (-rank, detected_at, alert_id).
Weight = tuple[int, int, str]


class Kept(NamedTuple):
    """An alert is kept quiet by this one, by this rule, for at most so long at a time (ms)."""

    cause: Alert
    rule: str
    at_most_ms: int


class _Group:
    """Members by weight; what has left is dropped when it comes to the top."""

    def __init__(self) -> None:
        self.live: dict[str, Weight] = {}
        self._heap: list[Weight] = []

    def put(self, weight: Weight) -> None:
        self.live[weight[2]] = weight
        if len(self._heap) > 2 * len(self.live) + 16:
            self._heap = list(self.live.values())
            heapq.heapify(self._heap)
        else:
            heapq.heappush(self._heap, weight)

    def gravest(self) -> Weight | None:
        while self._heap and self.live.get(self._heap[0][2]) != self._heap[0]:
            heapq.heappop(self._heap)
        return self._heap[0] if self._heap else None


class Causes:
    """Follows the alerts it is told of. ``fallen`` are causes that are none any more, or less
    grave than they were, until somebody takes them out; who does may note since when (UTC ms)."""

    def __init__(self, rules: Sequence[Rule], alerts: Iterable[Alert] = ()) -> None:
        self._rules = tuple(rules)
        # The services that others need, by the rule's number.
        self._needed = [
            {n for needs in r.upstream.values() for n in needs}
            if isinstance(r, Dependencies)
            else set()
            for r in self._rules
        ]
        self._groups: dict[Key, _Group] = {}
        self._places: dict[str, tuple[Alert, tuple[Key, ...], Weight]] = {}
        self.fallen: dict[str, int | None] = {}
        if self._rules:
            for alert in alerts:
                self.keep(alert)
        self.fallen.clear()

    # -- followed --------------------------------------------------------------------------

    def keep(self, alert: Alert) -> None:
        """The alert stands like this now."""
        if not self._rules:
            return
        before = self._places.get(alert.alert_id)
        keys = self._keys(alert)
        if before is None and not keys:
            return
        weight = (-SEVERITY_RANK[alert.severity], alert.detected_at, alert.alert_id)
        if before is not None:
            _alert, old_keys, old = before
            if (old_keys, old) != (keys, weight):
                self._drop(alert.alert_id, old_keys)
            if not set(old_keys) <= set(keys) or weight[0] > old[0]:
                self.fallen[alert.alert_id] = None
            if (old_keys, old) == (keys, weight):
                self._places[alert.alert_id] = (alert, keys, weight)
                return
        if keys:
            self._places[alert.alert_id] = (alert, keys, weight)
            for key in keys:
                self._groups.setdefault(key, _Group()).put(weight)

    def forget(self, alert_id: str) -> None:
        """There is no such alert."""
        before = self._places.get(alert_id)
        if before is not None:
            self._drop(alert_id, before[1])
            self.fallen[alert_id] = None

    def _drop(self, alert_id: str, keys: Iterable[Key]) -> None:
        self._places.pop(alert_id, None)
        for key in keys:
            group = self._groups[key]
            group.live.pop(alert_id, None)
            if not group.live:
                del self._groups[key]

    def _keys(self, alert: Alert) -> tuple[Key, ...]:
        """The groups it belongs to as a cause."""
        if not alert.is_open or alert.newer_needed:
            return ()
        found: list[Key] = []
        for number, rule in enumerate(self._rules):
            if isinstance(rule, Dependencies):
                grave = SEVERITY_RANK[alert.severity] >= SEVERITY_RANK[rule.from_severity]
                if grave and alert.service in self._needed[number]:
                    found.append((number, alert.service))
            elif matches(rule.when, alert):
                both = matches(rule.keep_quiet, alert)
                found.append((number, both, *rule.shared(alert)))
        return tuple(found)

    # -- asked -----------------------------------------------------------------------------

    def knows(self, alert_id: str) -> bool:
        """Whether this alert is a cause by any rule now."""
        return alert_id in self._places

    def keeping(self, alert: Alert) -> Kept | None:
        """What keeps this alert quiet; None when nothing does.

        Whatever is kept quiet leads back, from cause to cause, to an alert that is not: where rules
        go round in a circle, all in it page.
        """
        seen = {alert.alert_id}
        return next((kept for kept in self._direct(alert) if self._stands(kept.cause, seen)), None)

    def _stands(self, cause: Alert, seen: set[str]) -> bool:
        waiting = [cause]
        while waiting and len(seen) <= LOOKED_AT:
            one = waiting.pop()
            if one.alert_id in seen:
                continue
            seen.add(one.alert_id)
            direct = self._direct(one)
            if not direct:
                return True
            waiting.extend(kept.cause for kept in reversed(direct))
        return False

    def _direct(self, alert: Alert) -> list[Kept]:
        """The gravest cause in each group that it is a consequence of, the gravest of all first."""
        found: dict[str, tuple[Weight, Rule]] = {}
        for number, rule in enumerate(self._rules):
            if not concerns(rule, alert):
                continue
            for weight in self._weights(number, rule, alert):
                found.setdefault(weight[2], (weight, rule))
        return [
            Kept(self._places[weight[2]][0], rule.name, rule.at_most_ms)
            for weight, rule in sorted(found.values(), key=lambda one: one[0])
        ]

    def _weights(self, number: int, rule: Rule, alert: Alert) -> list[Weight]:
        if isinstance(rule, Dependencies):
            least = -SEVERITY_RANK[alert.severity]
            keys: list[Key] = [(number, service) for service in rule.upstream[alert.service]]
        else:
            least = 0
            keys = self._sides(number, rule, alert)
        groups = (self._groups.get(key) for key in keys)
        weights = (group.gravest() for group in groups if group is not None)
        return [w for w in weights if w is not None and w[0] <= least]

    def _sides(self, number: int, rule: Inhibition, alert: Alert) -> list[Key]:
        """Causes that are consequences too do not keep one quiet that is both as well."""
        shared = rule.shared(alert)
        alone: Key = (number, False, *shared)
        return [alone] if matches(rule.when, alert) else [alone, (number, True, *shared)]

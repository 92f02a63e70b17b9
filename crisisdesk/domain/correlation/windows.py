"""Windows: the open alerts that began lately, by rule and group, and whether they make a candidate.

Held in memory, bounded, and the same whatever order the alerts came in. Taking an alert in costs a
few dictionary entries for each rule; looking at a group costs its members, of which few are kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.correlation.rule import CorrelationRule, Group
from crisisdesk.domain.severity import SEVERITY_RANK

ALERTS_KEPT = 5_000
GROUP_KEPT = 200

# The name of a rule, and a group of its.
Place = tuple[str, Group]


class Member(NamedTuple):
    """What is asked of an alert in a group. ``began_at`` is UTC ms, ``rank`` of its severity."""

    began_at: int
    alert_id: str
    rank: int
    severity: str
    service: str
    incident_id: str


class Windows:
    """Alerts by rule and group."""

    def __init__(self, rules: Sequence[CorrelationRule]) -> None:
        self.rules = {rule.name: rule for rule in rules}
        self._groups: dict[Place, dict[str, Member]] = {}
        self._alerts: dict[str, tuple[Alert, tuple[Place, ...]]] = {}

    def alerts(self) -> list[Alert]:
        """Those it holds, the oldest to come first."""
        return [alert for alert, _places in self._alerts.values()]

    def put(self, alert: Alert) -> tuple[Place, ...]:
        """Take an alert as it stands now; returns the groups that are to be looked at again."""
        known = self._alerts.get(alert.alert_id)
        if known is not None and _same(known[0], alert):
            return ()
        if not alert.is_open:
            return self.drop(alert.alert_id)
        left = () if known is None else self.drop(alert.alert_id)
        found = [(name, rule.group_of(alert)) for name, rule in self.rules.items()]
        places = tuple([(name, group) for name, group in found if group is not None])
        member = Member(
            alert.detected_at,
            alert.alert_id,
            SEVERITY_RANK[alert.severity],
            alert.severity,
            alert.service,
            alert.incident_id,
        )
        self._alerts[alert.alert_id] = (alert, places)
        for place in places:
            members = self._groups.setdefault(place, {})
            members[alert.alert_id] = member
            if len(members) > GROUP_KEPT:
                del members[next(iter(members))]
        if len(self._alerts) > ALERTS_KEPT:
            self.drop(next(iter(self._alerts)))
        return places if not left else tuple(dict.fromkeys((*places, *left)))

    def drop(self, alert_id: str) -> tuple[Place, ...]:
        """Forget an alert; returns the groups it was in."""
        known = self._alerts.pop(alert_id, None)
        if known is None:
            return ()
        for place in known[1]:
            members = self._groups.get(place)
            if members is not None:
                members.pop(alert_id, None)
                if not members:
                    del self._groups[place]
        return known[1]

    def members(self, place: Place, since_ms: int) -> list[Member]:
        """The alerts of a group that began after a moment, the first to begin first."""
        members = self._groups.get(place, {})
        return sorted(m for m in members.values() if m.began_at > since_ms)


def _same(before: Alert, now: Alert) -> bool:
    """Whether nothing has changed that a rule looks at: of a repeat only the count has."""
    return (
        now.is_open
        and before.detected_at == now.detected_at
        and before.severity == now.severity
        and before.incident_id == now.incident_id
        and before.service == now.service
        and before.place == now.place
        and before.title == now.title
        and before.group_key == now.group_key
        and (before.labels is now.labels or before.labels == now.labels)
    )


def first_window(rule: CorrelationRule, members: Sequence[Member]) -> list[Member]:
    """The first members near enough to each other to make a candidate; empty when none do.

    ``members`` are in the order in which they began. All within ``within_ms`` of the first one that
    is part of such a window belong to it.
    """
    first = 0
    services: Counter[str] = Counter()
    for last, member in enumerate(members):
        services[member.service] += 1
        while member.began_at - members[first].began_at > rule.within_ms:
            services[members[first].service] -= 1
            first += 1
        window = members[first : last + 1]
        if len(window) >= rule.at_least and _fits(rule, window, +services):
            opens = members[first].began_at
            return [m for m in members[first:] if m.began_at - opens <= rule.within_ms]
    return []


def _fits(rule: CorrelationRule, window: Iterable[Member], services: Counter[str]) -> bool:
    named = len(services) - ("" in services)
    if rule.at_least_services > 1 and named < rule.at_least_services:
        return False
    least = SEVERITY_RANK.get(rule.with_severity, 0)
    return any(member.rank >= least for member in window)

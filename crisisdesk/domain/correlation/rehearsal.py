"""A rule rehearsed on what has been: how often it would have proposed an incident."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.correlation.rule import CorrelationRule, Group
from crisisdesk.domain.correlation.windows import Member, first_window
from crisisdesk.domain.severity import SEVERITY_RANK

WEEK_MS = 7 * 86_400_000


class Proposal(NamedTuple):
    """What would have been proposed: its window's opening (UTC ms), group, number of alerts."""

    opened_at: int
    group: Group
    alerts: int


def played(rule: CorrelationRule, fired: Iterable[Alert]) -> list[Proposal]:
    """The proposals, oldest first, if each had been dismissed at once.

    ``fired`` are alerts as they were when they fired, in any order; one that fired again counts
    each time, once in a window.
    """
    groups: dict[Group, list[Member]] = {}
    for alert in fired:
        group = rule.group_of(alert)
        if group is not None:
            rank = SEVERITY_RANK[alert.severity]
            member = Member(
                alert.detected_at, alert.alert_id, rank, alert.severity, alert.service, ""
            )
            groups.setdefault(group, []).append(member)
    found = []
    for group, members in groups.items():
        rest = sorted(members)
        while window := first_window(rule, _once(rest, rule.within_ms)):
            opened_at = window[0].began_at
            found.append(Proposal(opened_at, group, len(window)))
            over_at = opened_at + 2 * rule.within_ms + rule.rest_ms
            rest = [member for member in rest if member.began_at > over_at]
    return sorted(found)


def _once(members: list[Member], within_ms: int) -> list[Member]:
    """Without the firings of an alert that follow one of its own too closely."""
    last: dict[str, int] = {}
    kept = []
    for member in members:
        if member.began_at - last.get(member.alert_id, member.began_at - within_ms - 1) > within_ms:
            kept.append(member)
            last[member.alert_id] = member.began_at
    return kept

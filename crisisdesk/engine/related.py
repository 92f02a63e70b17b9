"""What correlation has at hand: alerts that came lately, by rule and group, and the candidates.

Alerts are only noted as they come, which costs their intake next to nothing; the correlator takes
the notes up a moment later. Candidates count at once, and what is taken back never did. After a
start the store's recent alerts are taken up in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TypeVar

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.correlation.candidate import Candidate, CandidateStatus
from crisisdesk.domain.correlation.rule import LONGEST_S, CorrelationRule
from crisisdesk.domain.correlation.windows import ALERTS_KEPT, Member, Place, Windows
from crisisdesk.engine.ports import Journal

NEWS_KEPT = 20_000
# What began longer ago is no news to a rule, wherever it comes from.
STALE_MS = 600_000
T = TypeVar("T")
_HOLDING = (CandidateStatus.OPEN, CandidateStatus.ACCEPTED, CandidateStatus.DISMISSED)


class Related:
    """Used by one workbench, on its thread."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._windows: Windows | None = None
        self._news: dict[str, Alert | None] = {}
        self._loaded = False
        self._candidates: dict[str, Candidate | None] = {}
        self._holders: dict[Place, set[str]] = {}
        self._in_open: dict[str, set[str]] = {}
        self._groups_due: dict[Place, int] = {}
        self._candidates_due: dict[str, int] = {}

    # -- what comes ------------------------------------------------------------------------

    def note(self, alert_id: str, alert: Alert | None) -> None:
        """An alert is like this now; None: there is no such alert yet."""
        news = self._news
        news[alert_id] = alert
        if len(news) > NEWS_KEPT:
            del news[next(iter(news))]

    def keep(self, candidate_id: str, candidate: Candidate | None) -> None:
        """A candidate is like this now; None: there is no such candidate yet."""
        if self._loaded:
            self._forget(candidate_id)
        self._candidates[candidate_id] = candidate
        if self._loaded and candidate is not None:
            self._learn(candidate)

    def _forget(self, candidate_id: str) -> None:
        before = self._candidates.pop(candidate_id, None)
        if before is None:
            return
        place = (before.rule, before.key)
        _take_out(self._holders, place, candidate_id)
        for alert_id in before.alerts:
            _take_out(self._in_open, alert_id, candidate_id)

    def _learn(self, candidate: Candidate) -> None:
        name = candidate.candidate_id
        if candidate.status in _HOLDING:
            self._holders.setdefault((candidate.rule, candidate.key), set()).add(name)
        if candidate.is_open:
            for alert_id in candidate.alerts:
                self._in_open.setdefault(alert_id, set()).add(name)
        self._candidates_due.setdefault(name, 0)

    # -- what is to be looked at -----------------------------------------------------------

    def catch_up(self, rules: Sequence[CorrelationRule], now_ms: int, limit: int) -> int:
        """Take up what was noted, at most ``limit``; how many were."""
        self._load()
        if self._windows is None or list(self._windows.rules.values()) != list(rules):
            self._begin(rules, now_ms)
        for name, since in self._candidates_due.items():
            if not since:
                self._candidates_due[name] = now_ms
        names = list(islice(self._news, limit))
        for alert_id in names:
            self._take(alert_id, self._news.pop(alert_id), now_ms)
        return len(names)

    def _load(self) -> None:
        if self._loaded:
            return
        self._loaded = True
        kept, self._candidates = self._candidates, {}
        for candidate in self._journal.candidates():
            self.keep(candidate.candidate_id, candidate)
        for name, state in kept.items():
            self.keep(name, state)

    def _begin(self, rules: Sequence[CorrelationRule], now_ms: int) -> None:
        """Sort all alerts by these rules; those of the store at first, then those at hand."""
        if self._windows is None:
            alerts = self._journal.recent_alerts(LONGEST_S * 1000 + STALE_MS, ALERTS_KEPT)
        else:
            alerts = self._windows.alerts()
        self._windows = Windows(rules)
        self._groups_due.clear()
        for alert in alerts:
            self._take(alert.alert_id, alert, now_ms)

    def _take(self, alert_id: str, alert: Alert | None, now_ms: int) -> None:
        assert self._windows is not None
        windows = self._windows
        for place in windows.drop(alert_id) if alert is None else windows.put(alert):
            self._groups_due.setdefault(place, now_ms)
        for name in self._in_open.get(alert_id, ()):
            self._candidates_due.setdefault(name, now_ms)

    def take_groups(self, before_ms: int, limit: int) -> list[Place]:
        """Groups that have changed up to a moment and were not looked at since."""
        return _take_due(self._groups_due, before_ms, limit)

    def take_candidates(self, before_ms: int, limit: int) -> list[str]:
        """Candidates that have changed, or whose alerts have, up to a moment."""
        return _take_due(self._candidates_due, before_ms, limit)

    def again(self, place: Place, now_ms: int) -> None:
        """Look at this group once more, as if it had just changed."""
        self._groups_due[place] = now_ms

    # -- what is known ---------------------------------------------------------------------

    def members(self, place: Place, rule: CorrelationRule, now_ms: int) -> list[Member]:
        """The alerts of a group that are news to the rule, the first to begin first."""
        assert self._windows is not None
        return self._windows.members(place, now_ms - rule.within_ms - STALE_MS)

    def free(self, rule: CorrelationRule, members: Iterable[Member]) -> list[Member]:
        """Those that no open candidate of the rule holds, and no incident."""
        return [m for m in members if not m.incident_id and not self._held(rule.name, m.alert_id)]

    def _held(self, rule: str, alert_id: str) -> bool:
        return any(self._of_rule(name, rule) for name in self._in_open.get(alert_id, ()))

    def _of_rule(self, candidate_id: str, rule: str) -> bool:
        candidate = self._candidates.get(candidate_id)
        return candidate is not None and candidate.rule == rule

    def holders(self, place: Place) -> list[Candidate]:
        """Candidates of a group that are open, accepted or dismissed; open ones first."""
        found = (self._candidates.get(name) for name in self._holders.get(place, ()))
        known = [candidate for candidate in found if candidate is not None]
        return sorted(known, key=lambda c: (not c.is_open, -c.proposed_at, c.candidate_id))

    def let_go(self, candidate_id: str) -> None:
        """This one holds its group no longer: its rest or its incident is over."""
        self._forget(candidate_id)

    def rivals(self, candidate: Candidate) -> list[Candidate]:
        """Other open candidates of its rule with its group, or with one of its alerts."""
        names = set(self._holders.get((candidate.rule, candidate.key), ()))
        for alert_id in candidate.alerts:
            names |= self._in_open.get(alert_id, set())
        names.discard(candidate.candidate_id)
        found = [self._candidates.get(name) for name in sorted(names)]
        return [c for c in found if c is not None and c.is_open and c.rule == candidate.rule]

    def proposed_since(self, rule: str, since_ms: int) -> int:
        """How many candidates of a rule were proposed after a moment, storms left out."""
        known = [c for c in self._candidates.values() if c is not None and c.rule == rule]
        for candidate in known:
            if candidate.status not in _HOLDING and candidate.proposed_at <= since_ms:
                del self._candidates[candidate.candidate_id]
        return sum(c.proposed_at > since_ms and not c.is_storm for c in known)


def _take_out(index: dict[T, set[str]], key: T, name: str) -> None:
    names = index.get(key)
    if names is not None:
        names.discard(name)
        if not names:
            del index[key]


def _take_due(due: dict[T, int], before_ms: int, limit: int) -> list[T]:
    found = [name for name, since in islice(due.items(), limit) if since <= before_ms]
    for name in found:
        del due[name]
    return found

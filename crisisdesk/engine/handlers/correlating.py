"""Candidates: proposed by the rules, joined by later alerts, accepted, dismissed, ended.

Nothing here touches an escalation or a page: what belongs together is paged as if it stood alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.correlation.candidate import STORM, Candidate, CandidateStatus
from crisisdesk.domain.correlation.rule import MEMBERS_LIMIT, CorrelationRule, Group
from crisisdesk.domain.correlation.windows import Member, Place, first_window
from crisisdesk.domain.errors import Conflict
from crisisdesk.domain.ids import candidate_id_of, decision_id, incident_id_of
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.severity import SEVERITY_RANK
from crisisdesk.domain.signal import DESCRIPTION_LIMIT
from crisisdesk.engine.command import ENGINE
from crisisdesk.engine.commands import OpenIncident
from crisisdesk.engine.correlation_commands import (
    AcceptCandidate,
    DismissCandidate,
    MindCandidates,
    ReopenCandidate,
)
from crisisdesk.engine.handlers.incidents import declare
from crisisdesk.engine.handlers.wording import checked_text
from crisisdesk.engine.workbench import Workbench

GROUPS_LIMIT = 10
"""So many candidates a rule proposes in one window; what is more makes one together, the storm."""

STORM_TITLE = "Many groups of alerts at once: {count} alerts, services: {services}"
# An incident that was opened elsewhere may still be on its way here.
UNKNOWN_MS = 5_000
_DONE_WORDS = {
    CandidateStatus.EXPIRED: "is over, all its alerts have ended or have their incident",
    CandidateStatus.MERGED: "is part of another one",
}


def mind_candidates(command: MindCandidates, bench: Workbench) -> int:
    """Take up what came, then look at each group and candidate that has changed."""
    related, rules = bench.at_hand.related, bench.at_hand.rules()
    by_name = {rule.name: rule for rule in rules}
    news = related.catch_up(rules, bench.now, command.limit)
    before = bench.now - command.late_ms
    places = related.take_groups(before, command.limit)
    for place in places:
        if (rule := by_name.get(place[0])) is not None:
            _look_at_group(bench, rule, place)
    names = related.take_candidates(before, command.limit)
    bench.prefetch(names)
    for name in names:
        state = bench.get(name)
        if isinstance(state, Candidate):
            _look_at_candidate(bench, state)
    return max(news, len(places), len(names))


# -- groups --------------------------------------------------------------------------------------


def _look_at_group(bench: Workbench, rule: CorrelationRule, place: Place) -> None:
    related = bench.at_hand.related
    members = related.members(place, rule, bench.now)
    free = related.free(rule, members)
    if _is_held(bench, place, members, free):
        return
    window = first_window(rule, free)
    if not window:
        return
    crowded = related.proposed_since(rule.name, bench.now - rule.within_ms) >= GROUPS_LIMIT
    if not crowded:
        _propose(bench, rule, place[1], window)
    elif not _is_held(bench, (rule.name, STORM), window, window):
        _propose(bench, rule, STORM, window)


def _is_held(
    bench: Workbench, place: Place, members: Sequence[Member], free: Sequence[Member]
) -> bool:
    """Whether a candidate, a rest or an incident has this group already; it takes the news in."""
    for candidate in bench.at_hand.related.holders(place):
        if candidate.is_open:
            _join(bench, candidate, free, members)
            return True
        if candidate.rest_until is not None:
            if bench.now < candidate.rest_until:
                return True
        elif _has_incident(bench, candidate, place, free):
            return True
        bench.at_hand.related.let_go(candidate.candidate_id)
    return False


def _has_incident(
    bench: Workbench, candidate: Candidate, place: Place, free: Sequence[Member]
) -> bool:
    incident = bench.get(candidate.incident_id)
    if not isinstance(incident, Incident):
        bench.at_hand.related.again(place, bench.now + UNKNOWN_MS)
        return True
    if incident.is_open and candidate.join:
        _attach(bench, candidate, [member.alert_id for member in free])
    return incident.is_open


def _propose(
    bench: Workbench, rule: CorrelationRule, group: Group, window: Sequence[Member]
) -> None:
    told, opened_at = dict(group), window[0].began_at
    candidate_id = candidate_id_of(rule.name, told, opened_at)
    if bench.get(candidate_id) is not None:
        return
    window = window[:MEMBERS_LIMIT]
    body: dict[str, Any] = {
        "rule": rule.name,
        "group": told,
        "why": rule.words(),
        "name": STORM_TITLE if group == STORM else rule.title,
        "category": rule.category,
        "severity_from": rule.severity_from,
        "join": rule.join,
        "rest_ms": rule.within_ms + rule.rest_ms,
        "opened_at": opened_at,
        "alerts": [member.alert_id for member in window],
        "services": _services(window),
        "worst": max(window, key=lambda member: member.rank).severity,
    }
    if rule.version_id:
        body["version_id"] = rule.version_id
    # A storm is a person's affair: an incident of everything is rarely what was meant.
    if rule.at_once and group != STORM:
        body["at_once"] = True
    dedup = decision_id(candidate_id, "proposed")
    bench.emit(candidate_id, "candidate.proposed", body, dedup_id=dedup)


def _services(members: Sequence[Member]) -> list[str]:
    return sorted({member.service for member in members if member.service})


def _join(
    bench: Workbench, candidate: Candidate, free: Sequence[Member], members: Sequence[Member]
) -> None:
    """More alerts of the group, as far as there is room, and whatever has become worse."""
    room = max(0, MEMBERS_LIMIT - len(candidate.alerts))
    joining, own = free[:room], set(candidate.alerts)
    counted = [*joining, *(member for member in members if member.alert_id in own)]
    ranks = {candidate.worst: SEVERITY_RANK[candidate.worst]}
    ranks |= {member.severity: member.rank for member in counted}
    worst = max(ranks, key=ranks.__getitem__)
    if joining or worst != candidate.worst:
        alerts = [member.alert_id for member in joining]
        _joined(bench, candidate, alerts, _services(joining), worst)


def _joined(
    bench: Workbench,
    candidate: Candidate,
    alerts: list[str],
    services: list[str],
    worst: str,
    **more: Any,
) -> None:
    body = {"alerts": alerts, "services": services, "worst": worst, **more}
    dedup = decision_id(candidate.candidate_id, "joined", worst, *alerts, *more)
    bench.emit(candidate.candidate_id, "candidate.joined", body, dedup_id=dedup)


# -- candidates ----------------------------------------------------------------------------------


def _look_at_candidate(bench: Workbench, candidate: Candidate) -> None:
    if candidate.status == CandidateStatus.ACCEPTED:
        # Two who accepted it apart from each other may have had other alerts before them.
        missing = [a for a in candidate.alerts if a not in candidate.attached]
        incident = bench.get(candidate.incident_id)
        if missing and isinstance(incident, Incident) and incident.is_open:
            _attach(bench, candidate, missing)
        return
    if not candidate.is_open:
        return
    rivals = bench.at_hand.related.rivals(candidate)
    if rivals:
        first, *others = sorted([candidate, *rivals], key=_standing)
        for other in others:
            first = _merge(bench, first, other)
        return
    alerts = _alerts(bench, candidate)
    if len(alerts) == len(candidate.alerts) and all(a.incident_id or not a.is_open for a in alerts):
        _expire(bench, candidate, alerts)
    elif candidate.at_once:
        _accept(bench, candidate, "")


def _standing(candidate: Candidate) -> tuple[bool, int, str]:
    """Which of several stands: a storm, else the one whose window opened first."""
    return (not candidate.is_storm, candidate.opened_at, candidate.candidate_id)


def _merge(bench: Workbench, first: Candidate, other: Candidate) -> Candidate:
    missing = [alert_id for alert_id in other.alerts if alert_id not in first.alerts]
    worst = max(first.worst, other.worst, key=SEVERITY_RANK.__getitem__)
    if missing or worst != first.worst:
        _joined(bench, first, missing, other.services, worst)
    body = {"into": first.candidate_id}
    dedup = decision_id(other.candidate_id, "merged")
    bench.emit(other.candidate_id, "candidate.merged", body, dedup_id=dedup)
    return bench.need(Candidate, first.candidate_id, "candidate_id")


def _expire(bench: Workbench, candidate: Candidate, alerts: Sequence[Alert]) -> None:
    inside = any(alert.is_open for alert in alerts)
    why = "its alerts have their incident" if inside else "all its alerts have ended"
    body = {"alerts": candidate.alerts, "why": why}
    bench.emit(candidate.candidate_id, "candidate.expired", body)


def _alerts(bench: Workbench, candidate: Candidate) -> list[Alert]:
    """Those of its alerts that are known here."""
    bench.prefetch(candidate.alerts)
    states = (bench.get(alert_id) for alert_id in candidate.alerts)
    return [state for state in states if isinstance(state, Alert)]


def _attach(bench: Workbench, candidate: Candidate, alert_ids: Sequence[str]) -> None:
    """Let alerts join the incident, as far as there is room, and say by which rule."""
    room = max(0, MEMBERS_LIMIT - len(candidate.attached))
    bench.prefetch(list(alert_ids[:room]))
    states = [bench.get(alert_id) for alert_id in alert_ids[:room]]
    alerts = [state for state in states if isinstance(state, Alert)]
    if not alerts:
        return
    incident_id = candidate.incident_id
    for alert in alerts:
        body = {"alert_id": alert.alert_id, "rule": candidate.rule}
        dedup = decision_id(incident_id, "linked", candidate.candidate_id, alert.alert_id)
        linked = bench.emit(incident_id, "incident.alert_linked", body, dedup_id=dedup)
        if not alert.incident_id:
            found = {"incident_id": incident_id}
            bench.emit(alert.alert_id, "alert.escalated", found, causes=(linked.id,))
    worst = max((a.severity for a in alerts), key=SEVERITY_RANK.__getitem__)
    services = sorted({alert.service for alert in alerts if alert.service})
    names = [alert.alert_id for alert in alerts]
    _joined(bench, candidate, names, services, worst, attached=True)


# -- what people say -----------------------------------------------------------------------------


def accept_candidate(command: AcceptCandidate, bench: Workbench) -> str:
    """Open its incident, or answer with the one that it has."""
    candidate = _needed(bench, command.candidate_id)
    if candidate.status == CandidateStatus.ACCEPTED:
        return candidate.incident_id
    return _accept(
        bench, candidate, command.commander or bench.actor, command.title, command.severity
    )


def _needed(bench: Workbench, candidate_id: str) -> Candidate:
    """The candidate, or the one that it has become part of."""
    candidate = bench.need(Candidate, candidate_id, "candidate_id")
    seen = {candidate_id}
    while candidate.status == CandidateStatus.MERGED and candidate.into not in seen:
        seen.add(candidate.into)
        into = bench.get(candidate.into)
        if not isinstance(into, Candidate):
            break
        candidate = into
    return candidate


def _accept(
    bench: Workbench, candidate: Candidate, commander: str, title: str = "", severity: str = ""
) -> str:
    incident_id = incident_id_of(candidate.candidate_id)
    alerts = _alerts(bench, candidate)
    names = [alert.alert_id for alert in alerts]
    # What has another incident keeps it: it is not made anybody else's by a rule.
    free = [alert.alert_id for alert in alerts if alert.incident_id in ("", incident_id)]
    by_machine = bench.actor == ENGINE
    if not isinstance(bench.get(incident_id), Incident):
        order = OpenIncident(
            title=title or candidate.title,
            severity=severity or candidate.severity,
            category=candidate.category,
            commander=commander,
            alerts=free,
        )
        more = {"rule": candidate.rule, "candidate_id": candidate.candidate_id}
        dedup = decision_id(incident_id, "opened") if by_machine else None
        declare(order, bench, incident_id, more, dedup)
        if commander:
            # Two who accept it apart open one incident: this word makes the second a rival, shown.
            named = {"commander": commander, "generation": 1}
            bench.emit(incident_id, "incident.commander_named", named)
    body = {"incident_id": incident_id, "alerts": names}
    dedup = decision_id(candidate.candidate_id, "accepted") if by_machine else None
    bench.emit(candidate.candidate_id, "candidate.accepted", body, dedup_id=dedup)
    return incident_id


def dismiss_candidate(command: DismissCandidate, bench: Workbench) -> None:
    """Let its group rest; dismissed once is enough."""
    reason = checked_text(command.reason, "reason", DESCRIPTION_LIMIT)
    candidate = _needed(bench, command.candidate_id)
    name = candidate.candidate_id
    if candidate.status == CandidateStatus.DISMISSED:
        return
    if candidate.status == CandidateStatus.ACCEPTED:
        problem = f"{name} has become {candidate.incident_id}"
        raise Conflict("candidate_id", problem, "resolve that incident instead")
    if not candidate.is_open:
        words = _DONE_WORDS[CandidateStatus(candidate.status)]
        raise Conflict("candidate_id", f"{name} {words}", "nothing is left to dismiss")
    body = {"reason": reason, "until": bench.now + candidate.rest_ms}
    bench.emit(name, "candidate.dismissed", body)


def reopen_candidate(command: ReopenCandidate, bench: Workbench) -> None:
    """Take its dismissal back."""
    candidate = bench.need(Candidate, command.candidate_id, "candidate_id")
    if candidate.is_open:
        return
    if candidate.status != CandidateStatus.DISMISSED:
        problem = f"{candidate.candidate_id} is {candidate.status}"
        raise Conflict("candidate_id", problem, "only a dismissed one can be brought back")
    body = {"dismissal": candidate.dismissal}
    bench.emit(candidate.candidate_id, "candidate.reopened", body)

"""The candidate: alerts that a rule found to belong together, for a person to make an incident of.

Its id is made of rule, group and the moment its window opened, so that stations which see the same
alerts propose the same candidate. Accepting wins over everything done at the same time: whoever
dismissed it meanwhile is kept as a trace, and two who accepted it have opened the same incident.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from crisisdesk.domain.change import with_changes
from crisisdesk.domain.correlation.rule import LABEL, WORST, Group
from crisisdesk.domain.correlation.title import fill_title
from crisisdesk.domain.event import Event
from crisisdesk.domain.merge import TRACES_KEPT, also
from crisisdesk.domain.severity import INCIDENT_SEVERITY_OF, SEVERITY_RANK


class CandidateStatus(StrEnum):
    """Where a candidate stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"
    EXPIRED = "expired"
    MERGED = "merged"


STORM: Group = (("storm", "yes"),)
"""The group of what is too much for candidates of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """The state of one candidate. Times are UTC ms.

    ``group`` maps what its alerts are grouped by to the value they share; ``why`` says so in words.
    ``opened_at`` is when the first of the alerts began that made it one, ``worst`` the worst
    severity among them. ``attached`` are those that the incident had from the candidate, so that
    what somebody takes off is not attached again. ``decided_at`` and ``decided_by`` are of what
    ended its being open; ``dismissal`` is the event that did. Until ``rest_until`` its group is not
    proposed again. ``into`` is the candidate that holds its alerts when it was ``merged``.
    ``also_done`` is the trace of `domain.merge`.
    """

    candidate_id: str
    rule: str
    version_id: str = ""
    group: dict[str, str]
    why: str = ""
    template: str
    category: str = "availability"
    severity_from: str = WORST
    at_once: bool = False
    join: bool = True
    rest_ms: int = 0
    opened_at: int
    proposed_at: int
    alerts: list[str]
    services: list[str] = field(default_factory=list)
    worst: str
    status: str = CandidateStatus.OPEN
    decided_at: int | None = None
    decided_by: str = ""
    reason: str = ""
    dismissal: str = ""
    rest_until: int | None = None
    incident_id: str = ""
    attached: list[str] = field(default_factory=list)
    into: str = ""
    also_done: list[dict[str, Any]] = field(default_factory=list)
    newer_needed: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.status == CandidateStatus.OPEN

    @property
    def is_storm(self) -> bool:
        """Whether it stands for more groups than would get candidates of their own."""
        return self.key == STORM

    @property
    def key(self) -> Group:
        """Its group as rules make it."""
        return tuple(self.group.items())

    @property
    def title(self) -> str:
        """The title its incident is to have, with what is known by now."""
        values = {name.removeprefix(LABEL): value for name, value in self.group.items()}
        values |= {
            "count": str(len(self.alerts)),
            "services": str(len(self.services)),
            "severity": self.worst,
            "rule": self.rule,
        }
        return fill_title(self.template, values)

    @property
    def severity(self) -> str:
        """The severity its incident is to have."""
        if self.severity_from == WORST:
            return INCIDENT_SEVERITY_OF[self.worst]
        return self.severity_from


def apply_candidate(state: Candidate | None, event: Event) -> Candidate | None:
    """The candidate after one more event in canonical order; unknown kinds leave it as it is."""
    if state is None:
        return _proposed(event) if event.kind == "candidate.proposed" else None
    step = _STEPS.get(event.kind)
    return state if step is None or state.newer_needed else step(state, event)


def _proposed(event: Event) -> Candidate:
    body = event.body
    return Candidate(
        candidate_id=event.agg,
        rule=body["rule"],
        version_id=body.get("version_id", ""),
        # In one order, whatever order the bytes of its body were read in.
        group=dict(sorted(body["group"].items())),
        why=body.get("why", ""),
        template=body["name"],
        category=body.get("category", "availability"),
        severity_from=body.get("severity_from", WORST),
        at_once=body.get("at_once", False),
        join=body.get("join", True),
        rest_ms=body.get("rest_ms", 0),
        opened_at=body["opened_at"],
        proposed_at=event.at_ms,
        alerts=list(dict.fromkeys(body["alerts"])),
        services=sorted(set(body.get("services", ()))),
        worst=body["worst"],
    )


def _joined(state: Candidate, event: Event) -> Candidate:
    """More alerts of the group. One whose alerts had all ended stands again."""
    body = event.body
    alerts = list(dict.fromkeys((*state.alerts, *body["alerts"])))
    attached = (*state.attached, *body["alerts"]) if body.get("attached") else state.attached
    changes: dict[str, Any] = {
        "alerts": alerts,
        "attached": list(dict.fromkeys(attached)),
        "services": sorted({*state.services, *body.get("services", ())}),
        "worst": max(state.worst, body["worst"], key=SEVERITY_RANK.__getitem__),
    }
    if state.status == CandidateStatus.EXPIRED and len(alerts) > len(state.alerts):
        changes |= {"status": CandidateStatus.OPEN, "decided_at": None, "decided_by": ""}
    return with_changes(state, **changes)


def _accepted(state: Candidate, event: Event) -> Candidate:
    """The first acceptance stands, whatever else was done at the same time."""
    body = event.body
    if state.status == CandidateStatus.ACCEPTED:
        trace = also(state.also_done, "accepted", event, incident_id=body["incident_id"])
        return with_changes(state, also_done=trace)
    traces = state.also_done
    if state.status == CandidateStatus.DISMISSED:
        dismissed = {
            "what": "dismissed",
            "by": state.decided_by,
            "at": state.decided_at,
            "event": state.dismissal,
            "reason": state.reason,
        }
        traces = [*traces, dismissed][-TRACES_KEPT:]
    return with_changes(
        state,
        status=CandidateStatus.ACCEPTED,
        decided_at=event.at_ms,
        decided_by=event.actor,
        reason="",
        dismissal="",
        rest_until=None,
        into="",
        incident_id=body["incident_id"],
        attached=list(dict.fromkeys((*state.attached, *body.get("alerts", ())))),
        also_done=traces,
    )


def _dismissed(state: Candidate, event: Event) -> Candidate:
    reason = event.body.get("reason", "")
    if not state.is_open:
        trace = also(state.also_done, "dismissed", event, reason=reason)
        return with_changes(state, also_done=trace)
    return with_changes(
        state,
        status=CandidateStatus.DISMISSED,
        decided_at=event.at_ms,
        decided_by=event.actor,
        reason=reason,
        dismissal=event.id,
        rest_until=event.body["until"],
    )


def _reopened(state: Candidate, event: Event) -> Candidate:
    """Take back the dismissal it names, and no other."""
    if state.status != CandidateStatus.DISMISSED or event.body["dismissal"] != state.dismissal:
        return state
    return with_changes(
        state,
        status=CandidateStatus.OPEN,
        decided_at=None,
        decided_by="",
        reason="",
        dismissal="",
        rest_until=None,
    )


def _expired(state: Candidate, event: Event) -> Candidate:
    """Nothing of it stands any more, as far as its writer knew all of its alerts."""
    if not state.is_open or not set(state.alerts) <= set(event.body["alerts"]):
        return state
    return _over(state, event, CandidateStatus.EXPIRED, reason=event.body.get("why", ""))


def _merged(state: Candidate, event: Event) -> Candidate:
    if not state.is_open:
        return state
    return _over(state, event, CandidateStatus.MERGED, into=event.body["into"])


def _over(state: Candidate, event: Event, status: CandidateStatus, **more: Any) -> Candidate:
    return with_changes(
        state, status=status, decided_at=event.at_ms, decided_by=event.actor, **more
    )


_STEPS: dict[str, Callable[[Candidate, Event], Candidate]] = {
    "candidate.proposed": lambda state, _event: state,
    "candidate.joined": _joined,
    "candidate.accepted": _accepted,
    "candidate.dismissed": _dismissed,
    "candidate.reopened": _reopened,
    "candidate.expired": _expired,
    "candidate.merged": _merged,
}

CANDIDATE_KINDS = frozenset(_STEPS)

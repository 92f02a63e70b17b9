"""The routes of candidates: alerts that belong together, and what becomes of them."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field

from crisisdesk.api.documented import errors
from crisisdesk.api.incident_views import told_incident
from crisisdesk.api.orders import Order
from crisisdesk.api.room import InRoom, Operator, Room
from crisisdesk.api.schemas import IncidentOut, IncidentSeverity, Out, Severity, Time
from crisisdesk.api.times import iso, iso_or_none
from crisisdesk.domain.correlation.candidate import Candidate
from crisisdesk.domain.errors import NotFound
from crisisdesk.engine.correlation_commands import (
    AcceptCandidate,
    DismissCandidate,
    ReopenCandidate,
)

router = APIRouter(prefix="/crisis/candidates", tags=["candidates"])


class Acceptance(Order):
    """How the incident is to be; what is left out is the candidate's. Who acts leads it, unless
    ``incident_commander`` names another."""

    incident_commander: Annotated[str, Field(max_length=150)] = ""
    title: Annotated[str, Field(max_length=200)] = ""
    severity: IncidentSeverity | Literal[""] = ""


class Dismissal(Order):
    """Why these alerts make no incident."""

    reason: Annotated[str, Field(max_length=1_000)] = ""


class CandidateTraceOut(Out):
    """What was done to it at the same time as what stands."""

    what: str
    by: str
    at: Time
    reason: str


class CandidateOut(Out):
    """Alerts that a rule found to belong together. ``title`` and ``severity`` are those its
    incident is to have, ``worst`` the worst severity of its alerts. ``why`` says what they have in
    common, ``group`` the values. Until ``rest_until`` a dismissed group is not proposed again."""

    candidate_id: str
    status: Literal["open", "accepted", "dismissed", "expired", "merged"]
    rule: str
    why: str
    group: dict[str, str]
    title: str
    severity: IncidentSeverity
    worst: Severity
    alerts: list[str]
    opened_at: Time
    proposed_at: Time
    decided_at: Time | None
    decided_by: str
    reason: str
    rest_until: Time | None
    incident_id: str
    into: str
    also_done: list[CandidateTraceOut]


class CandidatesOut(Out):
    """Candidates, newest first."""

    results: list[CandidateOut]


def candidate_out(c: Candidate) -> CandidateOut:
    """A candidate as it is told."""
    return CandidateOut(
        candidate_id=c.candidate_id,
        status=c.status,  # type: ignore[arg-type]
        rule=c.rule,
        why=c.why,
        group=c.group,
        title=c.title,
        severity=c.severity,  # type: ignore[arg-type]
        worst=c.worst,  # type: ignore[arg-type]
        alerts=c.alerts,
        opened_at=iso(c.opened_at),
        proposed_at=iso(c.proposed_at),
        decided_at=iso_or_none(c.decided_at),
        decided_by=c.decided_by,
        reason=c.reason,
        rest_until=iso_or_none(c.rest_until),
        incident_id=c.incident_id,
        into=c.into,
        also_done=[
            CandidateTraceOut(
                what=t["what"], by=t["by"], at=iso(t["at"]), reason=str(t.get("reason", ""))
            )
            for t in c.also_done
        ],
    )


async def _needed(room: Room, candidate_id: str) -> CandidateOut:
    found = await room.reads.ask(lambda reader: reader.candidate(candidate_id))
    if found is None:
        problem = f"no candidate {candidate_id!r} on this station"
        raise NotFound("candidate_id", problem, "check the id")
    return candidate_out(found)


@router.get("/", responses=errors())
async def list_candidates(room: InRoom, with_past: bool = False) -> CandidatesOut:
    """What waits for an answer; ``with_past`` the newest 200 whatever became of them."""
    found = await room.reads.ask(lambda reader: reader.candidates(every=with_past))
    return CandidatesOut(results=[candidate_out(one) for one in found])


@router.get("/{candidate_id}/", responses=errors(404))
async def get_candidate(room: InRoom, candidate_id: str) -> CandidateOut:
    """One candidate."""
    return await _needed(room, candidate_id)


@router.post("/{candidate_id}/accept/", responses=errors(404))
async def accept_candidate(
    room: InRoom, operator: Operator, candidate_id: str, order: Acceptance | None = None
) -> IncidentOut:
    """Open its incident; one that has its incident already answers with it."""
    wanted = order or Acceptance()
    command = AcceptCandidate(
        candidate_id=candidate_id,
        commander=wanted.incident_commander,
        title=wanted.title,
        severity=wanted.severity,
    )
    incident_id = await room.do(command, operator)
    incident = await room.reads.ask(lambda reader: reader.incident(incident_id))
    if incident is None:
        # Accepted at another station, whose incident is still on its way here.
        problem = f"its incident {incident_id} has not arrived here yet"
        raise NotFound("candidate_id", problem, "wait for the other station")
    return await told_incident(room, incident_id, operator)


@router.post("/{candidate_id}/dismiss/", responses=errors(404, 409))
async def dismiss_candidate(
    room: InRoom, operator: Operator, candidate_id: str, order: Dismissal | None = None
) -> CandidateOut:
    """Say that it makes no incident; its group rests for a while."""
    reason = "" if order is None else order.reason
    await room.do(DismissCandidate(candidate_id=candidate_id, reason=reason), operator)
    return await _needed(room, candidate_id)


@router.post("/{candidate_id}/reopen/", responses=errors(404, 409))
async def reopen_candidate(room: InRoom, operator: Operator, candidate_id: str) -> CandidateOut:
    """Take a dismissal back."""
    await room.do(ReopenCandidate(candidate_id=candidate_id), operator)
    return await _needed(room, candidate_id)

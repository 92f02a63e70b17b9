"""The routes by which incidents become parts of others, are split, restricted, and their plan."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from crisisdesk.api.documented import errors
from crisisdesk.api.incident_views import readable_in, told_incident
from crisisdesk.api.orders import BULK_LIMIT, Id, MaybeName, Name, Order, Reason
from crisisdesk.api.playbooks import PlaybookOut, playbook_out
from crisisdesk.api.reads import StationReader
from crisisdesk.api.room import InRoom, Operator, Viewer
from crisisdesk.api.schemas import IncidentOut, IncidentSeverity, Out, Time
from crisisdesk.api.times import iso
from crisisdesk.domain.errors import NotFound
from crisisdesk.domain.incident import plan_key
from crisisdesk.domain.playbook.content import read_playbook
from crisisdesk.domain.signal import TITLE_LIMIT
from crisisdesk.engine.incident_commands import (
    MergeIncident,
    RestrictIncident,
    SplitIncident,
    UnmergeIncident,
)

router = APIRouter(prefix="/crisis/incidents", tags=["incidents"])


class Merge(Order):
    """Which incident it becomes a part of, and why."""

    into: Id
    reason: Reason = ""


class Unmerge(Order):
    """Why it stands for itself again."""

    reason: Reason = ""


class Split(Order):
    """The alerts that become an incident of their own; what is not said is as it was."""

    alerts: Annotated[list[Id], Field(min_length=1, max_length=BULK_LIMIT)]
    title: Annotated[str, Field(max_length=TITLE_LIMIT)] = ""
    severity: IncidentSeverity | None = None
    incident_commander: MaybeName = ""
    reason: Reason = ""


class Restriction(Order):
    """Who may read it besides those who work on it."""

    readers: Annotated[list[Name], Field(max_length=100, default_factory=list)]
    reason: Reason = ""


class ClockOut(Out):
    """What must be met, and the moment by which."""

    name: str
    until: Time
    since: str
    words: str


class PlanOut(Out):
    """The response plan that an incident follows, in the version to which it is pinned."""

    incident_id: str
    version_id: str
    planned_for: list[str]
    clocks: list[ClockOut]
    playbook: PlaybookOut


@router.post("/{incident_id}/merge/", responses=errors(404, 409))
async def merge_incident(
    room: InRoom, operator: Operator, incident_id: str, order: Merge
) -> IncidentOut:
    """Make an incident a part of another one; answers with that other one."""
    command = MergeIncident(incident_id=incident_id, into=order.into, reason=order.reason)
    whole = await room.do(command, operator)
    return await told_incident(room, whole, operator)


@router.post("/{incident_id}/unmerge/", responses=errors(404, 409))
async def unmerge_incident(
    room: InRoom, operator: Operator, incident_id: str, order: Unmerge | None = None
) -> IncidentOut:
    """Let an incident that is part of another one stand for itself again."""
    reason = "" if order is None else order.reason
    await room.do(UnmergeIncident(incident_id=incident_id, reason=reason), operator)
    return await told_incident(room, incident_id, operator)


@router.post("/{incident_id}/split/", status_code=201, responses=errors(404, 409))
async def split_incident(
    room: InRoom, operator: Operator, incident_id: str, order: Split
) -> IncidentOut:
    """Make an incident of its own of some alerts; the same alerts again answer with the same."""
    command = SplitIncident(
        incident_id=incident_id,
        alerts=order.alerts,
        title=order.title,
        severity=order.severity or "",
        commander=order.incident_commander,
        reason=order.reason,
    )
    new_id = await room.do(command, operator)
    return await told_incident(room, new_id, operator)


@router.put("/{incident_id}/restriction/", responses=errors(404, 409))
async def restrict_incident(
    room: InRoom, operator: Operator, incident_id: str, order: Restriction
) -> IncidentOut:
    """Show what an incident is about to those who work on it and to its readers alone."""
    command = RestrictIncident(
        incident_id=incident_id, restricted=True, readers=order.readers, reason=order.reason
    )
    await room.do(command, operator)
    return await told_incident(room, incident_id, operator)


@router.delete("/{incident_id}/restriction/", responses=errors(404, 409))
async def unrestrict_incident(room: InRoom, operator: Operator, incident_id: str) -> IncidentOut:
    """Show it to all again."""
    await room.do(RestrictIncident(incident_id=incident_id, restricted=False), operator)
    return await told_incident(room, incident_id, operator)


@router.get("/{incident_id}/plan/", responses=errors(404, 409))
async def incident_plan(room: InRoom, viewer: Viewer, incident_id: str) -> PlanOut:
    """The response plan that an incident follows; 404 where it follows none."""

    def ask(reader: StationReader) -> PlanOut:
        incident = readable_in(reader, incident_id, viewer)
        version_id = incident.policies.get(plan_key(incident.crisis_type), "")
        for version in reader.policies():
            if version.version_id == version_id:
                plan = read_playbook(version.name, version.content)
                starts = {
                    "declared": incident.created_at,
                    "detected": incident.detected_at or incident.created_at,
                }
                told = playbook_out(version_id, plan, version.content, is_own=not plan.shipped)
                return PlanOut(
                    incident_id=incident_id,
                    version_id=version_id,
                    planned_for=incident.planned_for,
                    clocks=[
                        ClockOut(
                            name=clock.name,
                            until=iso(starts[clock.start] + clock.within_ms),
                            since=clock.start,
                            words=clock.words,
                        )
                        for clock in plan.clocks
                    ],
                    playbook=told,
                )
        problem = f"{incident_id} follows no response plan"
        raise NotFound("crisis_type", problem, "give it a type of crisis that has one")

    return await room.reads.ask(ask)

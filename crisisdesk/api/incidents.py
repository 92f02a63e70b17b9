"""The routes of incidents and their timelines."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from crisisdesk.api.documented import errors
from crisisdesk.api.orders import (
    IncidentListing,
    IncidentNew,
    IncidentPatch,
    UpdateListing,
    UpdateNew,
    UpdatePatch,
    cents_of,
)
from crisisdesk.api.room import InRoom, Operator, Room
from crisisdesk.api.schemas import HistoryOut, IncidentOut, PageOut, UpdateOut
from crisisdesk.api.times import ms_of
from crisisdesk.api.views import event_out, incident_out, update_out
from crisisdesk.domain.errors import Malformed, NotFound
from crisisdesk.domain.filters import IncidentFilter
from crisisdesk.domain.incident import DONE_STATUSES, Incident, IncidentUpdate
from crisisdesk.engine.commands import (
    ChangeIncidentStatus,
    Command,
    EditIncident,
    EditUpdate,
    LinkAlert,
    OpenIncident,
    PostUpdate,
    ReopenIncident,
)

router = APIRouter(prefix="/crisis/incidents", tags=["incidents"])
HISTORY_LIMIT = 500


async def needed_incident(room: Room, incident_id: str) -> Incident:
    """The incident, or NotFound."""
    incident = await room.reads.ask(lambda reader: reader.incident(incident_id))
    if incident is None:
        raise NotFound(
            "incident_id", f"no incident {incident_id!r} on this station", "check the id"
        )
    return incident


async def needed_update(room: Room, incident_id: str, update_id: str) -> IncidentUpdate:
    """The timeline entry of that incident, or NotFound."""
    entries = await room.reads.ask(lambda reader: reader.updates_of(incident_id))
    for entry in entries:
        if entry.update_id == update_id:
            return entry
    raise NotFound("update_id", f"no update {update_id!r} of this incident", "check the ids")


@router.get("/", responses=errors())
async def list_incidents(
    room: InRoom, asked: Annotated[IncidentListing, Query()]
) -> PageOut[IncidentOut]:
    """A page of incidents, filtered and sorted."""
    query = IncidentFilter(
        status=tuple(asked.status),
        severity=tuple(asked.severity),
        commander=asked.commander,
        text=asked.q,
    )
    page = await room.reads.ask(
        lambda reader: reader.page_incidents(query, asked.sort, asked.after, asked.limit)
    )
    return PageOut[IncidentOut](results=[incident_out(i) for i in page.items], next=page.next)


@router.post("/", status_code=201, responses=errors(404))
async def open_incident(room: InRoom, operator: Operator, order: IncidentNew) -> IncidentOut:
    """Declare an incident."""
    command = OpenIncident(
        title=order.title,
        severity=order.severity,
        description=order.description,
        category=order.category,
        priority=order.priority or "",
        impact=order.impact or "",
        commander=order.incident_commander,
        response_team=order.response_team,
        alerts=order.alerts,
    )
    incident_id = await room.do(command, operator)
    return incident_out(await needed_incident(room, incident_id))


@router.get("/{incident_id}/", responses=errors(404))
async def get_incident(room: InRoom, incident_id: str) -> IncidentOut:
    """One incident."""
    return incident_out(await needed_incident(room, incident_id))


@router.patch("/{incident_id}/", responses=errors(404, 409))
async def patch_incident(
    room: InRoom, incident_id: str, operator: Operator, order: IncidentPatch
) -> IncidentOut:
    """Move an incident to another status, or change its fields."""
    order.refuse_null("financial_impact")
    given = order.given()
    command: Command
    if "status" in given:
        command = _transition(await needed_incident(room, incident_id), given)
    else:
        command = EditIncident(incident_id=incident_id, changes=_changes(given))
    await room.do(command, operator)
    return incident_out(await needed_incident(room, incident_id))


def _transition(incident: Incident, given: dict[str, Any]) -> Command:
    status, reopens = given["status"], False
    if incident.status in DONE_STATUSES and status not in DONE_STATUSES:
        if status != "investigating":
            raise Malformed(
                "status", f"a reopened incident is not {status}", "reopen it with investigating"
            )
        reopens = True
    taken = ("reason",) if reopens else ("resolution_summary",)
    for name in given:
        if name != "status" and name not in taken:
            raise Malformed(name, f"cannot come with status {status} here", "send it on its own")
    if reopens:
        return ReopenIncident(incident_id=incident.incident_id, reason=given.get("reason", ""))
    return ChangeIncidentStatus(
        incident_id=incident.incident_id,
        status=status,
        resolution_summary=given.get("resolution_summary", ""),
    )


def _changes(given: dict[str, Any]) -> dict[str, Any]:
    """The same changes under the domain's names, money in cents."""
    changes = dict(given)
    if "reason" in changes:
        raise Malformed("reason", "belongs to a reopening", "send the status with it")
    if "incident_commander" in changes:
        changes["commander"] = changes.pop("incident_commander")
    if "financial_impact" in changes:
        changes["financial_impact_cents"] = cents_of(changes.pop("financial_impact"))
    return changes


@router.get("/{incident_id}/history/", responses=errors(404))
async def incident_history(room: InRoom, incident_id: str) -> HistoryOut:
    """Who did what with an incident, when."""
    await needed_incident(room, incident_id)
    events = await room.reads.ask(lambda reader: reader.history([incident_id], HISTORY_LIMIT))
    return HistoryOut(results=[event_out(e) for e in events])


@router.get("/{incident_id}/updates/", responses=errors(404))
async def list_updates(
    room: InRoom, incident_id: str, asked: Annotated[UpdateListing, Query()]
) -> PageOut[UpdateOut]:
    """A page of an incident's timeline."""
    await needed_incident(room, incident_id)
    page = await room.reads.ask(
        lambda reader: reader.page_updates(incident_id, asked.sort, asked.after, asked.limit)
    )
    return PageOut[UpdateOut](results=[update_out(u) for u in page.items], next=page.next)


@router.post("/{incident_id}/updates/", status_code=201, responses=errors(404))
async def post_update(
    room: InRoom, incident_id: str, operator: Operator, order: UpdateNew
) -> UpdateOut:
    """Write an entry on an incident's timeline."""
    happened = None if order.happened_at is None else ms_of(order.happened_at, "happened_at")
    command = PostUpdate(
        incident_id=incident_id,
        title=order.title,
        description=order.description,
        update_type=order.update_type,
        happened_at=happened,
        is_public=order.is_public,
        is_pinned=order.is_pinned,
    )
    update_id = await room.do(command, operator)
    return update_out(await needed_update(room, incident_id, update_id))


@router.patch("/{incident_id}/updates/{update_id}/", responses=errors(404))
async def patch_update(
    room: InRoom, incident_id: str, update_id: str, operator: Operator, order: UpdatePatch
) -> UpdateOut:
    """Change a timeline entry; what stood there stays in its history."""
    order.refuse_null()
    await needed_update(room, incident_id, update_id)
    await room.do(EditUpdate(update_id=update_id, changes=order.given()), operator)
    return update_out(await needed_update(room, incident_id, update_id))


@router.post("/{incident_id}/alerts/{alert_id}/", responses=errors(404))
async def link_alert(
    room: InRoom, incident_id: str, alert_id: str, operator: Operator
) -> IncidentOut:
    """Attach an alert to an incident."""
    await room.do(LinkAlert(incident_id=incident_id, alert_id=alert_id), operator)
    return incident_out(await needed_incident(room, incident_id))


@router.delete("/{incident_id}/alerts/{alert_id}/", responses=errors(404))
async def unlink_alert(
    room: InRoom, incident_id: str, alert_id: str, operator: Operator
) -> IncidentOut:
    """Take an alert off an incident."""
    await room.do(LinkAlert(incident_id=incident_id, alert_id=alert_id, linked=False), operator)
    return incident_out(await needed_incident(room, incident_id))

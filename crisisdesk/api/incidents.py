"""The routes of incidents and their timelines."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from crisisdesk.api.documented import errors
from crisisdesk.api.incident_views import incident_in, readable_in, told_by, told_incident
from crisisdesk.api.orders import (
    IncidentListing,
    IncidentNew,
    IncidentPatch,
    UpdateListing,
    UpdateNew,
    UpdatePatch,
    cents_of,
)
from crisisdesk.api.reads import StationReader
from crisisdesk.api.room import InRoom, Operator, Room, Viewer
from crisisdesk.api.schemas import HistoryOut, IncidentOut, PageOut, UpdateOut
from crisisdesk.api.times import ms_of
from crisisdesk.api.views import event_out, update_out
from crisisdesk.domain.errors import Malformed, NotFound
from crisisdesk.domain.filters import IncidentFilter
from crisisdesk.domain.incident import DONE_STATUSES, Incident
from crisisdesk.domain.priority import DERIVED
from crisisdesk.domain.update import IncidentUpdate
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


async def needed_update(room: Room, incident_id: str, update_id: str) -> IncidentUpdate:
    """The timeline entry of that incident, or NotFound."""
    entries = await room.reads.ask(lambda reader: reader.updates_of(incident_id))
    for entry in entries:
        if entry.update_id == update_id:
            return entry
    raise NotFound("update_id", f"no update {update_id!r} of this incident", "check the ids")


@router.get("/", responses=errors())
async def list_incidents(
    room: InRoom, viewer: Viewer, asked: Annotated[IncidentListing, Query()]
) -> PageOut[IncidentOut]:
    """A page of incidents, filtered and sorted."""
    query = IncidentFilter(
        status=tuple(asked.status),
        severity=tuple(asked.severity),
        commander=asked.commander,
        text=asked.q,
        viewer=viewer,
    )

    def ask(reader: StationReader) -> PageOut[IncidentOut]:
        page = reader.page_incidents(query, asked.sort, asked.after, asked.limit)
        told = told_by(reader, page.items, viewer)
        return PageOut[IncidentOut](results=told, next=page.next)

    return await room.reads.ask(ask)


@router.post("/", status_code=201, responses=errors(404, 409))
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
        crisis_type=order.crisis_type,
        detected_at=None if order.detected_at is None else ms_of(order.detected_at, "detected_at"),
        reason=order.reason,
        restricted=order.restricted,
        readers=order.readers,
    )
    incident_id = await room.do(command, operator)
    return await told_incident(room, incident_id, operator)


@router.get("/{incident_id}/", responses=errors(404))
async def get_incident(room: InRoom, viewer: Viewer, incident_id: str) -> IncidentOut:
    """One incident; of a restricted one what it is about is shown to those it is for."""
    return await told_incident(room, incident_id, viewer)


@router.patch("/{incident_id}/", responses=errors(404, 409))
async def patch_incident(
    room: InRoom, incident_id: str, operator: Operator, order: IncidentPatch
) -> IncidentOut:
    """Move an incident to another status, or change its fields."""
    order.refuse_null("financial_impact")
    given = order.given()
    command: Command
    if "status" in given:
        incident = await room.reads.ask(lambda reader: incident_in(reader, incident_id))
        command = _transition(incident, given)
    else:
        reason = given.pop("reason", "")
        if reason and not given.keys() & {*DERIVED, "severity"}:
            remedy = "send it with a status, a severity, a priority or an impact"
            raise Malformed("reason", "belongs to a reopening or to how bad it is", remedy)
        command = EditIncident(incident_id=incident_id, changes=_changes(given), reason=reason)
    await room.do(command, operator)
    return await told_incident(room, incident_id, operator)


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
    if "incident_commander" in changes:
        changes["commander"] = changes.pop("incident_commander")
    if "financial_impact" in changes:
        changes["financial_impact_cents"] = cents_of(changes.pop("financial_impact"))
    return changes


@router.get("/{incident_id}/history/", responses=errors(404, 409))
async def incident_history(room: InRoom, viewer: Viewer, incident_id: str) -> HistoryOut:
    """Who did what with an incident, when."""

    def ask(reader: StationReader) -> HistoryOut:
        readable_in(reader, incident_id, viewer)
        events = reader.history([incident_id], HISTORY_LIMIT)
        return HistoryOut(results=[event_out(e) for e in events])

    return await room.reads.ask(ask)


@router.get("/{incident_id}/updates/", responses=errors(404, 409))
async def list_updates(
    room: InRoom, viewer: Viewer, incident_id: str, asked: Annotated[UpdateListing, Query()]
) -> PageOut[UpdateOut]:
    """A page of the timeline of an incident and of its parts."""

    def ask(reader: StationReader) -> PageOut[UpdateOut]:
        incident = readable_in(reader, incident_id, viewer)
        shown = reader.seen_ids(incident, viewer)
        page = reader.page_updates(incident_id, asked.sort, asked.after, asked.limit)
        told = [update_out(u) for u in page.items if u.incident_id in shown]
        return PageOut[UpdateOut](results=told, next=page.next)

    return await room.reads.ask(ask)


@router.post("/{incident_id}/updates/", status_code=201, responses=errors(404, 409))
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


@router.patch("/{incident_id}/updates/{update_id}/", responses=errors(404, 409))
async def patch_update(
    room: InRoom, incident_id: str, update_id: str, operator: Operator, order: UpdatePatch
) -> UpdateOut:
    """Change a timeline entry; what stood there stays in its history."""
    order.refuse_null()
    await needed_update(room, incident_id, update_id)
    await room.do(EditUpdate(update_id=update_id, changes=order.given()), operator)
    return update_out(await needed_update(room, incident_id, update_id))


@router.post("/{incident_id}/alerts/{alert_id}/", responses=errors(404, 409))
async def link_alert(
    room: InRoom, incident_id: str, alert_id: str, operator: Operator
) -> IncidentOut:
    """Attach an alert to an incident."""
    await room.do(LinkAlert(incident_id=incident_id, alert_id=alert_id), operator)
    return await told_incident(room, incident_id, operator)


@router.delete("/{incident_id}/alerts/{alert_id}/", responses=errors(404, 409))
async def unlink_alert(
    room: InRoom, incident_id: str, alert_id: str, operator: Operator
) -> IncidentOut:
    """Take an alert off an incident."""
    await room.do(LinkAlert(incident_id=incident_id, alert_id=alert_id, linked=False), operator)
    return await told_incident(room, incident_id, operator)

"""The routes of alerts."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from crisisdesk.api.documented import errors
from crisisdesk.api.incident_views import told_incident
from crisisdesk.api.orders import (
    Acknowledge,
    AlertListing,
    AlertPatch,
    BulkAcknowledge,
    BulkUnacknowledge,
    Escalate,
    Note,
)
from crisisdesk.api.room import InRoom, Operator, Room
from crisisdesk.api.schemas import (
    AlertOut,
    ChangedOut,
    HistoryOut,
    IncidentOut,
    NotificationsOut,
    PageOut,
)
from crisisdesk.api.views import alert_out, event_out, notification_out
from crisisdesk.domain.alert import Alert
from crisisdesk.domain.errors import Malformed, NotFound
from crisisdesk.domain.filters import AlertFilter
from crisisdesk.engine.commands import (
    AcknowledgeAlerts,
    CloseAlert,
    Command,
    EditAlert,
    EscalateAlert,
    InvestigateAlert,
    NoteAlert,
    ReopenAlert,
    ResolveAlert,
    TakeIn,
    UnacknowledgeAlerts,
)

router = APIRouter(prefix="/crisis/alerts", tags=["alerts"])
HISTORY_LIMIT = 500


async def needed_alert(room: Room, alert_id: str) -> Alert:
    """The alert, or NotFound."""
    alert = await room.reads.ask(lambda reader: reader.alert(alert_id))
    if alert is None:
        raise NotFound("alert_id", f"no alert {alert_id!r} on this station", "check the id")
    return alert


@router.get("/", responses=errors())
async def list_alerts(room: InRoom, asked: Annotated[AlertListing, Query()]) -> PageOut[AlertOut]:
    """A page of alerts, filtered and sorted."""
    query = AlertFilter(
        status=tuple(asked.status),
        severity=tuple(asked.severity),
        source=asked.source,
        service=asked.service,
        owner=asked.owner,
        text=asked.q,
        incident_id=asked.incident,
    )
    page = await room.reads.ask(
        lambda reader: reader.page_alerts(query, asked.sort, asked.after, asked.limit)
    )
    return PageOut[AlertOut](results=[alert_out(a) for a in page.items], next=page.next)


@router.post(
    "/",
    status_code=201,
    responses=errors(),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/AlertNew"}}},
        }
    },
)
async def raise_alert(room: InRoom, request: Request, operator: Operator) -> AlertOut:
    """Raise an alert by hand, or report one again by its key."""
    parsed = room.manual(await request.body(), room.door.now_ms())
    [alert_id] = await room.do(TakeIn(signals=parsed.signals), operator)
    return alert_out(await needed_alert(room, alert_id))


@router.post("/acknowledge/", responses=errors(404, 409))
async def acknowledge_many(room: InRoom, operator: Operator, order: BulkAcknowledge) -> ChangedOut:
    """Acknowledge many alerts, all or none."""
    command = AcknowledgeAlerts(alert_ids=order.alert_ids, epochs=order.epochs, note=order.note)
    return ChangedOut(changed=await room.do(command, operator))


@router.post("/unacknowledge/", responses=errors(404, 409))
async def unacknowledge_many(
    room: InRoom, operator: Operator, order: BulkUnacknowledge
) -> ChangedOut:
    """Take acknowledgements back."""
    command = UnacknowledgeAlerts(alert_ids=order.alert_ids)
    return ChangedOut(changed=await room.do(command, operator))


@router.get("/{alert_id}/", responses=errors(404))
async def get_alert(room: InRoom, alert_id: str) -> AlertOut:
    """One alert."""
    return alert_out(await needed_alert(room, alert_id))


@router.patch("/{alert_id}/", responses=errors(404, 409))
async def patch_alert(
    room: InRoom, alert_id: str, operator: Operator, order: AlertPatch
) -> AlertOut:
    """Move an alert to another status, or change its fields."""
    order.refuse_null()
    given = order.given()
    if "status" in given:
        command = _transition(await needed_alert(room, alert_id), given)
    else:
        for name in ("reason", "epoch"):
            if name in given:
                raise Malformed(name, "belongs to a status", "send the status with it")
        command = EditAlert(alert_id=alert_id, changes=given)
    if command is not None:
        await room.do(command, operator)
    return alert_out(await needed_alert(room, alert_id))


def _transition(alert: Alert, given: dict[str, Any]) -> Command | None:
    """The command that takes the alert to ``given["status"]``; None when it is there already."""
    status = given["status"]
    taken = {"acknowledged": ("epoch",), "resolved": ("reason",), "active": ("reason",)}
    for name in given:
        if name != "status" and name not in taken.get(status, ()):
            raise Malformed(name, f"cannot come with status {status}", "send it on its own")
    alert_id, reason = alert.alert_id, given.get("reason", "")
    if status == "acknowledged":
        epochs = [given["epoch"]] if given.get("epoch") else []
        return AcknowledgeAlerts(alert_ids=[alert_id], epochs=epochs)
    if status == "investigating":
        return InvestigateAlert(alert_id=alert_id)
    if status == "resolved":
        return ResolveAlert(alert_id=alert_id, reason=reason)
    if status == "closed":
        return CloseAlert(alert_id=alert_id)
    if not alert.is_open:
        return ReopenAlert(alert_id=alert_id, reason=reason)
    return UnacknowledgeAlerts(alert_ids=[alert_id]) if alert.ack_id else None


@router.post("/{alert_id}/acknowledge/", responses=errors(404, 409))
async def acknowledge_one(
    room: InRoom, alert_id: str, operator: Operator, order: Acknowledge | None = None
) -> AlertOut:
    """Say that an alert is in hand."""
    order = order or Acknowledge()
    epochs = [order.epoch] if order.epoch else []
    await room.do(AcknowledgeAlerts(alert_ids=[alert_id], epochs=epochs, note=order.note), operator)
    return alert_out(await needed_alert(room, alert_id))


@router.post("/{alert_id}/notes/", status_code=201, responses=errors(404))
async def note_one(room: InRoom, alert_id: str, operator: Operator, order: Note) -> AlertOut:
    """Write a note into an alert's history."""
    await room.do(NoteAlert(alert_id=alert_id, text=order.text), operator)
    return alert_out(await needed_alert(room, alert_id))


@router.post("/{alert_id}/escalate/", status_code=201, responses=errors(404, 409))
async def escalate_one(
    room: InRoom, alert_id: str, operator: Operator, order: Escalate | None = None
) -> IncidentOut:
    """Make an incident of an alert; one that has its incident answers with it."""
    order = order or Escalate()
    command = EscalateAlert(
        alert_id=alert_id,
        commander=order.incident_commander,
        title=order.title,
        severity=order.severity or "",
        category=order.category or "",
    )
    incident_id = await room.do(command, operator)
    incident = await room.reads.ask(lambda reader: reader.incident(incident_id))
    if incident is None:
        raise NotFound("incident_id", f"no incident {incident_id!r} here", "ask again")
    return await told_incident(room, incident_id, operator)


@router.get("/{alert_id}/history/", responses=errors(404))
async def alert_history(room: InRoom, alert_id: str) -> HistoryOut:
    """Who did what with an alert, when."""
    await needed_alert(room, alert_id)
    events = await room.reads.ask(lambda reader: reader.history([alert_id], HISTORY_LIMIT))
    return HistoryOut(results=[event_out(e) for e in events])


@router.get("/{alert_id}/deliveries/", responses=errors(404))
async def alert_deliveries(room: InRoom, alert_id: str) -> NotificationsOut:
    """The pages that an alert caused."""
    alert = await needed_alert(room, alert_id)
    found = await room.reads.ask(lambda reader: reader.deliveries_of(alert_id))
    return NotificationsOut(results=[notification_out(d, alert.incident_id) for d in found])

"""The routes of who has an alert: claim, still on it, hand-off with an answer."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from crisisdesk.api.alerts import needed_alert
from crisisdesk.api.documented import errors
from crisisdesk.api.orders import BULK_LIMIT, Epoch, Id, Name, Order, Text
from crisisdesk.api.room import InRoom, Operator
from crisisdesk.api.schemas import AlertOut, ChangedOut
from crisisdesk.api.views import alert_out
from crisisdesk.domain.signal import DESCRIPTION_LIMIT
from crisisdesk.engine.commands import Command, InvestigateAlert
from crisisdesk.engine.hold_commands import (
    AcceptOffer,
    DeclineOffer,
    OfferAlert,
    RenewAlerts,
    WithdrawOffer,
)

router = APIRouter(prefix="/crisis/alerts", tags=["alerts"])


class Still(Order):
    """Which alerts one still has; ``epochs``, when sent, has one entry for each."""

    alert_ids: Annotated[list[Id], Field(min_length=1, max_length=BULK_LIMIT)]
    epochs: Annotated[list[Epoch], Field(max_length=BULK_LIMIT, default_factory=list)]


class HandOff(Order):
    """To whom: a contact's id or name, or the name of who sits at a desk of this fleet."""

    to: Name
    note: Text = ""


class Decline(Order):
    """Why not."""

    reason: Annotated[str, Field(min_length=1, max_length=DESCRIPTION_LIMIT)]


async def _done(room: InRoom, command: Command, operator: str, alert_id: str) -> AlertOut:
    await room.do(command, operator)
    return alert_out(await needed_alert(room, alert_id))


@router.post("/still/", responses=errors(404, 409))
async def renew_many(room: InRoom, operator: Operator, order: Still) -> ChangedOut:
    """Say that one still has these alerts, all or none: each acknowledgement holds anew."""
    command = RenewAlerts(alert_ids=order.alert_ids, epochs=order.epochs)
    return ChangedOut(changed=await room.do(command, operator))


@router.post("/{alert_id}/still/", responses=errors(404, 409))
async def renew_one(room: InRoom, alert_id: str, operator: Operator) -> AlertOut:
    """Say that one still has it: the acknowledgement holds anew."""
    return await _done(room, RenewAlerts(alert_ids=[alert_id]), operator, alert_id)


@router.post("/{alert_id}/claim/", responses=errors(404, 409))
async def claim_one(room: InRoom, alert_id: str, operator: Operator) -> AlertOut:
    """Take the work on it, whoever has it; they are told."""
    return await _done(room, InvestigateAlert(alert_id=alert_id), operator, alert_id)


@router.post("/{alert_id}/hand-off/", responses=errors(404, 409))
async def offer_one(room: InRoom, alert_id: str, operator: Operator, order: HandOff) -> AlertOut:
    """Ask somebody to take it over; until they accept it stays with who has it."""
    command = OfferAlert(alert_id=alert_id, to=order.to, note=order.note)
    return await _done(room, command, operator, alert_id)


@router.post("/{alert_id}/hand-off/accept/", responses=errors(404, 409))
async def accept_one(room: InRoom, alert_id: str, operator: Operator) -> AlertOut:
    """Take over what was offered."""
    return await _done(room, AcceptOffer(alert_id=alert_id), operator, alert_id)


@router.post("/{alert_id}/hand-off/decline/", responses=errors(404, 409))
async def decline_one(room: InRoom, alert_id: str, operator: Operator, order: Decline) -> AlertOut:
    """Say that one does not take it, and why."""
    command = DeclineOffer(alert_id=alert_id, reason=order.reason)
    return await _done(room, command, operator, alert_id)


@router.delete("/{alert_id}/hand-off/", responses=errors(404, 409))
async def withdraw_one(room: InRoom, alert_id: str, operator: Operator) -> AlertOut:
    """Take the offer back."""
    return await _done(room, WithdrawOffer(alert_id=alert_id), operator, alert_id)

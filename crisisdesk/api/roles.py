"""The routes of an incident's roles: who is in which, taking one, handing one over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field

from crisisdesk.api.documented import errors
from crisisdesk.api.incident_views import readable_in
from crisisdesk.api.orders import MaybeName, Name, Order, Reason
from crisisdesk.api.reads import StationReader
from crisisdesk.api.room import InRoom, Operator, Room, Viewer
from crisisdesk.api.schemas import Out, Time
from crisisdesk.api.times import iso, iso_or_none
from crisisdesk.domain.handover_brief import BRIEF_LIMIT, Brief
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.roles import RoleSeat, checked_role, role_seats, team_warnings
from crisisdesk.engine.command import Command
from crisisdesk.engine.role_commands import (
    AcceptRole,
    AssumeRole,
    DeclineRole,
    OfferRole,
    RenounceRole,
    WithdrawRole,
)

router = APIRouter(prefix="/crisis/incidents/{incident_id}/roles", tags=["roles"])

Part = Annotated[str, Field(max_length=BRIEF_LIMIT)]


class RoleOrder(Order):
    """``who`` is in it, or is it no longer; "" for whoever acts. What somebody else has is taken
    with a ``reason`` only."""

    who: MaybeName = ""
    reason: Reason = ""


class HandoverNew(Order):
    """The brief with which a role is offered, and how long the offer stands, in seconds."""

    to: Name
    known: Annotated[str, Field(min_length=1, max_length=BRIEF_LIMIT)]
    running: Part = ""
    decided: Part = ""
    next: Part = ""
    within_s: Annotated[int, Field(ge=60, le=86_400)] = 900


class ReadBack(Order):
    """What the receiver has understood, in their own words."""

    read_back: Annotated[str, Field(min_length=1, max_length=BRIEF_LIMIT)]


class Decline(Order):
    """Why."""

    reason: Annotated[str, Field(min_length=1, max_length=2_000)]


class BriefOut(Out):
    """What is known, what is under way, what is decided, what comes next."""

    known: str
    running: str
    decided: str
    next: str


class HolderOut(Out):
    """Who is in a role. ``since`` is null where no record of it is left."""

    who: str
    since: Time | None


class OfferOut(Out):
    """An offer to hand a role over that stands."""

    by: str
    to: str
    at: Time
    until: Time
    brief: BriefOut


class RoleOut(Out):
    """One role; whoever acts stands first among its ``holders``. ``planned`` where the response
    plan asks for it; ``rivals`` took it at the same moment as whoever acts."""

    role: str
    word: str
    duty: str
    planned: bool
    holders: list[HolderOut]
    rivals: list[str]
    offer: OfferOut | None


class PastOut(Out):
    """Who was in a role from when to when; ``until`` is null where they still are."""

    role: str
    who: str
    since: Time
    until: Time | None
    read_back: str


class StrainOut(Out):
    """What strains the team, and what helps, with the ``role`` that it is about."""

    strain: Literal["rivals", "span", "hours", "exclusive"]
    role: str
    who: str
    words: str
    remedy: Literal["choose", "assume", "hand_over", "split"]
    remedy_words: str


class RolesOut(Out):
    """The roles that are held, offered or to be filled; their history; what strains the team."""

    results: list[RoleOut]
    history: list[PastOut]
    warnings: list[StrainOut]


def _role_out(seat: RoleSeat) -> RoleOut:
    offer = seat.offer
    told = None
    if offer is not None:
        told = OfferOut(
            by=offer["by"],
            to=offer["to"],
            at=iso(offer["at"]),
            until=iso(offer["until"]),
            brief=BriefOut(**{name: offer[name] for name in Brief().as_dict()}),
        )
    return RoleOut(
        role=seat.role,
        word=seat.word,
        duty=seat.duty,
        planned=seat.planned,
        holders=[HolderOut(who=h.who, since=iso_or_none(h.since)) for h in seat.holders],
        rivals=list(seat.rivals),
        offer=told,
    )


def _roles_out(incident: Incident, seats: Sequence[RoleSeat], now: int) -> RolesOut:
    past = [
        PastOut(
            role=s["role"],
            who=s["who"],
            since=iso(s["at"]),
            until=iso_or_none(s.get("until")),
            read_back=s.get("read_back", ""),
        )
        for s in incident.seats
    ]
    strains = [
        StrainOut(
            strain=w.strain,
            role=w.role,
            who=w.who,
            words=w.words,
            remedy=w.remedy,
            remedy_words=w.remedy_words,
        )
        for w in team_warnings(incident, now)
    ]
    return RolesOut(results=[_role_out(s) for s in seats], history=past, warnings=strains)


async def _told(room: Room, incident_id: str, viewer: str) -> RolesOut:
    now = room.door.now_ms()

    def ask(reader: StationReader) -> RolesOut:
        incident = readable_in(reader, incident_id, viewer)
        return _roles_out(incident, role_seats(incident, reader.roles_to_fill(incident)), now)

    return await room.reads.ask(ask)


async def _done(room: Room, incident_id: str, operator: str, command: Command) -> RolesOut:
    await room.do(command, operator)
    return await _told(room, incident_id, operator)


@router.get("/", responses=errors(404, 409))
async def list_roles(room: InRoom, viewer: Viewer, incident_id: str) -> RolesOut:
    """Who is in which role since when, which are empty, and what strains the team."""
    return await _told(room, incident_id, viewer)


@router.post("/{role}/assume/", responses=errors(404, 409))
async def assume_role(
    room: InRoom, operator: Operator, incident_id: str, role: str, order: RoleOrder | None = None
) -> RolesOut:
    """Put somebody into a role, or say which of several rivals has it."""
    told = order or RoleOrder()
    command = AssumeRole(incident_id=incident_id, role=role, who=told.who, reason=told.reason)
    return await _done(room, incident_id, operator, command)


@router.post("/{role}/renounce/", responses=errors(404, 409))
async def renounce_role(
    room: InRoom, operator: Operator, incident_id: str, role: str, order: RoleOrder | None = None
) -> RolesOut:
    """Let somebody be in it no longer."""
    told = order or RoleOrder()
    command = RenounceRole(incident_id=incident_id, role=role, who=told.who, reason=told.reason)
    return await _done(room, incident_id, operator, command)


@router.get("/{role}/brief/", responses=errors(404, 409))
async def draft_brief(room: InRoom, viewer: Viewer, incident_id: str, role: str) -> BriefOut:
    """The draft of a brief to hand a role over, from the record as it stands."""
    checked_role(role)

    def ask(reader: StationReader) -> BriefOut:
        incident = readable_in(reader, incident_id, viewer)
        return BriefOut(**reader.brief_of(incident, viewer).as_dict())

    return await room.reads.ask(ask)


@router.post("/{role}/handover/", status_code=201, responses=errors(404, 409))
async def offer_role(
    room: InRoom, operator: Operator, incident_id: str, role: str, order: HandoverNew
) -> RolesOut:
    """Offer a role that one has; it passes when the receiver has accepted."""
    brief = Brief(known=order.known, running=order.running, decided=order.decided, next=order.next)
    command = OfferRole(
        incident_id=incident_id,
        role=role,
        to=order.to,
        brief=brief,
        within_ms=order.within_s * 1000,
    )
    return await _done(room, incident_id, operator, command)


@router.post("/{role}/handover/accept/", responses=errors(404, 409))
async def accept_role(
    room: InRoom, operator: Operator, incident_id: str, role: str, order: ReadBack
) -> RolesOut:
    """Take over what is offered to one, with a read-back."""
    command = AcceptRole(incident_id=incident_id, role=role, read_back=order.read_back)
    return await _done(room, incident_id, operator, command)


@router.post("/{role}/handover/decline/", responses=errors(404, 409))
async def decline_role(
    room: InRoom, operator: Operator, incident_id: str, role: str, order: Decline
) -> RolesOut:
    """Say no to an offer; whoever made it keeps the role."""
    command = DeclineRole(incident_id=incident_id, role=role, reason=order.reason)
    return await _done(room, incident_id, operator, command)


@router.post("/{role}/handover/withdraw/", responses=errors(404, 409))
async def withdraw_role(room: InRoom, operator: Operator, incident_id: str, role: str) -> RolesOut:
    """Take an offer back."""
    command = WithdrawRole(incident_id=incident_id, role=role)
    return await _done(room, incident_id, operator, command)

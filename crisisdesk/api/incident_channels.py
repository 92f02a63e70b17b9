"""The routes of an incident's channels: by what its people speak to each other."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import Field

from crisisdesk.api.documented import errors
from crisisdesk.api.incident_views import readable_in
from crisisdesk.api.orders import Order
from crisisdesk.api.reads import StationReader
from crisisdesk.api.room import InRoom, Operator, Room, Viewer
from crisisdesk.api.schemas import Out, Time
from crisisdesk.api.times import iso
from crisisdesk.domain.incident_channels import (
    ADDRESS_LIMIT,
    CHANNEL_NAME_LIMIT,
    USE_LIMIT,
    channels_of,
)
from crisisdesk.engine.incident_commands import RemoveChannel, SetChannel

router = APIRouter(prefix="/crisis/incidents/{incident_id}/channels", tags=["incidents"])

Kind = Literal[
    "bridge",
    "video",
    "chat",
    "phone",
    "radio",
    "mail",
    "document",
    "status_page",
    "in_person",
]


class ChannelNew(Order):
    """A channel; one of that name, whatever its capitals, is changed. ``address`` is where it is:
    https, http, tel, sip, sips or mailto, without anything that lets people in by itself."""

    name: Annotated[str, Field(min_length=1, max_length=CHANNEL_NAME_LIMIT)]
    kind: Kind
    address: Annotated[str, Field(max_length=ADDRESS_LIMIT)] = ""
    use: Annotated[str, Field(max_length=USE_LIMIT)] = ""


class ChannelOut(Out):
    """A channel. ``plan`` is the version of the response plan that it comes from, null for one set
    by hand."""

    name: str
    kind: str
    address: str
    use: str
    plan: str | None
    set_at: Time
    set_by: str


class IncidentChannelsOut(Out):
    """The channels of an incident, what people speak by first."""

    results: list[ChannelOut]


@router.get("/", responses=errors(404, 409))
async def incident_channels(room: InRoom, viewer: Viewer, incident_id: str) -> IncidentChannelsOut:
    """By what the people of an incident speak to each other."""
    return await _told(room, incident_id, viewer)


@router.post("/", responses=errors(404, 409))
async def set_incident_channel(
    room: InRoom, operator: Operator, incident_id: str, order: ChannelNew
) -> IncidentChannelsOut:
    """Set a channel, or change it."""
    command = SetChannel(incident_id=incident_id, **order.model_dump())
    await room.do(command, operator)
    return await _told(room, incident_id, operator)


@router.delete("/{name}/", responses=errors(404, 409))
async def remove_incident_channel(
    room: InRoom, operator: Operator, incident_id: str, name: str
) -> IncidentChannelsOut:
    """Take a channel away."""
    await room.do(RemoveChannel(incident_id=incident_id, name=name), operator)
    return await _told(room, incident_id, operator)


async def _told(room: Room, incident_id: str, viewer: str) -> IncidentChannelsOut:
    def look(reader: StationReader) -> IncidentChannelsOut:
        incident = readable_in(reader, incident_id, viewer)
        return IncidentChannelsOut(results=[_out(one) for one in channels_of(incident)])

    return await room.reads.ask(look)


def _out(channel: dict[str, Any]) -> ChannelOut:
    return ChannelOut(
        name=channel["name"],
        kind=channel["kind"],
        address=channel["address"],
        use=channel["use"],
        plan=channel["plan"] or None,
        set_at=iso(channel["at"]),
        set_by=channel["by"],
    )

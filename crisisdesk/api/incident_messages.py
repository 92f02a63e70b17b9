"""The route of the messages that an incident's response plan has ready."""

from __future__ import annotations

from fastapi import APIRouter

from crisisdesk.api.documented import errors
from crisisdesk.api.incident_views import readable_in
from crisisdesk.api.reads import StationReader
from crisisdesk.api.room import InRoom, Viewer
from crisisdesk.api.schemas import Out
from crisisdesk.domain.playbook.messages import messages

router = APIRouter(prefix="/crisis/incidents", tags=["incidents"])


class MessageOut(Out):
    """Words to begin with; what only their author can know stands in square brackets."""

    name: str
    audience: str
    text: str


class MessagesOut(Out):
    """In the plan's order."""

    results: list[MessageOut]


@router.get("/{incident_id}/messages/", responses=errors(404, 409))
async def incident_messages(room: InRoom, viewer: Viewer, incident_id: str) -> MessagesOut:
    """The plan's messages with what is known of the incident put in; none where it follows none."""
    now = room.door.now_ms()

    def ask(reader: StationReader) -> MessagesOut:
        incident = readable_in(reader, incident_id, viewer)
        plan = reader.followed_plan(incident)
        ready = () if plan is None else messages(plan, incident, now)
        told = [MessageOut(name=m.name, audience=m.audience, text=m.text) for m in ready]
        return MessagesOut(results=told)

    return await room.reads.ask(ask)

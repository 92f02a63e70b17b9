"""Timeline entries: written, and changed with what stood there kept."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.ids import short_id
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.signal import DESCRIPTION_LIMIT, TITLE_LIMIT
from crisisdesk.domain.update import UPDATE_TYPES, IncidentUpdate
from crisisdesk.engine.commands import EditUpdate, PostUpdate
from crisisdesk.engine.handlers.incident_parts import known_incident, led_incident
from crisisdesk.engine.handlers.leases import work_goes_on
from crisisdesk.engine.handlers.wording import checked_text
from crisisdesk.engine.workbench import Workbench


def post_update(command: PostUpdate, bench: Workbench) -> str:
    """Write a timeline entry; the first one by a person counts as first response."""
    return write_entry(command, bench, led_incident(bench, command.incident_id))


def write_entry(command: PostUpdate, bench: Workbench, incident: Incident) -> str:
    """The same where what is said of another thing belongs on this incident's timeline."""
    if command.update_type not in UPDATE_TYPES:
        raise Malformed(
            "update_type", f"{command.update_type!r} is unknown", f"use {', '.join(UPDATE_TYPES)}"
        )
    happened = bench.now if command.happened_at is None else command.happened_at
    if happened > bench.now + 60_000:
        raise Malformed("happened_at", "lies in the future", "say when it happened, UTC")
    update_id = short_id("U", bench.random_bytes(10), 16)
    body = {
        "incident_id": incident.incident_id,
        "update_type": command.update_type,
        "title": checked_text(command.title, "title", TITLE_LIMIT, required=True),
        "description": checked_text(command.description, "description", DESCRIPTION_LIMIT),
        "happened_at": happened,
        "is_public": command.is_public,
        "is_pinned": command.is_pinned,
    }
    bench.emit(update_id, "update.posted", body)
    if incident.first_response_at is None:
        bench.emit(incident.incident_id, "incident.responded", {"update_id": update_id})
    work_goes_on(bench, incident.incident_id)
    return update_id


def edit_update(command: EditUpdate, bench: Workbench) -> None:
    """Change a timeline entry."""
    update = bench.need(IncidentUpdate, command.update_id, "update_id")
    known_incident(bench, update.incident_id, "update_id")
    limits = {"title": TITLE_LIMIT, "description": DESCRIPTION_LIMIT}
    body: dict[str, Any] = {}
    for name, value in command.changes.items():
        if name in limits:
            body[name] = checked_text(value, name, limits[name], required=name == "title")
        elif name in ("is_public", "is_pinned", "hidden") and isinstance(value, bool):
            body[name] = value
        else:
            raise Malformed(name, "cannot be changed so", "change title, description or a flag")
    if body:
        body["base"] = update.edit_id
        bench.emit(update.update_id, "update.edited", body)

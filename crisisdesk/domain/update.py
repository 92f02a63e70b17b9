"""The entries of an incident's timeline: what people wrote, and the pure fold of their events."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from crisisdesk.domain.change import with_changes
from crisisdesk.domain.event import Event
from crisisdesk.domain.merge import overwritten

UPDATE_TYPES = ("note", "status", "investigation", "communication", "decision", "action")


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentUpdate:
    """One entry a person wrote on an incident's timeline.

    Every edit supersedes the entry and stays in the log as its history; ``edit_id`` is the last.
    What an edit replaced without having seen it stands in ``overwritten``.
    """

    update_id: str
    incident_id: str
    update_type: str
    title: str
    description: str
    author: str
    happened_at: int
    logged_at: int
    is_public: bool = False
    is_pinned: bool = False
    hidden: bool = False
    edits: int = 0
    edit_id: str = ""
    edited_by: str = ""
    overwritten: list[dict[str, Any]] = field(default_factory=list)
    newer_needed: str = ""


UPDATE_KINDS = frozenset({"update.posted", "update.edited"})
EDITABLE_UPDATE_FIELDS = (
    "title",
    "description",
    "is_public",
    "is_pinned",
    "hidden",
    "happened_at",
)


def apply_update(state: IncidentUpdate | None, event: Event) -> IncidentUpdate | None:
    """The state of one timeline entry after one more event."""
    if state is None:
        return _posted(event) if event.kind == "update.posted" else None
    if event.kind == "update.edited" and not state.newer_needed:
        return _update_edited(state, event)
    return state


def _posted(event: Event) -> IncidentUpdate:
    body = event.body
    return IncidentUpdate(
        update_id=event.agg,
        incident_id=body["incident_id"],
        update_type=body["update_type"],
        title=body["title"],
        description=body.get("description", ""),
        author=event.actor,
        happened_at=body["happened_at"],
        logged_at=event.at_ms,
        is_public=body.get("is_public", False),
        is_pinned=body.get("is_pinned", False),
    )


def _update_edited(state: IncidentUpdate, event: Event) -> IncidentUpdate:
    """An edit that names the edit it saw (``base``) and did not see the last keeps what it lost."""
    body = event.body
    changed = {k: body[k] for k in EDITABLE_UPDATE_FIELDS if k in body}
    lost = state.overwritten
    if body.get("base", state.edit_id) != state.edit_id:
        for name, value in changed.items():
            if (standing := getattr(state, name)) != value:
                lost = overwritten(
                    lost, name, standing, event, lost_by=state.edited_by, by=event.actor
                )
    return with_changes(
        state,
        **changed,
        edits=state.edits + 1,
        edit_id=event.id,
        edited_by=event.actor,
        overwritten=lost,
    )

"""The orders of the incidents room as calls of the engine's door, and refusals as sentences."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from crisisdesk.desk.incidents.team import split_names
from crisisdesk.domain.amounts import parse_count, parse_money
from crisisdesk.domain.image_reference import with_references

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.api.client import Client
    from crisisdesk.desk.incidents.declare import Declaration
    from crisisdesk.desk.incidents.draft import Entry
    from crisisdesk.desk.room import Refusal
    from crisisdesk.domain.incident import Incident
    from crisisdesk.domain.task import Task

Json = dict[str, Any]
_FIELD_OF = {"commander": "incident_commander", "financial_impact_cents": "financial_impact"}


def refusal_words(refusal: Refusal) -> str:
    """Why something was not saved and what to do, in one sentence."""
    parts = [part for part in (refusal.words, refusal.remedy) if part]
    return f"Not saved: {'; '.join(parts)}."


def typed_value(field: str, text: str) -> Any:
    """What a typed text means for a field of the incident; raises Malformed naming it."""
    if field == "user_impact_count":
        return parse_count(text, "users affected")
    if field == "financial_impact_cents":
        return parse_money(text, "money")
    if field == "response_team":
        return split_names(text)
    return text.strip()


def is_news(incident: Incident, field: str, value: Any) -> bool:
    """Whether a value differs from what stands there."""
    now = getattr(incident, field)
    return bool(sorted(value) != sorted(now)) if field == "response_team" else bool(value != now)


def edit_field(incident_id: str, field: str, value: Any) -> Callable[[Client], Json]:
    """Change one field; money travels as decimal text."""
    if field == "financial_impact_cents" and value is not None:
        value = f"{value // 100}.{value % 100:02d}"
    changes = {_FIELD_OF.get(field, field): value}
    return lambda client: client.edit_incident(incident_id, **changes)


def changed(incident: Incident, values: dict[str, str]) -> dict[str, str]:
    """Of what a form holds, what differs from what stands, and a reason that was written.

    What follows from a changed severity is not sent along as it stood before.
    """
    news = {n: v for n, v in values.items() if n != "reason" and v != str(getattr(incident, n))}
    reason = values.get("reason", "").strip()
    return {**news, "reason": reason} if news and reason else news


def edit_fields(incident_id: str, values: dict[str, str]) -> Callable[[Client], Json]:
    """Change several fields of plain words at once."""
    changes = {_FIELD_OF.get(field, field): value for field, value in values.items()}
    return lambda client: client.edit_incident(incident_id, **changes)


def climb(incident_id: str, status: str, summary: str = "") -> Callable[[Client], Json]:
    """Move up the ladder."""
    return lambda client: client.incident_status(incident_id, status, summary.strip())


def reopen(incident_id: str, reason: str) -> Callable[[Client], Json]:
    """Start the next life."""
    return lambda client: client.reopen_incident(incident_id, reason.strip())


def declare(declaration: Declaration) -> Callable[[Client], Json]:
    """Declare an incident; without a commander the operator leads."""
    fields = {"category": declaration.category, "description": declaration.description}
    if declaration.commander:
        fields["incident_commander"] = declaration.commander
    if declaration.crisis_type is not None:
        fields["crisis_type"] = declaration.crisis_type
    title, severity = declaration.title, declaration.severity
    return lambda client: client.open_incident(title, severity, **fields)


def write_entry(incident_id: str, entry: Entry) -> Callable[[Client], Json]:
    """Post an entry, or save the edit of one; its images go first.

    Sent again after an answer was lost, those that are there already are those.
    """
    fields: Json = {"is_public": entry.is_public, "is_pinned": entry.is_pinned}
    if entry.update_id:
        fields["title"] = entry.title
    else:
        fields["update_type"] = entry.update_type
        if entry.happened_at is not None:
            fields["happened_at"] = iso_moment(entry.happened_at)

    def call(client: Client) -> Json:
        shown = [
            (str(client.add_image(incident_id, one.file.data)["id"]), one.caption)
            for one in entry.images
        ]
        told = {**fields, "description": with_references(entry.description, shown)}
        if entry.update_id:
            return client.edit_update(incident_id, entry.update_id, **told)
        return client.post_update(incident_id, entry.title, **told)

    return call


def flag_entry(incident_id: str, update_id: str, **flags: bool) -> Callable[[Client], Json]:
    """Pin, publish or withdraw an entry."""
    return lambda client: client.edit_update(incident_id, update_id, **flags)


# -- tasks ---------------------------------------------------------------------------------


def add_task(incident_id: str, title: str, fields: Json) -> Callable[[Client], Json]:
    """Write a task down; a ``due_at`` is UTC ms."""
    told = _with_moment(fields)
    return lambda client: client.add_task(incident_id, title, **told)


def edit_task(task: Task, **changes: Any) -> Callable[[Client], Json]:
    """Change a task; a ``due_at`` is UTC ms."""
    told = _with_moment(changes)
    return lambda client: client.edit_task(task.incident_id, task.task_id, **told)


def drop_task(incident_id: str, task_id: str, reason: str) -> Callable[[Client], Json]:
    """It will not be done."""
    return lambda client: client.drop_task(incident_id, task_id, reason)


def task_call(task: Task, name: str, *words: str) -> Callable[[Client], Json]:
    """A call of `TaskCalls` about one task."""
    return lambda client: getattr(client, name)(task.incident_id, task.task_id, *words)


def _with_moment(fields: Json) -> Json:
    due_at = fields.get("due_at")
    return fields if due_at is None else {**fields, "due_at": iso_moment(due_at)}


def iso_moment(at_ms: int) -> str:
    """A moment (UTC ms) as the door takes it."""
    moment = datetime.fromtimestamp(at_ms / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


# -- merging, splitting, restricting ----------------------------------------------------------


def link_alert(incident_id: str, alert_id: str) -> Callable[[Client], Json]:
    """Attach an alert."""
    return lambda client: client.link_alert(incident_id, alert_id)


def unlink_alert(incident_id: str, alert_id: str) -> Callable[[Client], Json]:
    """Take an alert off."""
    return lambda client: client.unlink_alert(incident_id, alert_id)


def set_channel(
    incident_id: str, name: str, kind: str, address: str, use: str
) -> Callable[[Client], Json]:
    """Name a channel, or change the one of that name."""
    return lambda client: client.set_incident_channel(
        incident_id, name, kind, address=address, use=use
    )


def remove_channel(incident_id: str, name: str) -> Callable[[Client], Json]:
    """Take a channel away."""
    return lambda client: client.remove_incident_channel(incident_id, name)


def merge(incident_id: str, into: str, reason: str) -> Callable[[Client], Json]:
    """Make it a part of another one."""
    return lambda client: client.merge_incident(incident_id, into, reason)


def unmerge(incident_id: str) -> Callable[[Client], Json]:
    """Let it stand for itself again."""
    return lambda client: client.unmerge_incident(incident_id)


def split_off(
    incident_id: str, alerts: list[str], title: str, reason: str
) -> Callable[[Client], Json]:
    """Make an incident of its own of these alerts; without a title the engine names it."""
    told = {"title": title, "reason": reason}
    fields = {name: text for name, text in told.items() if text}
    return lambda client: client.split_incident(incident_id, alerts, **fields)


def restrict(incident_id: str, readers: list[str], reason: str) -> Callable[[Client], Json]:
    """Show it to those who work on it and to these readers alone."""
    return lambda client: client.restrict_incident(incident_id, readers, reason)


def unrestrict(incident_id: str) -> Callable[[Client], Json]:
    """Show it to all again."""
    return lambda client: client.unrestrict_incident(incident_id)

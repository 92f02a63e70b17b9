"""Incidents: declaring, leading, writing the timeline, ending."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crisisdesk.domain.alert import Alert, AlertStatus
from crisisdesk.domain.errors import Conflict, Malformed
from crisisdesk.domain.ids import short_id
from crisisdesk.domain.incident import (
    CATEGORIES,
    EDITABLE_INCIDENT_FIELDS,
    IMPACT_OF,
    IMPACTS,
    INCIDENT_STATUS_RANK,
    PRIORITIES,
    PRIORITY_OF,
    UPDATE_TYPES,
    Incident,
    IncidentUpdate,
)
from crisisdesk.domain.severity import INCIDENT_SEVERITY_OF, IncidentSeverity
from crisisdesk.domain.signal import DESCRIPTION_LIMIT, TITLE_LIMIT
from crisisdesk.engine.command import ENGINE
from crisisdesk.engine.commands import (
    ChangeIncidentStatus,
    EditIncident,
    EditUpdate,
    EscalateAlert,
    LinkAlert,
    OpenIncident,
    PostUpdate,
    ReopenIncident,
)
from crisisdesk.engine.handlers.impact import impact_of
from crisisdesk.engine.handlers.leases import with_hold, work_goes_on
from crisisdesk.engine.handlers.wording import checked_text
from crisisdesk.engine.workbench import Workbench

_CHOICES: dict[str, tuple[str, ...]] = {
    "severity": tuple(IncidentSeverity),
    "category": CATEGORIES,
    "priority": PRIORITIES,
    "impact": IMPACTS,
}
_TEXTS = {
    "title": TITLE_LIMIT,
    "description": DESCRIPTION_LIMIT,
    "communication_lead": 150,
    "commander": 150,
    "business_impact": DESCRIPTION_LIMIT,
    "root_cause": DESCRIPTION_LIMIT,
    "resolution_summary": DESCRIPTION_LIMIT,
    "lessons_learned": DESCRIPTION_LIMIT,
}
_NUMBERS = {"user_impact_count": 2**31 - 1, "financial_impact_cents": 10**10 - 1}


def open_incident(command: OpenIncident, bench: Workbench) -> str:
    """Declare an incident and attach its alerts."""
    return declare(command, bench, short_id("INC", bench.random_bytes(8), 8))


def declare(
    command: OpenIncident,
    bench: Workbench,
    incident_id: str,
    more: Mapping[str, Any] | None = None,
    dedup_id: str | None = None,
) -> str:
    """Declare it under this id; ``more`` stands in its first event besides what is asked for."""
    alerts = [bench.need(Alert, a, "alerts") for a in command.alerts]
    severity = _checked("severity", command.severity)
    by = "" if bench.actor == ENGINE else bench.actor
    body = {
        "title": _checked("title", command.title),
        "description": _checked("description", command.description),
        "severity": severity,
        "category": _checked("category", command.category or "availability"),
        "priority": _checked("priority", command.priority or PRIORITY_OF[severity]),
        "impact": _checked("impact", command.impact or IMPACT_OF[severity]),
        "commander": _checked("commander", command.commander) or by,
        "response_team": [_checked("commander", m) for m in command.response_team],
        "alerts": [a.alert_id for a in alerts],
        **impact_of(bench, alerts),
        **(more or {}),
    }
    opened = bench.emit(incident_id, "incident.opened", body, dedup_id=dedup_id)
    for alert in alerts:
        bench.emit(
            alert.alert_id, "alert.escalated", {"incident_id": incident_id}, causes=(opened.id,)
        )
    return incident_id


def escalate_alert(command: EscalateAlert, bench: Workbench) -> str:
    """Make an incident of an alert; one that has its incident already answers with it."""
    alert = bench.need(Alert, command.alert_id, "alert_id")
    if alert.incident_id:
        return alert.incident_id
    order = OpenIncident(
        title=command.title or alert.title,
        severity=command.severity or INCIDENT_SEVERITY_OF[alert.severity],
        description=alert.description,
        category=command.category or _category_of(alert),
        commander=command.commander,
        alerts=[alert.alert_id],
    )
    incident_id = open_incident(order, bench)
    if alert.status == AlertStatus.ACTIVE:
        body = {"epoch": alert.epoch, **with_hold(bench, alert)}
        bench.emit(alert.alert_id, "alert.acknowledged", body)
    return incident_id


def _category_of(alert: Alert) -> str:
    return {"security": "security", "data": "data", "performance": "performance"}.get(
        alert.alert_type, "availability"
    )


def change_incident_status(command: ChangeIncidentStatus, bench: Workbench) -> None:
    """Climb the ladder; going back needs a reopening."""
    incident = bench.need(Incident, command.incident_id, "incident_id")
    rank = INCIDENT_STATUS_RANK.get(command.status)
    if rank is None:
        raise Malformed(
            "status", f"{command.status!r} is no status", f"use {', '.join(INCIDENT_STATUS_RANK)}"
        )
    now = INCIDENT_STATUS_RANK[incident.status]
    if rank == now:
        return
    if rank < now:
        raise Conflict(
            "status",
            f"cannot go back from {incident.status} to {command.status}",
            "reopen it instead",
        )
    body = {"status": command.status, "life": incident.life}
    if command.resolution_summary:
        body["resolution_summary"] = _checked("resolution_summary", command.resolution_summary)
    bench.emit(incident.incident_id, "incident.status_changed", body)
    work_goes_on(bench, incident.incident_id)


def reopen_incident(command: ReopenIncident, bench: Workbench) -> None:
    """Start its next life."""
    incident = bench.need(Incident, command.incident_id, "incident_id")
    if incident.is_open:
        raise Conflict(
            "status", f"{incident.incident_id} is {incident.status}", "nothing to reopen"
        )
    reason = checked_text(command.reason, "reason", DESCRIPTION_LIMIT)
    bench.emit(
        incident.incident_id, "incident.reopened", {"life": incident.life + 1, "reason": reason}
    )


def edit_incident(command: EditIncident, bench: Workbench) -> None:
    """Change fields, commander or team; every change is checked before the first is written."""
    incident = bench.need(Incident, command.incident_id, "incident_id")
    changes = {name: _checked(name, value) for name, value in command.changes.items()}
    for name, value in changes.items():
        if name == "commander":
            # Naming the acting one again settles who of several rivals commands.
            if value != incident.commander or incident.rivals:
                generation = incident.commander_generation + 1
                body: dict[str, Any] = {"commander": value, "generation": generation}
                if incident.rivals:
                    body["rivals"] = incident.rivals
                bench.emit(incident.incident_id, "incident.commander_named", body)
        elif name == "response_team":
            before, after = set(incident.response_team), set(value)
            body = {"add": sorted(after - before), "remove": sorted(before - after)}
            if after != before:
                bench.emit(incident.incident_id, "incident.team_changed", body)
        elif getattr(incident, name) != value:
            body = {"field": name, "value": value, "base": incident.set_by.get(name, "")}
            bench.emit(incident.incident_id, "incident.edited", body)
    work_goes_on(bench, incident.incident_id)


def _checked(name: str, value: Any) -> Any:
    if name in _CHOICES:
        if value not in _CHOICES[name]:
            raise Malformed(
                name, f"{value!r} is unknown", f"use one of {', '.join(_CHOICES[name])}"
            )
        return value
    if name in _TEXTS:
        return checked_text(value, name, _TEXTS[name], required=name == "title")
    if name in _NUMBERS:
        return _checked_number(name, value)
    if name == "response_team":
        if not isinstance(value, list):
            raise Malformed(name, "is not a list", "send a list of names")
        return [checked_text(v, f"{name}[{i}]", 150, required=True) for i, v in enumerate(value)]
    known = (*EDITABLE_INCIDENT_FIELDS, "commander", "response_team")
    raise Malformed(name, "cannot be changed", f"change one of {', '.join(known)}")


def _checked_number(name: str, value: Any) -> int | None:
    if value is None and name == "financial_impact_cents":
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _NUMBERS[name]:
        raise Malformed(
            name, f"{value!r} is out of range", f"send a whole number up to {_NUMBERS[name]}"
        )
    return value


def link_alert(command: LinkAlert, bench: Workbench) -> None:
    """Attach an alert to an incident, or take it off."""
    incident = bench.need(Incident, command.incident_id, "incident_id")
    alert = bench.need(Alert, command.alert_id, "alert_id")
    attached = alert.alert_id in incident.alerts
    body = {"alert_id": alert.alert_id}
    if command.linked and not attached:
        linked = bench.emit(incident.incident_id, "incident.alert_linked", body)
        if not alert.incident_id:
            found = {"incident_id": incident.incident_id}
            bench.emit(alert.alert_id, "alert.escalated", found, causes=(linked.id,))
    elif attached and not command.linked:
        bench.emit(incident.incident_id, "incident.alert_unlinked", body)


def post_update(command: PostUpdate, bench: Workbench) -> str:
    """Write a timeline entry; the first one by a person counts as first response."""
    incident = bench.need(Incident, command.incident_id, "incident_id")
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

"""Incidents: declaring, leading, attaching alerts, ending, reopening."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crisisdesk.domain.alert import Alert, AlertStatus
from crisisdesk.domain.errors import Conflict, Malformed
from crisisdesk.domain.ids import short_id
from crisisdesk.domain.incident import (
    CRISIS_TYPE_OF,
    DONE_STATUSES,
    INCIDENT_STATUS_RANK,
    Incident,
    statuses_after,
)
from crisisdesk.domain.priority import DERIVED
from crisisdesk.domain.priority import impact_of as usual_impact
from crisisdesk.domain.priority import priority_of as usual_priority
from crisisdesk.domain.severity import INCIDENT_SEVERITY_OF
from crisisdesk.domain.signal import DESCRIPTION_LIMIT
from crisisdesk.engine.command import ENGINE
from crisisdesk.engine.commands import (
    ChangeIncidentStatus,
    EditIncident,
    EscalateAlert,
    LinkAlert,
    OpenIncident,
    ReopenIncident,
)
from crisisdesk.engine.handlers.impact import impact_of
from crisisdesk.engine.handlers.incident_fields import checked, checked_names, set_by_hand
from crisisdesk.engine.handlers.incident_parts import known_incident, led_incident
from crisisdesk.engine.handlers.late_tasks import quiet_tasks
from crisisdesk.engine.handlers.leases import with_hold, work_goes_on
from crisisdesk.engine.handlers.playbooks import checked_type, follow_plan
from crisisdesk.engine.handlers.roles import name_commander
from crisisdesk.engine.handlers.wording import checked_text
from crisisdesk.engine.workbench import Workbench

REASON_LIMIT = 2_000


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
    """Declare it under this id, and follow its response plan.

    ``more`` stands in its first event besides what is asked for.
    """
    alerts = [bench.need(Alert, a, "alerts") for a in command.alerts]
    by = "" if bench.actor == ENGINE else bench.actor
    category = checked("category", command.category or "availability")
    asked_type = command.crisis_type
    if asked_type is None:
        asked_type = CRISIS_TYPE_OF.get(category, "")
    body = {
        "title": checked("title", command.title),
        "description": checked("description", command.description),
        "category": category,
        "crisis_type": checked_type(bench, asked_type),
        **_ranks(command),
        "commander": checked("commander", command.commander) or by,
        "response_team": checked("response_team", command.response_team),
        "alerts": [a.alert_id for a in alerts],
        **_detected(command, bench, alerts),
        **impact_of(bench, alerts),
        **(more or {}),
    }
    if command.restricted:
        readers = {*checked_names("readers", command.readers), by} - {""}
        body |= {"restricted": True, "readers": sorted(readers)}
    opened = bench.emit(incident_id, "incident.opened", body, dedup_id=dedup_id)
    for alert in alerts:
        told = {"incident_id": incident_id}
        if body.get("split_from"):
            told["from"] = alert.incident_id
        bench.emit(alert.alert_id, "alert.escalated", told, causes=(opened.id,))
    follow_plan(bench, incident_id)
    return incident_id


def _ranks(command: OpenIncident) -> dict[str, Any]:
    """Severity, and impact and priority as they follow or as somebody says with a reason."""
    severity = checked("severity", command.severity)
    asked = {"impact": command.impact, "priority": command.priority}
    given = {name: checked(name, value) for name, value in asked.items() if value}
    reason = checked_text(command.reason, "reason", REASON_LIMIT)
    by_hand = set_by_hand(severity, given, reason, {})
    impact = given.get("impact") or usual_impact(severity)
    priority = given.get("priority") or usual_priority(severity, impact)
    return {"severity": severity, "impact": impact, "priority": priority, "by_hand": by_hand}


def _detected(command: OpenIncident, bench: Workbench, alerts: Sequence[Alert]) -> dict[str, int]:
    """When it was noticed: as somebody says, else when its first alert was; nothing else."""
    at = command.detected_at
    if at is not None and at > bench.now + 60_000:
        raise Malformed("detected_at", "lies in the future", "say when it was noticed, UTC")
    if at is None and alerts:
        at = min(alert.detected_at for alert in alerts)
    return {} if at is None else {"detected_at": at}


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
    incident = led_incident(bench, command.incident_id)
    rank = INCIDENT_STATUS_RANK.get(command.status)
    if rank is None:
        raise Malformed(
            "status", f"{command.status!r} is no status", f"use {', '.join(INCIDENT_STATUS_RANK)}"
        )
    if command.status == incident.status:
        return
    allowed = statuses_after(incident.status)
    if command.status not in allowed:
        raise Conflict(
            "status",
            f"cannot go back from {incident.status} to {command.status}",
            f"go on to {', '.join(allowed)}, or reopen it" if allowed else "reopen it instead",
        )
    body = {"status": command.status, "life": incident.life}
    if command.resolution_summary:
        body["resolution_summary"] = checked("resolution_summary", command.resolution_summary)
    bench.emit(incident.incident_id, "incident.status_changed", body)
    if command.status in DONE_STATUSES:
        quiet_tasks(bench, incident.incident_id, f"{incident.incident_id} is {command.status}")
    work_goes_on(bench, incident.incident_id)


def reopen_incident(command: ReopenIncident, bench: Workbench) -> None:
    """Start its next life; why stands in the timeline."""
    incident = led_incident(bench, command.incident_id)
    if incident.is_open:
        allowed = ", ".join(statuses_after(incident.status))
        raise Conflict(
            "status",
            f"{incident.incident_id} is {incident.status}: nothing to reopen",
            f"go on to {allowed}",
        )
    reason = checked_text(command.reason, "reason", DESCRIPTION_LIMIT, required=True)
    bench.emit(
        incident.incident_id, "incident.reopened", {"life": incident.life + 1, "reason": reason}
    )


def edit_incident(command: EditIncident, bench: Workbench) -> None:
    """Change fields, commander or team; every change is checked before the first is written.

    A severity that asks for more of the response plan adds its tasks.
    """
    incident = led_incident(bench, command.incident_id)
    changes = {name: checked(name, value) for name, value in command.changes.items()}
    reason = checked_text(command.reason, "reason", REASON_LIMIT)
    severity = changes.get("severity", incident.severity)
    ranks = {name: changes.pop(name) for name in DERIVED if name in changes}
    by_hand = set_by_hand(severity, ranks, reason, incident.by_hand, incident.impact)
    if "crisis_type" in changes:
        checked_type(bench, changes["crisis_type"])
    for name, value in changes.items():
        if name == "commander":
            name_commander(bench, incident, value, reason)
        elif name == "response_team":
            before, after = set(incident.response_team), set(value)
            body = {"add": sorted(after - before), "remove": sorted(before - after)}
            if after != before:
                bench.emit(incident.incident_id, "incident.team_changed", body)
        elif getattr(incident, name) != value:
            why = {"reason": reason} if reason and name == "severity" else {}
            _edit(bench, incident, name, value, **why)
    for name, value in ranks.items():
        if name in by_hand and (value, by_hand[name]) != (
            getattr(incident, name),
            incident.by_hand.get(name),
        ):
            _edit(bench, incident, name, value, reason=by_hand[name])
        elif name not in by_hand and name in incident.by_hand:
            _edit(bench, incident, name, "")
    follow_plan(bench, incident.incident_id)
    work_goes_on(bench, incident.incident_id)


def _edit(bench: Workbench, incident: Incident, name: str, value: Any, **more: str) -> None:
    body = {"field": name, "value": value, "base": incident.set_by.get(name, ""), **more}
    bench.emit(incident.incident_id, "incident.edited", body)


def link_alert(command: LinkAlert, bench: Workbench) -> None:
    """Attach an alert to an incident, or take it off."""
    seen = led_incident if command.linked else known_incident
    incident = seen(bench, command.incident_id)
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

"""The life of an alert under an operator's hands and the engine's clocks."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.alert import EDITABLE_FIELDS, Alert, AlertStatus
from crisisdesk.domain.canonical import tidy
from crisisdesk.domain.errors import Conflict, Malformed
from crisisdesk.domain.ids import decision_id
from crisisdesk.domain.severity import SEVERITY_RANK
from crisisdesk.domain.signal import DESCRIPTION_LIMIT, TITLE_LIMIT, AlertType
from crisisdesk.engine.commands import (
    AcknowledgeAlerts,
    CloseAlert,
    EditAlert,
    MindDueAlerts,
    NoteAlert,
    ReopenAlert,
    ResolveAlert,
    UnacknowledgeAlerts,
)
from crisisdesk.engine.handlers import escalating, handing, holding, leases
from crisisdesk.engine.handlers.wording import checked_text
from crisisdesk.engine.workbench import Workbench


def acknowledge_alerts(command: AcknowledgeAlerts, bench: Workbench) -> list[str]:
    """Acknowledge each; returns those that changed. Already ended ones are refused as a whole.

    Whoever has one already renews it by that; whoever it is offered to accepts it.
    """
    if command.epochs and len(command.epochs) != len(command.alert_ids):
        raise Malformed("epochs", "has another length than alert_ids", "send one epoch per alert")
    note = checked_text(command.note, "note", DESCRIPTION_LIMIT)
    alerts = [bench.need(Alert, a, "alert_id") for a in command.alert_ids]
    for index, alert in enumerate(alerts):
        if not alert.is_open:
            raise Conflict(
                "alert_id",
                f"{alert.alert_id} is already {alert.status}",
                "reopen it first if the trouble is back",
            )
        if command.epochs and command.epochs[index] != alert.epoch:
            raise Conflict(
                "epoch",
                f"{alert.alert_id} has fired again since",
                "look at it and acknowledge anew",
            )
    return [alert.alert_id for alert in alerts if _acknowledge(bench, alert, note, command.way)]


def _acknowledge(bench: Workbench, alert: Alert, note: str, way: str) -> bool:
    """Acknowledge, renew or accept; whether they did not have it before."""
    is_new = bench.actor not in (alert.acknowledged_by, *alert.also_acknowledged_by)
    if handing.is_offered_to(alert, bench.actor):
        handing.accept(bench, alert)
    elif not is_new:
        holding.renew(bench, alert)
    else:
        body = {"epoch": alert.epoch, **({"note": note} if note else {})}
        body |= leases.with_hold(bench, alert)
        body |= {"way": way} if way else {}
        bench.emit(alert.alert_id, "alert.acknowledged", body)
    return is_new


def unacknowledge_alerts(command: UnacknowledgeAlerts, bench: Workbench) -> list[str]:
    """Take acknowledgements back; those without one stay as they are."""
    alerts = [bench.need(Alert, a, "alert_id") for a in command.alert_ids]
    changed = [a for a in alerts if a.ack_id and a.is_open]
    for alert in changed:
        # All that this station sees: one that it does not know of yet must stand.
        also = [str(ack["id"]) for ack in alert.also_acks]
        body = {"ack_id": alert.ack_id, **({"also": also} if also else {})}
        bench.emit(alert.alert_id, "alert.unacknowledged", body, causes=(alert.ack_id,))
        escalating.go_on(bench, alert.alert_id, f"{bench.actor} took the acknowledgement back")
    return [a.alert_id for a in changed]


def resolve_alert(command: ResolveAlert, bench: Workbench) -> None:
    """End the epoch by hand."""
    alert = bench.need(Alert, command.alert_id, "alert_id")
    reason = checked_text(command.reason, "reason", DESCRIPTION_LIMIT)
    if alert.status == AlertStatus.CLOSED:
        raise Conflict("status", f"{alert.alert_id} is closed", "reopen it first")
    if alert.is_open:
        body = {"epoch": alert.epoch, "life": alert.life, "reason": reason}
        bench.emit(alert.alert_id, "alert.resolved", body)


def close_alert(command: CloseAlert, bench: Workbench) -> None:
    """Put it away; an open one is resolved by that."""
    alert = bench.need(Alert, command.alert_id, "alert_id")
    if alert.status != AlertStatus.CLOSED:
        bench.emit(alert.alert_id, "alert.closed", {"epoch": alert.epoch, "life": alert.life})


def reopen_alert(command: ReopenAlert, bench: Workbench) -> None:
    """Start the next life of the epoch, with a new deadline."""
    alert = bench.need(Alert, command.alert_id, "alert_id")
    if alert.is_open:
        raise Conflict("status", f"{alert.alert_id} is {alert.status}, not ended", "nothing to do")
    sla = bench.policy.sla
    body = {
        "epoch": alert.epoch,
        "life": alert.life + 1,
        "reason": checked_text(command.reason, "reason", DESCRIPTION_LIMIT),
        "sla_deadline": sla.deadline(alert.severity, bench.now),
        "sla_prealarm_at": sla.prealarm(alert.severity, bench.now),
    }
    bench.emit(alert.alert_id, "alert.reopened", body)
    escalating.begin(bench, alert.alert_id)


def note_alert(command: NoteAlert, bench: Workbench) -> None:
    """Write a note into the history."""
    alert = bench.need(Alert, command.alert_id, "alert_id")
    text = checked_text(command.text, "text", DESCRIPTION_LIMIT, required=True)
    body = {"text": text, "epoch": alert.epoch, **leases.if_in_charge(bench, alert)}
    bench.emit(alert.alert_id, "alert.noted", body)


def edit_alert(command: EditAlert, bench: Workbench) -> None:
    """Change editable fields, each as its own event that names the value it replaces."""
    alert = bench.need(Alert, command.alert_id, "alert_id")
    changes = {name: _checked_field(name, value) for name, value in command.changes.items()}
    severity = str(changes.get("severity", alert.severity))
    for name, value in changes.items():
        if getattr(alert, name) == value:
            continue
        body: dict[str, Any] = {"field": name, "value": value, "base": alert.set_by.get(name, "")}
        if name == "severity" and alert.acknowledged_at is None and alert.is_open:
            body["sla_deadline"] = bench.policy.sla.deadline(value, alert.detected_at)
            body["sla_prealarm_at"] = bench.policy.sla.prealarm(value, alert.detected_at)
        body |= leases.if_in_charge(bench, alert, severity)
        bench.emit(alert.alert_id, "alert.edited", body)
    if SEVERITY_RANK[severity] > SEVERITY_RANK[alert.severity]:
        escalating.raised(bench, alert.alert_id)


def _checked_field(name: str, value: Any) -> Any:
    if name not in EDITABLE_FIELDS:
        raise Malformed(name, "cannot be changed", f"change one of {', '.join(EDITABLE_FIELDS)}")
    if name == "severity" and value not in SEVERITY_RANK:
        raise Malformed(name, f"{value!r} is no severity", f"use one of {', '.join(SEVERITY_RANK)}")
    if name == "alert_type" and value not in list(AlertType):
        raise Malformed(name, f"{value!r} is no alert type", f"use one of {', '.join(AlertType)}")
    if name == "title":
        return checked_text(value, name, TITLE_LIMIT, required=True)
    if name == "description":
        return checked_text(value, name, DESCRIPTION_LIMIT)
    return tidy(value, field=name)


def mind_due_alerts(command: MindDueAlerts, bench: Workbench) -> int:
    """Pre-alarms, breaches and expiries whose moment has come, each decided once everywhere."""
    minded = 0
    due = bench.journal.due_alerts(bench.now, command.limit)
    bench.prefetch(due)
    for alert_id in due:
        alert = bench.need(Alert, alert_id, "alert_id")
        if alert.next_due is None or alert.next_due > bench.now:
            continue
        kind, body = _due_fact(alert, bench.now)
        dedup = decision_id(alert_id, alert.epoch, str(alert.life), kind)
        bench.emit(alert_id, kind, body, dedup_id=dedup)
        minded += 1
    return minded


def _due_fact(alert: Alert, now: int) -> tuple[str, dict[str, Any]]:
    body: dict[str, Any] = {"epoch": alert.epoch, "life": alert.life}
    if alert.resolves_at is not None and alert.resolves_at <= now:
        return "alert.resolved", {**body, "reason": "its source stopped repeating it"}
    if alert.sla_breached_at is None and alert.sla_deadline <= now:
        return "alert.sla_breached", {**body, "deadline": alert.sla_deadline}
    return "alert.sla_prealarmed", body


def _open(bench: Workbench, alert_id: str) -> Alert:
    alert = bench.need(Alert, alert_id, "alert_id")
    if not alert.is_open:
        raise Conflict("status", f"{alert_id} is {alert.status}", "reopen it first")
    return alert

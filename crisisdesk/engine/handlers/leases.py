"""The end of an acknowledgement, as each sign of life carries it."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.ids import decision_id
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.incident_parts import alerts_of
from crisisdesk.engine.handlers.incident_parts import find_incident, the_parts, the_whole
from crisisdesk.engine.workbench import Workbench


def with_hold(bench: Workbench, alert: Alert, severity: str = "") -> dict[str, Any]:
    """What an event that is a sign of life has in its body; empty where nothing runs out.

    ``severity`` is the one it gets in the same breath.
    """
    severity = severity or alert.severity
    span = None
    if severity in bench.policy.paging_severities:
        span = bench.policy.hold.span(severity, bench.now)
    if span is None:
        return {}
    until, ask_at = span
    hold = {"epoch": alert.epoch, "life": alert.life, "until": until}
    return {"hold": hold if ask_at is None else {**hold, "ask_at": ask_at}}


def if_in_charge(bench: Workbench, alert: Alert, severity: str = "") -> dict[str, Any]:
    """The same when whoever acts has the alert or leads its incident; else nothing."""
    return with_hold(bench, alert, severity) if is_in_charge(bench, alert) else {}


def is_in_charge(bench: Workbench, alert: Alert) -> bool:
    """Whether whoever acts has the alert, or leads or works on its incident."""
    if not alert.is_open or alert.acknowledged_at is None:
        return False
    if alert.has_it(bench.actor):
        return True
    incident = find_incident(bench, alert.incident_id)
    if incident is None:
        return False
    return any(_leads(one, bench.actor) for one in (incident, the_whole(bench, incident)))


def _leads(incident: Incident, name: str) -> bool:
    seated = (seat["who"] for seat in incident.seats if "until" not in seat)
    return incident.is_open and name in (incident.commander, *incident.response_team, *seated)


def work_goes_on(bench: Workbench, incident_id: str) -> None:
    """Somebody has worked on an incident: what of its alerts is in hand goes on being so.

    An alert is only written to once a third of its time is gone, so that a busy timeline does not
    fill the log of each of its alerts.
    """
    incident = bench.need(Incident, incident_id, "incident_id")
    if not incident.is_open:
        return
    alerts = alerts_of(incident, the_parts(bench, incident))
    bench.prefetch(alerts)
    for alert_id in alerts:
        alert = bench.get(alert_id)
        if not isinstance(alert, Alert) or alert.hold_until is None:
            continue
        if not is_in_charge(bench, alert):
            continue
        body = with_hold(bench, alert)
        hold_ms = bench.policy.hold.hold_ms[alert.severity]
        if body and body["hold"]["until"] - alert.hold_until > hold_ms // 3:
            _hold(bench, alert, body, f"work on {incident_id}")


def shorten(bench: Workbench, alert: Alert) -> None:
    """It has become worse while somebody has it: what is left is at most what that severity has."""
    body = with_hold(bench, alert)
    until = body["hold"]["until"] if body else None
    if until is not None and (alert.hold_until is None or until < alert.hold_until):
        _hold(bench, alert, body, f"raised to {alert.severity}")


def give_end(bench: Workbench, alert: Alert) -> bool:
    """Give an acknowledgement without an end one, counted from now; whether it got it."""
    body = with_hold(bench, alert)
    if not body or alert.hold_until is not None or alert.acknowledged_at is None:
        return False
    names = (alert.alert_id, alert.epoch, str(alert.life), "ack_held", alert.ack_id)
    body["why"] = "it had no end"
    bench.emit(alert.alert_id, "alert.ack_held", body, dedup_id=decision_id(*names))
    return True


def _hold(bench: Workbench, alert: Alert, body: dict[str, Any], why: str) -> None:
    bench.emit(alert.alert_id, "alert.ack_held", {**body, "why": why})


def people_named(bench: Workbench, *names: str) -> list[Contact]:
    """The contacts of these names who can be paged; capitals do not matter, as at the desk."""
    wanted = {name.casefold() for name in names if name}
    return [c for c in bench.contacts() if c.enabled and c.name.casefold() in wanted]

"""Still on it: said by whoever has an alert, asked for before it runs out, run out unanswered."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.asking import STILL, UNANSWERED, reason_of
from crisisdesk.domain.errors import Conflict, Malformed
from crisisdesk.domain.ids import decision_id
from crisisdesk.domain.incident import Incident
from crisisdesk.engine.handlers import escalating
from crisisdesk.engine.handlers.leases import give_end, people_named, with_hold
from crisisdesk.engine.handlers.paging import page_about
from crisisdesk.engine.hold_commands import MindHolds, RenewAlerts
from crisisdesk.engine.workbench import Workbench


def renew_alerts(command: RenewAlerts, bench: Workbench) -> list[str]:
    """Say that one still has each, all or none; returns their ids."""
    if command.epochs and len(command.epochs) != len(command.alert_ids):
        raise Malformed("epochs", "has another length than alert_ids", "send one epoch per alert")
    alerts = [bench.need(Alert, a, "alert_id") for a in command.alert_ids]
    for index, alert in enumerate(alerts):
        if not alert.is_open:
            remedy = "reopen it first if the trouble is back"
            raise Conflict("alert_id", f"{alert.alert_id} is already {alert.status}", remedy)
        if command.epochs and command.epochs[index] != alert.epoch:
            remedy = "look at it and acknowledge anew"
            raise Conflict("epoch", f"{alert.alert_id} has fired again since", remedy)
        if alert.acknowledged_at is None:
            said = " any more" if alert.lapsed else ""
            problem = f"nobody has {alert.alert_id}{said}"
            raise Conflict("alert_id", problem, "acknowledge it, then it is yours")
        if not alert.has_it(bench.actor):
            problem = f"{alert.owner} has {alert.alert_id}, not {bench.actor}"
            raise Conflict("alert_id", problem, "claim it, if you take it over")
    for alert in alerts:
        renew(bench, alert)
    return [alert.alert_id for alert in alerts]


def renew(bench: Workbench, alert: Alert) -> None:
    """Whoever has it says so again."""
    body = {"epoch": alert.epoch, "life": alert.life, **with_hold(bench, alert)}
    bench.emit(alert.alert_id, "alert.ack_renewed", body)


def mind_holds(command: MindHolds, bench: Workbench) -> int:
    """Ask who is about to have had it, and let run out what nobody answered for.

    Each is decided once, whichever stations do: its id names the acknowledgement and its end.
    """
    due = bench.journal.due_holds(bench.now - command.late_ms, command.limit)
    bench.prefetch(due)
    for alert_id in due:
        alert = bench.need(Alert, alert_id, "alert_id")
        _mind(bench, alert)
    return len(due) + (_look(bench, command.limit) if command.look else 0)


def _look(bench: Workbench, limit: int) -> int:
    """Acknowledgements without an end: given before there were any, by an older program or a merge.
    They get one, counted from now."""
    policy = bench.policy
    ending = [s for s in sorted(policy.paging_severities) if policy.hold.hold_ms[s]]
    found = bench.journal.unheld(ending, limit)
    bench.prefetch(found)
    return sum(give_end(bench, bench.need(Alert, name, "alert_id")) for name in found)


def _mind(bench: Workbench, alert: Alert) -> None:
    now = bench.now
    if alert.handoff_id and alert.handoff_until is not None and alert.handoff_until <= now:
        _offer_unanswered(bench, alert)
    if alert.acknowledged_at is None or alert.hold_until is None:
        return
    if alert.hold_until <= now:
        _run_out(bench, alert)
    elif alert.hold_ask_at is not None and alert.hold_ask_at <= now:
        _ask(bench, alert)


def _run_out(bench: Workbench, alert: Alert) -> None:
    """Nobody has it any more, and whoever is next is paged at once."""
    also = [str(ack["id"]) for ack in alert.also_acks]
    body: dict[str, Any] = {
        **_named(alert),
        "ack_id": alert.ack_id,
        "owner": alert.owner,
        "sla_deadline": bench.policy.sla.deadline(alert.severity, bench.now),
        "sla_prealarm_at": bench.policy.sla.prealarm(alert.severity, bench.now),
    }
    if also:
        body["also"] = also
    dedup = _decision(alert, "ack_expired")
    bench.emit(alert.alert_id, "alert.ack_expired", body, dedup_id=dedup, causes=(alert.ack_id,))
    escalating.go_on(bench, alert.alert_id, f"the acknowledgement of {alert.owner} ran out")


def _ask(bench: Workbench, alert: Alert) -> None:
    """Page whoever has it; where nobody of that name can be, whoever leads its incident."""
    people = people_named(bench, alert.owner)
    if not people and alert.incident_id:
        incident = bench.get(alert.incident_id)
        if isinstance(incident, Incident) and incident.is_open:
            people = people_named(bench, incident.commander)
    body = {**_named(alert), "contacts": [c.contact_id for c in people]}
    if not people:
        body["words"] = f"no contact is called {alert.owner}: asked at the desk only"
    dedup = _decision(alert, "ack_asked")
    bench.emit(alert.alert_id, "alert.ack_asked", body, dedup_id=dedup)
    page_about(bench, alert, people, reason_of(STILL, str(alert.hold_until)))


def _offer_unanswered(bench: Workbench, alert: Alert) -> None:
    """It goes back to whoever offered it, who is told."""
    body = {"epoch": alert.epoch, "life": alert.life, "offer": alert.handoff_id}
    names = (alert.alert_id, alert.epoch, str(alert.life), "handoff_expired", alert.handoff_id)
    people = people_named(bench, alert.handoff_by)
    reason = reason_of(UNANSWERED, alert.handoff_id)
    bench.emit(alert.alert_id, "alert.handoff_expired", body, dedup_id=decision_id(*names))
    page_about(bench, bench.need(Alert, alert.alert_id, "alert_id"), people, reason)


def _named(alert: Alert) -> dict[str, Any]:
    return {"epoch": alert.epoch, "life": alert.life, "until": alert.hold_until}


def _decision(alert: Alert, what: str) -> str:
    """The same wherever it is decided: this end of this acknowledgement."""
    names = (alert.alert_id, alert.epoch, str(alert.life), what, alert.ack_id)
    return decision_id(*names, str(alert.hold_until))

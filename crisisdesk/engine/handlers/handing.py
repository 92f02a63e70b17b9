"""Taking an alert over, and handing it to somebody who has to accept."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.alert import Alert, AlertStatus
from crisisdesk.domain.asking import DECLINED, OFFER, TAKEN, reason_of
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.errors import Conflict, Malformed, NotFound
from crisisdesk.domain.signal import DESCRIPTION_LIMIT
from crisisdesk.engine.commands import InvestigateAlert
from crisisdesk.engine.handlers.holding import renew
from crisisdesk.engine.handlers.leases import people_named, with_hold
from crisisdesk.engine.handlers.paging import page_about
from crisisdesk.engine.handlers.wording import checked_text
from crisisdesk.engine.hold_commands import AcceptOffer, DeclineOffer, OfferAlert, WithdrawOffer
from crisisdesk.engine.workbench import Workbench

NAME_LIMIT = 150


def claim(command: InvestigateAlert, bench: Workbench) -> None:
    """Take the work on an alert; whoever had it before is told."""
    alert = _open(bench, command.alert_id)
    if is_offered_to(alert, bench.actor):
        accept(bench, alert)
    elif alert.status != AlertStatus.INVESTIGATING or alert.owner != bench.actor:
        body: dict[str, Any] = {"epoch": alert.epoch, "generation": alert.owner_generation + 1}
        taken = alert.owner not in ("", bench.actor)
        body |= {"from": alert.owner} if taken else {}
        event = bench.emit(
            alert.alert_id, "alert.investigating", {**body, **with_hold(bench, alert)}
        )
        if taken:
            _tell(bench, alert, alert.owner, reason_of(TAKEN, event.id))
    else:
        renew(bench, alert)


def offer_alert(command: OfferAlert, bench: Workbench) -> str:
    """Ask somebody to take it over; returns the name. An offer to somebody else is withdrawn."""
    alert = _open(bench, command.alert_id)
    note = checked_text(command.note, "note", DESCRIPTION_LIMIT)
    wanted = checked_text(command.to, "to", NAME_LIMIT, required=True)
    if alert.acknowledged_at is None:
        problem = f"nobody has {alert.alert_id}"
        raise Conflict("alert_id", problem, "acknowledge it first, then hand it over")
    if not alert.has_it(bench.actor):
        problem = f"{alert.owner} has {alert.alert_id}, not {bench.actor}"
        raise Conflict("alert_id", problem, "claim it first, then hand it over")
    people, name = receiver(bench, wanted)
    if alert.owner.casefold() == name.casefold():
        raise Conflict("to", f"{name} has it already", "name somebody else")
    if alert.handoff_id:
        if alert.handoff_to.casefold() == name.casefold():
            return alert.handoff_to
        bench.emit(alert.alert_id, "alert.handoff_withdrawn", _of_offer(alert))
    body: dict[str, Any] = {
        "epoch": alert.epoch,
        "life": alert.life,
        "to": name,
        "until": bench.now + bench.policy.hold.offer_ms,
        **with_hold(bench, alert),
    }
    if len(people) == 1:
        body["contact_id"] = people[0].contact_id
    if note:
        body["note"] = note
    event = bench.emit(alert.alert_id, "alert.handoff_offered", body)
    page_about(bench, _now(bench, alert), people, reason_of(OFFER, event.id))
    return name


def receiver(bench: Workbench, wanted: str) -> tuple[list[Contact], str]:
    """The contacts to page and the name they go by; an operator needs no contact's card."""
    everybody = bench.contacts()
    if found := [c for c in everybody if c.contact_id == wanted]:
        return found, found[0].name
    if found := [c for c in everybody if c.name.casefold() == wanted.casefold()]:
        if len(found) > 1:
            ids = ", ".join(c.contact_id for c in found)
            raise Malformed("to", f"{wanted!r} are {len(found)} contacts", f"name one of {ids}")
        return found, found[0].name
    for operator in bench.journal.operators():
        if operator.casefold() == wanted.casefold():
            return [], operator
    remedy = "name a contact, or who sits at a desk of this fleet"
    raise NotFound("to", f"nobody here is called {wanted!r}", remedy)


def accept_offer(command: AcceptOffer, bench: Workbench) -> None:
    """Take over what was offered to one."""
    accept(bench, _offered(bench, command.alert_id))


def accept(bench: Workbench, alert: Alert) -> None:
    """Whoever acts takes over what is offered to them; whoever had it is told."""
    body = {
        **_of_offer(alert),
        "generation": alert.owner_generation + 1,
        "from": alert.owner,
        **with_hold(bench, alert),
    }
    event = bench.emit(alert.alert_id, "alert.handoff_accepted", body)
    _tell(bench, alert, alert.owner or alert.handoff_by, reason_of(TAKEN, event.id))


def decline_offer(command: DeclineOffer, bench: Workbench) -> None:
    """Say no; whoever offered it keeps it and is told."""
    alert = _offered(bench, command.alert_id)
    reason = checked_text(command.reason, "reason", DESCRIPTION_LIMIT, required=True)
    event = bench.emit(
        alert.alert_id, "alert.handoff_declined", {**_of_offer(alert), "reason": reason}
    )
    _tell(bench, alert, alert.handoff_by, reason_of(DECLINED, event.id))


def withdraw_offer(command: WithdrawOffer, bench: Workbench) -> None:
    """Offer it no longer."""
    alert = _open(bench, command.alert_id)
    if not alert.handoff_id:
        raise Conflict("alert_id", f"{alert.alert_id} is offered to nobody", "nothing to take back")
    if bench.actor != alert.handoff_by and not alert.has_it(bench.actor):
        problem = f"{alert.handoff_by} offered it, not {bench.actor}"
        raise Conflict("alert_id", problem, "claim it, if you take it over")
    sign = with_hold(bench, alert) if alert.has_it(bench.actor) else {}
    bench.emit(alert.alert_id, "alert.handoff_withdrawn", {**_of_offer(alert), **sign})


def _offered(bench: Workbench, alert_id: str) -> Alert:
    """The alert, offered to whoever acts."""
    alert = _open(bench, alert_id)
    if not alert.handoff_id:
        owner = f"{alert.owner} has it" if alert.owner else "nobody has it"
        problem = f"{alert_id} is offered to nobody any more; {owner}"
        raise Conflict("alert_id", problem, "claim it, if you take it over")
    if not is_offered_to(alert, bench.actor):
        problem = f"{alert_id} is offered to {alert.handoff_to}, not to {bench.actor}"
        raise Conflict("alert_id", problem, "claim it, if you take it over")
    return alert


def is_offered_to(alert: Alert, name: str) -> bool:
    """Whether an offer of it stands, to this person."""
    return bool(alert.handoff_id) and alert.handoff_to.casefold() == name.casefold()


def _of_offer(alert: Alert) -> dict[str, Any]:
    return {"epoch": alert.epoch, "life": alert.life, "offer": alert.handoff_id}


def _tell(bench: Workbench, alert: Alert, name: str, reason: str) -> None:
    if name and name != bench.actor:
        page_about(bench, _now(bench, alert), people_named(bench, name), reason)


def _now(bench: Workbench, alert: Alert) -> Alert:
    return bench.need(Alert, alert.alert_id, "alert_id")


def _open(bench: Workbench, alert_id: str) -> Alert:
    alert = bench.need(Alert, alert_id, "alert_id")
    if not alert.is_open:
        raise Conflict("status", f"{alert_id} is {alert.status}", "reopen it first")
    return alert

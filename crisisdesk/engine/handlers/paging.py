"""Pages: whom to page and by which method, and whether a page is still wanted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.asking import kind_of, over, titled
from crisisdesk.domain.contact import Contact, ContactMethod
from crisisdesk.domain.delivery import NOTE, TEST_REASON, Delivery, DeliveryStatus
from crisisdesk.domain.errors import NotFound
from crisisdesk.domain.ids import delivery_id_of, short_id
from crisisdesk.domain.severity import SEVERITY_RANK
from crisisdesk.engine.commands import SendTestPage
from crisisdesk.engine.handlers.hands import is_awaited
from crisisdesk.engine.handlers.incident_channels import joined
from crisisdesk.engine.handlers.reaching import Chosen, Reach
from crisisdesk.engine.handlers.task_standing import not_wanted
from crisisdesk.engine.workbench import Workbench

# The reason of an alert's first page; the others name their step.
FIRED = "fired"
# A page that reaches nobody by its way any more.
_GIVEN_UP = (DeliveryStatus.FAILED, DeliveryStatus.EXPIRED, DeliveryStatus.SUPERSEDED)


def page_contacts(
    bench: Workbench, alert: Alert, contact_ids: Iterable[str], reason: str, note: str = ""
) -> None:
    """Queue a page to each, by the first of its methods that takes this severity now and needs
    nothing that is taken out; by a second one as well where `Reach.first` says so.

    ``note`` says in words why it comes only now, or at all.

    Where a page of an earlier step still waits for that method, it stands for this one too, unless
    the alert has become worse since: that one may wait longer, or be out of the door already.
    """
    reach = Reach(bench, alert.severity, alert)
    for contact_id in contact_ids:
        contact = bench.need(Contact, contact_id, "contact_id")
        for chosen in reach.first(contact):
            if reason == FIRED or not _waits(bench, alert, chosen.method):
                _queue(bench, alert, contact, chosen, reason, note)


def page_about(
    bench: Workbench,
    alert: Alert,
    people: Iterable[Contact],
    reason: str,
    severity: str = "",
) -> None:
    """Queue a page that asks or tells somebody about who has it (`domain.asking`), to each by the
    first of their methods that takes this severity now; the alert's, where no other is given."""
    reach = Reach(bench, severity or alert.severity, alert)
    for contact in people:
        for chosen in reach.first(contact)[:1]:
            _queue(bench, alert, contact, chosen, reason, severity=severity)


def _waits(bench: Workbench, alert: Alert, method: ContactMethod) -> bool:
    names = bench.journal.waiting_for(alert.alert_id, method.method_id)
    found = (bench.get(name) for name in names)
    return any(
        isinstance(d, Delivery)
        and d.due_at is not None
        and d.epoch == alert.epoch
        and not kind_of(d.reason)
        and SEVERITY_RANK[d.severity] >= SEVERITY_RANK[alert.severity]
        for d in found
    )


def _queue(
    bench: Workbench,
    alert: Alert,
    contact: Contact,
    chosen: Chosen,
    reason: str,
    note: str = "",
    severity: str = "",
) -> None:
    delivery_id = _page_id(alert, reason, chosen.method)
    if bench.get(delivery_id) is not None:
        return
    where = f"{alert.service}: " if alert.service else ""
    noted = joined(bench, alert, note)
    body = {
        "alert_id": alert.alert_id,
        "epoch": alert.epoch,
        "severity": severity or alert.severity,
        "title": titled(reason, f"{where}{alert.title}")[:200],
        "text": (f"{NOTE}{noted}\n" * bool(noted) + alert.description)[:2000],
        "reason": reason,
        **address_of(contact, chosen.method),
    }
    bench.emit(delivery_id, "delivery.queued", body, dedup_id=None)
    if chosen.body:
        bench.emit(delivery_id, "delivery.routed", chosen.body)


def _page_id(alert: Alert, reason: str, method: ContactMethod) -> str:
    return delivery_id_of(alert.alert_id, f"{alert.epoch}/{alert.life}", reason, method.method_id)


def address_of(contact: Contact, method: ContactMethod) -> dict[str, Any]:
    """The part of a page's body that says to whom and by what it goes."""
    return {
        "contact_id": contact.contact_id,
        "contact_name": contact.name,
        "method_id": method.method_id,
        "channel": method.channel,
        "masked": method.masked,
    }


def send_test_page(command: SendTestPage, bench: Workbench) -> str:
    """Queue a page that says it is a test."""
    contact = bench.need(Contact, command.contact_id, "contact_id")
    methods = [ContactMethod(**m) for m in contact.methods]
    method = next((m for m in methods if m.method_id == command.method_id), None)
    if method is None:
        raise NotFound("method_id", "this contact has no such method", "list its methods first")
    delivery_id = short_id("D", bench.random_bytes(10), 16)
    body = {
        "alert_id": "",
        "epoch": "",
        "severity": "low",
        "title": "Test page from CrisisDesk",
        "text": f"{bench.actor} tests whether this reaches {contact.name}; nothing is wrong.",
        "reason": TEST_REASON,
        **address_of(contact, method),
    }
    bench.emit(delivery_id, "delivery.queued", body)
    return delivery_id


def unwanted(bench: Workbench, delivery: Delivery) -> str | None:
    """Why this page need not go out any more, in words; None while it must."""
    if delivery.is_test:
        return None
    if delivery.answered_at is not None:
        return f"{delivery.answered_by} has answered it"
    alert = bench.need(Alert, delivery.alert_id, "alert_id")
    if alert.epoch != delivery.epoch:
        return "the alert fired again since; the newer page stands for it"
    if not alert.is_open:
        return f"the alert is {alert.status}"
    if kind_of(delivery.reason):
        return over(delivery.reason, alert) or not_wanted(bench, delivery, alert)
    if alert.acknowledged_at is not None and not is_awaited(bench, alert, delivery.contact_id):
        return f"{alert.acknowledged_by} has it"
    return None


def unreachable(bench: Workbench, delivery: Delivery) -> str | None:
    """Why its contact method is no longer there to be used, in words; None while it is."""
    contact = bench.get(delivery.contact_id)
    if not isinstance(contact, Contact) or contact.removed:
        return f"{delivery.contact_name} was taken out of the contact list"
    methods = {str(m["method_id"]): ContactMethod(**m) for m in contact.methods}
    method = methods.get(delivery.method_id)
    if method is None:
        return f"this contact method of {contact.name} was removed"
    if not delivery.is_test and not (contact.enabled and method.enabled):
        return f"{contact.name if method.enabled else 'this contact method'} was switched off"
    return None


def page_next(bench: Workbench, delivery: Delivery) -> None:
    """Page the contact by the first of its methods that this page has not gone by yet.

    What is taken out may change the order between two of them, so it is asked what was tried, not
    what stands behind.
    """
    for chosen, page in _ways_of(bench, delivery):
        if page is None:
            _page_by(bench, delivery, chosen)
            return


def page_otherwise(bench: Workbench, delivery: Delivery) -> bool:
    """Page the contact by the first way that needs nothing which is taken out, and say whether;
    not where the page goes, or went, by such a way already."""
    for chosen, page in _ways_of(bench, delivery):
        if "missing" in chosen.body:
            return False
        if page is None:
            _page_by(bench, delivery, chosen)
            return True
        if page.status not in _GIVEN_UP:
            return False
    return False


def _ways_of(bench: Workbench, delivery: Delivery) -> list[tuple[Chosen, Delivery | None]]:
    """The ways to its contact in today's order, each with this page as it went by it."""
    contact, alert = bench.get(delivery.contact_id), bench.get(delivery.alert_id)
    if delivery.is_test or not isinstance(contact, Contact) or not isinstance(alert, Alert):
        return []
    found = []
    for chosen in Reach(bench, delivery.severity, alert).in_order(contact):
        page: Any = delivery
        if chosen.method.method_id != delivery.method_id:
            page = bench.get(_page_id(alert, delivery.reason, chosen.method))
        found.append((chosen, page if isinstance(page, Delivery) else None))
    return found


def _page_by(bench: Workbench, delivery: Delivery, chosen: Chosen) -> None:
    contact = bench.need(Contact, delivery.contact_id, "contact_id")
    alert = bench.need(Alert, delivery.alert_id, "alert_id")
    _queue(bench, alert, contact, chosen, delivery.reason, delivery.note)

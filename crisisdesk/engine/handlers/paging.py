"""Pages and their deliveries: queue, claim before sending, settle, fall back to the next method."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.contact import Contact, ContactMethod
from crisisdesk.domain.delivery import Delivery, DeliveryStatus
from crisisdesk.domain.errors import NotFound
from crisisdesk.domain.ids import delivery_id_of, short_id
from crisisdesk.engine.commands import ClaimDeliveries, SendTestPage, SettleDelivery
from crisisdesk.engine.workbench import Workbench

TEST_REASON = "test"


def page_out(bench: Workbench, alert_id: str, reason: str) -> None:
    """Queue one page per contact, to the first of its methods that takes this severity."""
    contacts = bench.contacts()
    if not contacts:
        return
    alert = bench.need(Alert, alert_id, "alert_id")
    for contact in contacts:
        for method in contact.ways(alert.severity)[:1]:
            _queue(bench, alert, contact, method, reason)


def _queue(
    bench: Workbench, alert: Alert, contact: Contact, method: ContactMethod, reason: str
) -> None:
    delivery_id = delivery_id_of(
        alert.alert_id, f"{alert.epoch}/{alert.life}", reason, method.method_id
    )
    if bench.get(delivery_id) is not None:
        return
    where = f"{alert.service}: " if alert.service else ""
    body = {
        "alert_id": alert.alert_id,
        "epoch": alert.epoch,
        "severity": alert.severity,
        "title": f"{where}{alert.title}"[:200],
        "text": alert.description[:2000],
        "reason": reason,
        **_address(contact, method),
    }
    bench.emit(delivery_id, "delivery.queued", body, dedup_id=None)


def _address(contact: Contact, method: ContactMethod) -> dict[str, Any]:
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
        **_address(contact, method),
    }
    bench.emit(delivery_id, "delivery.queued", body)
    return delivery_id


def claim_deliveries(
    command: ClaimDeliveries, bench: Workbench
) -> list[tuple[Delivery, Alert | None]]:
    """Claim what is due, a bounded number per method, and drop what is no longer wanted."""
    claimed: list[tuple[Delivery, Alert | None]] = []
    for method_id in bench.journal.waiting_methods():
        slots = command.per_method - command.busy.get(method_id, 0)
        if slots <= 0:
            continue
        due = bench.journal.due_deliveries(method_id, bench.now, slots)
        bench.prefetch(due)
        for delivery in (d for i in due if (d := _claim(bench, i)) is not None):
            alert = bench.get(delivery.alert_id) if delivery.alert_id else None
            claimed.append((delivery, alert if isinstance(alert, Alert) else None))
    return claimed


def _claim(bench: Workbench, delivery_id: str) -> Delivery | None:
    delivery = bench.need(Delivery, delivery_id, "delivery_id")
    if delivery.due_at is None or delivery.due_at > bench.now:
        return None
    if (why := _unwanted(bench, delivery)) is not None:
        bench.emit(delivery_id, "delivery.superseded", {"reason": why})
        return None
    if (why := _unreachable(bench, delivery)) is not None:
        bench.emit(delivery_id, "delivery.superseded", {"reason": why})
        _page_next(bench, delivery)
        return None
    unknown = delivery.unknown + (delivery.status == DeliveryStatus.SENDING)
    retry = bench.policy.retry
    if delivery.attempt >= retry.max_attempts:
        words = (
            delivery.words or "the engine stopped while sending; nobody knows whether it arrived"
        )
        _give_up(bench, delivery, words)
        return None
    body: dict[str, Any] = {
        "attempt": delivery.attempt + 1,
        "unknown": unknown,
        "deadline": bench.now + retry.claim_ms(),
    }
    bench.emit(delivery_id, "delivery.claimed", body)
    return bench.need(Delivery, delivery_id, "delivery_id")


def _unwanted(bench: Workbench, delivery: Delivery) -> str | None:
    """Why this page need not go out any more, in words; None while it must."""
    if delivery.reason == TEST_REASON:
        return None
    alert = bench.need(Alert, delivery.alert_id, "alert_id")
    if alert.epoch != delivery.epoch:
        return "the alert fired again since; the newer page stands for it"
    if not alert.is_open:
        return f"the alert is {alert.status}"
    if alert.acknowledged_at is not None:
        return f"{alert.acknowledged_by} has it"
    return None


def _unreachable(bench: Workbench, delivery: Delivery) -> str | None:
    """Why its contact method is no longer there to be used, in words; None while it is."""
    contact = bench.get(delivery.contact_id)
    if not isinstance(contact, Contact) or contact.removed:
        return f"{delivery.contact_name} was taken out of the contact list"
    methods = {str(m["method_id"]): ContactMethod(**m) for m in contact.methods}
    method = methods.get(delivery.method_id)
    if method is None:
        return f"this contact method of {contact.name} was removed"
    if delivery.reason != TEST_REASON and not (contact.enabled and method.enabled):
        return f"{contact.name if method.enabled else 'this contact method'} was switched off"
    return None


def settle_delivery(command: SettleDelivery, bench: Workbench) -> None:
    """Write down the end of an attempt; of an older attempt only good news still counts."""
    delivery = bench.need(Delivery, command.delivery_id, "delivery_id")
    outcome = command.outcome
    if outcome.ok:
        if delivery.status != DeliveryStatus.SENT:
            body = {"words": outcome.words, "provider_id": outcome.provider_id}
            bench.emit(delivery.delivery_id, "delivery.sent", body)
        return
    if delivery.attempt != command.attempt or delivery.status != DeliveryStatus.SENDING:
        return
    retry = bench.policy.retry
    if outcome.retryable and delivery.attempt < retry.max_attempts:
        pause = retry.pause_ms(delivery.attempt, delivery.delivery_id, outcome.retry_after_s)
        failed: dict[str, Any] = {"words": outcome.words, "retry_at": bench.now + pause}
        bench.emit(delivery.delivery_id, "delivery.failed", failed)
    else:
        _give_up(bench, delivery, outcome.words)


def _give_up(bench: Workbench, delivery: Delivery, words: str) -> None:
    """End the chain, and page the same contact by the next of its methods."""
    bench.emit(delivery.delivery_id, "delivery.failed", {"words": words, "retry_at": None})
    _page_next(bench, delivery)


def _page_next(bench: Workbench, delivery: Delivery) -> None:
    """Page the contact by the method after this one, or by its first when this one is gone."""
    contact, alert = bench.get(delivery.contact_id), bench.get(delivery.alert_id)
    if delivery.reason == TEST_REASON or not isinstance(contact, Contact):
        return
    ways = contact.ways(delivery.severity)
    names = [method.method_id for method in ways]
    following = names.index(delivery.method_id) + 1 if delivery.method_id in names else 0
    if isinstance(alert, Alert):
        for method in ways[following : following + 1]:
            _queue(bench, alert, contact, method, delivery.reason)

"""Pages and their deliveries: queue, claim before sending, settle, fall back to the next method."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.contact import Contact, ContactMethod
from crisisdesk.domain.delivery import Delivery, DeliveryStatus
from crisisdesk.domain.errors import NotFound
from crisisdesk.domain.ids import delivery_id_of, short_id
from crisisdesk.engine.commands import (
    ChooseDeliveries,
    ClaimDeliveries,
    ClaimTerms,
    ListOverdue,
    RecheckDelivery,
    ReleaseDelivery,
    SendTestPage,
    SettleDelivery,
)
from crisisdesk.engine.handlers.hands import is_awaited
from crisisdesk.engine.workbench import Workbench

TEST_REASON = "test"
# How many due deliveries of one method are looked through for those whose turn it is.
PATIENT_LOOK = 256


def page_contacts(bench: Workbench, alert: Alert, contact_ids: Iterable[str], reason: str) -> None:
    """Queue a page to each, by the first of its methods that takes this severity now."""
    for contact_id in contact_ids:
        contact = bench.need(Contact, contact_id, "contact_id")
        for method in contact.ways(alert.severity, bench.now)[:1]:
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
    terms = command.terms
    claimed: list[tuple[Delivery, Alert | None]] = []
    for delivery in _due(bench, command, terms):
        if not _holds_good(bench, delivery, terms):
            continue
        bench.emit(delivery.delivery_id, "delivery.claimed", _claim_body(bench, delivery, terms))
        alert = bench.get(delivery.alert_id) if delivery.alert_id else None
        fresh = bench.need(Delivery, delivery.delivery_id, "delivery_id")
        claimed.append((fresh, alert if isinstance(alert, Alert) else None))
    return claimed


def choose_deliveries(command: ChooseDeliveries, bench: Workbench) -> list[str]:
    """Name what is due, for the hub to grant; drop what is no longer wanted."""
    chosen = _due(bench, command, None)
    return [d.delivery_id for d in chosen if _holds_good(bench, d, None)]


def _due(
    bench: Workbench, command: ClaimDeliveries | ChooseDeliveries, terms: ClaimTerms | None
) -> Iterator[Delivery]:
    """Deliveries whose moment has come and that these terms allow, by method and due moment."""
    if terms is not None and terms.granted is not None:
        bench.prefetch(list(terms.granted))
        named = (bench.need(Delivery, key, "delivery_id") for key in terms.granted)
        yield from (d for d in named if d.due_at is not None and d.due_at <= bench.now)
        return
    patient = terms is not None and terms.patience_ms > 0
    for method_id in bench.journal.waiting_methods():
        slots = command.per_method - command.busy.get(method_id, 0)
        if slots <= 0:
            continue
        # Those left alone must not stand in the way of those behind them.
        looked_at = slots + len(command.apart) + (PATIENT_LOOK if patient else 0)
        due = bench.journal.due_deliveries(method_id, bench.now, looked_at)
        bench.prefetch(due)
        for delivery_id in due:
            delivery = bench.need(Delivery, delivery_id, "delivery_id")
            if delivery.due_at is None or delivery.due_at > bench.now:
                continue
            if delivery_id in command.apart or not _is_its_turn(bench, delivery, terms):
                continue
            yield delivery
            slots -= 1
            if slots == 0:
                break


def _is_its_turn(bench: Workbench, delivery: Delivery, terms: ClaimTerms | None) -> bool:
    """Whether a station that acts without the hub may send it yet: others may know it too."""
    if terms is None or not terms.patience_ms or delivery.due_at is None:
        return True
    if delivery.due_at + terms.patience_ms <= bench.now:
        return True
    told = bench.journal.story(delivery.delivery_id)[1]
    queued = [event for event in told if event.kind == "delivery.queued"]
    return bool(queued) and all(e.seq > terms.shared.get(e.origin, 0) for e in queued)


def _holds_good(bench: Workbench, delivery: Delivery, terms: ClaimTerms | None) -> bool:
    """Whether it is still to be sent; what is not ends here."""
    if (why := _unwanted(bench, delivery)) is not None:
        bench.emit(delivery.delivery_id, "delivery.superseded", {"reason": why})
        return False
    if (why := _unreachable(bench, delivery)) is not None:
        bench.emit(delivery.delivery_id, "delivery.superseded", {"reason": why})
        _page_next(bench, delivery)
        return False
    if delivery.tries >= bench.policy.retry.max_attempts:
        words = (
            delivery.words or "the engine stopped while sending; nobody knows whether it arrived"
        )
        _give_up(bench, delivery, words)
        return False
    # A newer lease than one's own has been at work here: one's own is over.
    return terms is None or not terms.token or delivery.token <= terms.token


def _claim_body(bench: Workbench, delivery: Delivery, terms: ClaimTerms | None) -> dict[str, Any]:
    attempt = delivery.attempt + 1
    unknown = delivery.unknown + (delivery.status == DeliveryStatus.SENDING)
    body: dict[str, Any] = {
        "attempt": attempt,
        "unknown": unknown,
        "deadline": bench.now + bench.policy.retry.claim_ms(),
    }
    if terms is None:
        return body
    granted = (terms.granted or {}).get(delivery.delivery_id, 0)
    if granted > attempt:
        # The ledger knows attempts whose end has not come here, or never will.
        body |= {"attempt": granted, "unknown": max(unknown, delivery.unknown + 1)}
    return body | {"token": terms.token, "holder": terms.holder}


def recheck_delivery(command: RecheckDelivery, bench: Workbench) -> str:
    """Why it must not be sent now; empty when it must."""
    delivery = bench.need(Delivery, command.delivery_id, "delivery_id")
    if delivery.status == DeliveryStatus.SENT:
        return "it was sent by another station meanwhile"
    if not _is_claim_of(delivery, command):
        return "another station has claimed it since"
    if (why := _unwanted(bench, delivery)) is not None:
        bench.emit(delivery.delivery_id, "delivery.superseded", {"reason": why})
        return why
    return ""


def release_delivery(command: ReleaseDelivery, bench: Workbench) -> None:
    """Give the claim back, unless it no longer stands."""
    delivery = bench.need(Delivery, command.delivery_id, "delivery_id")
    if _is_claim_of(delivery, command):
        body = {"attempt": command.attempt, "holder": command.holder}
        bench.emit(delivery.delivery_id, "delivery.released", body)


def _is_claim_of(delivery: Delivery, command: RecheckDelivery | ReleaseDelivery) -> bool:
    standing = (delivery.status, delivery.attempt, delivery.holder)
    return standing == (DeliveryStatus.SENDING, command.attempt, command.holder)


def list_overdue(command: ListOverdue, bench: Workbench) -> list[str]:
    """Wanted deliveries, long due, that nobody acts on."""
    overdue: list[str] = []
    for method_id in bench.journal.waiting_methods():
        late = bench.journal.due_deliveries(method_id, bench.now - command.late_ms, command.limit)
        bench.prefetch(late)
        for delivery_id in late:
            delivery = bench.need(Delivery, delivery_id, "delivery_id")
            wanted = _unwanted(bench, delivery) is None and _unreachable(bench, delivery) is None
            if wanted and delivery.due_at is not None:
                overdue.append(delivery_id)
    return overdue


def _unwanted(bench: Workbench, delivery: Delivery) -> str | None:
    """Why this page need not go out any more, in words; None while it must."""
    if delivery.reason == TEST_REASON:
        return None
    alert = bench.need(Alert, delivery.alert_id, "alert_id")
    if alert.epoch != delivery.epoch:
        return "the alert fired again since; the newer page stands for it"
    if not alert.is_open:
        return f"the alert is {alert.status}"
    if alert.acknowledged_at is not None and not is_awaited(bench, alert, delivery.contact_id):
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
    standing = (delivery.attempt, delivery.holder, delivery.status)
    if standing != (command.attempt, command.holder, DeliveryStatus.SENDING):
        return
    retry = bench.policy.retry
    if outcome.retryable and delivery.tries < retry.max_attempts:
        pause = retry.pause_ms(delivery.tries, delivery.delivery_id, outcome.retry_after_s)
        _fail(bench, delivery, outcome.words, bench.now + pause)
    else:
        _give_up(bench, delivery, outcome.words)


def _give_up(bench: Workbench, delivery: Delivery, words: str) -> None:
    """End the chain, and page the same contact by the next of its methods."""
    _fail(bench, delivery, words, None)
    _page_next(bench, delivery)


def _fail(bench: Workbench, delivery: Delivery, words: str, retry_at: int | None) -> None:
    body: dict[str, Any] = {"words": words, "retry_at": retry_at}
    if delivery.holder:
        body |= {"attempt": delivery.attempt, "holder": delivery.holder}
    bench.emit(delivery.delivery_id, "delivery.failed", body)


def _page_next(bench: Workbench, delivery: Delivery) -> None:
    """Page the contact by the method after this one, or by its first when this one is gone."""
    contact, alert = bench.get(delivery.contact_id), bench.get(delivery.alert_id)
    if delivery.reason == TEST_REASON or not isinstance(contact, Contact):
        return
    ways = contact.ways(delivery.severity, bench.now)
    names = [method.method_id for method in ways]
    following = names.index(delivery.method_id) + 1 if delivery.method_id in names else 0
    if isinstance(alert, Alert):
        for method in ways[following : following + 1]:
            _queue(bench, alert, contact, method, delivery.reason)

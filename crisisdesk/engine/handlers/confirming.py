"""What providers say afterwards: a message they took has arrived, was read, or never will be."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.bundle import BUNDLE_STEP
from crisisdesk.domain.delivery import Delivery, DeliveryStatus
from crisisdesk.engine.commands import ListQuestions, NoteConfirmation
from crisisdesk.engine.handlers.paging import page_next, unwanted
from crisisdesk.engine.handlers.settling import ASK_AFTER_MS
from crisisdesk.engine.workbench import Workbench

_TOLD = ("delivered", "read", "failed")


def list_questions(command: ListQuestions, bench: Workbench) -> list[Delivery]:
    """Sent deliveries that are to be asked after now."""
    ids = bench.journal.due_questions(bench.now, command.limit)
    bench.prefetch(ids)
    found = (bench.need(Delivery, delivery_id, "delivery_id") for delivery_id in ids)
    return [d for d in found if d.ask_at is not None and d.ask_at <= bench.now]


def note_confirmation(command: NoteConfirmation, bench: Workbench) -> bool:
    """Write down the provider's word; page the next method when it is bad or late."""
    delivery = bench.need(Delivery, command.delivery_id, "delivery_id")
    told = command.confirmation
    if told.state in _TOLD:
        body = {"state": told.state, "words": told.words, "provider_id": command.provider_id}
        bench.emit(delivery.delivery_id, "delivery.confirmed", body)
        after = bench.need(Delivery, command.delivery_id, "delivery_id")
        if told.state != "failed" or after.status != DeliveryStatus.FAILED:
            return False
        if delivery.status != DeliveryStatus.FAILED:
            _page_otherwise(bench, delivery)
        return _spread(bench, command, body)
    if delivery.status == DeliveryStatus.SENT and delivery.provider_id == command.provider_id:
        return _ask_again(bench, delivery)
    return False


def _spread(bench: Workbench, command: NoteConfirmation, body: dict[str, Any]) -> bool:
    """What never arrived took others with it; returns whether more of them are left."""
    ids = bench.journal.carried_by(command.delivery_id, DeliveryStatus.SENT, BUNDLE_STEP)
    bench.prefetch(ids)
    for key in ids:
        other = bench.need(Delivery, key, "delivery_id")
        if other.status == DeliveryStatus.SENT and other.provider_id == command.provider_id:
            bench.emit(key, "delivery.confirmed", body)
            _page_otherwise(bench, other)
    return len(ids) == BUNDLE_STEP


def _ask_again(bench: Workbench, delivery: Delivery) -> bool:
    """No answer yet: ask again later, and do not wait for it with the next method for ever."""
    sent_at = delivery.sent_at or bench.now
    within = bench.policy.confirm_within_ms
    moments = sorted(sent_at + after for after in {*ASK_AFTER_MS, within})
    following = next((at for at in moments if at > bench.now), None)
    is_late = not delivery.doubted and bench.now - sent_at >= within
    body: dict[str, Any] = {"ask_at": following}
    if is_late:
        body["doubted"] = True
    bench.emit(delivery.delivery_id, "delivery.asked", body)
    if is_late:
        _page_otherwise(bench, delivery)
        for key in bench.journal.carried_by(delivery.delivery_id, DeliveryStatus.SENT, BUNDLE_STEP):
            _page_otherwise(bench, bench.need(Delivery, key, "delivery_id"))
    return False


def _page_otherwise(bench: Workbench, delivery: Delivery) -> None:
    """By the next method, while the alert still needs somebody."""
    if unwanted(bench, delivery) is None:
        page_next(bench, delivery)

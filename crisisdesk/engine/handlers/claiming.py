"""What is due becomes messages: claimed before they are sent, one by one or many in one."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.answering import CODE_CHANNELS, free_code
from crisisdesk.domain.bundle import BUNDLE_STEP, Room, by_weight, is_stale, plan
from crisisdesk.domain.delivery import Delivery, DeliveryStatus
from crisisdesk.engine.commands import (
    ChooseDeliveries,
    ChooseJoining,
    ClaimDeliveries,
    ClaimTerms,
    JoinBundle,
    ListOverdue,
)
from crisisdesk.engine.handlers.answering import taken_codes
from crisisdesk.engine.handlers.paging import page_next, unreachable, unwanted
from crisisdesk.engine.handlers.settling import give_up, supersede
from crisisdesk.engine.ports import DueMethod
from crisisdesk.engine.workbench import Workbench

# How many more due deliveries of one method are looked through for those whose turn it is.
PATIENT_LOOK = 256

Claims = list[tuple[Delivery, Alert | None]]


def claim_deliveries(command: ClaimDeliveries, bench: Workbench) -> Claims:
    """Claim what is due as messages, a bounded number per method; what is not wanted ends here."""
    terms = command.terms
    if terms is not None and terms.granted is not None:
        messages = _granted(bench, command.messages or [[key] for key in terms.granted], terms)
    else:
        messages = _messages(bench, command, terms)
    return [claim for message in messages for claim in _claim(bench, message, terms)]


def choose_deliveries(command: ChooseDeliveries, bench: Workbench) -> list[list[str]]:
    """Name what is due, for the hub to grant; drop what is no longer wanted."""
    return [[d.delivery_id for d in message] for message in _messages(bench, command, None)]


def join_bundle(command: JoinBundle, bench: Workbench) -> Claims:
    """Let more join a message on its way; none once its claim does not stand any more."""
    carrier, terms = bench.need(Delivery, command.carrier_id, "carrier_id"), command.terms
    if terms is not None and terms.granted is not None:
        joining = _good(bench, _loaded(bench, terms.granted), terms, carrier.delivery_id)
    else:
        joining = _joining(bench, command, terms)
    return _bundle(bench, carrier, joining, terms)


def choose_joining(command: ChooseJoining, bench: Workbench) -> list[str]:
    """Name what would join, for the hub to grant."""
    return [d.delivery_id for d in _joining(bench, command, None)]


def list_overdue(command: ListOverdue, bench: Workbench) -> list[str]:
    """Wanted deliveries, long due and with room to go, that nobody acts on."""
    overdue: list[str] = []
    late = bench.now - command.late_ms
    for method in bench.journal.due_methods(late):
        opens = bench.policy.throttle.of_method(method.channel).opens_at
        urgent_at, any_at = opens(method.messages, bench.now)
        if urgent_at > late:
            continue
        ids = bench.journal.due_deliveries(
            method.method_id, late, command.limit, urgent=any_at > late
        )
        for delivery in _loaded(bench, ids):
            wanted = unwanted(bench, delivery) is None and unreachable(bench, delivery) is None
            if wanted and delivery.due_at is not None:
                overdue.append(delivery.delivery_id)
    return overdue


# -- what is due ---------------------------------------------------------------------------------


def _messages(
    bench: Workbench, command: ClaimDeliveries | ChooseDeliveries, terms: ClaimTerms | None
) -> Iterator[list[Delivery]]:
    """The messages that may go now, the carrier of each first."""
    used: Counter[str] = Counter()
    for method in bench.journal.due_methods(bench.now):
        places = command.per_method - command.busy.get(method.method_id, 0)
        room = _room(bench, method, places, used[method.channel])
        if room.urgent <= 0:
            continue
        due = _due(bench, method.method_id, command.apart, terms, urgent=room.any <= 0)
        if room.any <= 0 and len(due) > room.urgent:
            # Several urgent ones share a message, and whatever else waits may go with it.
            due = _due(bench, method.method_id, command.apart, terms, urgent=False)
        messages = _laden(bench, due, room, command.apart, terms)
        taken = {d.delivery_id for message in messages for d in message}
        left = [d for d in due if d.delivery_id not in taken and not d.carries]
        now_left = Room(urgent=room.urgent - len(messages), any=room.any - len(messages))
        messages += plan(left, now_left, _stale(bench, left))
        used[method.channel] += len(messages)
        yield from messages


def _room(bench: Workbench, method: DueMethod, places: int, used: int) -> Room:
    throttle, now = bench.policy.throttle, bench.now
    urgent, of_any = throttle.of_method(method.channel).room(method.messages, now)
    channel = throttle.of_channel(method.channel).room(method.channel_messages, now) - used
    most = min(places, channel)
    return Room(urgent=min(most, urgent), any=min(most, of_any))


def _due(
    bench: Workbench,
    method_id: str,
    apart: frozenset[str],
    terms: ClaimTerms | None,
    *,
    urgent: bool,
) -> list[Delivery]:
    """What is due, wanted and allowed by these terms, by weight; the urgent only, if asked."""
    # Those left alone must not stand in the way of those behind them.
    patient = terms is not None and terms.patience_ms > 0
    most = BUNDLE_STEP + len(apart) + (PATIENT_LOOK if patient else 0)
    ids = bench.journal.due_deliveries(method_id, bench.now, most, urgent=urgent)
    if len(ids) == most and not urgent:
        first = bench.journal.due_deliveries(method_id, bench.now, BUNDLE_STEP, urgent=True)
        ids = list(dict.fromkeys([*first, *ids]))
    found = (d for d in _loaded(bench, [i for i in ids if i not in apart]) if _is_due(bench, d))
    good = [d for d in found if _is_its_turn(bench, d, terms) and _holds_good(bench, d, terms)]
    return good if len(good) < 2 else by_weight(good, _services(bench, good))


def _loaded(bench: Workbench, ids: Iterable[str]) -> list[Delivery]:
    """These deliveries, and their alerts at hand."""
    wanted = list(ids)
    bench.prefetch(wanted)
    found = [bench.need(Delivery, delivery_id, "delivery_id") for delivery_id in wanted]
    bench.prefetch([d.alert_id for d in found if d.alert_id])
    return found


def _is_due(bench: Workbench, delivery: Delivery) -> bool:
    return delivery.due_at is not None and delivery.due_at <= bench.now


def _services(bench: Workbench, due: Iterable[Delivery]) -> dict[str, str]:
    alerts = (bench.get(d.alert_id) for d in due if d.alert_id)
    return {a.alert_id: a.service for a in alerts if isinstance(a, Alert)}


def _stale(bench: Workbench, due: Iterable[Delivery]) -> frozenset[str]:
    ttl = bench.policy.page_ttl_ms
    return frozenset(d.delivery_id for d in due if is_stale(d, bench.now, ttl))


def _laden(
    bench: Workbench,
    due: Sequence[Delivery],
    room: Room,
    apart: frozenset[str],
    terms: ClaimTerms | None,
) -> list[list[Delivery]]:
    """Carriers that are due again, each with those that follow it."""
    messages: list[list[Delivery]] = []
    for carrier in due:
        places = room.urgent if carrier.is_urgent else room.any
        if carrier.carries and len(messages) < places:
            messages.append([carrier, *_followers(bench, carrier, apart, terms)])
    return messages


def _followers(
    bench: Workbench, carrier: Delivery, apart: frozenset[str], terms: ClaimTerms | None
) -> list[Delivery]:
    most = BUNDLE_STEP + len(apart)
    ids = bench.journal.carried_by(carrier.delivery_id, DeliveryStatus.BUNDLED, most)
    found = _loaded(bench, [i for i in ids if i not in apart][:BUNDLE_STEP])
    return _good(bench, found, terms, carrier.delivery_id)


def _joining(
    bench: Workbench, command: JoinBundle | ChooseJoining, terms: ClaimTerms | None
) -> list[Delivery]:
    """What follows this carrier already and is not with it yet, else what else is due."""
    carrier = bench.need(Delivery, command.carrier_id, "carrier_id")
    standing = (carrier.status, carrier.attempt, carrier.holder)
    if standing != (DeliveryStatus.SENDING, command.attempt, command.holder):
        return []
    if followers := _followers(bench, carrier, command.apart, terms):
        return followers
    due = _due(bench, carrier.method_id, command.apart, terms, urgent=False)
    fit = [d for d in due if not d.is_test and not d.carries]
    return [d for d in fit if d.delivery_id != carrier.delivery_id][:BUNDLE_STEP]


def _is_its_turn(bench: Workbench, delivery: Delivery, terms: ClaimTerms | None) -> bool:
    """Whether a station that acts without the hub may send it yet: others may know it too."""
    if terms is None or not terms.patience_ms or delivery.due_at is None:
        return True
    if delivery.due_at + terms.patience_ms <= bench.now:
        return True
    told = bench.journal.story(delivery.delivery_id)[1]
    queued = [event for event in told if event.kind == "delivery.queued"]
    return bool(queued) and all(e.seq > terms.shared.get(e.origin, 0) for e in queued)


def _granted(
    bench: Workbench, messages: Iterable[Sequence[str]], terms: ClaimTerms
) -> Iterator[list[Delivery]]:
    """Of what was chosen, what the hub granted and what still holds."""
    granted = terms.granted or {}
    for message in messages:
        found = _loaded(bench, [key for key in message if key in granted])
        if good := _good(bench, found, terms, message[0]):
            yield good


def _good(
    bench: Workbench, found: Iterable[Delivery], terms: ClaimTerms | None, carrier_id: str
) -> list[Delivery]:
    """Those that are due, or follow this carrier, and are still to be sent."""
    return [
        d
        for d in found
        if (_is_due(bench, d) or (d.status == DeliveryStatus.BUNDLED and d.into == carrier_id))
        and _holds_good(bench, d, terms)
    ]


def _holds_good(bench: Workbench, delivery: Delivery, terms: ClaimTerms | None) -> bool:
    """Whether it is still to be sent; what is not ends here."""
    if delivery.is_test and bench.now - delivery.queued_at > bench.policy.test_ttl_ms:
        why = "the test waited too long to say anything about now"
        bench.emit(delivery.delivery_id, "delivery.expired", {"reason": why})
        return False
    if (why_not := unwanted(bench, delivery)) is not None:
        supersede(bench, delivery, why_not)
        return False
    if (why_not := unreachable(bench, delivery)) is not None:
        page_next(bench, delivery)
        supersede(bench, delivery, why_not)
        return False
    if delivery.tries >= bench.policy.retry.max_attempts:
        unknown = "the engine stopped while sending; nobody knows whether it arrived"
        give_up(bench, delivery, delivery.words or unknown)
        return False
    # A newer lease than one's own has been at work here: one's own is over.
    return terms is None or not terms.token or delivery.token <= terms.token


# -- claiming ------------------------------------------------------------------------------------


def _claim(bench: Workbench, message: Sequence[Delivery], terms: ClaimTerms | None) -> Claims:
    carrier, *others = message
    body = _claim_body(bench, carrier, terms)
    if others:
        body["carries"] = len(others)
    if carrier.channel in CODE_CHANNELS and not carrier.code:
        wish = int.from_bytes(hashlib.sha256(carrier.delivery_id.encode()).digest()[:4], "big")
        body["code"] = free_code(wish, taken_codes(bench))
    # The carrier first: whoever hears of one that goes with it has heard of the message as well.
    bench.emit(carrier.delivery_id, "delivery.claimed", body)
    return [_with_alert(bench, carrier.delivery_id), *_bundle(bench, carrier, others, terms)]


def _bundle(
    bench: Workbench, carrier: Delivery, others: Iterable[Delivery], terms: ClaimTerms | None
) -> Claims:
    """Put these into the carrier's message; who follows it already is in it."""
    until = bench.now + bench.policy.retry.follow_ms()
    bundled: Claims = []
    for other in others:
        if (other.status, other.into) != (DeliveryStatus.BUNDLED, carrier.delivery_id):
            body = _claim_body(bench, other, terms)
            body |= {"into": carrier.delivery_id, "until": until}
            bench.emit(other.delivery_id, "delivery.bundled", body)
        bundled.append(_with_alert(bench, other.delivery_id))
    return bundled


def _with_alert(bench: Workbench, delivery_id: str) -> tuple[Delivery, Alert | None]:
    delivery = bench.need(Delivery, delivery_id, "delivery_id")
    alert = bench.get(delivery.alert_id) if delivery.alert_id else None
    return delivery, alert if isinstance(alert, Alert) else None


def _claim_body(bench: Workbench, delivery: Delivery, terms: ClaimTerms | None) -> dict[str, Any]:
    attempt = delivery.attempt + 1
    was_out = delivery.status in (DeliveryStatus.SENDING, DeliveryStatus.BUNDLED)
    unknown = delivery.unknown + was_out
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

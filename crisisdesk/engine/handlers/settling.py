"""How attempts end: looked at once more before the send, given back, settled, given up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crisisdesk.domain.bundle import BUNDLE_STEP
from crisisdesk.domain.delivery import REACHED_STATUSES, Delivery, DeliveryStatus
from crisisdesk.domain.loop_test import is_asked
from crisisdesk.engine.commands import (
    RecheckBundle,
    RecheckDelivery,
    ReleaseDelivery,
    SettleBundled,
    SettleDelivery,
)
from crisisdesk.engine.handlers.paging import page_next, unwanted
from crisisdesk.engine.ports import Outcome
from crisisdesk.engine.workbench import Workbench

# After this long a provider is asked whether a message arrived, ms after it took it.
ASK_AFTER_MS = (15_000, 60_000, 300_000)


# -- directly before the send --------------------------------------------------------------------


def recheck_delivery(command: RecheckDelivery, bench: Workbench) -> str:
    """Why it must not be sent now; empty when it must."""
    delivery = bench.need(Delivery, command.delivery_id, "delivery_id")
    if why := _not_standing(delivery, command):
        return why
    if (why_not := unwanted(bench, delivery)) is not None:
        bench.emit(delivery.delivery_id, "delivery.superseded", {"reason": why_not})
        return why_not
    return ""


def recheck_bundle(command: RecheckBundle, bench: Workbench) -> tuple[str, list[str]]:
    """Why nothing must be sent, or which of these are still to be told.

    A carrier whose own alert is in somebody's hands still carries the others; it is left untold.
    """
    carrier = bench.need(Delivery, command.delivery_id, "delivery_id")
    if why := _not_standing(carrier, command):
        return why, []
    wanted = [carrier.delivery_id] if unwanted(bench, carrier) is None else []
    for other in _followers(bench, carrier, command.carried):
        if (why_not := unwanted(bench, other)) is None:
            wanted.append(other.delivery_id)
        else:
            bench.emit(other.delivery_id, "delivery.superseded", {"reason": why_not})
    return "", wanted


def _followers(bench: Workbench, carrier: Delivery, carried: Sequence[str]) -> list[Delivery]:
    """Those of ``carried`` that are bundled into this carrier, their alerts at hand."""
    bench.prefetch(list(carried))
    found = [bench.need(Delivery, key, "carried") for key in carried]
    bench.prefetch([d.alert_id for d in found])
    mine = (DeliveryStatus.BUNDLED, carrier.delivery_id)
    return [d for d in found if (d.status, d.into) == mine]


def release_delivery(command: ReleaseDelivery, bench: Workbench) -> None:
    """Give the claim back, unless it no longer stands."""
    delivery = bench.need(Delivery, command.delivery_id, "delivery_id")
    if not _not_standing(delivery, command):
        body = {"attempt": command.attempt, "holder": command.holder}
        bench.emit(delivery.delivery_id, "delivery.released", body)


def _not_standing(
    delivery: Delivery, command: RecheckDelivery | RecheckBundle | ReleaseDelivery
) -> str:
    """Why this claim does not stand any more, in words; empty while it does."""
    if delivery.status in REACHED_STATUSES:
        return "it was sent by another station meanwhile"
    standing = (delivery.status, delivery.attempt, delivery.holder)
    if standing != (DeliveryStatus.SENDING, command.attempt, command.holder):
        return "another station has claimed it since"
    return ""


# -- the end -------------------------------------------------------------------------------------


def settle_delivery(command: SettleDelivery, bench: Workbench) -> list[str]:
    """Write down the end of an attempt; of an older attempt only good news still counts.

    Those told in the same message come to the same end, unless the carrier is tried again: then
    they wait with it.
    """
    delivery = bench.need(Delivery, command.delivery_id, "delivery_id")
    outcome = command.outcome
    if outcome.ok:
        if delivery.status not in REACHED_STATUSES:
            bench.emit(delivery.delivery_id, "delivery.sent", _sent_body(bench, delivery, outcome))
        return _end_bundled(bench, delivery, outcome, command.carried)
    standing = (delivery.attempt, delivery.holder, delivery.status)
    if standing != (command.attempt, command.holder, DeliveryStatus.SENDING):
        return []
    retry = bench.policy.retry
    if outcome.retryable and delivery.tries < retry.max_attempts:
        pause = retry.pause_ms(delivery.tries, delivery.delivery_id, outcome.retry_after_s)
        _fail(bench, delivery, outcome.words, bench.now + pause)
        return []
    _pass_on(bench, delivery, outcome.words)
    return _end_bundled(bench, delivery, outcome, command.carried)


def settle_bundled(command: SettleBundled, bench: Workbench) -> list[str]:
    """Go on with the end of those that went in one message."""
    carrier = bench.need(Delivery, command.delivery_id, "delivery_id")
    return _end_bundled(bench, carrier, command.outcome, command.carried)


def _sent_body(bench: Workbench, delivery: Delivery, outcome: Outcome) -> dict[str, Any]:
    body: dict[str, Any] = {"words": outcome.words, "provider_id": outcome.provider_id}
    told = is_asked(delivery) if delivery.is_loop else _is_confirmed(bench, delivery)
    if outcome.provider_id and told:
        body["ask_at"] = bench.now + ASK_AFTER_MS[0]
    return body


def _is_confirmed(bench: Workbench, delivery: Delivery) -> bool:
    return delivery.channel in bench.policy.confirm_channels


def _end_bundled(
    bench: Workbench, carrier: Delivery, outcome: Outcome, carried: Sequence[str]
) -> list[str]:
    """The first of ``carried`` end as their carrier did; returns the rest.

    After the last of them, whoever follows the carrier and was not in its message is free again.
    """
    now, later = carried[:BUNDLE_STEP], list(carried[BUNDLE_STEP:])
    bench.prefetch(list(now))
    for key in now:
        other = bench.need(Delivery, key, "carried")
        if outcome.ok and other.status not in REACHED_STATUSES:
            body = {
                "words": outcome.words,
                "provider_id": outcome.provider_id,
                "into": carrier.delivery_id,
            }
            bench.emit(key, "delivery.sent", body)
        elif not outcome.ok and _follows(other, carrier):
            _pass_on(bench, other, outcome.words)
    if outcome.ok and not later and (carried or carrier.carries):
        _free_followers(bench, carrier, may_have_arrived=carrier.unknown > 0)
    return later


def _follows(delivery: Delivery, carrier: Delivery) -> bool:
    mine = (DeliveryStatus.BUNDLED, carrier.delivery_id)
    return (delivery.status, delivery.into) == mine


def _free_followers(bench: Workbench, carrier: Delivery, *, may_have_arrived: bool) -> None:
    """These were not in the message that was sent: due again by themselves.

    An earlier one, with them in it, may have arrived although nobody learnt of it.
    """
    for other in _still_bundled(bench, carrier):
        body: dict[str, Any] = {"attempt": other.attempt, "holder": other.holder}
        if may_have_arrived:
            body["unknown"] = other.unknown + 1
        bench.emit(other.delivery_id, "delivery.released", body)


def _still_bundled(bench: Workbench, carrier: Delivery) -> list[Delivery]:
    ids = bench.journal.carried_by(carrier.delivery_id, DeliveryStatus.BUNDLED, BUNDLE_STEP)
    bench.prefetch(ids)
    found = (bench.need(Delivery, key, "delivery_id") for key in ids)
    return [other for other in found if _follows(other, carrier)]


def supersede(bench: Workbench, delivery: Delivery, why: str) -> None:
    """It need not go out any more; who would have gone with it goes by itself."""
    bench.emit(delivery.delivery_id, "delivery.superseded", {"reason": why})
    if delivery.carries:
        is_out = delivery.status == DeliveryStatus.SENDING
        _free_followers(bench, delivery, may_have_arrived=is_out or delivery.unknown > 0)


def give_up(bench: Workbench, delivery: Delivery, words: str) -> None:
    """End the chain, and page the same contact by the next of its methods.

    A carrier ends after all that follow it; while there are more it stays due.
    """
    if delivery.carries:
        followers = _still_bundled(bench, delivery)
        for other in followers:
            _pass_on(bench, other, words)
        if len(followers) == BUNDLE_STEP:
            return
    _pass_on(bench, delivery, words)


def _pass_on(bench: Workbench, delivery: Delivery, words: str) -> None:
    """End it, and page by the next method.

    The next one first: whoever hears of the end has then heard of what comes after it, also when
    this station dies with the rest untold.
    """
    page_next(bench, delivery)
    _fail(bench, delivery, words, None)


def _fail(bench: Workbench, delivery: Delivery, words: str, retry_at: int | None) -> None:
    body: dict[str, Any] = {"words": words, "retry_at": retry_at}
    if delivery.holder:
        body |= {"attempt": delivery.attempt, "holder": delivery.holder}
    bench.emit(delivery.delivery_id, "delivery.failed", body)

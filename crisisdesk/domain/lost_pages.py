"""When it is known of a page that it arrives nowhere: it failed, or its way needs what is out."""

from __future__ import annotations

from collections.abc import Mapping

from crisisdesk.domain.channel_dependencies import Dependencies
from crisisdesk.domain.channel_health import provider_of
from crisisdesk.domain.delivery import Delivery, DeliveryStatus
from crisisdesk.domain.outages import TakenOut
from crisisdesk.domain.reached import Message

_GIVEN_UP = (DeliveryStatus.FAILED, DeliveryStatus.EXPIRED)


def message_of(
    delivery: Delivery, carrier: str, needs: Dependencies, out: Mapping[str, TakenOut]
) -> Message:
    """What the rule asks of a delivery; ``carrier`` is the status of the one in whose message it
    went, ``out`` what counts as gone now."""
    return Message(
        epoch=delivery.epoch,
        status=delivery.status,
        queued_at=delivery.queued_at,
        carrier=carrier,
        lost_at=lost_at(delivery, needs, out),
    )


def lost_at(delivery: Delivery, needs: Dependencies, out: Mapping[str, TakenOut]) -> int | None:
    """Since when (UTC ms) it is known that it arrives nowhere, as things are; None while it may.

    That a provider took one does not speak against an outage: a relay takes mail that goes nowhere.
    """
    if delivery.status in _GIVEN_UP:
        return delivery.failed_at or delivery.queued_at
    needed = needs.of(delivery.channel, provider_of(delivery.channel, delivery.masked))
    gone = [out[name] for name in needed if name in out]
    if not gone:
        return None
    return max(delivery.queued_at, min(one.since for one in gone))

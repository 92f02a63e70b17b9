"""How a delivery follows from its events, whichever stations wrote them and in whatever order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from crisisdesk.domain.delivery import (
    FINAL_STATUSES,
    REACHED_STATUSES,
    Delivery,
    DeliveryStatus,
)
from crisisdesk.domain.event import Event


def apply_delivery(state: Delivery | None, event: Event) -> Delivery | None:
    """The delivery after one more event in canonical order.

    Stations that cannot see each other may have claimed it side by side. Good news from any of them
    ends it; bad news counts only of the claim that stands. What the provider says afterwards counts
    in whatever order it comes: read beats delivered, delivered beats sent.
    """
    if state is None:
        return _queued(event) if event.kind == "delivery.queued" else None
    steps = _STEPS_AFTER if state.status in REACHED_STATUSES else _STEPS
    step = steps.get(event.kind)
    return state if step is None else step(state, event)


def _queued(event: Event) -> Delivery:
    at = event.at_ms
    return Delivery(delivery_id=event.agg, queued_at=at, due_at=at, **event.body)


def _claimed(state: Delivery, event: Event) -> Delivery:
    body = event.body
    if _is_outdated(state, event):
        return replace(state, attempt=max(state.attempt, body["attempt"]))
    return replace(
        state,
        **_taken(state, event),
        status=DeliveryStatus.SENDING,
        claimed_at=event.at_ms,
        due_at=body["deadline"],
        into="",
        carries=body.get("carries", 0),
        code=state.code or body.get("code", 0),
    )


def _bundled(state: Delivery, event: Event) -> Delivery:
    """Claimed to go in another's message: it follows its carrier until ``until`` at the latest."""
    body = event.body
    if _is_outdated(state, event):
        return replace(state, attempt=max(state.attempt, body["attempt"]))
    return replace(
        state,
        **_taken(state, event),
        status=DeliveryStatus.BUNDLED,
        due_at=body["until"],
        into=body["into"],
        carries=0,
    )


def _is_outdated(state: Delivery, event: Event) -> bool:
    """Made under a lease that had passed on: who has the newer one acts, but it was a try."""
    token: int = event.body.get("token", 0)
    return 0 < token < state.token


def _taken(state: Delivery, event: Event) -> dict[str, Any]:
    """What any claim that stands changes."""
    body = event.body
    return {
        "attempt": max(state.attempt, body["attempt"]),
        "unknown": max(state.unknown, body["unknown"]),
        "token": max(body.get("token", 0), state.token),
        "holder": body.get("holder", ""),
    }


def _sent(state: Delivery, event: Event) -> Delivery:
    body = event.body
    return replace(
        state,
        status=DeliveryStatus.SENT,
        sent_at=event.at_ms,
        due_at=None,
        words=body.get("words", ""),
        provider_id=body.get("provider_id", ""),
        into=body.get("into", ""),
        ask_at=body.get("ask_at") if state.answered_at is None else None,
    )


def _failed(state: Delivery, event: Event) -> Delivery:
    body = event.body
    if not _is_of_standing_claim(state, event):
        return state
    retry_at = body.get("retry_at")
    return replace(
        state,
        status=DeliveryStatus.FAILED if retry_at is None else DeliveryStatus.QUEUED,
        failed_at=event.at_ms,
        due_at=retry_at,
        words=body.get("words", ""),
    )


def _released(state: Delivery, event: Event) -> Delivery:
    """A claim given back before anything was sent under it: due again at once.

    ``unknown`` is there when something may have arrived under an earlier one.
    """
    if not _is_of_standing_claim(state, event):
        return state
    return replace(
        state,
        status=DeliveryStatus.QUEUED,
        due_at=event.at_ms,
        spared=state.spared + 1,
        unknown=max(state.unknown, event.body.get("unknown", 0)),
        into="",
    )


def _superseded(state: Delivery, event: Event) -> Delivery:
    return _dropped(state, event, DeliveryStatus.SUPERSEDED)


def _expired(state: Delivery, event: Event) -> Delivery:
    return _dropped(state, event, DeliveryStatus.EXPIRED)


def _dropped(state: Delivery, event: Event, status: DeliveryStatus) -> Delivery:
    if state.status in (DeliveryStatus.FAILED, DeliveryStatus.EXPIRED):
        return state
    return replace(state, status=status, due_at=None, words=event.body.get("reason", ""))


def _confirmed(state: Delivery, event: Event) -> Delivery:
    """The provider's later word. That it never arrived counts only of the message that was sent."""
    body = event.body
    told = body["state"]
    if told == "failed":
        named = body.get("provider_id", "")
        if state.status != DeliveryStatus.SENT or named not in ("", state.provider_id):
            return state
        changes: dict[str, Any] = {"status": DeliveryStatus.FAILED, "failed_at": event.at_ms}
    elif told in _CONFIRMED and state.status not in _CONFIRMED[told]:
        changes = {"status": DeliveryStatus(told), "confirmed_at": event.at_ms}
    else:
        return state
    words = body.get("words", "") or state.words
    return replace(state, **changes, due_at=None, ask_at=None, words=words)


def _asked(state: Delivery, event: Event) -> Delivery:
    """The provider was asked and could not say yet."""
    if state.status != DeliveryStatus.SENT:
        return state
    doubted = state.doubted or bool(event.body.get("doubted", False))
    ask_at = event.body.get("ask_at")
    return replace(state, ask_at=ask_at, asked=state.asked + 1, doubted=doubted)


def _routed(state: Delivery, event: Event) -> Delivery:
    """Why it goes by this method; of several stations the first says it."""
    return state if state.routed else replace(state, routed=dict(event.body))


def _answered(state: Delivery, event: Event) -> Delivery:
    """The contact answered, so it arrived; whatever its attempts still say. The first counts."""
    if state.answered_at is not None:
        return state
    return replace(
        state,
        answer=event.body["action"],
        answered_at=event.at_ms,
        answered_by=event.actor,
        answered_way=event.body.get("way", ""),
        ask_at=None,
    )


def _is_of_standing_claim(state: Delivery, event: Event) -> bool:
    """Whether the end of an attempt is that of the claim that stands.

    What was written before stations shared the work names no attempt and is always meant.
    """
    if "attempt" not in event.body:
        return True
    if state.status in FINAL_STATUSES:
        return False
    named = (event.body["attempt"], event.body.get("holder", ""))
    return named == (state.attempt, state.holder)


# What the provider may still say, and the states that say as much or more already.
_CONFIRMED: dict[str, tuple[DeliveryStatus, ...]] = {
    "delivered": (DeliveryStatus.DELIVERED, DeliveryStatus.READ),
    "read": (DeliveryStatus.READ,),
}
_STEPS_AFTER: dict[str, Callable[[Delivery, Event], Delivery]] = {
    "delivery.confirmed": _confirmed,
    "delivery.asked": _asked,
    "delivery.routed": _routed,
    "delivery.answered": _answered,
}
_STEPS: dict[str, Callable[[Delivery, Event], Delivery]] = {
    "delivery.claimed": _claimed,
    "delivery.bundled": _bundled,
    "delivery.sent": _sent,
    "delivery.failed": _failed,
    "delivery.released": _released,
    "delivery.superseded": _superseded,
    "delivery.expired": _expired,
    "delivery.confirmed": _confirmed,
    "delivery.routed": _routed,
    "delivery.answered": _answered,
}
DELIVERY_KINDS = frozenset({"delivery.queued", *_STEPS, *_STEPS_AFTER})

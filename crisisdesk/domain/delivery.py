"""The delivery: one attempt chain of one page to one contact method."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from crisisdesk.domain.event import Event


class DeliveryStatus(StrEnum):
    """Where a delivery stands; ``sending`` is committed before the provider is called."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    SUPERSEDED = "superseded"


FINAL_STATUSES = (DeliveryStatus.SENT, DeliveryStatus.FAILED, DeliveryStatus.SUPERSEDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often and how long to try: attempts, ms per attempt, first pause in ms."""

    max_attempts: int = 4
    deadline_ms: int = 10_000
    backoff_ms: int = 15_000

    def pause_ms(self, attempt: int, key: str, asked_s: float | None) -> int:
        """Milliseconds to wait after failed ``attempt`` (from 1): doubling, and up to a fifth more.

        The jitter is taken from the key, so that it is the same on every station. A provider's own
        wish wins when it is longer.
        """
        base: int = self.backoff_ms << (attempt - 1)
        jitter = int.from_bytes(hashlib.sha256(f"{key}{attempt}".encode()).digest()[:4], "big")
        pause = base + jitter % (base // 5 + 1)
        return max(pause, int((asked_s or 0) * 1000))

    def claim_ms(self) -> int:
        """How long a claim stands before its outcome counts as unknown: twice the deadline."""
        return self.deadline_ms * 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The state of one delivery. Times are UTC ms; ``due_at`` is the next moment to act on it.

    ``unknown`` counts attempts whose end was never learnt (the engine died while sending); the next
    attempt after one is marked a possible repeat. ``words`` are the provider's. ``holder`` is the
    origin of the station whose claim stands, where several stations share the work; ``token`` the
    highest lease token it was ever claimed under. ``spared`` counts claims that were given back
    before anything was sent.
    """

    delivery_id: str
    alert_id: str
    epoch: str
    contact_id: str
    contact_name: str
    method_id: str
    channel: str
    masked: str
    severity: str
    title: str
    text: str
    reason: str = "fired"
    status: str = DeliveryStatus.QUEUED
    attempt: int = 0
    unknown: int = 0
    queued_at: int
    claimed_at: int | None = None
    sent_at: int | None = None
    failed_at: int | None = None
    due_at: int | None = None
    words: str = ""
    provider_id: str = ""
    token: int = 0
    holder: str = ""
    spared: int = 0

    @property
    def tries(self) -> int:
        """Attempts that did, or may have, reached the provider."""
        return self.attempt - self.spared

    @property
    def next_due(self) -> int | None:
        """When a worker must look at it, UTC ms; None once it has ended."""
        return self.due_at


def apply_delivery(state: Delivery | None, event: Event) -> Delivery | None:
    """The delivery after one more event in canonical order.

    Stations that cannot see each other may have claimed it side by side. Good news from any of them
    ends it; bad news counts only of the claim that stands.
    """
    if state is None:
        return _queued(event) if event.kind == "delivery.queued" else None
    step = _STEPS.get(event.kind)
    if step is None or state.status == DeliveryStatus.SENT:
        return state
    return step(state, event)


def _queued(event: Event) -> Delivery:
    at = event.at_ms
    return Delivery(delivery_id=event.agg, queued_at=at, due_at=at, **event.body)


def _claimed(state: Delivery, event: Event) -> Delivery:
    body = event.body
    token = body.get("token", 0)
    attempt = max(state.attempt, body["attempt"])
    if 0 < token < state.token:
        # Made under a lease that had passed on: who has the newer one acts, but it was a try.
        return replace(state, attempt=attempt)
    return replace(
        state,
        status=DeliveryStatus.SENDING,
        attempt=attempt,
        unknown=max(state.unknown, body["unknown"]),
        claimed_at=event.at_ms,
        due_at=body["deadline"],
        token=max(token, state.token),
        holder=body.get("holder", ""),
    )


def _sent(state: Delivery, event: Event) -> Delivery:
    body = event.body
    return replace(
        state,
        status=DeliveryStatus.SENT,
        sent_at=event.at_ms,
        due_at=None,
        words=body.get("words", ""),
        provider_id=body.get("provider_id", ""),
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
    """A claim given back before anything was sent: due again at once."""
    if not _is_of_standing_claim(state, event):
        return state
    return replace(state, status=DeliveryStatus.QUEUED, due_at=event.at_ms, spared=state.spared + 1)


def _superseded(state: Delivery, event: Event) -> Delivery:
    if state.status == DeliveryStatus.FAILED:
        return state
    words = event.body.get("reason", "")
    return replace(state, status=DeliveryStatus.SUPERSEDED, due_at=None, words=words)


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


_STEPS: dict[str, Callable[[Delivery, Event], Delivery]] = {
    "delivery.claimed": _claimed,
    "delivery.sent": _sent,
    "delivery.failed": _failed,
    "delivery.released": _released,
    "delivery.superseded": _superseded,
}

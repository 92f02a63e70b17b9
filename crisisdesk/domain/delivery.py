"""The delivery: one attempt chain of one page to one contact method."""

from __future__ import annotations

import hashlib
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
    attempt after one is marked a possible repeat. ``words`` are the provider's.
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

    @property
    def next_due(self) -> int | None:
        """When a worker must look at it, UTC ms; None once it has ended."""
        return self.due_at


def apply_delivery(state: Delivery | None, event: Event) -> Delivery | None:
    """The delivery after one more event in canonical order."""
    body, at = event.body, event.at_ms
    if state is None:
        if event.kind != "delivery.queued":
            return None
        return Delivery(delivery_id=event.agg, queued_at=at, due_at=at, **body)
    if state.status == DeliveryStatus.SENT:
        return state
    if event.kind == "delivery.claimed":
        return replace(
            state,
            status=DeliveryStatus.SENDING,
            attempt=body["attempt"],
            unknown=body["unknown"],
            claimed_at=at,
            due_at=body["deadline"],
        )
    if event.kind == "delivery.sent":
        return replace(
            state,
            status=DeliveryStatus.SENT,
            sent_at=at,
            due_at=None,
            words=body.get("words", ""),
            provider_id=body.get("provider_id", ""),
        )
    if event.kind == "delivery.failed":
        retry_at = body.get("retry_at")
        return replace(
            state,
            status=DeliveryStatus.FAILED if retry_at is None else DeliveryStatus.QUEUED,
            failed_at=at,
            due_at=retry_at,
            words=body.get("words", ""),
        )
    if event.kind == "delivery.superseded" and state.status != DeliveryStatus.FAILED:
        return replace(
            state, status=DeliveryStatus.SUPERSEDED, due_at=None, words=body.get("reason", "")
        )
    return state

"""The delivery: one attempt chain of one page to one contact method."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from crisisdesk.domain.severity import Severity

TEST_REASON = "test"
# How a page begins that says why it comes, or came so late.
NOTE = "Note: "
# Of a test that the engine asks for itself, to see whether a channel arrives.
LOOP = "loop"
URGENT_SEVERITIES = frozenset({Severity.CRITICAL, Severity.EMERGENCY})


class DeliveryStatus(StrEnum):
    """Where a delivery stands.

    ``sending`` is committed before the provider is called, and so is ``bundled``: on its way in the
    message of another. ``sent`` was taken by the provider, who may say later that it was
    ``delivered`` or ``read``.
    """

    QUEUED = "queued"
    SENDING = "sending"
    BUNDLED = "bundled"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


REACHED_STATUSES = (DeliveryStatus.SENT, DeliveryStatus.DELIVERED, DeliveryStatus.READ)
FINAL_STATUSES = (
    *REACHED_STATUSES,
    DeliveryStatus.FAILED,
    DeliveryStatus.EXPIRED,
    DeliveryStatus.SUPERSEDED,
)


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

    def follow_ms(self) -> int:
        """How long a bundled delivery follows its carrier: as long as all its attempts can take."""
        pauses = sum(self.backoff_ms << n for n in range(self.max_attempts - 1))
        return pauses + pauses // 5 + self.max_attempts * self.claim_ms()


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The state of one delivery. Times are UTC ms; ``due_at`` is the next moment to act on it.

    ``unknown`` counts attempts whose end was never learnt (the engine died while sending); the next
    attempt after one is marked a possible repeat. ``words`` are the provider's. ``holder`` is the
    origin of the station whose claim stands, where several stations share the work; ``token`` the
    highest lease token it was ever claimed under. ``spared`` counts claims that were given back
    before anything was sent.

    ``into`` is the delivery in whose message this one goes or went; ``carries`` how many went in
    this one's when it was claimed. ``ask_at`` is when to ask the provider whether it arrived,
    ``asked`` how often that was done in vain, ``doubted`` that the next method was paged meanwhile.
    ``probe`` is `LOOP` of a test that the engine asked for: a field of its own, which an
    older program puts aside unsent.
    ``routed`` says why it goes by this method and not by another (`domain.routing.routed_body`).

    ``answer`` (a `domain.answering.Action`) is the first that came back by ``answered_way`` from
    the contact. ``code`` is what a text message is answered with; 0 for none.
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
    into: str = ""
    carries: int = 0
    confirmed_at: int | None = None
    ask_at: int | None = None
    asked: int = 0
    doubted: bool = False
    probe: str = ""
    routed: dict[str, Any] = field(default_factory=dict)
    code: int = 0
    answer: str = ""
    answered_at: int | None = None
    answered_by: str = ""
    answered_way: str = ""

    @property
    def is_test(self) -> bool:
        """Whether it tells of no alert: somebody, or the engine, only wants to see it arrive."""
        return self.reason == TEST_REASON

    @property
    def note(self) -> str:
        """What its text says about the page itself, before it tells of the alert."""
        first = self.text.partition("\n")[0]
        return first.removeprefix(NOTE) if first.startswith(NOTE) else ""

    @property
    def is_loop(self) -> bool:
        """Whether it goes to nobody: a loop test of its channel."""
        return self.probe == LOOP

    @property
    def is_urgent(self) -> bool:
        """Whether somebody waits for it who must not be kept waiting for a minute."""
        return self.severity in URGENT_SEVERITIES or self.is_test

    @property
    def message_at(self) -> int | None:
        """When the last message was handed to the provider for it that did, or may have, arrived;
        UTC ms. None for one that has gone only in the message of another."""
        was_sent = self.status == DeliveryStatus.SENDING or self.status in REACHED_STATUSES
        return self.claimed_at if was_sent or self.unknown else None

    @property
    def tries(self) -> int:
        """Attempts that did, or may have, reached the provider."""
        return self.attempt - self.spared

    @property
    def next_due(self) -> int | None:
        """When a worker must look at it, UTC ms; None once it has ended."""
        return self.due_at

"""What the siren says of messages and calls, in words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crisisdesk.domain.delivery import DeliveryStatus
from crisisdesk.domain.reached import LIMIT_MS, LOST_MS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crisisdesk.domain.delivery import Delivery

NOT_ASKED = "not asked yet"
LIMIT_WORDS = f"Limit is {LIMIT_MS // 60_000} min."
LOST_WORDS = f"None of them can arrive: then the limit is {LOST_MS // 1000} s."
_DAY_MS = 86_400_000
_UNDER_WAY = (DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.BUNDLED)
_FAILED = (DeliveryStatus.FAILED, DeliveryStatus.EXPIRED)
_WAYS = {
    "mailto": "email",
    "mailtos": "email",
    "ntfy": "push",
    "ntfys": "push",
    "pover": "push",
    "gotify": "push",
    "gotifys": "push",
    "tgram": "chat",
    "slack": "chat",
    "webhook": "webhook",
    "webhooks": "webhook",
}


def clock(ms: int, now_ms: int) -> str:
    """UTC ms as "02:05:04", with its day when that was not within the last 24 hours."""
    at = datetime.fromtimestamp(ms // 1000, UTC)
    day = f"{at.day} {at:%b} " if now_ms - ms >= _DAY_MS else ""
    return f"{day}{at:%H:%M:%S}"


def count(number: int, word: str) -> str:
    """ "1 message", "2 messages"."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def tried_words(deliveries: Sequence[Delivery], now_ms: int, *, lost: bool = False) -> str:
    """What was tried in one sentence, and the limit: "2 messages sent since 02:05:04 UTC, ...".

    ``lost`` says that it is known that none of them arrives."""
    sent = sum(one.status == DeliveryStatus.SENT for one in deliveries)
    failed = sum(one.status in _FAILED for one in deliveries)
    waiting = sum(one.status in _UNDER_WAY for one in deliveries)
    if not sent + failed + waiting:
        return f"no message has been sent. {LIMIT_WORDS}"
    parts: list[str] = []
    for number, word in ((sent, "sent"), (failed, "failed"), (waiting, "not out yet")):
        if number:
            parts.append(f"{number if parts else count(number, 'message')} {word}")
    first = min(one.claimed_at or one.queued_at for one in deliveries)
    told = " and ".join(parts) if len(parts) < 3 else f"{parts[0]}, {parts[1]} and {parts[2]}"
    none = ", none delivered" if sent else ""
    limit = LOST_WORDS if lost else LIMIT_WORDS
    return f"{told} since {clock(first, now_ms)} UTC{none}. {limit}"


def way_word(channel: str, label: str) -> str:
    """What people call a way of being reached: its own label, or the kind of channel."""
    return label or _WAYS.get(channel, channel)


def message_words(delivery: Delivery, way: str, now_ms: int) -> str:
    """How one message to one person stands: "SMS 02:05:34, no receipt", and whether it went by a
    way that needs what was out."""
    missing = delivery.routed.get("missing")
    lost = f"; it needs {missing['needs']}, which was out" if missing else ""
    return _message_words(delivery, way, now_ms) + lost


def _message_words(delivery: Delivery, way: str, now_ms: int) -> str:
    status = delivery.status
    if status == DeliveryStatus.SENT:
        return f"{way} {clock(delivery.sent_at or delivery.queued_at, now_ms)}, no receipt"
    if status == DeliveryStatus.FAILED:
        return f"{way} failed {clock(delivery.failed_at or delivery.queued_at, now_ms)}"
    if status == DeliveryStatus.EXPIRED:
        return f"{way} not sent in time"
    if status == DeliveryStatus.SUPERSEDED:
        return f"{way} withdrawn"
    if status == DeliveryStatus.QUEUED and delivery.attempt:
        return f"{way} failed, try {delivery.attempt + 1} waits"
    return f"{way} not out yet"


def way_verdict(deliveries: Sequence[Delivery], now_ms: int) -> tuple[str, str]:
    """How one way did for this alert, in words with their ink; the newest message tells."""
    last = max(deliveries, key=lambda one: (one.queued_at, one.delivery_id))
    if last.status in _FAILED:
        return f"failed: {last.words}" if last.words else "failed", "critical"
    sent = [one for one in deliveries if one.status == DeliveryStatus.SENT]
    if sent:
        first = min(one.sent_at or one.queued_at for one in sent)
        return f"no receipt since {clock(first, now_ms)}", "high"
    return "not out yet", "secondary"

"""The loop test: a page to oneself at intervals, which shows whether a channel still arrives.

A target is a contact method, one for each channel at each provider; it is published content
(`PolicyVersion`, kind ``loop_test``). Its page is a test delivery (``probe`` is ``loop``) whose id
is made of method and time, so that stations which queue it at once queue one. A provider that can
be asked proves that it arrived; of others "sent" is half a proof, and is told as such.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.channel_health import provider_of
from crisisdesk.domain.contact import Contact, ContactMethod
from crisisdesk.domain.declared import newest_of_each
from crisisdesk.domain.delivery import LOOP, Delivery, DeliveryStatus
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.ids import delivery_id_of
from crisisdesk.domain.policy_version import PolicyVersion

KIND = "loop_test"
# The source of its alerts; the key names channel and provider.
SOURCE = "loop-test"
MINUTE_MS, DAY_MS = 60_000, 24 * 3_600_000
SHORTEST_MS, LONGEST_MS = MINUTE_MS, DAY_MS
# Each message costs money there.
COSTLY = frozenset({"sms", "voice"})
# Providers that are asked what became of a message, by the scheme of their addresses.
TELLING = frozenset({"twilio", "opsgenie", "ntfy", "ntfys"})


class Proof(StrEnum):
    """What the newest loop test shows of a channel."""

    ARRIVED = "arrived"
    SENT = "sent"
    WAITING = "waiting"
    BROKEN = "does not arrive"
    NONE = "not tested yet"
    GONE = "no target"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopTarget:
    """A contact method that is sent a loop test each ``every_ms``."""

    version_id: str
    contact_id: str
    method_id: str
    every_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopLine:
    """A target as it stands: ``at_ms`` (UTC) is when its proof was given, or its failure seen."""

    target: LoopTarget
    contact_name: str
    channel: str
    provider: str
    masked: str
    proof: Proof
    at_ms: int | None
    words: str

    @property
    def name(self) -> str:
        """What people call its channel."""
        return f"{self.channel} at {self.provider}" if self.provider else self.channel


def content_of(contact_id: str, method_id: str, every_ms: int, since: int) -> dict[str, Any]:
    """What is published; raises Malformed for a span that is out of bounds."""
    if not SHORTEST_MS <= every_ms <= LONGEST_MS:
        bounds = f"use {span_words(SHORTEST_MS)} to {span_words(LONGEST_MS)}"
        raise Malformed("every_s", f"{span_words(every_ms)} is out of bounds", bounds)
    return {
        "kind": KIND,
        "contact": contact_id,
        "method": method_id,
        "every_ms": every_ms,
        "since": since,
    }


def targets(versions: Iterable[PolicyVersion]) -> list[LoopTarget]:
    """Of each contact method the target published last that was not withdrawn."""
    newest = newest_of_each(versions, KIND, _read, lambda one: one.method_id)
    return [newest[key] for key in sorted(newest)]


def _read(version: PolicyVersion) -> LoopTarget | None:
    told = version.content
    names, every = (told.get("contact"), told.get("method")), told.get("every_ms")
    if type(every) is not int or every < SHORTEST_MS or not all(type(n) is str for n in names):
        return None
    return LoopTarget(
        version_id=version.version_id,
        contact_id=told["contact"],
        method_id=told["method"],
        every_ms=every,
    )


def slots(target: LoopTarget, now_ms: int) -> tuple[int, int]:
    """The moments (UTC ms) of the test that is due now, and of the one before it."""
    at = now_ms // target.every_ms * target.every_ms
    return at, at - target.every_ms


def loop_delivery_id(target: LoopTarget, slot: int) -> str:
    """The delivery of one test, the same on every station."""
    return delivery_id_of("", f"{target.every_ms}@{slot}", LOOP, target.method_id)


def method_of(contacts: Mapping[str, Contact], target: LoopTarget) -> ContactMethod | None:
    """The target's contact method; None when it is gone."""
    contact = contacts.get(target.contact_id)
    if contact is None or contact.removed:
        return None
    for method in contact.methods:
        if method["method_id"] == target.method_id:
            return ContactMethod(**method)
    return None


def channel_of(method: ContactMethod) -> tuple[str, str]:
    """(channel, provider) that a method's pages go by."""
    return method.channel, provider_of(method.channel, method.masked)


def is_asked(delivery: Delivery) -> bool:
    """Whether its provider is asked what became of it."""
    return delivery.masked.partition("://")[0] in TELLING


def proof_of(delivery: Delivery, now_ms: int, within_ms: int) -> tuple[Proof, str]:
    """What one loop test shows at ``now_ms``, and why; it has ``within_ms`` to arrive."""
    status, limit = delivery.status, span_words(within_ms)
    if status in (DeliveryStatus.DELIVERED, DeliveryStatus.READ):
        return Proof.ARRIVED, delivery.words
    if status in (DeliveryStatus.FAILED, DeliveryStatus.EXPIRED):
        return Proof.BROKEN, delivery.words
    if status == DeliveryStatus.SUPERSEDED:
        return Proof.GONE, delivery.words
    if status == DeliveryStatus.SENT:
        if not is_asked(delivery):
            return Proof.SENT, delivery.words
        if now_ms - (delivery.sent_at or now_ms) < within_ms:
            return Proof.WAITING, delivery.words
        return Proof.BROKEN, f"taken, and nobody could confirm it within {limit}"
    if now_ms - delivery.queued_at < within_ms:
        return Proof.WAITING, delivery.words
    why = f": {delivery.words}" if delivery.words else ""
    return Proof.BROKEN, f"not sent within {limit}{why}"


def standing(
    target: LoopTarget,
    method: ContactMethod | None,
    contact_name: str,
    found: Mapping[str, Delivery],
    now_ms: int,
    within_ms: int,
) -> LoopLine:
    """How a target stands: by the newest test that shows anything, of the last two."""
    proof, at, words = (Proof.NONE, None, "") if method else (Proof.GONE, None, "")
    for slot in slots(target, now_ms) if method else ():
        one = found.get(loop_delivery_id(target, slot))
        if one is None:
            continue
        proof, words = proof_of(one, now_ms, within_ms)
        at = one.confirmed_at or one.failed_at or one.sent_at or one.queued_at
        if proof is not Proof.WAITING:
            break
    channel, provider = channel_of(method) if method else ("", "")
    return LoopLine(
        target=target,
        contact_name=contact_name,
        channel=channel,
        provider=provider,
        masked=method.masked if method else "",
        proof=proof,
        at_ms=at,
        words=words,
    )


def loop_words(line: LoopLine, now_ms: int) -> str:
    """What the loop test shows, in one sentence."""
    ago = "" if line.at_ms is None else f", loop test {span_words(now_ms - line.at_ms)} ago"
    if line.proof is Proof.ARRIVED:
        return f"Arrives{ago}"
    if line.proof is Proof.SENT:
        return f"Was taken{ago}; whether it arrived this provider does not tell"
    if line.proof is Proof.BROKEN:
        return f"Does not arrive{ago}: {line.words or 'no reason was told'}"
    if line.proof is Proof.GONE:
        return "The contact method of this loop test is gone"
    if line.proof is Proof.WAITING:
        return "The first test is on its way"
    return "Not tested yet"


def key_of(channel: str, provider: str) -> str:
    """The key of the alert that a channel does not arrive."""
    return f"{channel} {provider}".strip()


def broken_channel(alert: Alert) -> tuple[str, str] | None:
    """(channel, provider) that an alert says does not arrive; None for every other alert."""
    if alert.source != SOURCE:
        return None
    return alert.labels.get("channel", ""), alert.labels.get("provider", "")


def ways_around(alert: Alert, ways: Iterable[ContactMethod]) -> list[ContactMethod]:
    """Those of a contact's methods that do not go by the channel this alert is about."""
    broken = broken_channel(alert)
    return [way for way in ways if broken is None or channel_of(way) != broken]

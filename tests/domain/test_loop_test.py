"""What a loop test shows of a channel, and what it does not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crisisdesk.domain.contact import Contact, ContactMethod
from crisisdesk.domain.delivery import LOOP, TEST_REASON, Delivery, DeliveryStatus
from crisisdesk.domain.delivery_words import reason_words, subject
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.loop_test import (
    LoopTarget,
    Proof,
    content_of,
    loop_delivery_id,
    loop_words,
    method_of,
    proof_of,
    slots,
    standing,
    targets,
)
from crisisdesk.domain.policy_version import PolicyVersion

T = 1_770_861_900_000
MINUTE = 60_000
WITHIN = 2 * MINUTE
TARGET = LoopTarget(version_id="POL-1", contact_id="C-1", method_id="M-1", every_ms=15 * MINUTE)
METHOD = ContactMethod(method_id="M-1", channel="sms", label="", masked="twilio://…111")


def delivery(slot: int = T, **changes: Any) -> Delivery:
    given: dict[str, Any] = {
        "delivery_id": loop_delivery_id(TARGET, slot),
        "alert_id": "",
        "epoch": "",
        "contact_id": "C-1",
        "contact_name": "Loop",
        "method_id": "M-1",
        "channel": "sms",
        "masked": "twilio://…111",
        "severity": "low",
        "title": "",
        "text": "",
        "reason": TEST_REASON,
        "probe": LOOP,
        "queued_at": slot,
    }
    return Delivery(**(given | changes))


SENT = delivery(status=DeliveryStatus.SENT, sent_at=T)


@pytest.mark.parametrize(
    ("one", "after", "proof"),
    [
        (delivery(), WITHIN - 1, Proof.WAITING),
        (delivery(), WITHIN, Proof.BROKEN),
        (delivery(status=DeliveryStatus.SENDING), WITHIN, Proof.BROKEN),
        (SENT, WITHIN - 1, Proof.WAITING),
        (SENT, WITHIN, Proof.BROKEN),
        (replace(SENT, masked="mailto://…@example.org"), WITHIN, Proof.SENT),
        (replace(SENT, masked="vonage://…111"), WITHIN, Proof.SENT),
        (delivery(status=DeliveryStatus.DELIVERED), 0, Proof.ARRIVED),
        (delivery(status=DeliveryStatus.FAILED), 0, Proof.BROKEN),
        (delivery(status=DeliveryStatus.EXPIRED), 0, Proof.BROKEN),
        (delivery(status=DeliveryStatus.SUPERSEDED), 0, Proof.GONE),
    ],
)
def test_what_one_test_shows(one: Delivery, after: int, proof: Proof) -> None:
    assert proof_of(one, T + after, WITHIN)[0] is proof


def test_the_newest_test_that_shows_anything_counts() -> None:
    now, (slot, before) = T + MINUTE, slots(TARGET, T + MINUTE)
    arrived = delivery(before, status=DeliveryStatus.DELIVERED, confirmed_at=before + 5)
    tests = {one.delivery_id: one for one in (arrived, delivery(slot, queued_at=now))}
    line = standing(TARGET, METHOD, "Loop", tests, now, WITHIN)
    assert (line.proof, line.at_ms, line.name) == (Proof.ARRIVED, before + 5, "sms at twilio")
    assert loop_words(line, before + 5 + 3 * MINUTE) == "Arrives, loop test 3 min ago"
    failed = delivery(slot, status=DeliveryStatus.FAILED, failed_at=now, words="no such number")
    line = standing(TARGET, METHOD, "Loop", {**tests, failed.delivery_id: failed}, now, WITHIN)
    assert loop_words(line, now) == "Does not arrive, loop test 0 s ago: no such number"


def test_without_a_test_or_a_target_it_says_so() -> None:
    assert standing(TARGET, METHOD, "Loop", {}, T, WITHIN).proof is Proof.NONE
    gone = standing(TARGET, None, "Loop", {}, T, WITHIN)
    assert loop_words(gone, T) == "The contact method of this loop test is gone"


def test_every_moment_has_its_test_and_other_spans_have_others() -> None:
    first = slots(TARGET, T)[0]
    assert slots(TARGET, first + 15 * MINUTE - 1) == slots(TARGET, first)
    assert slots(TARGET, first + 15 * MINUTE) == (first + 15 * MINUTE, first)
    hourly = replace(TARGET, every_ms=60 * MINUTE)
    assert loop_delivery_id(TARGET, T) != loop_delivery_id(hourly, T)


def test_the_newest_target_of_a_method_counts_and_nonsense_does_not() -> None:
    def version(number: int, **content: Any) -> PolicyVersion:
        told = content_of("C-1", "M-1", 15 * MINUTE, T) | content
        return PolicyVersion(
            version_id=f"POL-{number}", name="M-1", content=told, published_at=number
        )

    found = targets([version(2, every_ms=60 * MINUTE), version(1), version(3, every_ms="x")])
    assert [(one.version_id, one.every_ms) for one in found] == [("POL-2", 60 * MINUTE)]
    assert targets([version(4, kind="heartbeat"), version(5, contact=None)]) == []
    with pytest.raises(Malformed):
        content_of("C-1", "M-1", 59_000, T)


def test_a_method_that_is_gone_is_none() -> None:
    card = {"method_id": "M-1", "channel": "sms", "label": "", "masked": "twilio://…111"}
    contact = Contact(contact_id="C-1", name="Loop", methods=[card])
    assert method_of({"C-1": contact}, TARGET) == METHOD
    assert method_of({"C-1": replace(contact, methods=[])}, TARGET) is None
    assert method_of({"C-1": replace(contact, removed=True)}, TARGET) is None
    assert method_of({}, TARGET) is None


def test_it_is_called_what_it_is() -> None:
    assert subject(SENT) == "Loop test"
    assert reason_words(SENT.reason, SENT.probe) == "the loop test of its channel was due"
    assert reason_words(TEST_REASON) == "somebody asked for a test page"

"""The facts of who has an alert, each in words."""

from __future__ import annotations

import pytest

from crisisdesk.domain.alert_fold import ALERT_KINDS
from crisisdesk.domain.hold_words import hold_words
from crisisdesk.domain.split_words import deed

from tests.domain.events import KLARA, START
from tests.domain.test_merge import PRAGUE, Two

HOLD = {"hold": {"epoch": "n1", "life": 1, "until": START}}


@pytest.mark.parametrize(
    ("what", "body", "words"),
    [
        ("ack_renewed", HOLD, "is still on it, until 02:05 UTC"),
        ("ack_renewed", {}, "is still on it"),
        ("ack_held", {**HOLD, "why": "raised to critical"}, "raised to critical"),
        ("ack_asked", {"until": START}, "Asked whether still on it, until 02:05 UTC"),
        ("ack_expired", {"owner": KLARA}, f"Ran out unanswered; {KLARA} had it"),
        ("ack_expired", {}, "Ran out unanswered"),
        ("investigating", {"from": KLARA, **HOLD}, f"took it over from {KLARA}, until 02:05 UTC"),
        ("investigating", {}, "works on it"),
        ("handoff_offered", {"to": KLARA, "until": START}, f"offers it to {KLARA}, until 02:05"),
        ("handoff_accepted", {"from": KLARA}, f"accepted it from {KLARA}"),
        ("handoff_declined", {"reason": "asleep"}, "declined to take it over"),
        ("handoff_withdrawn", {}, "took the offer to hand it over back"),
        ("handoff_expired", {}, "Nobody answered the offer to hand it over"),
    ],
)
def test_each_is_told(what: str, body: dict[str, object], words: str) -> None:
    told = hold_words(f"alert.{what}", body)
    assert told is not None
    assert words in told.words
    assert told.icon


def test_no_kind_of_holding_is_left_without_words() -> None:
    kinds = {k for k in ALERT_KINDS if k.startswith(("alert.ack_", "alert.handoff_"))}
    body = {"to": KLARA, "until": START}
    log = Two("A-1")
    for kind in kinds:
        told = hold_words(kind, body)
        assert told is not None
        assert deed(log.add(PRAGUE, 1, kind, **body)) != kind
    assert hold_words("alert.fired", {}) is None


def test_what_somebody_wrote_stands_apart() -> None:
    told = hold_words("alert.handoff_declined", {"reason": "asleep"})
    assert told is not None
    assert (told.by_person, told.detail) == (True, "asleep")

"""What was tried, in words that say no more than what is known."""

from __future__ import annotations

import pytest

from crisisdesk.desk.siren.words import (
    LIMIT_WORDS,
    LOST_WORDS,
    clock,
    message_words,
    tried_words,
    way_verdict,
    way_word,
)

from tests.desk.siren.rows import NOW, a_delivery

DAY = 86_400_000
SINCE = "since 02:05:04 UTC"


@pytest.mark.parametrize(
    ("statuses", "words"),
    [
        ([], "no message has been sent. Limit is 2 min."),
        (["superseded"], "no message has been sent. Limit is 2 min."),
        (["sent"], "1 message sent since 02:05:04 UTC, none delivered. Limit is 2 min."),
        (["sent", "sent"], "2 messages sent since 02:05:04 UTC, none delivered. Limit is 2 min."),
        (["failed"], "1 message failed since 02:05:04 UTC. Limit is 2 min."),
        (
            ["sent", "expired", "queued", "bundled"],
            f"1 message sent, 1 failed and 2 not out yet {SINCE}, none delivered. {LIMIT_WORDS}",
        ),
    ],
)
def test_all_messages_in_one_sentence(statuses: list[str], words: str) -> None:
    assert tried_words([a_delivery(status) for status in statuses], NOW) == words


def test_where_none_can_arrive_the_limit_is_another() -> None:
    told = tried_words([a_delivery("failed"), a_delivery("queued")], NOW, lost=True)
    assert told.endswith(f"since 02:05:04 UTC. {LOST_WORDS}")
    assert "15 s" in LOST_WORDS


@pytest.mark.parametrize(
    ("status", "changes", "words"),
    [
        ("sent", {"sent_at": NOW - 221_000}, "SMS 02:05:40, no receipt"),
        ("failed", {"failed_at": NOW - 221_000}, "SMS failed 02:05:40"),
        ("expired", {}, "SMS not sent in time"),
        ("superseded", {}, "SMS withdrawn"),
        ("queued", {}, "SMS not out yet"),
        ("queued", {"attempt": 1}, "SMS failed, try 2 waits"),
        ("sending", {}, "SMS not out yet"),
    ],
)
def test_one_message_to_one_person(status: str, changes: dict[str, int], words: str) -> None:
    assert message_words(a_delivery(status, **changes), "SMS", NOW) == words


def test_a_message_by_a_way_that_needs_what_was_out_says_so() -> None:
    lost = a_delivery("sent", sent_at=NOW, routed={"missing": {"needs": "dns", "by": "Ann"}})
    assert message_words(lost, "mail", NOW).endswith("no receipt; it needs dns, which was out")


def test_the_newest_message_tells_how_a_way_does() -> None:
    sent = a_delivery("sent", sent_at=NOW - 221_000)
    failed = a_delivery("failed", delivery_id="D-2", queued_at=NOW - 1, words="HTTP 401")
    assert way_verdict([sent], NOW) == ("no receipt since 02:05:40", "high")
    assert way_verdict([failed, sent], NOW) == ("failed: HTTP 401", "critical")
    assert way_verdict([a_delivery("queued")], NOW) == ("not out yet", "secondary")


def test_times_of_other_days_say_so() -> None:
    assert clock(NOW - DAY + 1, NOW) == "02:09:21"
    assert clock(NOW - DAY, NOW) == "11 Feb 02:09:21"


def test_a_way_has_the_label_its_owner_gave_it() -> None:
    assert way_word("mailto", "Work") == "Work"
    assert way_word("mailtos", "") == "email"
    assert way_word("splunk", "") == "splunk"

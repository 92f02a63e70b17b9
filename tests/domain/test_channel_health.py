"""Verdicts on channels, and who has none that works."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.channel_health import (
    HOUR_MS,
    LATELY_MS,
    SLOW_MS,
    UNUSED,
    Use,
    Verdict,
    channel_why,
    judge,
    judge_channel,
    look_at,
    provider_of,
    share_words,
    together,
    wait_words,
    why_words,
)
from crisisdesk.domain.contact import Contact

NOW = 100 * HOUR_MS
GOOD = Use(last_success=NOW - 1000, sent_hour=1, waits_ms=(900,))
BAD = Use(last_failure=NOW - 1000, failed_hour=1, failure_words="410 gone")


@pytest.mark.parametrize(
    ("use", "verdict"),
    [
        (UNUSED, Verdict.UNUSED),
        (GOOD, Verdict.WORKS),
        (BAD, Verdict.FAILING),
        (Use(last_success=NOW - LATELY_MS), Verdict.WORKS),
        (Use(last_success=NOW - LATELY_MS - 1), Verdict.UNUSED),
        (Use(last_failure=NOW - LATELY_MS - 1), Verdict.UNUSED),
        # An old success does not save it from a failure of today, nor the other way round.
        (Use(last_success=NOW - 2, last_failure=NOW - 1), Verdict.FAILING),
        (Use(last_success=NOW - 1, last_failure=NOW - 2), Verdict.WORKS),
        # Half of the last hour failed although the very last went through.
        (
            Use(last_success=NOW, last_failure=NOW - 1, sent_hour=2, failed_hour=2),
            Verdict.FAILING,
        ),
        (Use(last_success=NOW, last_failure=NOW - 1, sent_hour=1, failed_hour=1), Verdict.WORKS),
        (Use(last_success=NOW, sent_hour=1, waits_ms=(SLOW_MS,)), Verdict.WORKS),
        (Use(last_success=NOW, sent_hour=1, waits_ms=(SLOW_MS + 1,)), Verdict.SLOW),
    ],
)
def test_the_verdict(use: Use, verdict: Verdict) -> None:
    assert judge(use, NOW) is verdict


def test_one_wrong_address_does_not_speak_for_the_channel() -> None:
    assert judge_channel([GOOD, GOOD, BAD], NOW) is Verdict.WORKS
    assert judge_channel([GOOD, BAD], NOW) is Verdict.FAILING
    assert judge_channel([UNUSED, BAD, UNUSED], NOW) is Verdict.FAILING
    assert judge_channel([UNUSED], NOW) is Verdict.UNUSED
    slow = Use(last_success=NOW, waits_ms=(SLOW_MS * 2,))
    assert judge_channel([slow, slow], NOW) is Verdict.SLOW


def test_uses_add_up_and_the_newest_failure_has_the_word() -> None:
    older = Use(last_failure=NOW - 9, failure_words="503", waiting=2, failed_hour=3, waits_ms=(1,))
    both = together([GOOD, older, BAD])
    assert (both.last_success, both.last_failure) == (NOW - 1000, NOW - 9)
    assert (both.failure_words, both.waiting, both.failed_hour) == ("503", 2, 4)
    assert both.waits_ms == (900, 1)
    assert together([]) == UNUSED


def test_figures_in_words() -> None:
    assert share_words(UNUSED) == "none ended"
    assert share_words(Use(sent_hour=7, failed_hour=2)) == "2 of 9, 22 %"
    assert wait_words(UNUSED) == "-"
    assert wait_words(Use(waits_ms=(1_000, 1_800))) == "1.4 s"
    assert wait_words(Use(waits_ms=(12,))) == "12 ms"
    assert wait_words(Use(waits_ms=(125_000,))) == "2 min"


def test_what_a_verdict_rests_on() -> None:
    assert why_words(GOOD, NOW) == "The last attempt went through"
    assert why_words(BAD, NOW) == "The last attempt failed: 410 gone"
    assert "test page" in why_words(UNUSED, NOW)
    slow = Use(last_success=NOW, waits_ms=(90_000,))
    assert why_words(slow, NOW) == "Half of what was sent waited for 1 min, limit 60 s"
    half = Use(last_success=NOW, last_failure=NOW - 1, sent_hour=2, failed_hour=2)
    assert why_words(half, NOW).startswith("2 of 4, 50 % failed in the last hour")


@pytest.mark.parametrize(
    ("channel", "masked", "provider"),
    [
        ("webhook", "webhook://hooks.example.org:8080/…", "hooks.example.org:8080"),
        ("push", "ntfys://push.example.org/…", "push.example.org"),
        ("sms", "twilio://…712", "twilio"),
        ("slack", "slack://…", "slack"),
        ("email", "mailtos://pr…@example.org", ""),
        ("webhook", "(unreadable address)", ""),
    ],
)
def test_the_provider_is_what_the_masked_address_tells(
    channel: str, masked: str, provider: str
) -> None:
    assert provider_of(channel, masked) == provider


def contact(number: int, *methods: tuple[str, str], **given: Any) -> Contact:
    made = [
        {"method_id": name, "channel": channel, "label": "", "masked": f"{channel}://a.example/…"}
        for name, channel in methods
    ]
    return Contact(contact_id=f"C-{number}", name=f"Person {number}", methods=made, **given)


def test_channels_are_grouped_with_who_relies_on_them() -> None:
    people = [
        contact(1, ("m1", "webhook"), ("m2", "push")),
        contact(2, ("m3", "webhook")),
        contact(3, ("m4", "webhook"), enabled=False),
    ]
    found = look_at(people, {"m1": GOOD, "m2": BAD}, NOW)
    push, webhook = found.lines
    assert (push.channel, push.verdict, push.contacts, push.only) == (
        "push",
        Verdict.FAILING,
        1,
        0,
    )
    assert (webhook.name, webhook.verdict) == ("webhook, a.example", Verdict.WORKS)
    assert (webhook.contacts, webhook.only) == (2, 1)
    assert [m.method_id for m in webhook.methods] == ["m1", "m3"]
    assert channel_why(webhook, NOW) == "The last attempt went through"
    assert channel_why(push, NOW) == "The last attempt failed: 410 gone"
    # Person 2 was never paged, but the channel works for others: nobody is stranded.
    assert (found.stranded, found.untried) == ((), 0)


def test_a_channel_of_several_says_how_many_fail() -> None:
    people = [contact(1, ("m1", "webhook"), ("m2", "webhook")), contact(2, ("m3", "webhook"))]
    [line] = look_at(people, {"m1": GOOD, "m2": GOOD, "m3": BAD}, NOW).lines
    told = "1 of 3 contact methods used lately fail: 410 gone"
    assert (line.verdict, channel_why(line, NOW)) == (Verdict.WORKS, told)
    [line] = look_at(people, {"m1": GOOD, "m2": GOOD}, NOW).lines
    assert channel_why(line, NOW) == "The last attempts went through"


def test_who_has_no_working_channel_is_named_with_numbers() -> None:
    phones = {"phones": ["+420 1"], "mails": []}
    people = [
        contact(1, ("m1", "webhook"), emergency=phones, role="DBA"),
        contact(2, ("m2", "webhook")),
        contact(3),
        contact(4, ("m4", "sms")),
        contact(5, ("m5", "webhook"), ("m6", "slack")),
    ]
    found = look_at(people, {"m1": BAD, "m6": GOOD}, NOW)
    told = [(one.name, one.why, one.phones) for one in found.stranded]
    assert told == [
        ("Person 1", "webhook, a.example: failing", ("+420 1",)),
        ("Person 2", "webhook, a.example: failing", ()),
        ("Person 3", "no contact method in use", ()),
    ]
    assert found.untried == 1


def test_a_method_that_is_off_carries_nobody() -> None:
    off = contact(1, ("m1", "webhook"))
    off.methods[0]["enabled"] = False
    found = look_at([off], {"m1": GOOD}, NOW)
    [line] = found.lines
    assert (line.contacts, line.only, line.methods[0].on) == (0, 0, False)
    assert [one.why for one in found.stranded] == ["no contact method in use"]

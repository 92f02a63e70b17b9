"""Links: stable over repeats, sealed by a key that outlives one change, offered where fitting."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.answer_token import BadToken
from crisisdesk.engine.answer_links import (
    KEY_NAME,
    LOOK_AGAIN_S,
    AnswerLinks,
    AnswerWays,
    Ended,
    change_key,
    kept_keys,
)

from tests.api.station import MemorySecrets
from tests.domain.deliveries import NOW, a_delivery

pytestmark = pytest.mark.anyio
URL = "https://desk.example.org"
TWILIO = "twilio://AC" + "0" * 32 + ":t@15550001111/15550002222"


class HandClock:
    def __init__(self) -> None:
        self.ms, self.s = NOW, 0.0

    def now_ms(self) -> int:
        return self.ms

    def boottime(self) -> float:
        return self.s


def links(**ways: Any) -> tuple[AnswerLinks, MemorySecrets, HandClock]:
    secrets, clock = MemorySecrets(), HandClock()
    return AnswerLinks(secrets, clock, AnswerWays(**ways)), secrets, clock


async def test_a_repeat_bears_the_same_links_and_they_end() -> None:
    made, _secrets, clock = links(url=URL, valid_ms=3_600_000)
    page = a_delivery(1, queued_at=NOW)
    first = await made.links(page)
    clock.ms += 60_000
    assert await made.links(page) == first
    token = first["have"].rpartition("/")[2]
    assert first["have"].startswith(f"{URL}/a/")
    claim = await made.read(token)
    assert (claim.delivery_id, claim.order) == (page.delivery_id, "have")
    clock.ms = NOW + 3_600_000 + 120_000
    with pytest.raises(Ended):
        await made.read(token)


async def test_the_last_key_stays_good_and_the_one_before_does_not() -> None:
    made, secrets, clock = links(url=URL)
    token = (await made.links(a_delivery(1)))["have"].rpartition("/")[2]
    before = kept_keys(secrets)
    for _ in range(2):
        await made.read(token)
        change_key(secrets)
        clock.s += LOOK_AGAIN_S
    with pytest.raises(BadToken):
        await made.read(token)
    assert before[0] not in kept_keys(secrets)
    assert len(kept_keys(secrets)) == 2


async def test_a_known_key_goes_on_while_the_secrets_are_away(
    monkeypatch: pytest.MonkeyPatch, expect_log: Any
) -> None:
    made, secrets, clock = links(url=URL)
    first = await made.links(a_delivery(1))
    clock.s += LOOK_AGAIN_S

    def away(_name: str) -> str | None:
        raise OSError("the keyring is locked")

    monkeypatch.setattr(secrets, "get", away)
    expect_log("the key of answers is away")
    assert await made.links(a_delivery(1)) == first
    with pytest.raises(OSError, match="locked"):
        await AnswerLinks(secrets, clock, AnswerWays(url=URL)).links(a_delivery(1))


def test_a_key_that_cannot_be_read_is_made_anew() -> None:
    secrets = MemorySecrets()
    secrets.set(KEY_NAME, "no key at all")
    (key,) = kept_keys(secrets)
    assert len(key) == 32
    assert kept_keys(secrets) == (key,)


@pytest.mark.parametrize("channel", ["email", "slack", "teams", "webhook", "push", "discord"])
async def test_people_get_both_links(channel: str) -> None:
    made, *_ = links(url=URL)
    offer = await made.offer(a_delivery(1, channel=channel), "x://y")
    assert offer is not None
    assert offer.have_url
    assert offer.next_url
    assert (offer.code, offer.reply_token) == (0, "")


@pytest.mark.parametrize("channel", ["pagerduty", "opsgenie", "jira", "splunk"])
async def test_machines_get_none(channel: str) -> None:
    made, *_ = links(url=URL)
    assert await made.offer(a_delivery(1, channel=channel), "x://y") is None


async def test_a_text_message_has_one_link_and_a_code_where_that_comes_back() -> None:
    made, *_ = links(url=URL, sms="poll")
    page = a_delivery(1, channel="sms", code=123)
    offer = await made.offer(page, TWILIO)
    assert offer is not None
    assert (bool(offer.have_url), offer.next_url, offer.code) == (True, "", 123)
    vonage = await made.offer(page, "vonage://k:s@a/b")
    assert vonage is not None
    assert vonage.code == 0, "nothing comes back from there"
    assert await made.offer(page, f"{TWILIO}?method=call") is None, "a call reads nothing aloud"
    closed, *_ = links(sms="off")
    assert await closed.offer(page, TWILIO) is None


async def test_a_mail_is_answered_to_the_mailbox() -> None:
    made, *_ = links(mail_to="desk@example.org")
    offer = await made.offer(a_delivery(1, channel="email"), "mailtos://x")
    assert offer is not None
    assert (offer.have_url, offer.reply_to) == ("", "desk@example.org")
    claim = await made.read(offer.reply_token)
    assert claim.order == "reply"
    plus, *_ = links(mail_to="desk@example.org", mail_plus=True)
    with_plus = await plus.offer(a_delivery(1, channel="email"), "mailtos://x")
    assert with_plus is not None
    assert with_plus.reply_to == f"desk+{with_plus.reply_token}@example.org"
    assert await made.offer(a_delivery(1, channel="slack"), "slack://x") is None


def test_whether_any_way_is_open() -> None:
    assert not AnswerWays().any
    assert AnswerWays(url=URL).any
    assert AnswerWays(sms="poll").any
    assert AnswerWays(mail_to="a@b").any

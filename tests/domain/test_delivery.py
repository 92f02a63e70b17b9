"""The delivery: its chain of attempts, its ends, and the pauses between."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.delivery import NOTE, Delivery, RetryPolicy

from tests.domain.events import START, Log

QUEUED: dict[str, Any] = {
    "alert_id": "A-1",
    "epoch": "n1",
    "contact_id": "C-1",
    "contact_name": "Jonas Weber",
    "method_id": "m1",
    "channel": "mailto",
    "masked": "j***",
    "severity": "critical",
    "title": "Latency",
    "text": "p99",
}


class Chain(Log):
    """The log of one queued delivery."""

    def __init__(self) -> None:
        super().__init__("D-1")
        self.add("delivery.queued", **QUEUED)

    def claim(self, attempt: int = 1, unknown: int = 0) -> None:
        self.add("delivery.claimed", attempt=attempt, unknown=unknown, deadline=START + 60_000)

    def delivery(self) -> Delivery:
        state = self.state()
        assert isinstance(state, Delivery)
        return state


def test_a_queued_page_is_due_at_once() -> None:
    delivery = Chain().delivery()
    assert (delivery.status, delivery.attempt) == ("queued", 0)
    assert delivery.next_due == delivery.queued_at == START + 1_000
    assert delivery.contact_name == "Jonas Weber"


def test_a_claim_is_due_again_when_its_end_is_not_learnt() -> None:
    chain = Chain()
    chain.claim()
    delivery = chain.delivery()
    assert (delivery.status, delivery.attempt) == ("sending", 1)
    assert delivery.next_due == START + 60_000
    chain.claim(attempt=2, unknown=1)
    assert (chain.delivery().attempt, chain.delivery().unknown) == (2, 1)


def test_sent_is_the_end_whatever_comes_after() -> None:
    chain = Chain()
    chain.claim()
    chain.add("delivery.sent", words="250 OK", provider_id="q7")
    sent = chain.delivery()
    assert (sent.status, sent.words, sent.provider_id) == ("sent", "250 OK", "q7")
    assert sent.next_due is None
    chain.claim(attempt=2)
    chain.add("delivery.failed", words="too late", retry_at=None)
    chain.add("delivery.superseded", reason="resolved")
    assert chain.delivery() == sent


def test_a_failure_waits_for_its_retry_or_is_the_end() -> None:
    chain = Chain()
    chain.claim()
    chain.add("delivery.failed", words="451 try later", retry_at=START + 90_000)
    waiting = chain.delivery()
    assert (waiting.status, waiting.next_due) == ("queued", START + 90_000)
    chain.claim(attempt=2)
    chain.add("delivery.failed", words="550 no such user", retry_at=None)
    failed = chain.delivery()
    assert (failed.status, failed.next_due, failed.words) == ("failed", None, "550 no such user")
    chain.add("delivery.superseded", reason="resolved")
    assert chain.delivery() == failed


def test_good_news_counts_even_after_giving_up() -> None:
    chain = Chain()
    chain.add("delivery.failed", words="timeout", retry_at=None)
    chain.add("delivery.sent", words="250 OK")
    assert chain.delivery().status == "sent"


def test_what_is_no_longer_wanted_ends() -> None:
    chain = Chain()
    chain.add("delivery.superseded", reason="Klára has it")
    delivery = chain.delivery()
    assert (delivery.status, delivery.next_due) == ("superseded", None)
    assert delivery.words == "Klára has it"


@pytest.mark.parametrize(
    "kind",
    "claimed bundled sent failed superseded expired confirmed asked answered".split(),
)
def test_nothing_happens_to_what_was_never_queued(kind: str) -> None:
    log = Log("D-1")
    log.add(f"delivery.{kind}")
    assert log.state() is None


def test_unknown_kinds_change_nothing() -> None:
    chain = Chain()
    before = chain.delivery()
    chain.add("delivery.read_aloud")
    assert chain.delivery() == before


@given(st.integers(1, 8), st.text(max_size=20))
def test_pauses_double_with_at_most_a_fifth_more(attempt: int, key: str) -> None:
    policy = RetryPolicy(backoff_ms=15_000)
    base = 15_000 * 2 ** (attempt - 1)
    pause = policy.pause_ms(attempt, key, None)
    assert base <= pause <= base + base // 5
    assert policy.pause_ms(attempt, key, None) == pause


def test_pauses_differ_between_pages_and_heed_the_provider() -> None:
    policy = RetryPolicy()
    assert len({policy.pause_ms(1, f"D-{n}", None) for n in range(50)}) > 40
    assert policy.pause_ms(1, "D-1", 120.5) == 120_500
    assert policy.pause_ms(1, "D-1", 1) == policy.pause_ms(1, "D-1", None)


def test_a_claim_outlasts_the_attempt_it_is_for() -> None:
    policy = RetryPolicy(deadline_ms=4_000)
    assert policy.claim_ms() > policy.deadline_ms


# -- several stations ----------------------------------------------------------------------------

HERE, THERE = "a" * 32, "b" * 32


def claimed(chain: Chain, holder: str, attempt: int, token: int = 0) -> None:
    chain.add(
        "delivery.claimed",
        attempt=attempt,
        unknown=0,
        deadline=START + 60_000,
        token=token,
        holder=holder,
    )


def bundled(chain: Chain, holder: str = "", attempt: int = 1, token: int = 0) -> None:
    chain.add(
        "delivery.bundled",
        into="D-2",
        attempt=attempt,
        unknown=0,
        deadline=START + 20_000,
        until=START + 60_000,
        token=token,
        holder=holder,
    )


def test_a_failure_counts_only_of_the_claim_that_stands() -> None:
    chain = Chain()
    claimed(chain, HERE, 1, token=5)
    claimed(chain, THERE, 2, token=6)
    standing = chain.delivery()
    assert (standing.holder, standing.token, standing.attempt) == (THERE, 6, 2)
    chain.add("delivery.failed", words="late", retry_at=None, attempt=1, holder=HERE)
    assert chain.delivery() == standing
    chain.add("delivery.failed", words="451", retry_at=START + 90_000, attempt=2, holder=THERE)
    assert (chain.delivery().status, chain.delivery().words) == ("queued", "451")


def test_good_news_of_an_overtaken_claim_counts() -> None:
    chain = Chain()
    claimed(chain, HERE, 1, token=5)
    claimed(chain, THERE, 2, token=6)
    chain.add("delivery.sent", words="250 OK", attempt=1, holder=HERE)
    assert chain.delivery().status == "sent"


def test_a_claim_under_an_older_lease_does_not_stand_but_was_a_try() -> None:
    chain = Chain()
    claimed(chain, THERE, 1, token=6)
    before = chain.delivery()
    claimed(chain, HERE, 2, token=5)
    after = chain.delivery()
    assert (after.holder, after.token, after.status) == (THERE, 6, "sending")
    assert (before.attempt, after.attempt) == (1, 2)


def test_a_claim_without_the_hub_stands_beside_a_lease() -> None:
    chain = Chain()
    claimed(chain, THERE, 1, token=6)
    claimed(chain, HERE, 2)
    assert (chain.delivery().holder, chain.delivery().token) == (HERE, 6)


def test_a_claim_given_back_is_due_again_and_was_no_try() -> None:
    chain = Chain()
    claimed(chain, HERE, 1, token=5)
    given_back = chain.add("delivery.released", attempt=1, holder=HERE)
    delivery = chain.delivery()
    assert (delivery.status, delivery.due_at) == ("queued", given_back.at_ms)
    assert (delivery.attempt, delivery.tries, delivery.unknown) == (1, 0, 0)
    claimed(chain, THERE, 2, token=6)
    standing = chain.delivery()
    chain.add("delivery.released", attempt=1, holder=HERE)
    assert chain.delivery() == standing


def test_a_failure_revives_nothing_that_has_ended() -> None:
    chain = Chain()
    claimed(chain, HERE, 1, token=5)
    chain.add("delivery.superseded", reason="Zoë has it")
    chain.add("delivery.failed", words="451", retry_at=START + 9, attempt=1, holder=HERE)
    assert chain.delivery().status == "superseded"


KINDS = ("claimed", "bundled", "released", "failed", "superseded", "expired", "queued")


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from((HERE, THERE)))), st.integers(0))
def test_once_sent_anywhere_it_is_sent_whatever_else_happened(
    around: list[tuple[str, str]], at: int
) -> None:
    chain = Chain()
    steps = [*around]
    steps.insert(at % (len(around) + 1), ("sent", HERE))
    for number, (kind, holder) in enumerate(steps, start=1):
        if kind == "claimed":
            claimed(chain, holder, number, token=number % 3)
        elif kind == "bundled":
            bundled(chain, holder, number, token=number % 3)
        elif kind == "queued":
            chain.add("delivery.queued", **QUEUED)
        else:
            chain.add(
                f"delivery.{kind}", words="x", retry_at=None, attempt=number - 1, holder=holder
            )
    assert chain.delivery().status == "sent"
    assert chain.delivery().next_due is None


# -- in the message of another -------------------------------------------------------------------


def test_one_that_goes_with_another_is_due_only_when_it_followed_too_long() -> None:
    chain = Chain()
    bundled(chain)
    delivery = chain.delivery()
    assert (delivery.status, delivery.into, delivery.attempt) == ("bundled", "D-2", 1)
    assert (delivery.next_due, delivery.message_at) == (START + 60_000, None)
    chain.add("delivery.sent", words="250 OK", provider_id="q7", into="D-2")
    sent = chain.delivery()
    assert (sent.status, sent.into, sent.next_due, sent.message_at) == ("sent", "D-2", None, None)


def test_one_that_is_freed_is_due_by_itself() -> None:
    chain = Chain()
    bundled(chain, HERE)
    freed = chain.add("delivery.released", attempt=1, holder=HERE)
    delivery = chain.delivery()
    assert (delivery.status, delivery.into, delivery.due_at) == ("queued", "", freed.at_ms)


def test_a_bundling_under_an_older_lease_does_not_stand() -> None:
    chain = Chain()
    claimed(chain, THERE, 1, token=6)
    bundled(chain, HERE, 2, token=5)
    delivery = chain.delivery()
    assert (delivery.status, delivery.holder, delivery.attempt) == ("sending", THERE, 2)


def test_following_lasts_as_long_as_all_attempts_of_a_carrier_can_take() -> None:
    policy = RetryPolicy()
    longest = sum(policy.pause_ms(n, f"D-{n}", None) for n in range(1, policy.max_attempts))
    assert policy.follow_ms() >= longest + policy.max_attempts * policy.claim_ms()


def test_a_test_that_waited_too_long_expires_and_stays_so() -> None:
    chain = Chain()
    chain.add("delivery.expired", reason="too late")
    expired = chain.delivery()
    assert (expired.status, expired.next_due, expired.words) == ("expired", None, "too late")
    chain.add("delivery.superseded", reason="resolved")
    assert chain.delivery() == expired


# -- what the provider says later ----------------------------------------------------------------


class Sent(Chain):
    """The log of one that a provider took as message q7."""

    def __init__(self) -> None:
        super().__init__()
        self.claim()
        self.add("delivery.sent", words="202", provider_id="q7", ask_at=START + 30_000)

    def confirm(self, state: str, provider_id: str = "q7") -> Delivery:
        self.add("delivery.confirmed", state=state, words=state, provider_id=provider_id)
        return self.delivery()


def test_a_sent_message_is_asked_after() -> None:
    chain = Sent()
    assert (chain.delivery().ask_at, chain.delivery().next_due) == (START + 30_000, None)
    chain.add("delivery.asked", ask_at=START + 90_000)
    asked = chain.delivery()
    assert (asked.ask_at, asked.asked, asked.doubted) == (START + 90_000, 1, False)
    chain.add("delivery.asked", ask_at=None, doubted=True)
    assert (chain.delivery().ask_at, chain.delivery().doubted) == (None, True)


def test_bad_news_of_a_message_that_was_sent_fails_it_and_good_news_still_counts() -> None:
    chain = Sent()
    failed = chain.confirm("failed")
    assert (failed.status, failed.words, failed.ask_at) == ("failed", "failed", None)
    assert chain.confirm("delivered").status == "delivered"


def test_bad_news_of_another_message_or_too_late_is_nothing() -> None:
    chain = Sent()
    assert chain.confirm("failed", "q6").status == "sent"
    assert chain.confirm("delivered").status == "delivered"
    assert chain.confirm("failed").status == "delivered"


def test_news_of_an_arrival_ends_what_nobody_knew_to_be_sent() -> None:
    chain = Chain()
    chain.claim()
    chain.add("delivery.confirmed", state="read", words="seen", provider_id="q7")
    assert (chain.delivery().status, chain.delivery().next_due) == ("read", None)


def test_the_first_answer_stands_and_ends_the_questions() -> None:
    chain = Sent()
    chain.add("delivery.asked", ask_at=START + 90_000)
    chain.add("delivery.answered", action="have", way="link")
    chain.add("delivery.answered", action="next", way="mail")
    chain.add("delivery.sent", ask_at=START + 91_000)
    after = chain.delivery()
    assert (after.answer, after.answered_way, after.ask_at) == ("have", "link", None)
    assert after.answered_at is not None


def test_an_answer_may_come_before_the_word_that_it_was_sent() -> None:
    chain = Chain()
    chain.claim()
    chain.add("delivery.answered", action="next", way="link")
    chain.add("delivery.sent", words="250", ask_at=START + 15_000)
    after = chain.delivery()
    assert (after.status, after.answer, after.ask_at) == ("sent", "next", None)


def test_a_code_that_was_given_stays() -> None:
    chain = Chain()
    chain.add("delivery.claimed", attempt=1, unknown=0, deadline=START, code=123)
    chain.add("delivery.claimed", attempt=2, unknown=1, deadline=START, code=456)
    assert chain.delivery().code == 123


RANK = {"failed": 0, "sent": 1, "delivered": 2, "read": 3}


@given(st.lists(st.sampled_from(("delivered", "read", "failed", "asked", "sent")), max_size=8))
def test_confirmations_in_any_order_never_go_backwards_once_it_arrived(told: list[str]) -> None:
    chain = Sent()
    best = "sent"
    for word in told:
        if word in ("asked", "sent"):
            chain.add(f"delivery.{word}")
        else:
            chain.confirm(word)
            best = max(best, word, key=lambda w: RANK[w])
        after = chain.delivery()
        if RANK[best] > RANK["sent"]:
            assert after.status == best
            assert after.ask_at is None
        assert after.next_due is None


def test_a_page_may_begin_with_a_note_about_itself() -> None:
    plain = Chain().delivery()
    assert plain.note == ""
    noted = replace(plain, text=f"{NOTE}Flapping: 5 times in 30 min\np99 above 2 s")
    assert noted.note == "Flapping: 5 times in 30 min"
    assert replace(plain, text=f"p99\n{NOTE}x").note == ""

"""Answers to pages: what people write, what a page offers, when there is nothing to say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.answering import (
    CODES,
    FIRST_CODE,
    Action,
    Offer,
    action_of,
    answerable,
    free_code,
    has_buttons,
    lines_of,
    over_words,
    read_mail_text,
    read_text_message,
    step_of,
)
from crisisdesk.domain.ids import delivery_id_of

from tests.domain.deliveries import NOW, a_delivery

HAVE = "https://desk.example.org/a/" + "A" * 40
NEXT = "https://desk.example.org/a/" + "B" * 40


def alert(**given: object) -> Alert:
    told = {
        "alert_id": "A-1",
        "source": "x",
        "key": "k",
        "epoch": "e1",
        "severity": "critical",
        "title": "t",
        "detected_at": NOW,
        "last_seen_at": NOW,
        "sla_deadline": NOW,
        "sla_prealarm_at": NOW,
    }
    return Alert(**(told | given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("123a", (123, Action.HAVE)),
        (" 123 A ", (123, Action.HAVE)),
        ("123n", (123, Action.NEXT)),
        ("1234 next", (1234, Action.NEXT)),
        ("123: I have it!", (123, Action.HAVE)),
        ("Reply 123n", (123, Action.NEXT)),
        ("123 not me, next", (123, Action.NEXT)),
        ("123", None),
        ("a", None),
        ("12a", None),
        ("123 ax", None),
        ("I am at 123 a street", None),
        ("123a 456a", None),
        ("", None),
    ],
)
def test_text_messages(text: str, wanted: tuple[int, Action] | None) -> None:
    assert read_text_message(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("ack\n\n> CRITICAL: disk\n", Action.HAVE),
        ("\n\n  OK.  \n-- \nPriya", Action.HAVE),
        ("I have it", Action.HAVE),
        ("next", Action.NEXT),
        ("> ack\nnext", Action.NEXT),
        ("I am on holiday until Monday.\nack", None),
        ("ok but what is it?", None),
        ("On Monday station wrote:\n> ack", None),
        ("> ack", None),
        ("", None),
    ],
)
def test_mails_order_by_the_first_line_that_somebody_wrote(
    text: str, wanted: Action | None
) -> None:
    assert read_mail_text(text) is wanted


@given(st.text(max_size=60))
def test_whatever_is_written_is_read_without_harm(text: str) -> None:
    assert action_of(text) in (None, *Action)
    found = read_text_message(text)
    assert found is None or found[1] in Action
    assert read_mail_text(text) in (None, *Action)


@given(st.integers(0, 2**32), st.sets(st.integers(FIRST_CODE, FIRST_CODE + CODES + 5)))
def test_a_code_is_nobodys(wish: int, taken: set[int]) -> None:
    code = free_code(wish, frozenset(taken))
    assert code not in taken
    assert code >= FIRST_CODE


def test_when_all_short_codes_are_taken_one_is_longer() -> None:
    taken = frozenset(range(FIRST_CODE, FIRST_CODE + CODES))
    assert free_code(7, taken) == FIRST_CODE + CODES


def test_a_page_says_how_it_is_answered() -> None:
    offer = Offer(have_url=HAVE, next_url=NEXT)
    text = answerable("CRITICAL: disk", "CRITICAL: disk", "slack", offer, in_digest=False)
    assert text == f"CRITICAL: disk\nI have it: {HAVE}\nNot me, next: {NEXT}"


def test_a_text_message_has_room_for_its_code() -> None:
    offer = Offer(have_url=HAVE, code=123)
    title = "t" * 160
    text = answerable("x" * 2000, title, "sms", offer, in_digest=False)
    assert text.endswith(f"…\nReply 123a: I have it, 123n: next\nI have it: {HAVE}")
    assert len(title) + 1 + len(text) <= 1600
    short = answerable("x" * 2000, title, "sms", offer, in_digest=True)
    assert len(title) + len(short) <= 480


def test_a_push_message_with_buttons_has_no_links_and_any_other_does() -> None:
    offer = Offer(have_url=HAVE, next_url=NEXT)
    plain, with_buttons = (
        answerable("text", "title", "push", offer, in_digest=False, buttons=has_buttons("push", at))
        for at in ("gotifys://push.example.org/…", "ntfys://push.example.org/…")
    )
    assert with_buttons == "text"
    assert HAVE in plain
    long = answerable("x" * 2000, "title", "push", offer, in_digest=False)
    assert len(long) <= 1000
    assert long.endswith(NEXT)
    assert not has_buttons("email", "ntfy…@example.org")


def test_where_no_room_is_the_text_stays() -> None:
    offer = Offer(have_url="https://x.example.org/" + "a" * 1500)
    assert answerable("text", "title", "sms", offer, in_digest=False) == "text"


def test_a_mail_says_what_to_write_and_its_code() -> None:
    told = lines_of(Offer(reply_token="T" * 40))
    assert told[-1] == "Answer code: cd." + "T" * 40


def test_a_page_is_of_one_life() -> None:
    name = delivery_id_of("A-1", "e1/1", "fired", "M-1")
    delivery = a_delivery(1, delivery_id=name)
    assert over_words(delivery, alert()) == ""
    assert over_words(delivery, alert(life=2)).startswith("the alert came again")
    assert over_words(delivery, alert(epoch="e2")).startswith("the alert came again")
    assert over_words(delivery, alert(status="resolved")) == "the alert is resolved"
    assert over_words(delivery, None) == "this station does not know the alert"
    assert over_words(replace(delivery, reason="test"), None) == ""


def test_which_step_a_page_is_of() -> None:
    steps = [step_of(a_delivery(1, reason=r)) for r in ("fired", "step 3", "step x", "other")]
    assert steps == [1, 3, 1, 1]

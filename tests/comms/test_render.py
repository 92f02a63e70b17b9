"""Pages in words: everything a woken person needs, whatever an alert is called."""

from __future__ import annotations

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.comms.render import PageFacts, render_page

from tests.domain.hostile_wordings import wordings

FACTS = PageFacts(
    severity="critical",
    title="Checkout fails",
    alert_id="01J9ZK",
    service="checkout",
    place="fra-1",
    station="north",
    since_ms=1_795_228_560_000,
    deadline_ms=1_795_228_860_000,
    acknowledge="crisisdesk alert ack 01J9ZK",
)


def test_a_page_says_everything() -> None:
    title, text = render_page(FACTS)
    assert title == "CRITICAL: Checkout fails (checkout)"
    assert text.splitlines() == [
        "CRITICAL: Checkout fails",
        "Service: checkout",
        "Place: fra-1",
        "Since: 2026-11-21 02:36 UTC",
        "Acknowledge by: 2026-11-21 02:41 UTC",
        "Station: north",
        "Alert: 01J9ZK",
        "To acknowledge: crisisdesk alert ack 01J9ZK",
    ]


def test_a_page_that_asks_says_what_and_how_to_answer() -> None:
    hand = "Ann has it until 02:35 UTC."
    asking = dataclasses.replace(FACTS, lead="Still on it?", hand=hand, deadline_ms=None)
    title, text = render_page(asking)
    assert title == "Still on it? CRITICAL: Checkout fails (checkout)"
    lines = text.splitlines()
    assert lines[:2] == ["Still on it? CRITICAL: Checkout fails", hand]
    assert lines[-1] == "To answer: crisisdesk alert ack 01J9ZK"


def test_unknown_facts_leave_no_empty_lines() -> None:
    title, text = render_page(PageFacts(severity="low", title="x", alert_id="1"))
    assert title == "LOW: x"
    assert text == "LOW: x\nAlert: 1"


def test_a_possible_repeat_is_said_in_title_and_text() -> None:
    title, text = render_page(dataclasses.replace(FACTS, possible_repeat=True))
    assert title.startswith("[possible repeat] CRITICAL")
    assert "may have arrived" in text


@given(title=st.text(max_size=3000), service=st.text(max_size=600))
def test_any_words_give_a_page_within_its_limits(title: str, service: str) -> None:
    head, text = render_page(dataclasses.replace(FACTS, title=title, service=service))
    assert 0 < len(head) <= 160
    assert head.isprintable()
    assert 0 < len(text) <= 2000


def test_hostile_titles_are_words() -> None:
    for words in wordings(200):
        head, _text = render_page(dataclasses.replace(FACTS, title=words, service=""))
        shown = " ".join("".join(c if c.isprintable() else " " for c in words).split())
        assert head.removesuffix("…") in f"CRITICAL: {shown}"


def test_why_it_comes_only_now_stands_below_the_first_line() -> None:
    note = "Kept quiet for 4 h by A-2 (db is down), still open"
    _title, text = render_page(dataclasses.replace(FACTS, note=note))
    assert text.splitlines()[:2] == ["CRITICAL: Checkout fails", note]

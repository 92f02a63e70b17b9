"""Pages in words: everything a woken person needs, and no template can stop one."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.comms.render import (
    PageFacts,
    PageTemplate,
    TemplateError,
    check_template,
    fill,
    render_page,
)

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
    own = PageTemplate(title="{title}", text="{title}")
    assert render_page(dataclasses.replace(FACTS, possible_repeat=True), own)[0] == (
        "[possible repeat] Checkout fails"
    )


def test_an_own_template() -> None:
    template = PageTemplate(title="{severity} {service}", text="{{{title}}} by {deadline}")
    assert render_page(FACTS, template) == (
        "critical checkout",
        "{Checkout fails} by 2026-11-21 02:41 UTC",
    )


@pytest.mark.parametrize(
    "broken",
    ["{nonsense}", "{title", "title}", "{title.__class__}", "{0}", "{}", "{title!r:>99999}", "  "],
)
def test_a_broken_template_gives_the_built_in_words_and_a_note(broken: str) -> None:
    plain_title, plain_text = render_page(FACTS)
    title, text = render_page(FACTS, PageTemplate(title="{title}", text=broken))
    assert title == plain_title
    assert text.startswith(plain_text)
    assert "template was not used" in text


def test_a_template_is_checked_before_it_is_kept() -> None:
    check_template(PageTemplate(title="{title}", text="{since}"))
    with pytest.raises(TemplateError, match=r"known: .*severity"):
        check_template(PageTemplate(title="{title}", text="{when}"))


def test_facts_are_never_read_as_templates() -> None:
    facts = dataclasses.replace(FACTS, title="{alert_id} {{x}}")
    assert fill("{title}", facts) == "{alert_id} {{x}}"


@given(title=st.text(max_size=3000), service=st.text(max_size=600), template=st.text(max_size=200))
def test_any_words_give_a_page_within_its_limits(title: str, service: str, template: str) -> None:
    facts = dataclasses.replace(FACTS, title=title, service=service)
    for chosen in (None, PageTemplate(title=template, text=template)):
        head, text = render_page(facts, chosen)
        assert 0 < len(head) <= 160
        assert head.isprintable()
        assert 0 < len(text) <= 2000


def test_why_it_comes_only_now_stands_below_the_first_line() -> None:
    note = "Kept quiet for 4 h by A-2 (db is down), still open"
    _title, text = render_page(dataclasses.replace(FACTS, note=note))
    assert text.splitlines()[:2] == ["CRITICAL: Checkout fails", note]

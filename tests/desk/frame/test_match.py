"""Fuzzy search finds what a tired hand types, and ranks it as the hand meant it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.desk.frame.match import match
from crisisdesk.desk.frame.palette_model import ALSO, PaletteAction, find


def best(query: str, texts: list[str]) -> str:
    scored = [(found.score, text) for text in texts if (found := match(query, text)) is not None]
    return max(scored)[1]


@pytest.mark.parametrize(
    ("query", "texts", "wanted"),
    [
        ("esc", ["Declare an incident", "Escalate now", "Resume clock"], "Escalate now"),
        ("ei", ["Declare an incident", "Escalate incident"], "Escalate incident"),
        ("ACK", ["Back to alerts", "Acknowledge"], "Acknowledge"),
        ("ack all", ["Acknowledge", "Acknowledge all filtered"], "Acknowledge all filtered"),
    ],
)  # fmt: skip
def test_the_meant_one_wins(query: str, texts: list[str], wanted: str) -> None:
    assert best(query, texts) == wanted


def test_a_missing_letter_is_no_match() -> None:
    assert match("xyz", "Acknowledge") is None
    assert match("egdel", "Acknowledge") is None


def test_letters_strewn_over_a_word_are_no_match() -> None:
    assert match("wall", "Acknowledge all") is None
    inside = match("ledge", "Acknowledge")
    assert inside is not None
    assert inside.at == (6, 7, 8, 9, 10)


@given(st.text(max_size=12), st.text(max_size=40))
def test_letters_met_are_in_order_and_are_the_query(query: str, text: str) -> None:
    found = match(query, text)
    if found is None:
        return
    low = text.lower()
    assert list(found.at) == sorted(set(found.at))
    assert "".join(low[index] for index in found.at) == "".join(query.lower().split())


ACTIONS = (
    PaletteAction(key="ack", title="Acknowledge", group="For A-1"),
    PaletteAction(key="esc", title="Escalate to incident", group="For A-1"),
    PaletteAction(key="pol", title="Escalation policies"),
    PaletteAction(key="page", title="Page a person", also=("escalate", "wake")),
)


def test_groups_keep_their_order_and_other_names_come_last() -> None:
    rows = find(ACTIONS, "esc")
    said = [row.head or (row.action.key if row.action else "") for row in rows]
    assert said == ["For A-1", "esc", "Anywhere", "pol", ALSO, "page"]
    last = rows[-1].action
    assert last is not None
    assert last.detail == "also found as: escalate, wake"


def test_an_empty_query_shows_everything_in_its_group() -> None:
    actions = [row.action.key for row in find(ACTIONS, " ") if row.action]
    assert actions == ["ack", "esc", "pol", "page"]


def test_nothing_found_is_nothing_shown() -> None:
    assert find(ACTIONS, "qqq") == []

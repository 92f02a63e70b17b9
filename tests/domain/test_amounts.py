"""Counts, money and spans are read as they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.amounts import (
    count_words,
    money_words,
    parse_count,
    parse_money,
    span_words,
)
from crisisdesk.domain.errors import Malformed


@given(st.integers(0, 10**12))
def test_what_is_shown_can_be_typed_again(number: int):
    assert parse_money(money_words(number), "money") == number
    assert parse_count(count_words(number), "users") == number


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("", None),
        ("40200", 4_020_000),
        ("40 200.5", 4_020_050),
        ("40,200.50", 4_020_050),
        ("40200,50", 4_020_050),
        ("40,200", 4_020_000),
        (".5", 50),
    ],
)
def test_money_is_read_as_people_write_it(text: str, cents: int | None):
    assert parse_money(text, "money") == cents


@pytest.mark.parametrize("text", ["-1", "1.234", "4.", "abc", "1.2.3", "٣"])
def test_what_is_no_money_is_refused_in_words(text: str):
    with pytest.raises(Malformed, match=r"money: .*; write it as 40 200.00"):
        parse_money(text, "money")


def test_what_is_no_count_is_refused_in_words():
    with pytest.raises(Malformed, match="'many' is no whole number"):
        parse_count(" many", "users")


@pytest.mark.parametrize(
    ("ms", "words"),
    [
        (0, "0 s"),
        (58_400, "58 s"),
        (4 * 60_000 + 9_000, "4 min"),
        (6_660_000, "1 h 51 min"),
        (3_600_000, "1 h"),
        (2 * 86_400_000 + 3 * 3_600_000, "2 d 3 h"),
    ],
)
def test_spans_are_short(ms: int, words: str):
    assert span_words(ms) == words

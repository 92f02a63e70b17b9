"""Words of the terminal."""

from __future__ import annotations

import pytest

from crisisdesk.cli.words import clock, facts, moment, money, plain, span, table


@pytest.mark.parametrize(
    ("ms", "text"),
    [(0, "00:00"), (59_999, "00:59"), (3_599_000, "59:59"), (6_660_000, "1 h 51"), (-5, "00:00")],
)
def test_spans(ms: int, text: str) -> None:
    assert span(ms) == text


def test_days_and_clocks() -> None:
    assert span(2 * 86_400_000 + 3 * 3_600_000) == "2 d 03 h"
    assert clock(48_000, 0) == "00:48"
    assert clock(0, 80_000) == "+01:20 late"


def test_moments_and_money() -> None:
    assert moment(1_770_861_600_999) == "2026-02-12 02:00:00Z"
    assert moment(None) == "-"
    assert (money(4_020_005), money(0), money(None)) == ("40200.05", "0.00", "-")


def test_text_cannot_steer_the_terminal() -> None:
    assert plain("a\nb\tc") == "a b c"
    assert plain("\x1b]0;owned\x07\u202eevil") == "?]0;owned??evil"
    assert plain("čeština – 91 %") == "čeština – 91 %"


def test_tables_are_aligned_and_cut() -> None:
    lines = table(("A", "TEXT"), [("1", "long words"), ("222", "x")], {"TEXT": 6})
    assert lines == ["A    TEXT", "1    long …", "222  x"]


def test_facts_leave_out_what_is_empty() -> None:
    assert facts([("a", "1"), ("long", "2"), ("none", "")]) == ["a     1", "long  2"]

"""Patterns: what is taken means what Python says, what could run away is refused in words."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.patterns import PATTERN_LIMIT, TEXT_LIMIT, WAYS_LIMIT, compiled


@pytest.mark.parametrize(
    ("pattern", "fits", "fails"),
    [
        ("prod|stage", "stage", "stages"),
        ("db-[0-9]{1,3}", "db-12", "db-1234"),
        ("(?i)db.*", "DB-1\nsecond line", "web"),
        ("^db$", "db", "db\n"),
        (r"10\.0\.0\.\d+", "10.0.0.17", "10x0.0.17"),
        ("(?:a|b)?c", "c", "abc"),
        ("[^]x]+", "abc", "a]"),
        ("(ab)*", "abab", "aba"),
        (".*a.*b.*", "xxaxxbxx", "xxbxxaxx"),
        ("", "", "a"),
        ("a+?b{2,}", "aabb", "ab"),
    ],
)
def test_a_plain_pattern_fits_the_whole_text(pattern: str, fits: str, fails: str) -> None:
    assert compiled(pattern).fullmatch(fits)
    assert not compiled(pattern).fullmatch(fails)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("(a+)+", "several ways"),
        ("(a|a)*", "several ways"),
        ("(a?){30}", "several ways"),
        ("a?" * 60 + "a" * 60, "too many ways"),
        (".*a.*b.*c.*d", "too many ways"),
        ("(a|a)" * 25, "too many ways"),
        (r"(a)\1", "not known here"),
        (r"\pL", "not known here"),
        ("(?=a)b", "group with (?"),
        ("(?P<name>a)", "group with (?"),
        ("a(?i)b", "group with (?"),
        ("[[:alpha:]]", "within brackets"),
        ("[a--b]", "doubled sign"),
        ("[a", "close its ["),
        ("(a", "close a group"),
        ("a)", "was not opened"),
        ("*a", "repeats nothing"),
        ("a{,3}", "repeats nothing"),
        ("x|{2}", "repeats nothing"),
        ("a**", "repeats a repetition"),
        ("a++", "repeats a repetition"),
        ("a{2}{3}", "repeats a repetition"),
        ("a{501}", "repeats 501 times"),
        ("a{3,1}", "is no pattern"),
        ("[z-a]", "is no pattern"),
        ("a^b", "in its middle"),
        ("a" * (PATTERN_LIMIT + 1), "has 257 characters"),
        ("a\\", "not known here"),
    ],
)
def test_what_could_run_away_or_is_not_understood_is_refused(pattern: str, words: str) -> None:
    with pytest.raises(Malformed, match=re.escape(words)):
        compiled(pattern, "matchers")


def test_the_costliest_patterns_that_are_taken_end_soon() -> None:
    texts = ("a" * TEXT_LIMIT, "ab" * (TEXT_LIMIT // 2), "a" * (TEXT_LIMIT - 1) + "\n")
    began = time.perf_counter()
    for pattern in ("[a-z]*[a-z]*1", "(ab)*(ab)*c", ".*a.*b.*", "(?i)a*A*(1|2|3)", "a?" * 18):
        for text in texts:
            compiled(pattern).fullmatch(text)
    # A twelfth of a second here; what ran away would take years.
    assert time.perf_counter() - began < 10
    assert WAYS_LIMIT == 1_000_000


PIECES = ["a", "b", ".", "[ab]", "(", ")", "(?:", "|", "*", "+", "?", "{2}", "{0,9}", "{3,}", r"\w"]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_no_pattern_hangs_whatever_it_is_made_of(pattern: str) -> None:
    try:
        taken = compiled(pattern)
    except Malformed:
        return
    for text in ("a" * 60 + "!", "ab" * 30 + "!", ""):
        found = taken.fullmatch(text) is not None
        assert found == (re.compile(f"(?s:{pattern})\\Z").match(text) is not None)

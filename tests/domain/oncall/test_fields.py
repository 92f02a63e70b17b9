"""Typed fields, and the words in which a wrong one is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.oncall.fields import Fields, checked_contact, checked_text, wrong_type


def fields(**values: Any) -> Fields:
    return Fields(values, "layers[0]", known=values)


@given(st.integers(0, 23), st.integers(0, 59))
def test_every_minute_of_the_day_is_read(hour: int, minute: int):
    assert fields(t=f"{hour:02d}:{minute:02d}").minute("t") == hour * 60 + minute


@given(st.dates(date(1990, 1, 1), date(2199, 12, 31)))
def test_every_day_in_reach_is_read(day: date):
    seconds = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
    assert fields(d=day.isoformat()).day("d") == seconds // 86_400


@given(st.text(max_size=12))
def test_any_other_text_is_refused_in_words(text: str):
    for read, known in ((fields(x=text).minute, ":"), (fields(x=text).day, "-")):
        try:
            assert read("x") >= 0
        except Malformed:
            continue
        assert known in text


def test_the_error_names_path_problem_and_remedy():
    with pytest.raises(Malformed) as refused:
        fields(every="two").whole("every", 1, 9)
    assert str(refused.value) == "layers[0].every: is a text; send a whole number"
    with pytest.raises(Malformed, match=r"layers\[0\]\.n: has 3 items; send 1 to 2"):
        fields(n=[1, 2, 3]).items("n", 2, least=1)
    with pytest.raises(Malformed, match=r"layers\[0\]\.odd: is no field known here; use a, b"):
        Fields({"odd": 1}, "layers[0]", known=("a", "b"))
    with pytest.raises(Malformed, match="odd: is no field"):
        Fields({"odd": 1}, known=("a", "b"))
    with pytest.raises(Malformed, match=r"layers\[0\]\.gone: is missing"):
        fields().value("gone")


def test_text_is_made_storable_and_bounded():
    assert checked_text("e\u0301", "name", 9) == "é"
    assert fields(reason="").text("reason", 9, required=False) == ""
    for wrong in (7, None, " ", "x" * 10, "a\0", "\ud800"):
        with pytest.raises(Malformed, match=r"^name: "):
            checked_text(wrong, "name", 9)


def test_a_contact_is_told_by_its_form():
    assert checked_contact("C-7K3QX2M9", "contact") == "C-7K3QX2M9"
    for wrong in ("", "C-", "Ann", "c-7K3Q", "C-a b", "C-é", "C-" + "A" * 40, None):
        with pytest.raises(Malformed, match=r"^contact: "):
            checked_contact(wrong, "contact")


@pytest.mark.parametrize(
    ("value", "word"),
    [(None, "null"), (True, "a boolean"), (1.5, "a float"), ([], "a list"), ({}, "an object")],
)
def test_a_wrong_type_is_named(value: Any, word: str):
    assert wrong_type("x", value, "a text").problem == f"is {word}"

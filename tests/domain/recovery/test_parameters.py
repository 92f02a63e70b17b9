"""Parameters: what an argument may be, and that it never becomes more than text in its place."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.recovery.parameters import (
    checked_arguments,
    filled,
    places_in,
    read_parameters,
)

from tests.domain.hostile_wordings import wordings

ALL = read_parameters(
    {
        "target": {"type": "host"},
        "unit": {"type": "name"},
        "note": {"type": "text", "default": "none"},
        "count": {"type": "whole", "least": 1, "most": 9},
        "role": {"type": "choice", "choices": ["primary", "standby"], "default": "standby"},
    },
    "parameters",
)
GOOD = {"target": "db2.example.org", "unit": "postgresql@15-main", "count": 3}


def test_arguments_are_checked_by_type_and_defaults_put_in() -> None:
    told = checked_arguments(ALL, {**GOOD, "unit": "pg_15"})
    assert told == {
        "count": "3",
        "note": "none",
        "role": "standby",
        "target": "db2.example.org",
        "unit": "pg_15",
    }
    assert checked_arguments(ALL, {**GOOD, "unit": "a", "target": "::1"})["target"] == "::1"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("target", "db2;reboot"),
        ("target", "-oProxyCommand=x"),
        ("target", "a..b"),
        ("target", "x" * 254),
        ("unit", "--help"),
        ("unit", "../etc"),
        ("unit", "a b"),
        ("unit", "$(id)"),
        ("unit", ".hidden"),
        ("note", "-rf"),
        ("note", "two\nlines"),
        ("note", " padded "),
        ("note", "zero\u200bwidth"),
        ("note", "\u202eright to left"),
        ("note", ""),
        ("count", "10"),
        ("count", "0x5"),
        ("count", 1.5),
        ("count", True),
        ("role", "Primary"),
        ("role", None),
        ("role", ["primary"]),
    ],
)
def test_what_an_argument_cannot_be(name: str, value: Any) -> None:
    arguments = {**GOOD, "unit": "pg", name: value}
    if value is None:
        arguments[name] = {}
    with pytest.raises(Malformed) as refused:
        checked_arguments(ALL, arguments)
    assert refused.value.field == f"arguments.{name}"


def test_a_missing_and_an_unknown_one_are_named() -> None:
    with pytest.raises(Malformed, match=r"arguments\.target: is missing"):
        checked_arguments(ALL, {"unit": "pg", "count": 1})
    with pytest.raises(Malformed, match=r"arguments\.user: is no parameter"):
        checked_arguments(ALL, {**GOOD, "user": "root"})


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ([], "p"),
        ({"Up": {"type": "text"}}, "p.Up"),
        ({"a": {"type": "regex"}}, "p.a.type"),
        ({"a": {"type": "text", "choices": ["x"]}}, "p.a.choices"),
        ({"a": {"type": "choice"}}, "p.a.choices"),
        ({"a": {"type": "choice", "choices": ["-x"]}}, "p.a.choices"),
        ({"a": {"type": "text", "least": 1}}, "p.a.least"),
        ({"a": {"type": "whole", "default": 5, "most": 4}}, "p.a.default"),
        ({"a": {"type": "text", "shell": True}}, "p.a.shell"),
    ],
)
def test_a_declaration_that_cannot_be_is_named(told: Any, field: str) -> None:
    with pytest.raises(Malformed) as refused:
        read_parameters(told, "p")
    assert refused.value.field == field


def test_places_are_found_at_any_depth() -> None:
    assert list(places_in({"a": ["{x}", {"b": "{y}-{x}"}], "c": 5})) == ["x", "y", "x"]
    assert filled(["--to={x}", {"k": "{y}"}], {"x": "1"}) == ["--to=1", {"k": "{y}"}]


@given(st.text(max_size=60))
def test_what_was_put_in_is_never_read_again(value: str) -> None:
    """Whatever it holds, places among it, it stands there once and as it is."""
    assert filled("[{a}|{b}]", {"a": value, "b": "B"}) == f"[{value}|B]"


@given(st.text(max_size=40))
def test_an_accepted_text_is_one_visible_word_in_a_line(value: str) -> None:
    note = read_parameters({"note": {"type": "text"}}, "p")
    try:
        told = checked_arguments(note, {"note": value})["note"]
    except Malformed:
        return
    assert told.isprintable()
    assert not told.startswith("-")
    assert told == told.strip() != ""


def test_two_hundred_hostile_step_texts_have_only_their_own_places_filled() -> None:
    hostile = "{host} {{host}} $(id)"
    for text in wordings(200):
        told = filled({"argv": ["--to={host}", text]}, {"host": hostile})
        assert told == {"argv": [f"--to={hostile}", text]}
        named = filled(text, {"title": hostile})
        assert named == hostile.join(text.split("{title}"))

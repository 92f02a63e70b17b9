"""Wordings: known names in braces, and whatever else somebody writes is words or is refused."""

from __future__ import annotations

import os
from collections.abc import Mapping

import pytest

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.wording import check_wording, fill_wording

from tests.domain.hostile_wordings import wordings

SECRET = "hunter2-canary"
# Values that are themselves templates: what was put in must never be read again.
VALUES = {"title": "{severity} {{x}} ${HOME} %s", "severity": "{title}"}


def by_hand(text: str, values: Mapping[str, str]) -> str:
    """The same read letter by letter; raises ValueError for what is no wording."""
    told, at = "", 0
    while at < len(text):
        two = text[at : at + 2]
        if two in {"{{", "}}"}:
            told, at = told + two[0], at + 2
        elif text[at] == "{":
            end = at + 1
            while text[end : end + 1] not in {"", "{", "}"}:
                end += 1
            name = text[at + 1 : end]
            if text[end : end + 1] != "}" or name not in values:
                raise ValueError(name)
            told, at = told + values[name], end + 1
        elif text[at] == "}":
            raise ValueError(text[at:])
        else:
            told, at = told + text[at], at + 1
    return told


def test_two_hundred_hostile_texts_are_words_or_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SECRET", SECRET)
    taken = refused = 0
    for text in wordings(200):
        filled = fill_wording(text, VALUES)
        assert SECRET not in filled
        assert os.environ["HOME"] not in filled
        assert len(filled) <= len(text) + 100 * len(max(VALUES.values(), key=len))
        try:
            model = by_hand(text, VALUES)
        except ValueError:
            with pytest.raises(Malformed) as error:
                check_wording(text, VALUES, "templates[0].text")
            assert error.value.field == "templates[0].text"
            assert "{severity}, {title}" in error.value.remedy
            refused += 1
        else:
            assert check_wording(text, VALUES, "templates[0].text") == text
            assert filled == model
            taken += 1
    assert refused + taken == 200
    assert min(refused, taken) > 20


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{title} is {severity}", "db down is major"),
        ("{{title}}", "{title}"),
        ("{{{title}}}", "{db down}"),
        ("no braces", "no braces"),
    ],
)
def test_known_names_are_put_in(text: str, told: str) -> None:
    values = {"title": "db down", "severity": "major"}
    assert fill_wording(check_wording(text, values, "text"), values) == told


def test_what_another_program_wrote_stays_as_it_is() -> None:
    assert fill_wording("{later} and { and {title}", {"title": "x"}) == "{later} and { and x"


def test_a_lone_brace_is_told_with_its_remedy() -> None:
    with pytest.raises(Malformed) as refused:
        check_wording("50 } of {title}", ["title"], "text")
    assert refused.value.problem == "holds a single }"
    assert refused.value.remedy == "write }}, or use only {title}"

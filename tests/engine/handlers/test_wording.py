"""Text that people type is storable, bounded and not empty where it must not be."""

from __future__ import annotations

import pytest

from crisisdesk.domain.errors import Malformed
from crisisdesk.engine.handlers.wording import checked_text


def test_text_is_trimmed_and_normalised() -> None:
    assert checked_text("  Cafe\u0301 ", "title", 10) == "Café"


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (7, "not text"),
        ("   ", "empty"),
        ("x" * 11, "11 characters"),
        ("a\0b", "NUL"),
        ("\ud800", "UTF-16"),
    ],
)
def test_bad_text_names_field_and_problem(value: object, problem: str) -> None:
    with pytest.raises(Malformed, match=problem) as refused:
        checked_text(value, "title", 10, required=True)
    assert refused.value.field == "title"

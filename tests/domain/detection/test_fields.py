"""Fields are read as they are written, or refused by their name."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.detection.fields import Fields, plain
from crisisdesk.domain.errors import Malformed


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_read_again_as_it_was(value: float) -> None:
    assert Fields({"n": plain(value)}, "", ("n",)).number("n") == value


@pytest.mark.parametrize(
    ("told", "ms"), [(90, 90_000), ("90", 90_000), ("5m", 300_000), ("2h", 7_200_000)]
)
def test_spans_are_written_in_several_ways(told: Any, ms: int) -> None:
    assert Fields({"for": told}, "", ("for",)).span("for", 0, 86_400) == ms


@pytest.mark.parametrize("told", ["soon", 1.5, True, -1, 86_401, None])
def test_what_is_no_span_is_refused(told: Any) -> None:
    with pytest.raises(Malformed) as refused:
        Fields({"for": told}, "conditions", ("for",)).span("for", 0, 86_400)
    assert refused.value.field == "conditions.for"


@pytest.mark.parametrize("told", ["x", True, None, "inf", float("nan"), 10**400, []])
def test_what_is_no_number_is_refused(told: Any) -> None:
    with pytest.raises(Malformed) as refused:
        Fields({"n": told}, "", ("n",)).number("n")
    assert refused.value.field == "n"


def test_an_unknown_field_is_named() -> None:
    with pytest.raises(Malformed) as refused:
        Fields({"valeu": 1}, "conditions", ("value",))
    assert refused.value.field == "conditions.valeu"

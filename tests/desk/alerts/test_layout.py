"""Columns and names of owners."""

from __future__ import annotations

from itertools import pairwise

import pytest

from crisisdesk.desk.alerts.layout import columns, initials, short_name

pytestmark = pytest.mark.usefixtures("look")


@pytest.mark.parametrize(
    ("width", "dropped"), [(1152, set()), (900, {"rate"}), (764, {"rate", "place", "age"})]
)
def test_columns_do_not_overlap_and_narrow_lists_drop_some(width: int, dropped: set[str]) -> None:
    at = columns(width)
    spans = [
        (name, getattr(at, name))
        for name in at._fields
        if name not in ("initials", "clock", "word")
    ]
    shown = [(name, span) for name, span in spans if span.width]
    assert {name for name, span in spans if not span.width} == dropped
    for (_, first), (name, second) in pairwise(shown):
        assert first.right <= second.x, name
    assert at.clock.right == width - 12


def test_names_of_owners_are_shortened() -> None:
    assert initials("Klára Langová") == "K.L."
    assert initials("oncall-robot") == "oncall-r"
    assert short_name("Klára Langová") == "K. Langová"
    assert short_name("root") == "root"

"""What is typed into the form that begins a run."""

from __future__ import annotations

import pytest

from crisisdesk.desk.recovery_room.start_words import (
    checked_start,
    hint_of,
    label_of,
    prerequisite_ids,
)
from crisisdesk.domain.errors import Malformed

from tests.desk.recovery_room.scenes import FREEZE
from tests.domain.recovery.making import made

PROCEDURE = made(
    FREEZE,
    parameters={
        "target": {"type": "host", "title": "The standby"},
        "tries": {"type": "whole", "default": "3", "least": 1, "most": 5},
    },
)


def test_blanks_around_are_not_meant_and_defaults_are_taken() -> None:
    start = checked_start(PROCEDURE, {"target": " db2 ", "tries": ""}, "INC-1", (1, 2))
    assert start.arguments == {"target": "db2", "tries": "3"}
    assert prerequisite_ids(start) == ["pre-1", "pre-2"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [({}, "arguments.target"), ({"target": "a b"}, "arguments.target"),
     ({"target": "db2", "tries": "9"}, "arguments.tries")],
)  # fmt: skip
def test_what_does_not_fit_names_its_field(typed: dict[str, str], field: str) -> None:
    with pytest.raises(Malformed) as raised:
        checked_start(PROCEDURE, typed, "", ())
    assert raised.value.field == field


def test_fields_say_what_they_take() -> None:
    target, tries = PROCEDURE.parameters
    assert (label_of(target), hint_of(target)) == ("The standby (a host)", "db2.example.org")
    assert (label_of(tries), hint_of(tries)) == ("tries (a whole number)", "3, unless said")

"""Actions are values: equal by what they say, and unchangeable."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, is_dataclass
from typing import get_args

import pytest

from crisisdesk.drills.actions import Action, Answer, Note, Step


@pytest.mark.parametrize("kind", get_args(Action))
def test_every_action_is_a_frozen_value(kind: type) -> None:
    assert is_dataclass(kind)
    some = kind(**{f.name: "x" for f in fields(kind)})
    assert some == kind(**{f.name: "x" for f in fields(kind)})
    with pytest.raises(FrozenInstanceError):
        setattr(some, fields(kind)[0].name, "y")


def test_a_step_tells_where_it_was_written() -> None:
    step = Step(at_ms=-1, actor="B", action=Note(alert="a", text="t"), entry="entries[0]")
    assert step.entry == "entries[0]"
    assert Answer() == Answer(words="accepted", after_ms=700)

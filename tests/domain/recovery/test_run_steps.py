"""The steps of a run as a log may hold them."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.recovery.run_steps import kind_of, same_person, sound_steps, step_of

PLAIN = {"step_id": "a", "title": "A"}


def test_the_steps_of_an_older_log_are_good() -> None:
    steps = sound_steps([{**PLAIN, "exclusive": True}])
    assert kind_of(steps[0]) == "check"
    assert step_of(steps, "a") == steps[0]
    assert step_of(steps, "b") is None


@pytest.mark.parametrize(
    "told",
    [
        {},
        [5],
        [{"step_id": "a"}],
        [{**PLAIN, "kind": 5}],
        [{**PLAIN, "after": "b"}],
        [{**PLAIN, "after": [5]}],
        [{**PLAIN, "when": {"d": True}}],
        [{**PLAIN, "within_ms": -1}],
        [{**PLAIN, "timeout_ms": True}],
        [PLAIN, PLAIN],
    ],
)
def test_steps_that_nobody_could_read_are_refused(told: Any) -> None:
    with pytest.raises(ValueError, match=r"step|are no list"):
        sound_steps(told)


def test_one_person_writes_their_name_in_many_ways() -> None:
    assert same_person("Zoë Ng", "  zoe\u0308  NG ")
    assert same_person("operator:Ann", "ann")
    assert not same_person("Ann", "Anna")

"""A procedure as it is read."""

from __future__ import annotations

from dataclasses import replace

from crisisdesk.desk.recovery_room.procedure_words import (
    _KINDS,
    chips_of,
    plan_lines,
    published_words,
    spoken,
    step_words,
)
from crisisdesk.domain.recovery.step import KINDS

from tests.desk.recovery_room.scenes import ASK, FREEZE
from tests.domain.recovery.making import PROMOTE, made

ONE = made(
    FREEZE,
    ASK,
    PROMOTE | {"when": {"lag": "yes"}, "exclusive": True},
    parameters={"target": {"type": "host", "title": "The standby"}},
    prerequisites=["A backup is there"],
    success_criteria=["Orders can be placed"],
    is_automated=True,
    rollback="on_deviation",
    rollback_procedure="Call the vendor",
    estimated_time="15m",
)


def test_everything_is_told_in_the_order_of_a_run() -> None:
    lines = plan_lines(ONE)
    assert [line.words for line in lines if line.is_head] == [
        "Holds before",
        "Is asked",
        "Steps",
        "Must hold in the end",
        "Way back, gone by itself when something fails",
        "By hand",
    ]
    assert [line.number for line in lines if line.number] == [1, 2, 3]
    told = [spoken(line) for line in lines]
    assert "Lift the freeze, undoes “Freeze writes”" in told
    assert "The standby, host" in told


def test_steps_say_their_kind_and_what_they_depend_on() -> None:
    assert step_words(ONE, ONE.steps[0]) == "by hand · within 5 min"
    assert step_words(ONE, ONE.steps[1]) == "decision · yes or no"
    words = step_words(ONE, ONE.steps[2])
    assert words == "program · only once · by itself · only if “Is it behind?” is yes"


def test_chips_and_author() -> None:
    assert chips_of(ONE)[1:] == ["about 15 min", "needs approval", "automatic"]
    assert published_words(replace(ONE, updated_by="operator:Ann")) == "published by Ann"


def test_every_kind_of_step_has_a_word() -> None:
    assert set(_KINDS) == set(KINDS)

"""Loop tests of a channel in words, and what the form asks for."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.desk.comms_room.loop_words import (
    LoopWanted,
    Way,
    standing_words,
    usual_s,
    wanted,
    warning,
    ways_of,
)
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.loop_test import LoopLine, LoopTarget, Proof
from crisisdesk.settings.model import LoopTestSettings

WAY = Way("C-1", "m1", "Ann, ntfy://…")
NOW = 1_770_861_600_000


def person(contact_id: str, name: str, **more: Any) -> Contact:
    method = {"method_id": f"m-{name}", "channel": "push", "label": "", "masked": "ntfy://a.b/…"}
    return Contact(contact_id=contact_id, name=name, methods=[method], **more)


def test_contacts_that_are_switched_off_come_first_and_removed_ones_are_none() -> None:
    contacts = [
        person("C-1", "Bo"),
        person("C-2", "Ann"),
        person("C-3", "Loop", enabled=False),
        person("C-4", "Gone", removed=True),
    ]
    found = ways_of(contacts)
    assert list(found) == [("push", "a.b")]
    assert [way.word for way in found["push", "a.b"]] == [
        "Loop (switched off), ntfy://a.b/…",
        "Ann, ntfy://a.b/…",
        "Bo, ntfy://a.b/…",
    ]


def test_it_says_when_it_last_arrived_and_how_often_it_is_tried() -> None:
    target = LoopTarget(version_id="POL-1", contact_id="C-1", method_id="m1", every_ms=900_000)
    line = LoopLine(
        target=target,
        contact_name="Loop",
        channel="push",
        provider="a.b",
        masked="ntfy://a.b/…",
        proof=Proof.ARRIVED,
        at_ms=NOW - 180_000,
        words="",
    )
    assert standing_words(line, NOW) == (
        "Arrives, loop test 3 min ago. Each 15 min to Loop ntfy://a.b/…."
    )
    assert standing_words(None, NOW).startswith("No loop tests")


@pytest.mark.parametrize(
    ("way", "every_s", "words"),
    [
        (None, 900, "no contact method"),
        (WAY, None, "“soon” is no span"),
        (WAY, 5, "out of bounds"),
        (WAY, 90_000, "out of bounds"),
    ],
)
def test_what_cannot_be_asked_for_says_why(
    way: Way | None, every_s: int | None, words: str
) -> None:
    told = wanted(way, every_s, "soon")
    assert isinstance(told, str)
    assert words in told


def test_what_it_comes_to_is_told_before() -> None:
    assert wanted(WAY, 60, "1m") == LoopWanted("C-1", "m1", 60)
    assert warning(WAY, 900) == "At most 96 messages a day."
    assert warning(WAY, None) == warning(None, 900) == warning(WAY, 0) == ""


def test_a_form_begins_with_what_the_station_would_take() -> None:
    settings = LoopTestSettings()
    assert usual_s("push") == settings.every_s
    assert usual_s("sms") == usual_s("voice") == settings.costly_every_s

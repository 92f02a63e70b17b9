"""The parts of a form: a field that is typed in is left alone, a refusal goes with typing."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.settings_room.card import Card, Field, Verdict

pytestmark = pytest.mark.usefixtures("look")


def test_a_refusal_stands_at_the_field_until_somebody_types(qtbot: QtBot) -> None:
    field = Field("Address")
    qtbot.addWidget(field)
    field.refuse("Not saved.")
    assert field.refusal.isVisibleTo(field)
    assert field.line.accessibleDescription() == "Not saved."
    QTest.keyClicks(field.line, " x ")
    assert not field.refusal.isVisibleTo(field)
    assert field.text == "x"


def test_a_verdict_without_words_takes_no_room(qtbot: QtBot) -> None:
    card, verdict = Card("People"), Verdict()
    qtbot.addWidget(card)
    card.body.addWidget(verdict)
    verdict.say("Saved.")
    assert verdict.isVisibleTo(card)
    verdict.say("")
    assert not verdict.isVisibleTo(card)

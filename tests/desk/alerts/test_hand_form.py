"""The form of a hand-off and of declining one, by real keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.alerts.hand_form import DECLINE, OFFER, HandForm, Said
from crisisdesk.desk.alerts.hand_words import Person

pytestmark = [pytest.mark.serial, pytest.mark.usefixtures("look")]
PEOPLE = [Person("Ana Lu", "paged by sms"), Person("Bo", "cannot be paged")]


@pytest.fixture
def form(qtbot: QtBot) -> HandForm:
    made = HandForm()
    qtbot.addWidget(made)
    made.resize(464, 300)
    return made


def enter(widget: object) -> None:
    QTest.keyClick(widget, Qt.Key.Key_Return)  # type: ignore[call-overload]


def test_it_says_who_is_meant_and_offers_to_them_once(form: HandForm, qtbot: QtBot) -> None:
    form.begin_offer(PEOPLE)
    assert form.isVisible()
    form.who.setText("an")
    assert form.found.text() == "Ana Lu, paged by sms."
    assert form.who.accessibleDescription() == form.found.text()
    form.text.setText(" you know it ")
    given: list[Said] = []
    form.given.connect(given.append)
    enter(form.text)
    enter(form.text)
    assert given == [Said(OFFER, "Ana Lu", "you know it")]
    form.refuse("Not offered: she has it already.")
    assert form.words.isVisible()
    enter(form.text)
    assert len(given) == 2


def test_nobody_named_is_asked_for(form: HandForm, qtbot: QtBot) -> None:
    form.begin_offer(PEOPLE)
    with qtbot.assertNotEmitted(form.given):
        enter(form.text)
    assert form.words.text() == "Not offered: say to whom."


def test_declining_asks_for_a_reason_and_for_nobody(form: HandForm, qtbot: QtBot) -> None:
    form.begin_decline()
    assert form.who.isHidden()
    with qtbot.assertNotEmitted(form.given):
        enter(form.text)
    assert "reason is empty" in form.words.text()
    form.text.setText("asleep")
    with qtbot.waitSignal(form.given) as given:
        enter(form.text)
    assert given.args == [Said(DECLINE, "", "asleep")]


def test_esc_leaves_from_any_part_and_a_new_beginning_is_empty(
    form: HandForm, qtbot: QtBot
) -> None:
    form.begin_offer(PEOPLE)
    form.text.setText("old")
    for part in (form.who, form.text, form):
        with qtbot.waitSignal(form.left):
            QTest.keyClick(part, Qt.Key.Key_Escape)
    with qtbot.waitSignal(form.opened) as opened:
        form.dismiss()
    assert opened.args == [False]
    form.begin_decline()
    assert form.text.text() == ""
